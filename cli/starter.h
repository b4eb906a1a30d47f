/* The starter project that `gainsay new` writes: templates, which are real files in cli/starter/, in the name of a
 * protocol. In the templates that name is lock-service, also as lock_service and LOCK_SERVICE where C wants an
 * identifier: so they compile, and can be checked, as they are. */
#ifndef GAINSAY_STARTER_H
#define GAINSAY_STARTER_H

#include <stdbool.h>
#include <stddef.h>

enum { STARTER_NAME_MAX = 64 };

struct starter_file {
    const char *path;       /* within the project; in the template's name too */
    const char *text, *end; /* not of the protocol's name yet */
};

/* All files but the traces; the protocol itself comes first. Ends with one without a path. */
extern const struct starter_file starter_files[];

/* Can the protocol, its files and its identifiers be called so? */
bool starter_name_is_good(const char *name);

/* The nearest good name to what was asked for, "" if there is none. Owned by the caller. */
char *starter_mend_name(const char *name);

/* The text from begin to end with the protocol's name in it; *size (may be NULL): its length in bytes. A string, owned
 * by the caller. */
char *starter_text(const char *begin, const char *end, const char *name, size_t *size);

#endif
