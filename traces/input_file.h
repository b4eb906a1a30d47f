/* Opening what a user names to be read. */
#ifndef GAINSAY_INPUT_FILE_H
#define GAINSAY_INPUT_FILE_H

#include <stdio.h>

/* Opens a file or a pipe: one that nobody writes to is empty, rather than waited for. NULL: errno says why, of a
 * directory too. */
FILE *input_file_open(const char *path);

#endif
