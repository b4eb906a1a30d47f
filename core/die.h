/* Fatal errors of the engine: out of memory and misuse of an internal interface. Bad input never comes here. */
#ifndef GAINSAY_DIE_H
#define GAINSAY_DIE_H

#include <stdbool.h>
#include <stddef.h>

/* Prints "gainsay: internal error: ..." with the place to standard error and exits with 4. */
_Noreturn void die_at(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
#define die(...) die_at(__FILE__, __LINE__, __VA_ARGS__)

/* Is the program about to end by die? */
bool die_has_begun(void);

/* An assert that stays on in release builds. */
#define must(condition) ((condition) ? (void)0 : die("expected %s", #condition))

/* malloc, calloc and realloc that do not return NULL (a size of 0 gives a valid pointer). */
void *die_alloc(size_t size);
void *die_calloc(size_t count, size_t size);
void *die_realloc(void *memory, size_t size);

/* Grows *memory (an array of *capacity items) so that it holds at least `needed` items. */
void *die_grow(void *memory, size_t *capacity, size_t needed, size_t item_size);

#endif
