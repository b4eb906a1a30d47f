/* Mermaid's sequence diagrams. */
#include <criterion/criterion.h>

#include "tests/golden_traces.h"
#include "traces/formats.h"

Test(mermaid, draws_every_kind_of_trace)
{
    expect_golden_traces("mmd", trace_print_mermaid);
}
