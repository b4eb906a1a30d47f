/* Space-time diagrams for Graphviz. */
#include <criterion/criterion.h>

#include "tests/golden_traces.h"
#include "traces/formats.h"

Test(dot, draws_every_kind_of_trace)
{
    expect_golden_traces("dot", trace_print_dot);
}
