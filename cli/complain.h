/* What the command says when it refuses: one line on standard error that names the flag, the value and how to mend it.
 * Also the lists of names that such lines choose their suggestions from. */
#ifndef GAINSAY_COMPLAIN_H
#define GAINSAY_COMPLAIN_H

#include <stdbool.h>
#include <stddef.h>

/* A growing list of borrowed strings; items is NULL-terminated, or NULL while the list is empty. Zero is empty. */
struct name_list {
    const char **items;
    size_t count, capacity;
};
void name_list_add(struct name_list *names, const char *name);
bool name_list_has(const struct name_list *names, const char *name);
void name_list_free(struct name_list *names);

/* Prints "gainsay: COMMAND: ..." (command NULL: "gainsay: ..."): one line whatever the names in it hold, of a
 * length that can be read. Returns GS_BAD_INPUT, the exit code. */
int complain(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Complains of a name that is not known: "gainsay: COMMAND: WHAT WORD: no such KIND; did you mean 'X'?". Where nothing
 * known is near, it lists what there is. what: the flag, "" for an argument. Returns GS_BAD_INPUT. */
int complain_unknown(const char *command, const char *what, const char *word, const char *kind,
                     const struct name_list *known);

/* How many insertions, deletions, replacements and swaps of neighbours turn one word into the other. */
size_t edit_distance(const char *a, const char *b);

/* The known name nearest to the word, NULL if none is near enough to be what was meant. */
const char *nearest_name(const char *word, const struct name_list *known);

#endif
