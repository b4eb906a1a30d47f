/* Charts: which message went where. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/test_trace_model.h"
#include "traces/chart.h"

TestSuite(chart, .fini = remove_temporary_files);

Test(chart, joins_each_delivery_to_its_sending)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    struct chart *chart = chart_new(trace);
    size_t deliveries = 0;
    cr_assert(eq(sz, chart->row_count - chart->start_count, trace->step_count));
    cr_expect(eq(int, chart->replay.end, REPLAY_VIOLATED));
    for (size_t i = 0; i < chart->row_count; i++) {
        const struct chart_row *row = &chart->rows[i];
        if (row->event.action != ACTION_DELIVER)
            continue;
        deliveries++;
        cr_assert(ne(sz, row->received, CHART_NONE), "row %zu", i);
        cr_expect(lt(sz, chart->messages[row->received].sent, i));
        cr_expect(gt(sz, chart_deliveries(chart, row->received), 0));
        cr_expect(eq(int, chart->messages[row->received].fate, CHART_DELIVERED));
    }
    cr_expect(gt(sz, deliveries, 0));
    chart_free(chart);
    trace_free(trace);
    run_free(run);
}

/* Every way to lose a message, and what stays in flight, occurs in one of these. */
static void expect_consistent(struct trace *(*make)(struct gs_run **run))
{
    struct gs_run *run;
    struct trace *trace = make(&run);
    struct chart *chart = chart_new(trace);
    size_t in_flight = 0, left = 0;
    for (size_t i = 0; i < chart->message_count; i++) {
        const struct chart_message *message = &chart->messages[i];
        in_flight += message->fate == CHART_IN_FLIGHT;
        cr_expect(eq(int, message->fate == CHART_ABSORBED, message->same_as != CHART_NONE), "message %zu", i);
        if (message->fate == CHART_DELIVERED)
            cr_expect(gt(sz, chart_deliveries(chart, i), 0), "message %zu", i);
    }
    const struct world *last = chart_before(chart, chart->row_count);
    for (unsigned n = 0; n < run->node_count; n++)
        left += inbox_count(run, &last->inboxes[n]);
    if (run->network != GS_SET)
        cr_expect(eq(sz, in_flight, left));
    chart_free(chart);
    trace_free(trace);
    run_free(run);
}

Test(chart, what_is_left_in_flight_is_what_the_world_holds)
{
    expect_consistent(make_commit_trace);
    expect_consistent(make_bag_trace);
    expect_consistent(make_fifo_trace);
    expect_consistent(make_break_trace);
}
