#include "core/clock.h"

#include <time.h>

double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

bool clock_is_over(double until, bool (*is_interrupted)(void))
{
    return (until > 0 && clock_seconds() >= until) || (is_interrupted && is_interrupted());
}
