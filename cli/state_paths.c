/* What is not known is complained of with what is near to it. */
#include "cli/state_paths.h"

#include <stdio.h>
#include <string.h>

#include "checker/check.h"
#include "cli/complain.h"
#include "traces/line.h"

int state_path_load(const char *command, const char *what, const struct gs_run *run, uint64_t monitors_on,
                    const char *text, struct state_path *path)
{
    struct state_path_error error;
    struct name_list known = {0};
    char whole[200];

    if (state_path_read(run, monitors_on, text, path, &error))
        return 0;
    if (!error.kind[0])
        return complain(command, "%s%s%s", what, *what ? " " : "", error.reason);
    if (strcmp(text, error.word) != 0) { /* a word of it: which one is not known */
        snprintf(whole, sizeof(whole), "%s%s%.100s:", what, *what ? " " : "", text);
        what = whole;
    }
    for (size_t i = 0; i < error.known_count; i++)
        name_list_add(&known, error.known[i]);
    const int status = complain_unknown(command, what, error.word, error.kind, &known);
    name_list_free(&known);
    return status;
}

char *state_path_value(const struct state_path *path, const struct world *world)
{
    struct line line;

    line_begin(&line);
    state_path_print(path, world, line.stream);
    char *value = line_take(&line);
    line_clean(value, false);
    return value;
}
