/* Doing something in a child process first, that a stranger's code could make crash, end or never return. */
#ifndef GAINSAY_REHEARSE_H
#define GAINSAY_REHEARSE_H

#include <stdbool.h>
#include <stddef.h>

enum { REHEARSAL_ERROR_SIZE = 4096 };

/* What parent and child share. */
struct rehearsal {
    const char *stage; /* what is being done: "when it is loaded"; a literal, set by the action as it goes on */
    bool is_over, is_good;
    char error[REHEARSAL_ERROR_SIZE];
};

/* False: why, in rehearsal->error. */
typedef bool rehearsed_action(void *context, struct rehearsal *rehearsal);

/* Runs the action in a child, whose output goes nowhere. True: it returned true there. False: its own error, or how it
 * ended ("crashes when it is loaded: Segmentation fault"). Takes at most some ten seconds. */
bool rehearse(rehearsed_action *action, void *context, char error[REHEARSAL_ERROR_SIZE]);

#endif
