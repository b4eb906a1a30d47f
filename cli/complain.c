/* Complaints and suggestions. A suggestion is the known name at the smallest edit distance (optimal string alignment:
 * swapped neighbours count as one edit), if that is at most a third of the word. */
#include "cli/complain.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/check.h"
#include "core/die.h"
#include "traces/line.h"

enum { WORD_MAX = 63, LISTED_MAX = 400, SAID_MAX = 4000 };

void name_list_add(struct name_list *names, const char *name)
{
    names->items = die_grow(names->items, &names->capacity, names->count + 2, sizeof(*names->items));
    names->items[names->count++] = name;
    names->items[names->count] = NULL;
}

bool name_list_has(const struct name_list *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return true;
    return false;
}

void name_list_free(struct name_list *names)
{
    free(names->items);
    *names = (struct name_list){0};
}

/* The middle of what is too long for anyone to read is left out. */
static void print_shortened(const char *text)
{
    const size_t length = strlen(text);
    if (length <= SAID_MAX)
        fprintf(stderr, "%s\n", text);
    else
        fprintf(stderr, "%.*s [...] %s\n", SAID_MAX / 2, text, text + length - SAID_MAX / 2);
}

int complain(const char *command, const char *format, ...)
{
    va_list arguments;
    char *text;
    va_start(arguments, format);
    must(vasprintf(&text, format, arguments) >= 0);
    va_end(arguments);
    line_clean(text, false);
    fflush(stdout);
    fprintf(stderr, command ? "gainsay: %s: " : "gainsay: ", command);
    print_shortened(text);
    free(text);
    return GS_BAD_INPUT;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t edit_distance(const char *a, const char *b)
{
    const size_t length_a = least(strlen(a), WORD_MAX), length_b = least(strlen(b), WORD_MAX);
    uint8_t rows[WORD_MAX + 1][WORD_MAX + 1];
    for (size_t j = 0; j <= length_b; j++)
        rows[0][j] = (uint8_t)j;
    for (size_t i = 1; i <= length_a; i++) {
        rows[i][0] = (uint8_t)i;
        for (size_t j = 1; j <= length_b; j++) {
            size_t edits = rows[i - 1][j - 1] + (size_t)(a[i - 1] != b[j - 1]);
            edits = least(edits, least(rows[i - 1][j], rows[i][j - 1]) + 1u);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                edits = least(edits, rows[i - 2][j - 2] + 1u);
            rows[i][j] = (uint8_t)edits;
        }
    }
    return rows[length_a][length_b];
}

const char *nearest_name(const char *word, const struct name_list *known)
{
    const size_t length = strlen(word);
    const size_t allowed = length < 3 ? 1 : (length + 2) / 3;
    const char *nearest = NULL;
    size_t fewest = allowed + 1;
    for (size_t i = 0; i < known->count; i++) {
        const char *name = known->items[i];
        size_t edits = edit_distance(word, name);
        if (length >= 3 && edits > allowed && strncmp(word, name, length) == 0)
            edits = allowed; /* the beginning of a name */
        if (edits < fewest) {
            fewest = edits;
            nearest = name;
        }
    }
    return nearest;
}

/* "a, b, c", as much as fits. */
static void list_names(char *text, size_t size, const struct name_list *names)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < names->count; i++) {
        const int written = snprintf(text + used, size - used, "%s%s", i ? ", " : "", names->items[i]);
        if (written < 0 || (size_t)written >= size - used) {
            snprintf(text + used, size - used, ", ...");
            return;
        }
        used += (size_t)written;
    }
}

int complain_unknown(const char *command, const char *what, const char *word, const char *kind,
                     const struct name_list *known)
{
    const char *gap = *what ? " " : "";
    const char *nearest = nearest_name(word, known);
    if (nearest)
        return complain(command, "%s%s%s: no such %s; did you mean '%s'?", what, gap, word, kind, nearest);
    if (!known->count)
        return complain(command, "%s%s%s: no such %s; there is none", what, gap, word, kind);
    char list[LISTED_MAX];
    list_names(list, sizeof(list), known);
    return complain(command, "%s%s%s: no such %s; there %s %s", what, gap, word, kind, known->count > 1 ? "are" : "is",
                    list);
}
