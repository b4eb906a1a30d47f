/* Strings that live as long as their list: names and words put together while a command runs. */
#ifndef GAINSAY_TEXTS_H
#define GAINSAY_TEXTS_H

#include <stdarg.h>
#include <stddef.h>

/* Zero is empty. */
struct texts {
    char **items;
    size_t count, capacity;
};

/* Adds a string as printf makes it and returns it; owned by the list. */
char *texts_add(struct texts *texts, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *texts_add_v(struct texts *texts, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
void texts_free(struct texts *texts);

#endif
