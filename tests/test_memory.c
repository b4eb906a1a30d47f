/* Memory by table. */
#include "checker/check.h"
#include "cli/numbers.h"
#include "tests/checker_sample.h"

static uint64_t sum_of(const struct gs_memory *memory)
{
    uint64_t sum = 0;
    for (int table = 0; table < GS_TABLES; table++)
        sum += memory->bytes[table];
    return sum;
}

Test(memory, is_the_sum_of_its_tables)
{
    for (unsigned threads = 1; threads <= 2; threads++) {
        struct gs_result result;
        check(&counters,
              &(struct gs_config){.settings = LIST("counters=3", "top=40"), .threads = threads, .threads_from = 1},
              GS_HOLDS, &result);
        cr_expect(eq(u64, result.memory.total, sum_of(&result.memory)));
        cr_expect(eq(u64, result.memory_bytes, result.memory.total));
        cr_expect(ge(u64, result.memory.bytes[GS_TABLE_KEYS], 8 * result.states), "a word a state");
        cr_expect(ge(u64, result.memory.bytes[GS_TABLE_LEVELS], 8 * result.states), "a word a state");
        cr_expect(eq(u64, result.memory.bytes[GS_TABLE_OUTGROWN], 0), "no thread reads any more");
        for (int table = 0; table < GS_TABLE_OUTGROWN; table++)
            cr_expect(gt(u64, result.memory.bytes[table], 0), "%s", gs_table_names[table]);
        gs_result_free(&result);
    }
}

Test(memory, is_written_in_a_unit_that_suits)
{
    char text[NUMBER_TEXT_SIZE];
    cr_expect(eq(str, (char *)number_bytes_text(0, text), "0 bytes"));
    cr_expect(eq(str, (char *)number_bytes_text(999, text), "999 bytes"));
    cr_expect(eq(str, (char *)number_bytes_text(1000, text), "1.0 KiB"));
    cr_expect(eq(str, (char *)number_bytes_text(50 << 20, text), "50.0 MiB"));
    cr_expect(eq(str, (char *)number_bytes_text(UINT64_C(3) << 39, text), "1.5 TiB"));
    cr_expect(eq(str, (char *)number_bytes_text(UINT64_MAX, text), "16777216.0 TiB"));
}
