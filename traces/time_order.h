/* The events of a trace in the order in which they happened. Whoever shrinks a trace puts its events in an order of
 * cause and effect, and may take in events that no clock has seen. */
#ifndef GAINSAY_TIME_ORDER_H
#define GAINSAY_TIME_ORDER_H

#include "traces/trace.h"

/* A copy of the trace, which is no late one, with its steps by time; where some have none, or where it would not show
 * the same in that order, in the given order and without times. Owned by the caller. */
struct trace *time_order(const struct trace *trace);

#endif
