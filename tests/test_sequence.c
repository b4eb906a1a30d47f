/* Message-sequence charts in text. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/golden_traces.h"
#include "traces/formats.h"
#include "traces/line.h"

static void write_unicode(const struct trace *trace, FILE *out)
{
    trace_print_sequence(trace, &(struct sequence_style){.columns = 80}, out);
}

static void write_ascii(const struct trace *trace, FILE *out)
{
    trace_print_sequence(trace, &(struct sequence_style){.columns = 80, .ascii = true}, out);
}

Test(sequence, draws_every_kind_of_trace)
{
    expect_golden_traces("sequence", write_unicode);
}

Test(sequence, draws_in_ascii)
{
    expect_golden_traces("ascii", write_ascii);
}
