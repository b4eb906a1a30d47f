/* Which protocols there are, and finding the one that an argument names. */
#ifndef GAINSAY_PROTOCOLS_H
#define GAINSAY_PROTOCOLS_H

#include "cli/complain.h"
#include "core/gainsay.h"

/* The protocols that come with gainsay, in alphabetical order; NULL-terminated. */
extern const struct gs_model *const builtin_protocols[];

/* The protocol that comes with gainsay under this name, or NULL. */
const struct gs_model *protocol_builtin(const char *name);

/* A protocol by name, or from a plugin's file; checked. NULL: it has been complained of. what: the flag, "" for an
 * argument. */
const struct gs_model *protocol_find(const char *command, const char *what, const char *argument);

/* What a model has, by name. */
void protocol_names(struct name_list *names);
void preset_names(const struct gs_model *model, struct name_list *names);
void option_names(const struct gs_model *model, struct name_list *names);
void mutant_names(const struct gs_model *model, struct name_list *names);
/* extensions: NULL-terminated, or NULL. */
void property_names(const struct gs_model *model, const struct gs_extension *const *extensions,
                    struct name_list *names);

#endif
