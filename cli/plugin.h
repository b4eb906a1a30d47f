/* Plugins: a user's protocol or properties, as a C file to compile or a shared object to load. */
#ifndef GAINSAY_PLUGIN_H
#define GAINSAY_PLUGIN_H

#include "core/gainsay.h"
#include "properties/sequential.h"

/* Is this argument the name of a plugin's file, FILE.c or FILE.so, rather than that of a protocol or property? */
bool plugin_is_file(const char *argument);

/* Loads a protocol, or properties for `model` (of that name: from outside, or of gainsay's own), and checks what was
 * loaded. Both stay loaded until the program ends. NULL: it has been complained of. what: the flag, "" for an
 * argument. */
const struct gs_model *plugin_load_model(const char *command, const char *what, const char *path);
const struct gs_extension *plugin_load_extension(const char *command, const char *what, const char *path,
                                                 const struct gs_model *model);

/* Likewise a sequential model, for recorded histories. */
const struct gs_sequential *plugin_load_sequential(const char *command, const char *what, const char *path);

#endif
