/* The placeholders of the help texts, and what may stand in their place: "PRESET" a preset of the protocol, "TRACE" a
 * file *.trace, "set|bag|fifo" one of these three. */
#ifndef GAINSAY_PLACEHOLDERS_H
#define GAINSAY_PLACEHOLDERS_H

#include "core/gainsay.h"

/* What is being completed. */
struct completion {
    const char *word;             /* as far as it has been typed */
    const char *head;             /* what stands before it in the same argument, "--preset=", is printed too: */
    size_t head_length;           /* the first bytes of head */
    const struct gs_model *model; /* the protocol of the command line; NULL: none, or one in a file */
    size_t offered;               /* how much has been printed */
};

/* Prints a candidate and its meaning (NULL: none), if it begins with the word. */
void completion_offer(struct completion *completion, const char *text, const char *meaning);

/* Prints what may stand for a placeholder, which may be several with bars between: at first a line ":files GLOB..." (no
 * glob: any file) or ":directories" if it may be a file's name, then a candidate per line. Nothing for one like N that
 * is not known here. */
void placeholder_complete(const char *placeholder, struct completion *completion);

/* Is `name`, in capitals, the placeholder or one of its alternatives? */
bool placeholder_allows(const char *placeholder, const char *name);

/* The placeholder at a place, from 0, in a usage as "PROTOCOL [MUTANT...]", without brackets and dots. One with dots is
 * that of all further places. Longer than fits, it is cut. False: there is none. */
enum { PLACEHOLDER_SIZE = 128 };
bool placeholder_at(const char *usage, size_t place, char placeholder[PLACEHOLDER_SIZE]);

/* Is each alternative in the table of placeholders, or a name in small letters, which stands for itself? */
bool placeholder_is_known(const char *placeholder);

#endif
