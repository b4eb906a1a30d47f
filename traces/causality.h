/* What led to what in a trace (Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", 1978): the
 * past of its end, and an order in which causal chains read together. */
#ifndef GAINSAY_CAUSALITY_H
#define GAINSAY_CAUSALITY_H

#include "traces/trace.h"

/* Marks in left_out (by step) what did not lead to the trace's end: its last step, and the last step of each node that
 * its explanation names; where a monitor is judged, each step that announced. Partitions and heals led to nothing by
 * themselves. The trace must replay. Returns how many are marked. */
size_t causality_leave_out_unrelated(const struct trace *trace, bool *left_out);

/* Appends what led to the trace's end, without node ids, terms and values: for each of these steps the length of the
 * longest chain of causes before it, the event's type and the role of its node, in an order that is the same for all
 * orders of the same causes. The trace must replay. */
void causality_sign(const struct trace *trace, struct bytes *signature);

/* The same events in an order in which each stands close behind what led to it; every node's own events, and all before
 * and behind a partition or a heal, stay in their order. Whether it still replays is for the caller to see. The caller
 * frees it. */
struct trace *causality_order(const struct trace *trace);

#endif
