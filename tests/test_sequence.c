/* Message-sequence charts in text. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/golden_traces.h"
#include "traces/formats.h"
#include "traces/line.h"

static struct sequence_style style;

static void write_sequence(const struct trace *trace, FILE *out)
{
    trace_print_sequence(trace, &style, out);
}

static char *draw(const struct trace *trace, size_t columns, bool ascii)
{
    style = (struct sequence_style){.columns = columns, .ascii = ascii};
    return text_of_trace(trace, write_sequence);
}

Test(sequence, draws_every_kind_of_trace)
{
    style.columns = 80;
    expect_golden_traces("sequence", write_sequence);
}

Test(sequence, draws_in_ascii)
{
    style = (struct sequence_style){.columns = 80, .ascii = true};
    expect_golden_traces("ascii", write_sequence);
    for (size_t i = 0; i < GOLDEN_TRACES; i++) {
        struct gs_run *run;
        struct trace *trace = golden_traces[i].make(&run);
        char *text = draw(trace, 80, true);
        for (const char *c = text; *c; c++)
            cr_assert(gt(chr, *c, 0), "%s: %s", golden_traces[i].name, c);
        free(text);
        trace_free(trace);
        run_free(run);
    }
}

static void expect_narrow(char *text, size_t columns)
{
    for (char *rest = NULL, *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        cr_assert(line_columns(line) <= columns, "%zu columns, not %zu: %s", line_columns(line), columns, line);
}

Test(sequence, is_never_wider_than_asked_for)
{
    for (size_t i = 0; i < GOLDEN_TRACES; i++) {
        struct gs_run *run;
        struct trace *trace = golden_traces[i].make(&run);
        for (size_t columns = trace_sequence_columns(trace); columns < 130; columns += 3) {
            char *text = draw(trace, columns, columns % 2);
            expect_narrow(text, columns);
            free(text);
        }
        trace_free(trace);
        run_free(run);
    }
}

Test(sequence, shows_full_names_where_there_is_room)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    char *narrow = draw(trace, 80, false), *wide = draw(trace, 140, false);
    cr_expect(strstr(narrow, "tm = transaction-manager, rm0..2 = resource-manager0..2") != NULL, "%s", narrow);
    cr_expect(strstr(wide, "transaction-manager   resource-manager0") != NULL, "%s", wide);
    cr_expect(strstr(wide, "nodes:") == NULL, "%s", wide);
    free(narrow);
    free(wide);
    trace_free(trace);
    run_free(run);
}

/* Lanes of one column: names stand upright, and each event names its nodes. */
Test(sequence, draws_many_nodes)
{
    struct gs_run *run = make_run(
        &two_phase_commit, &(struct run_config){.settings = (const char *const[]){"resource-managers=12", NULL}});
    const char *const events[] = {"resource-manager11: prepare", "resource-manager11 -> transaction-manager: vote",
                                  NULL};
    struct trace *trace = make_trace(run, TRACE_NO_PROPERTY, events);
    const size_t least = trace_sequence_columns(trace);
    char *text = draw(trace, least, false);
    cr_expect(strstr(text, "rm11 -> tm: vote") != NULL, "%s", text);
    cr_expect(strstr(text, "\n     trrrrrrrrrrrr\n     mmmmmmmmmmmmm\n") != NULL, "%s", text);
    expect_narrow(text, least);
    free(text);
    trace_free(trace);
    run_free(run);
}

Test(sequence, says_where_a_trace_does_not_go_on)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    trace_append(trace, &trace->steps[4]);
    char *text = draw(trace, 80, false);
    cr_expect(strstr(text, "the trace does not go on: step 6: resource-manager1: refuse: ") != NULL, "%s", text);
    free(text);
    trace_free(trace);
    run_free(run);
}
