/* The time that has passed, for limits and reports: nothing that is found depends on it. */
#ifndef GAINSAY_CLOCK_H
#define GAINSAY_CLOCK_H

#include <stdbool.h>

/* Seconds of a monotonic clock, from some moment on. */
double clock_seconds(void);
/* Has that time come (0: never), or has somebody interrupted (NULL: nobody can)? */
bool clock_is_over(double until, bool (*is_interrupted)(void));

#endif
