/* libFuzzer's harness of the trace reader; see `make fuzz-inputs`. */
#include "tests/fuzz_inputs/json_lines_mutator.h"
#include "tests/fuzz_inputs/trace_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    trace_input_try(data, size);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    return json_lines_mutate(data, size, size_max, seed);
}
