/* Looking at a shared object before it is mapped. */
#ifndef GAINSAY_OBJECT_FILE_H
#define GAINSAY_OBJECT_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Is it an ELF file, and is all of it there that its headers speak of? dlopen maps what is missing, and touching it is
 * a SIGBUS. False: why, in error. */
bool object_file_is_whole(const char *path, char *error, size_t error_size);

#endif
