/* A chart as one JSON object: everything that a program which draws a trace has to know, in the protocol's own names.
 *
 *     header     as in a trace file; "explanation" is the one that was found by replaying
 *     title      of the protocol; claim: of the property (absent: it has none); mutants: {name: what it breaks}
 *     end        {"result": "violated" (a goal: met)|"held"|"sampled"|"diverged", "step", "reason"}
 *     nodes      [{"name", "role"}]; roles, monitors: {name: {"fields": schema}}
 *     messages   in the order in which they were sent:
 *                {"from", "to", "message" (as in a trace file), "text", "sent": row, "fate"};
 *                "end": row of the first delivery, the drop or the loss;
 *                "gone": the row after which it is not in flight any more (absent: it stays);
 *                "same_as": of an absorbed one, the message that it equals
 *     initial    the world before any START (empty: an init misbehaved); rows: the STARTs, then the steps
 *
 * A row is an event as in a trace file and: "text", "result" ("step"|"misbehaved"|"same"|"not enabled"|"cut"),
 * "explanation", "silent" (a START that neither chose, sent nor announced), "choices", "received": message, "sent":
 * [first message, how many], "announced": [{"by", "text", "value"}]; of the world after it "states" of nodes and
 * "monitors", each {name: value}, only those that differ from the row before; and whole "cut" (groups of nodes),
 * "spent" (budgets), "fingerprint". A node's state is {"fields", "timers": {name: true}, "up"}.
 *
 * A schema is an array of {"name", "shape": "one"|"list"|"by node", "kind": "number"|"bool"|"enum"|"node"|"set"|
 * "struct", "durable"; "values" of an enum, "fields" of a struct}, without the lengths of lists, as in the values. */
#ifndef GAINSAY_JSON_CHART_H
#define GAINSAY_JSON_CHART_H

#include <jansson.h>

#include "traces/chart.h"
#include "traces/trace_file.h"

/* info: where the trace comes from; NULL: nothing is known. Owned by the caller. */
json_t *json_chart(const struct chart *chart, const struct trace_file_info *info);

#endif
