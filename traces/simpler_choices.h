/* Simpler choices: what handlers draw, and the numbers that local events are given, made smaller. */
#ifndef GAINSAY_SIMPLER_CHOICES_H
#define GAINSAY_SIMPLER_CHOICES_H

#include "traces/attempt.h"

/* Tries smaller ones, each by itself: the least, half way down, one less; first those of the starts. The result has no
 * more steps, and of equally many a smaller sum of choices. NULL: none can be smaller. */
struct trace *simpler_choices(struct attempts *attempts, const struct trace *trace);

#endif
