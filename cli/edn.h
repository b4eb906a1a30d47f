/* Values in EDN, Clojure's notation. Keywords and symbols become texts (:read is "read"), vectors and lists
 * become lists, a set the list of its elements, a map that of its [KEY, VALUE], both sorted; a number that is no
 * integer becomes a text. Commas are white space, ; begins a comment, #_ leaves out a form, other tags are passed over.
 */
#ifndef GAINSAY_EDN_H
#define GAINSAY_EDN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/bytes.h"

struct edn {
    const char *at, *end;
    size_t line;
    const char *fault; /* of what could not be read */
};

/* Passes over white space and comments. False: the end. */
bool edn_skip_space(struct edn *edn);

/* Appends the next form, encoded as a value. False: fault says why. */
bool edn_read(struct edn *edn, struct bytes *encoded);

/* Passes over tags before a form. False: fault says why. */
bool edn_skip_tags(struct edn *edn);

#endif
