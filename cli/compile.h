/* Compiling a user's C file into a shared object, with the system's compiler and without a shell. */
#ifndef GAINSAY_COMPILE_H
#define GAINSAY_COMPILE_H

#include <stdbool.h>

/* A compiled file in a private directory. */
struct compiled {
    char *directory, *object;
};

/* Compiles with $CC (may carry arguments, split at blanks), else cc. The compiler's own words go to standard error as
 * they are. False: it has been complained of, and nothing is left behind. */
bool compile_plugin(const char *command, const char *source, struct compiled *compiled);

/* Removes the private directory. An object that has been loaded stays loaded. */
void compiled_remove(struct compiled *compiled);

#endif
