/* The configurations that a search has met, each with where it came from. A configuration is some words: a key, and a
 * set of things used up. One with the same key that has used up less can do all that another can, so only those that
 * are least are new. Part of the decision procedure, not an interface to write against. */
#ifndef GAINSAY_VISITED_H
#define GAINSAY_VISITED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VISITED_NONE UINT32_MAX

struct visited;

/* key_words at least 1; set_words may be 0. */
struct visited *visited_new(size_t key_words, size_t set_words);
void visited_free(struct visited *visited);

/* Keeps a configuration unless one that is as good is known. words: the key, then the set. from, by: where it came from
 * and by which operation (VISITED_NONE: the first). Its number, or VISITED_NONE: known. */
uint32_t visited_add(struct visited *visited, const uint64_t *words, uint32_t from, uint32_t by);

/* Valid until the next add. */
const uint64_t *visited_words(const struct visited *visited, uint32_t number);
uint32_t visited_from(const struct visited *visited, uint32_t number);
uint32_t visited_by(const struct visited *visited, uint32_t number);
size_t visited_count(const struct visited *visited);
size_t visited_memory(const struct visited *visited); /* bytes */

#endif
