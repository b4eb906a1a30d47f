/* Files that appear whole or not at all: what was there before stays until all is written. */
#ifndef GAINSAY_WHOLE_FILE_H
#define GAINSAY_WHOLE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Can a file of that name be written? Leaves nothing behind, and what exists alone. False: "PATH: cannot write: why" in
 * error. */
bool whole_file_is_writable(const char *path, char *error, size_t error_size);

/* Writes it; through a link to the link's target. A device or a pipe is written in place. False: as above. */
bool whole_file_write(const char *path, const void *data, size_t size, char *error, size_t error_size);

/* What stands under the name when it is written: the link's target, or the name itself. Owned by the caller. */
char *whole_file_target(const char *path);

#endif
