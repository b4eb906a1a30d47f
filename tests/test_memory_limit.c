/* Memory as the program reports it, and limited for the process as a whole. */
#include "checker/check.h"
#include "tests/run_program.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { IS_SANITIZED = true }; /* whose memory is not the search's */
#else
enum { IS_SANITIZED = false };
#endif

Test(memory_limit, is_reported_by_table_as_text_and_as_json)
{
    struct ran ran = GAINSAY("check", "two-phase-commit");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "\nmemory ");
    EXPECT_IN(ran.out, " MiB: keys ");
    EXPECT_IN(ran.out, ", levels ");
    forget(&ran);
    ran = GAINSAY("check", "two-phase-commit", "--json", "-");
    json_t *report = parse_json(ran.out);
    const json_t *memory = json_object_get(report, "memory");
    json_int_t sum = 0;
    cr_expect(eq(sz, json_object_size(memory), GS_TABLES));
    for (int table = 0; table < GS_TABLES; table++)
        sum += json_number(memory, gs_table_names[table]);
    cr_expect(eq(i64, sum, json_number(report, "memory_bytes")));
    json_decref(report);
    forget(&ran);
}

/* ---- Limits ---- */

/* Of the process that ran, at the most. */
static json_int_t peak_of(const char *const *arguments, int status, json_t **report)
{
    struct ran ran = run_in(NULL, arguments);
    EXPECT_STATUS(ran, status);
    *report = parse_json(ran.out);
    const json_int_t peak = json_number(*report, "peak_rss_bytes");
    forget(&ran);
    return peak;
}

static void expect_kept(const char *protocol, const char *option, const char *megabytes, const char *threads)
{
    const char *const gainsay = program_path();
    json_t *report;
    const json_int_t program =
        peak_of((const char *const[]){gainsay, "check", "raft", "--max-depth", "1", "--json", "-", NULL}, 3, &report);
    json_decref(report);
    const json_int_t peak = peak_of((const char *const[]){gainsay, "check", protocol, option, "--max-memory", megabytes,
                                                          "--threads", threads, "--json", "-", NULL},
                                    3, &report);
    const double limit = strtod(megabytes, NULL) * (1 << 20);
    cr_expect(eq(str, (char *)json_string_of(report, "verdict"), "incomplete"));
    if (!IS_SANITIZED) {
        cr_expect(le(dbl, (double)(peak - program), 1.05 * limit), "%s %s %s threads", protocol, megabytes, threads);
        cr_expect(ge(dbl, (double)peak, 0.8 * limit), "%s %s %s threads", protocol, megabytes, threads);
    }
    cr_expect(le(dbl, (double)json_number(report, "memory_bytes"), 1.02 * limit), "%s %s", protocol, megabytes);
    json_decref(report);
}

Test(memory_limit, is_kept_within_a_twentieth_of_its_limit)
{
    expect_kept("two-phase-commit", "--preset=full", "24M", "1");
    expect_kept("two-phase-commit", "--preset=full", "40M", "2");
    expect_kept("raft", "--no-reductions", "32M", "1");
    expect_kept("raft", "--no-reductions", "20M", "2");
    expect_kept("crdt-store", "--set=stores=16", "64M", "2"); /* keys of three words: pairs of halves */
}

/* The limit stops a search that has found something already, and that is still said, with its trace. */
Test(memory_limit, limits_lose_nothing_found)
{
    struct ran ran = GAINSAY("check", "two-phase-commit", "--preset", "full", "--mutant", "commit-on-one-vote",
                             "--keep-going", "--max-memory", "12M", "--threads", "2", "--json", "-");
    EXPECT_STATUS(ran, 1);
    json_t *report = parse_json(ran.out), *property = json_property(report, "consistent");
    cr_expect(eq(str, (char *)json_string_of(report, "stopped"), "--max-memory 12582912"));
    cr_expect(eq(str, (char *)json_string_of(property, "verdict"), "violated"));
    cr_expect(eq(i64, json_number(property, "steps"), 5));
    cr_expect(eq(str, (char *)json_string_of(json_property(report, "committed"), "verdict"), "proved"));
    json_decref(report);
    forget(&ran);
}
