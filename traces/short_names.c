/* Initials; of roles that would be confused, as many more letters of the first word as it takes. */
#include "traces/short_names.h"

#include <stdio.h>
#include <string.h>

enum { LETTERS_MAX = 8 };

/* `letters` letters of the role's first word, the first letters of the others, then what follows the role's name. */
static void shorten(const struct gs_run *run, unsigned node, unsigned letters, char *name, size_t size)
{
    const char *full = run->nodes[node].name, *role = run_role_of(run, node)->name;
    const size_t role_length = strlen(role);
    size_t used = 0, in_word = 0, word = 0;

    for (size_t i = 0; i < role_length && used + 1 < size; i++) {
        if (role[i] == '-') {
            word++;
            in_word = 0;
        } else if (in_word++ < (word ? 1 : letters)) {
            name[used++] = role[i];
        }
    }
    snprintf(name + used, size - used, "%s", full + role_length);
}

/* Two different nodes with the same short name? Then both roles need another letter. */
static bool widen_confused(const struct gs_run *names, unsigned letters[GS_ROLES_MAX])
{
    bool confused[GS_ROLES_MAX] = {false}, any = false;

    for (unsigned a = 0; a < names->node_count; a++)
        for (unsigned b = 0; b < a; b++)
            if (strcmp(names->nodes[a].name, names->nodes[b].name) == 0)
                any = confused[names->nodes[a].role] = confused[names->nodes[b].role] = true;
    for (unsigned r = 0; r < names->role_count; r++)
        letters[r] += confused[r];
    return any;
}

struct gs_run short_names(const struct gs_run *run)
{
    struct gs_run names = *run;
    unsigned letters[GS_ROLES_MAX];

    for (unsigned r = 0; r < GS_ROLES_MAX; r++)
        letters[r] = 1;
    for (unsigned round = 0; round < LETTERS_MAX; round++) {
        for (unsigned n = 0; n < run->node_count; n++)
            shorten(run, n, letters[run->nodes[n].role], names.nodes[n].name, sizeof(names.nodes[n].name));
        if (!widen_confused(&names, letters))
            return names;
    }
    return *run;
}
