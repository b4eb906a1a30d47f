/* gainsay fuzz: that it finds what there is to find, says how to find it again, and says the same for any number of
 * threads. */
#include "tests/run_program.h"

#include "checker/fuzz.h"
#include "protocols/raft.h"
#include "protocols/two_phase_commit.h"
#include "traces/trace.h"

/* ---- Every mutant is found by default settings ---- */

static void expect_found(const struct gs_model *model)
{
    for (size_t m = 0; m < GS_MUTANTS_MAX && model->mutants[m].name; m++) {
        const struct gs_mutant *mutant = &model->mutants[m];
        /* figure 8 of the Raft paper takes four elections in one order: it is rare */
        const uint64_t most = strcmp(mutant->name, "commit-old") == 0 ? 1000000 : 10000;
        const struct gs_fuzz_config config = {.base = {.preset = mutant->preset,
                                                       .mutants = (const char *const[]){mutant->name, NULL},
                                                       .properties = (const char *const[]){mutant->property, NULL},
                                                       .threads = 1},
                                              .runs = most};
        struct gs_fuzz_result result;
        if (mutant->liveness)
            continue;
        cr_expect(eq(int, (int)gs_fuzz(model, &config, &result), GS_VIOLATION), "%s", mutant->name);
        cr_expect(eq(u64, result.failure_count, 1), "%s", mutant->name);
        cr_expect(lt(u64, result.runs, most), "%s", mutant->name);
        gs_fuzz_result_free(&result);
    }
}

Test(fuzz, finds_every_mutant_by_default)
{
    expect_found(&raft);
    expect_found(&two_phase_commit);
}

Test(fuzz, finds_nothing_where_there_is_nothing)
{
    for (int strategy = 0; strategy < GS_STRATEGIES; strategy++) {
        const struct gs_fuzz_config config = {
            .base = {.preset = "reboot", .threads = 2}, .runs = 2000, .strategy = (enum gs_strategy)strategy};
        struct gs_fuzz_result result;
        cr_expect(eq(int, (int)gs_fuzz(&raft, &config, &result), GS_HOLDS), "%s", result.result.error);
        cr_expect(eq(u64, result.runs, 2000));
        cr_expect(gt(u64, result.result.local_states, 20));
        for (size_t i = 0; i < result.result.property_count; i++)
            cr_expect(ne(int, (int)result.result.properties[i].verdict, GS_VERDICT_PROVED));
        gs_fuzz_result_free(&result);
    }
}

/* ---- Better traces, as they come ---- */

struct told {
    unsigned wholes, others;
    size_t steps, first_steps;
};

static void note(void *context, const struct trace *best, bool is_whole)
{
    struct told *told = context;
    if (told->wholes)
        cr_expect(le(sz, best->step_count, told->steps));
    else
        told->first_steps = best->step_count;
    told->wholes += is_whole;
    told->others += !is_whole;
    told->steps = best->step_count;
}

Test(fuzz, tells_of_the_whole_run_and_then_of_each_better_one)
{
    struct told told = {.wholes = 0};
    const struct gs_fuzz_config config = {
        .base = {.preset = "reboot", .mutants = (const char *const[]){"vote-not-durable", NULL}, .threads = 1},
        .shrink_seconds = 10,
        .better = note,
        .better_context = &told};
    struct gs_fuzz_result result;
    cr_assert(eq(int, (int)gs_fuzz(&raft, &config, &result), GS_VIOLATION));
    cr_expect(eq(uint, told.wholes, 1));
    cr_expect(ge(uint, told.others, 2));
    cr_expect(eq(sz, told.first_steps, result.failures[0].found->step_count));
    cr_expect(eq(sz, told.steps, result.failures[0].trace->step_count));
    gs_fuzz_result_free(&result);
}

/* ---- The command ---- */

static char *trace_of(const char *directory, const char *name, const char *threads, const char *seed, bool is_long)
{
    char *path = text_of("%s/%s.trace", directory, name), *other = text_of("%s/%s.other", directory, name);
    struct ran ran = GAINSAY("fuzz", "raft", "--preset", "reboot", "--mutant", "vote-not-durable", "--property",
                             "at-most-one-leader", "--seed", seed, "--threads", threads, "--trace",
                             is_long ? other : path, "--long-trace", is_long ? path : other);
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "in a smaller configuration: ");
    EXPECT_IN(ran.out, "steps: globally shortest (exhaustive search: ");
    EXPECT_IN(ran.out, "to run it again: gainsay fuzz raft --preset reboot --mutant vote-not-durable --property "
                       "at-most-one-leader --seed ");
    forget(&ran);
    char *text = read_file(path);
    free(path);
    free(other);
    return text;
}

Test(fuzz, writes_the_same_trace_on_any_number_of_threads)
{
    char *directory = make_test_directory();
    for (int is_long = 0; is_long <= 1; is_long++) {
        char *one = trace_of(directory, "one", "1", "a1b2c3", is_long),
             *eight = trace_of(directory, "eight", "8", "a1b2c3", is_long),
             *other = trace_of(directory, "other", "1", "a1b2c4", is_long);
        cr_expect(eq(str, one, eight));
        if (is_long) /* shrunk they may be the same */
            cr_expect(ne(str, one, other));
        free(one);
        free(eight);
        free(other);
    }
    remove_test_directory(directory);
}

Test(fuzz, its_trace_replays_and_its_line_reruns_it)
{
    char *directory = make_test_directory(), *trace = text_of("%s/a b.trace", directory), number[32];
    struct ran ran = GAINSAY("fuzz", "raft", "--preset", "reboot", "--mutant", "vote-not-durable", "--property",
                             "at-most-one-leader", "--seed", "it's", "--trace", trace, "--json", "-");
    EXPECT_STATUS(ran, 1);
    json_t *report = parse_json(ran.out), *failure = json_array_get(json_object_get(report, "failures"), 0);
    cr_expect(eq(str, (char *)json_string_of(report, "verdict"), "violated"));
    EXPECT_IN(json_string_of(failure, "rerun"), "--seed 'it'\\''s' --run ");
    struct ran replayed = GAINSAY("replay", trace);
    EXPECT_STATUS(replayed, 0);
    char *first = read_file(trace);
    snprintf(number, sizeof(number), "%lld", (long long)json_number(failure, "run"));
    struct ran again = GAINSAY("fuzz", "raft", "--preset", "reboot", "--mutant", "vote-not-durable", "--property",
                               "at-most-one-leader", "--seed", "it's", "--run", number, "--trace", trace);
    EXPECT_STATUS(again, 1);
    char *second = read_file(trace);
    cr_expect(eq(str, first, second));
    json_decref(report);
    free(first);
    free(second);
    free(trace);
    forget(&ran);
    forget(&replayed);
    forget(&again);
    remove_test_directory(directory);
}

Test(fuzz, says_how_often_goals_were_met_and_proves_nothing)
{
    struct ran ran = GAINSAY("fuzz", "raft", "--runs", "300", "--threads", "2");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "at-most-one-leader             sampled: in 300 runs\n");
    EXPECT_IN(ran.out, "leader-elected                 sampled: met in ");
    EXPECT_IN(ran.out, "distinct local states met");
    EXPECT_IN(ran.out, "  uniform  100 runs, 0 failures\n");
    EXPECT_NOT_IN(ran.out, "proved");
    EXPECT_IN(ran.out, "gainsay: holds protocol=raft runs=300 steps=");
    forget(&ran);
}

Test(fuzz, is_incomplete_when_time_ends_before_the_runs)
{
    struct ran some = GAINSAY("fuzz", "raft", "--runs", "1000000000", "--max-seconds", "0.2");
    struct ran all = GAINSAY("fuzz", "raft", "--max-seconds", "0.2");
    EXPECT_STATUS(some, 3);
    EXPECT_IN(some.out, "stopped before all runs: --max-seconds 0.2\n");
    EXPECT_STATUS(all, 0);
    forget(&some);
    forget(&all);
}

Test(fuzz, leaves_a_failure_as_it_was_found_if_asked)
{
    char *directory = make_test_directory(), *trace = text_of("%s/a.trace", directory),
         *whole = text_of("%s/b.trace", directory);
    struct ran ran = GAINSAY("fuzz", "raft", "--preset", "reboot", "--mutant", "vote-not-durable", "--shrink-seconds",
                             "0", "--trace", trace, "--long-trace", whole);
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "\nnot shrunk\n");
    EXPECT_NOT_IN(ran.out, "shrunk from");
    char *first = read_file(trace), *second = read_file(whole);
    cr_expect(eq(str, first, second));
    free(first);
    free(second);
    free(trace);
    free(whole);
    forget(&ran);
    remove_test_directory(directory);
}

/* Bad after four times left at once, or five times right; it says the same of both. */
static const char two_ways[] =
    "#include \"core/gainsay.h\"\n"
    "enum { LEFT, RIGHT };\n"
    "struct walker { uint8_t left, right; };\n"
    "static const struct gs_field fields[] = {GS_FIELD(struct walker, left), GS_FIELD(struct walker, right), "
    "GS_FIELDS_END};\n"
    "static bool step(struct gs_step *s, void *self, const struct gs_event *e)\n"
    "{\n"
    "    struct walker *walker = self;\n"
    "    switch (e->type) {\n"
    "    case LEFT: if (walker->left == 4 || walker->right) return false; return ++walker->left;\n"
    "    case RIGHT: if (walker->right == 5) return false; return ++walker->right;\n"
    "    }\n"
    "    return gs_unhandled(s, e);\n"
    "}\n"
    "static bool is_well(struct gs_view *v)\n"
    "{\n"
    "    const struct walker *walker = gs_this(v);\n"
    "    if (walker->left < 4 && walker->right < 5) return true;\n"
    "    return gs_explain(v, \"walker fell after %d\", walker->left + walker->right);\n"
    "}\n"
    "static bool is_off(struct gs_view *v) { return ((const struct walker *)gs_this(v))->right; }\n"
    "static const struct gs_model model = {\n"
    "    .name = \"walking\", .title = \"t\", .roles = {{.name = \"walker\", .size = 2, .fields = fields, .step = step, "
    ".count = 1}},\n"
    "    .events = {{.name = \"left\", .kind = GS_LOCAL}, {.name = \"right\", .kind = GS_LOCAL}},\n"
    "    .presets = {{.name = \"quick\"}},\n"
    "    .properties = {{.name = \"well\", .kind = GS_ALWAYS, .scope = GS_SCOPE_NODE, .holds = is_well},\n"
    "                   {.name = \"off\", .kind = GS_REACHABLE, .scope = GS_SCOPE_NODE, .holds = is_off}}};\n"
    "GS_EXPORT_MODEL(model);\n";

/* To "a.trace", "a.2.trace", ... of as many as there are. */
static json_t *different_failures(const char *threads, const char *directory)
{
    char *trace = text_of("%s/a.trace", directory), *path = text_of("%s/walking.c", directory);
    write_file(path, two_ways);
    struct ran ran = GAINSAY("fuzz", path, "--max-failures", "9", "--runs", "300", "--threads", threads, "--json", "-",
                             "--trace", trace);
    EXPECT_STATUS(ran, 1);
    json_t *report = parse_json(ran.out);
    cr_expect(eq(str, (char *)json_string_of(report, "verdict"), "violated"));
    cr_expect(eq(int, (int)json_number(report, "runs"), 300));
    cr_expect(eq(int, (int)json_number(report, "kinds_passed_over"), 1));
    json_t *failures = json_incref(json_object_get(report, "failures"));
    json_decref(report);
    forget(&ran);
    free(trace);
    free(path);
    return failures;
}

Test(fuzz, tells_failures_apart_by_what_led_to_them)
{
    char *directory = make_test_directory(), *first = text_of("%s/a.trace", directory),
         *second = text_of("%s/a.2.trace", directory);
    json_t *one = different_failures("1", directory), *three = different_failures("3", directory);
    cr_expect(eq(sz, json_array_size(one), 2));
    cr_expect(eq(
        int, (int)json_number(json_array_get(one, 0), "steps") + (int)json_number(json_array_get(one, 1), "steps"), 9));
    cr_expect(json_equal(one, three));
    struct ran replayed = GAINSAY("replay", first, second);
    EXPECT_STATUS(replayed, 0);
    forget(&replayed);
    free(first);
    free(second);
    json_decref(one);
    json_decref(three);
    remove_test_directory(directory);
}

Test(fuzz, finds_several_different_failures)
{
    struct ran ran = GAINSAY("fuzz", "raft", "--preset", "reboot", "--mutant", "vote-twice", "--mutant",
                             "term-not-durable", "--max-failures", "2", "--json", "-", "--threads", "2");
    EXPECT_STATUS(ran, 1);
    json_t *report = parse_json(ran.out), *failures = json_object_get(report, "failures");
    cr_assert(ge(sz, json_array_size(failures), 2));
    cr_expect(ne(str, (char *)json_string_of(json_array_get(failures, 0), "property"),
                 (char *)json_string_of(json_array_get(failures, 1), "property")));
    json_decref(report);
    forget(&ran);
}

Test(fuzz, refuses_bad_values)
{
    static const struct {
        const char *arguments[3], *complaint;
    } bad[] = {
        {{"--runs", "0"}, "gainsay: fuzz: --runs 0: a number from 1 to "},
        {{"--steps", "x"}, "gainsay: fuzz: --steps x: a number from 1 to "},
        {{"--strategy", "swram"}, "did you mean 'swarm'"},
        {{"--pct-depth", "65"}, "gainsay: fuzz: --pct-depth 65: a number from 1 to 64"},
        {{"--max-seconds", "-1"}, "gainsay: fuzz: --max-seconds -1: "},
        {{"--trace", "/nowhere/x"}, "gainsay: fuzz: --trace /nowhere/x: "},
        {{"--long-trace", "/nowhere/x"}, "gainsay: fuzz: --long-trace /nowhere/x: "},
        {{"--shrink-seconds", "-1"}, "gainsay: fuzz: --shrink-seconds -1: a number of seconds"},
        {{"--timed", "--strategy=pct"}, "gainsay: fuzz: --strategy: in runs with a clock"},
        {{"--timed", "--pct-depth=3"}, "gainsay: fuzz: --pct-depth: in runs with a clock"},
        {{"--skew", "5"}, "gainsay: fuzz: --skew 5: a time, as 10s, 250ms or 0s"},
        {{"--skew", "3600000.1s"}, "gainsay: fuzz: --skew 3600000.1s: a time"},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct ran ran = GAINSAY("fuzz", "raft", bad[i].arguments[0], bad[i].arguments[1]);
        EXPECT_STATUS(ran, 2);
        EXPECT_IN(ran.err, bad[i].complaint);
        forget(&ran);
    }
}

/* ---- The audit ---- */

/* Its handler keeps a count that no state shows, and after many calls does another thing. */
static const char forgetful[] =
    "#include \"core/gainsay.h\"\n"
    "static int calls;\n"
    "struct counter { uint8_t count; };\n"
    "static const struct gs_field fields[] = {GS_FIELD(struct counter, count), GS_FIELDS_END};\n"
    "static bool step(struct gs_step *s, void *self, const struct gs_event *e)\n"
    "{\n"
    "    struct counter *counter = self;\n"
    "    (void)s; (void)e;\n"
    "    if (counter->count == 9) return false;\n"
    "    counter->count += calls++ < 60 ? 1 : 9 - counter->count;\n"
    "    return true;\n"
    "}\n"
    "static bool is_full(struct gs_view *v) { return ((const struct counter *)gs_this(v))->count == 9; }\n"
    "static const struct gs_model model = {\n"
    "    .name = \"forgetful\", .title = \"t\", .roles = {{.name = \"counter\", .size = 1, .fields = fields, .step = step, "
    ".count = 1}},\n"
    "    .events = {{.name = \"count\", .kind = GS_LOCAL}}, .presets = {{.name = \"quick\"}},\n"
    "    .properties = {{.name = \"full\", .kind = GS_REACHABLE, .scope = GS_SCOPE_NODE, .holds = is_full}}};\n"
    "GS_EXPORT_MODEL(model);\n";

Test(fuzz, the_audit_names_run_step_node_and_field)
{
    char *directory = make_test_directory(), *path = text_of("%s/forgetful.c", directory);
    write_file(path, forgetful);
    struct ran plain = GAINSAY("fuzz", path, "--runs", "50", "--threads", "1");
    struct ran audit = GAINSAY("fuzz", path, "--runs", "50", "--threads", "1", "--audit");
    EXPECT_STATUS(plain, 0);
    EXPECT_STATUS(audit, 1);
    EXPECT_IN(audit.out, "nondeterministic: run ");
    EXPECT_IN(audit.out, ", counter: count differs when its handler runs again");
    free(path);
    forget(&plain);
    forget(&audit);
    remove_test_directory(directory);
}

Test(fuzz, the_audit_finds_nothing_in_what_is_deterministic)
{
    struct ran ran = GAINSAY("fuzz", "raft", "--preset", "reboot", "--runs", "300", "--audit");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
}

/* What a handler that keeps a count did need not happen again: then there is no trace, and the report says why. */
Test(fuzz, of_what_need_not_happen_again_there_is_no_trace)
{
    static const char sometimes[] = "#include \"misbehaving.h\"\n"
                                    "static bool act(struct gs_step *s, struct node *node)\n"
                                    "{\n"
                                    "    static unsigned calls;\n"
                                    "    (void)s;\n"
                                    "    node->count = (uint8_t)(3 + (calls++ % 7 == 6));\n"
                                    "    return true;\n"
                                    "}\n";
    char *directory = make_test_directory(), *path = text_of("%s/sometimes.c", directory);
    char *frame = text_of("%s/tests/data/plugins/misbehaving.h", project_root());
    char *text = read_file(frame), *copy = text_of("%s/misbehaving.h", directory);
    write_file(copy, text);
    write_file(path, sometimes);
    struct ran ran = GAINSAY_IN(directory, "fuzz", path, "--threads", "1", "--trace", "bug.trace");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "violated in run 0: node");
    EXPECT_IN(ran.out, "nondeterministic handler: run twice on the same state and event, it differs in count\n"
                       "no trace: its code is not deterministic, and replayed it would be another run\n"
                       "to run it again (it need not fail again): gainsay fuzz ");
    EXPECT_NOT_IN(ran.out, "step 0");
    EXPECT_NOT_IN(ran.out, "written to");
    cr_expect(eq(str, ran.err, ""));
    forget(&ran);
    ran = GAINSAY_IN(directory, "fuzz", path, "--threads", "1", "--audit", "--trace", "bug.trace");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "violated in run 0: nondeterministic: run 0, step ");
    EXPECT_IN(ran.out, " --audit --seed 1 --run 0\n");
    cr_expect(eq(str, ran.err, ""));
    forget(&ran);
    free(text);
    free(copy);
    free(frame);
    free(path);
    remove_test_directory(directory);
}

/* ---- With a clock ---- */

/* A client asks at START and again when its timer fires; the mutant never does: what is lost stays lost. */
static const char asking[] =
    "#include \"core/gainsay.h\"\n"
    "enum { CLIENT, SERVER };\n"
    "enum { ASK, ANSWER, AGAIN };\n"
    "struct message { uint8_t type; };\n"
    "struct client { bool done; };\n"
    "static const struct gs_field client_fields[] = {GS_FIELD(struct client, done), GS_FIELDS_END};\n"
    "static const struct gs_field message_fields[] = {GS_FIELDS_END};\n"
    "static bool ask(struct gs_step *s)\n"
    "{\n"
    "    if (!gs_mutant(s, 0)) gs_set_timer(s, AGAIN, 0);\n"
    "    return gs_send(s, gs_node_at(s, SERVER, 0), &(struct message){.type = ASK});\n"
    "}\n"
    "static bool client_step(struct gs_step *s, void *self, const struct gs_event *e)\n"
    "{\n"
    "    struct client *client = self;\n"
    "    switch (e->type) {\n"
    "    case GS_START: return ask(s);\n"
    "    case AGAIN: return !client->done && ask(s);\n"
    "    case ANSWER: if (client->done) return false; return client->done = true;\n"
    "    }\n"
    "    return gs_unhandled(s, e);\n"
    "}\n"
    "static bool server_step(struct gs_step *s, void *self, const struct gs_event *e)\n"
    "{\n"
    "    (void)self;\n"
    "    if (e->type == ASK) return gs_send(s, e->from, &(struct message){.type = ANSWER});\n"
    "    return gs_unhandled(s, e);\n"
    "}\n"
    "static bool is_done(struct gs_view *v) { return ((const struct client *)gs_this(v))->done; }\n"
    "static struct gs_duration a_second(const struct gs_run *run, unsigned index)\n"
    "{ (void)run; (void)index; return (struct gs_duration){GS_MILLISECONDS(1000), GS_MILLISECONDS(1000)}; }\n"
    "static const struct gs_model model = {\n"
    "    .name = \"asking\", .title = \"t\", .message_size = 1, .message_fields = message_fields, .network = GS_BAG,\n"
    "    .roles = {{.name = \"client\", .size = 1, .fields = client_fields, .step = client_step, .count = 1, .starts = "
    "true},\n"
    "              {.name = \"server\", .step = server_step, .count = 1}},\n"
    "    .events = {{.name = \"ask\"}, {.name = \"answer\"}, {.name = \"again\", .kind = GS_TIMER, .role = CLIENT, .takes "
    "= a_second}},\n"
    "    .presets = {{.name = \"quick\"}},\n"
    "    .mutants = {{.name = \"ask-once\", .meaning = \"m\", .property = \"done\", .liveness = true}},\n"
    "    .properties = {{.name = \"done\", .kind = GS_REACHABLE, .scope = GS_SCOPE_NODE, .role = CLIENT, .holds = "
    "is_done}}};\n"
    "GS_EXPORT_MODEL(model);\n";

#define RECOVERY \
    "--profile", "hostile", "--heal-after", "3s", "--recover-within", "3s", "--recovers", "done", "--runs", "500"

Test(fuzz, a_liveness_mutant_does_not_recover)
{
    char *directory = make_test_directory(), *path = text_of("%s/asking.c", directory),
         *trace = text_of("%s/late.trace", directory);
    write_file(path, asking);
    struct ran good = GAINSAY("fuzz", path, RECOVERY),
               bad = GAINSAY("fuzz", path, RECOVERY, "--mutant", "ask-once", "--trace", trace);
    EXPECT_STATUS(good, 0);
    EXPECT_IN(good.out, "recovers      sampled: in 500 runs");
    EXPECT_STATUS(bad, 1);
    EXPECT_IN(bad.out, "not met in time after all was healed: done");
    EXPECT_IN(bad.out, "property=recovers");
    struct ran replayed = GAINSAY("replay", trace);
    EXPECT_STATUS(replayed, 0);
    forget(&good);
    forget(&bad);
    forget(&replayed);
    free(path);
    free(trace);
    remove_test_directory(directory);
}

/* A leader that ignores larger terms is stuck with the one server that is left. */
Test(fuzz, liveness_mutants_of_raft_miss_the_deadline_and_raft_does_not)
{
    static const char *const seeds[] = {"1", "2"};
    for (size_t i = 0; i < 4; i++) {
        const char *mutant[2] = {i % 2 ? "--mutant" : NULL, "no-stepdown"};
        struct ran ran =
            GAINSAY("fuzz", "raft", "--seed", seeds[i / 2], "--set", "terms=30", "--set", "heartbeats=1", "--set",
                    "proposals=1", "--set", "candidates=2", "--crashes", "1", "--partitions", "2", "--partition-every",
                    "1s", "--partition-for", "1s", "--local-after", "4s", "--heal-after", "3s", "--recover-within",
                    "6s", "--recovers", "entry-commits", "--runs", "300", mutant[0], mutant[1]);
        EXPECT_STATUS(ran, i % 2 ? 1 : 0);
        forget(&ran);
    }
}

/* Timers take what the model says, by a clock that is exact, and links what the flag says. */
Test(fuzz, the_clock_is_exact)
{
    char *directory = make_test_directory(), *path = text_of("%s/asking.c", directory);
    write_file(path, asking);
    struct ran ran = GAINSAY("fuzz", path, "--latency", "7ms", "--runs", "20", "--json", "-");
    EXPECT_STATUS(ran, 0);
    json_t *report = parse_json(ran.out), *metrics = json_object_get(report, "metrics");
    json_t *latency = json_object_get(json_object_get(json_object_get(metrics, "messages"), "ask"), "latency");
    json_t *done = json_object_get(json_object_get(metrics, "goals_first_met"), "done");
    cr_expect(eq(i64, (int64_t)json_number(latency, "most_ns"), 7000000));
    cr_expect(eq(i64, (int64_t)json_number(done, "most_ns"), 14000000));
    cr_expect(eq(i64, (int64_t)json_number(done, "count"), 20));
    json_decref(report);
    forget(&ran);
    free(path);
    remove_test_directory(directory);
}

Test(fuzz, every_profile_on_every_network_takes_the_steps_of_cores_world)
{
    static const char *const networks[] = {"set", "bag", "fifo"};
    for (const struct gs_profile *profile = gs_profiles; profile->name; profile++)
        for (size_t n = 0; n < 3; n++) {
            struct ran ran = GAINSAY("fuzz", "raft", "--network", networks[n], "--set", "terms=4", "--set",
                                     "heartbeats=1", "--profile", profile->name, "--audit", "--runs", "10", "--until",
                                     "3s", "--crashes", "2", "--restarts", "2", "--reboots", "1", "--partitions", "2");
            EXPECT_STATUS(ran, 0);
            forget(&ran);
        }
}

Test(fuzz, a_timed_seed_says_the_same_on_any_number_of_threads)
{
    json_t *metrics[2];
    static const char *const threads[] = {"1", "8"};
    for (size_t i = 0; i < 2; i++) {
        struct ran ran = GAINSAY("fuzz", "raft", "--profile", "lossy", "--runs", "60", "--until", "2s", "--threads",
                                 threads[i], "--json", "-");
        EXPECT_STATUS(ran, 0);
        json_t *report = parse_json(ran.out);
        metrics[i] = json_deep_copy(json_object_get(report, "metrics"));
        json_decref(report);
        forget(&ran);
    }
    cr_expect(json_equal(metrics[0], metrics[1]));
    json_decref(metrics[0]);
    json_decref(metrics[1]);
}

Test(fuzz, refuses_bad_times)
{
    static const struct {
        const char *arguments[2], *complaint;
    } bad[] = {
        {{"--until", "10"}, "gainsay: fuzz: --until 10: a time above 0"},
        {{"--latency", "normal:3ms"}, "gainsay: fuzz: --latency normal:3ms: a time (10ms), a range"},
        {{"--latency", "5ms..1ms"}, "gainsay: fuzz: --latency 5ms..1ms: "},
        {{"--loss", "101"}, "gainsay: fuzz: --loss 101: a percentage"},
        {{"--profile", "wam"}, "did you mean 'wan'"},
        {{"--recover-within", "1s"}, "gainsay: fuzz: --recover-within: after what?"},
        {{"--recovers", "leader-elected"}, "gainsay: fuzz: --recovers leader-elected: by when?"},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct ran ran = GAINSAY("fuzz", "raft", bad[i].arguments[0], bad[i].arguments[1]);
        EXPECT_STATUS(ran, 2);
        EXPECT_IN(ran.err, bad[i].complaint);
        forget(&ran);
    }
}
