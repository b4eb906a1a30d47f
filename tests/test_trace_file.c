/* Trace files: written, read back, replayed, refused. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/golden_traces.h"
#include "tests/scale.h"
#include "traces/json_trace.h"

TestSuite(trace_file, .fini = remove_temporary_files);

static char error[TRACE_ERROR_SIZE];
static struct trace_report report;

typedef struct trace *trace_maker(struct gs_run **run);

static char *write_trace(trace_maker *make)
{
    struct gs_run *run;
    struct trace *trace = make(&run);
    char *path = temporary_path("a.trace");
    cr_assert(trace_file_write(trace, path, NULL, error, sizeof(error)), "%s", error);
    trace_free(trace);
    run_free(run);
    return path;
}

/* Reads and replays; -1: refused, the reason in error. */
static int replay_file(const char *path, void *context)
{
    struct trace_file *file = trace_file_read(path, resolve_model, context, error, sizeof(error));
    if (!file)
        return -1;
    const enum trace_outcome outcome = trace_file_replay(file, &report);
    trace_file_free(file);
    return (int)outcome;
}

/* ---- Editing a file as a person would ---- */

/* The text with the n-th line (from 1) replaced; NULL: taken out. */
static char *with_line(const char *text, size_t number, const char *line)
{
    char *edited;
    size_t size, at = 1;
    FILE *out = open_memstream(&edited, &size);
    for (const char *c = text; *c; at++) {
        const char *end = strchr(c, '\n');
        if (at != number)
            fprintf(out, "%.*s\n", (int)(end - c), c);
        else if (line)
            fprintf(out, "%s\n", line);
        c = end + 1;
    }
    fclose(out);
    return keep(edited);
}

static char *with(const char *text, const char *old, const char *new)
{
    const char *at = strstr(text, old);
    char *edited;
    cr_assert(at != NULL, "%s", old);
    cr_assert(asprintf(&edited, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old)) >= 0);
    return keep(edited);
}

/* Without its digest a file may be edited. */
static char *without_digest(const char *text)
{
    const char *digest = strstr(text, ",\"digest\"");
    char *edited;
    cr_assert(asprintf(&edited, "%.*s}\n", (int)(digest - text), text) >= 0);
    return keep(edited);
}

/* What becomes of a file when one text in it is replaced by another and the digest is taken out. */
static int replay_edited(const char *path, const char *old, const char *new)
{
    char *text = read_text_file(path), *free_text = without_digest(text), *edited = with(free_text, old, new);
    char *edited_path = temporary_path("edited.trace");
    write_text_file(edited_path, edited, strlen(edited));
    const int outcome = replay_file(edited_path, NULL);
    free(edited_path);
    free(edited);
    free(free_text);
    free(text);
    return outcome;
}

/* ---- What is written ---- */

static void expect_file(trace_maker *make, const char *golden)
{
    char *path = write_trace(make);
    char *text = read_text_file(path);
    expect_golden(golden, text);
    cr_expect(eq(int, replay_file(path, NULL), TRACE_REPRODUCES), "%s %s", error, report.reason);
    cr_expect(eq(str, report.notes, ""));
    cr_expect(eq(str, report.reason, ""));
    free(text);
    free(path);
}

Test(trace_file, every_kind_of_trace_reproduces)
{
    for (size_t i = 0; i < GOLDEN_TRACES; i++) {
        char *name;
        cr_assert(asprintf(&name, "trace-%s.trace", golden_traces[i].name) > 0);
        expect_file(golden_traces[i].make, name);
        free(name);
    }
}

static struct trace *make_sample(struct gs_run **run)
{
    struct trace *trace = make_commit_trace(run);
    trace->property = TRACE_NO_PROPERTY;
    trace->monitors_on = 0;
    trace->explanation[0] = '\0';
    return trace;
}

Test(trace_file, a_sample_reproduces)
{
    expect_file(make_sample, "trace-sample.trace");
}

Test(trace_file, a_sample_whose_steps_come_out_otherwise_diverges)
{
    char *path = write_trace(make_sample);
    cr_expect(eq(int, replay_edited(path, "\"phase\":\"prepared\"", "\"phase\":\"working\""), TRACE_DIVERGED));
    free(path);
}

Test(trace_file, is_the_same_when_it_is_written_again)
{
    char *path = write_trace(make_bag_trace), *again = temporary_path("again.trace");
    struct trace_file *file = trace_file_read(path, resolve_model, NULL, error, sizeof(error));
    cr_assert(file != NULL, "%s", error);
    cr_assert(trace_file_write(trace_file_trace(file), again, trace_file_origin(file), error, sizeof(error)));
    char *one = read_text_file(path), *two = read_text_file(again);
    cr_expect(eq(str, one, two));
    cr_expect(eq(int, trace_kind(trace_file_trace(file)), TRACE_OF_VIOLATION));
    cr_expect(eq(int, (int)trace_file_run(file)->budgets[GS_TIMEOUT], 9));
    trace_file_free(file);
    trace_file_free(NULL);
}

Test(trace_file, keeps_origin_and_paths_relative_to_itself)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    char *plugin = temporary_path("mine.c"), *path = temporary_path("a.trace");
    write_text_file(plugin, "", 0);
    const char *const extensions[] = {plugin, NULL};
    const struct trace_file_info info = {
        .plugin = plugin, .extensions = extensions, .has_seed = true, .seed = UINT64_MAX};
    cr_assert(trace_file_write(trace, path, &info, error, sizeof(error)), "%s", error);
    char *text = read_text_file(path);
    cr_expect(strstr(text, "\"seed\":\"18446744073709551615\",\"plugin\":\"../gainsay-trace-") != NULL, "%s", text);
    cr_expect(strstr(text, "\"extensions\":[\"../gainsay-trace-") != NULL, "%s", text);
    struct trace_file *file = trace_file_read(path, resolve_model, NULL, error, sizeof(error));
    cr_assert(file != NULL, "%s", error);
    const struct trace_file_info *origin = trace_file_origin(file);
    cr_expect(eq(int, access(origin->plugin, R_OK), 0), "%s", origin->plugin);
    cr_expect(eq(int, access(origin->extensions[0], R_OK), 0));
    cr_expect(origin->has_seed && origin->seed == UINT64_MAX);
    trace_file_free(file);
    const struct trace_file_info missing = {.plugin = "/nowhere/mine.c"};
    cr_expect(not(trace_file_write(trace, path, &missing, error, sizeof(error))));
    cr_expect(strstr(error, "/nowhere/mine.c: No such file") != NULL, "%s", error);
    trace_free(trace);
    run_free(run);
}

Test(trace_file, budgets_are_those_of_the_file_not_of_the_preset)
{
    char *path = write_trace(make_fifo_trace);
    cr_expect(eq(int, replay_edited(path, "\"drops\":1,\"duplicates\":1,", ""), TRACE_REPRODUCES), "%s%s", error,
              report.reason);
    cr_expect(eq(int, replay_edited(path, ",\"timeouts\":9", ""), TRACE_REPRODUCES));
    cr_expect(eq(int, replay_edited(path, "\"timeouts\":9", "\"timeouts\":1"), TRACE_DIVERGED));
    cr_expect(strstr(report.reason, ":16: step 10: server2: timer election: it is not enabled: the budget of timeouts "
                                    "(1) is spent; enabled: ") != NULL,
              "%s", report.reason);
    cr_expect(strstr(report.notes, "is not known: the budget of timeouts is 1, but the trace spends ") != NULL, "%s",
              report.notes);
    cr_expect(eq(int, replay_edited(path, "\"timeouts\":9", "\"timeouts\":0"), TRACE_DIVERGED));
}

/* ---- Where it is written ---- */

Test(trace_file, what_was_there_stays_when_writing_fails)
{
    char *path = write_trace(make_commit_trace), *before = read_text_file(path);
    struct gs_run *run;
    struct trace *trace = make_bag_trace(&run);
    struct rlimit limit, low;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    low = (struct rlimit){1000, limit.rlim_max};
    setrlimit(RLIMIT_FSIZE, &low);
    cr_expect(not(trace_file_write(trace, path, NULL, error, sizeof(error))));
    setrlimit(RLIMIT_FSIZE, &limit);
    cr_expect(strstr(error, "a.trace: cannot write: File too large") != NULL, "%s", error);
    char *after = read_text_file(path), *directory = keep(strdup(path)), *name = keep(strdup(path));
    cr_expect(eq(str, before, after));
    *strrchr(directory, '/') = '\0';
    unlink(name);
    cr_expect(eq(int, rmdir(directory), 0), "something was left behind: %s", strerror(errno));
    trace_free(trace);
    run_free(run);
}

Test(trace_file, a_full_device_is_an_error)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    if (access("/dev/full", W_OK) != 0)
        cr_skip_test("there is no /dev/full");
    cr_expect(trace_file_is_writable("/dev/full", error, sizeof(error)), "%s", error);
    cr_expect(not(trace_file_write(trace, "/dev/full", NULL, error, sizeof(error))));
    cr_expect(eq(str, error, "/dev/full: cannot write: No space left on device"));
    FILE *full = fopen("/dev/full", "w");
    cr_expect(not(trace_file_print(trace, full, NULL, error, sizeof(error))));
    cr_expect(eq(str, error, "cannot write: No space left on device"));
    fclose(full);
    cr_expect(trace_file_write(trace, "/dev/null", NULL, error, sizeof(error)), "%s", error);
    struct stat status;
    cr_expect(stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode));
    trace_free(trace);
    run_free(run);
}

Test(trace_file, says_before_the_search_that_it_cannot_be_written)
{
    char *path = write_trace(make_commit_trace), *text = read_text_file(path);
    cr_expect(trace_file_is_writable(path, error, sizeof(error)), "%s", error);
    char *again = read_text_file(path);
    cr_expect(eq(str, text, again));
    char *fresh = temporary_path("fresh");
    cr_expect(trace_file_is_writable(fresh, error, sizeof(error)), "%s", error);
    cr_expect(eq(int, access(fresh, F_OK), -1));
    cr_expect(not(trace_file_is_writable("/nowhere/a.trace", error, sizeof(error))));
    cr_expect(eq(str, error, "/nowhere/a.trace: cannot write: No such file or directory"));
    cr_expect(not(trace_file_is_writable("/tmp", error, sizeof(error))));
    cr_expect(eq(str, error, "/tmp: cannot write: Is a directory"));
}

Test(trace_file, a_link_stays_a_link)
{
    char *path = write_trace(make_commit_trace), *link = temporary_path("link.trace");
    struct gs_run *run;
    struct trace *trace = make_bag_trace(&run);
    struct stat status;
    cr_assert(symlink(path, link) == 0);
    cr_expect(trace_file_write(trace, link, NULL, error, sizeof(error)), "%s", error);
    cr_expect(lstat(link, &status) == 0 && S_ISLNK(status.st_mode));
    cr_expect(eq(int, replay_file(path, NULL), TRACE_REPRODUCES));
    trace_free(trace);
    run_free(run);
}

Test(trace_file, a_trace_that_does_not_replay_is_not_written)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    char *path = temporary_path("a.trace");
    trace->step_count--;
    cr_expect(not(trace_file_write(trace, path, NULL, error, sizeof(error))));
    cr_expect(eq(str, error, "the trace does not replay: step 4: consistent is not violated"));
    cr_expect(eq(int, access(path, F_OK), -1));
}

/* ---- Divergence ---- */

Test(trace_file, names_the_first_difference)
{
    static const struct {
        const char *old, *new, *reason;
    } cases[] = {
        {"{\"phase\":\"prepared\"}", "{\"phase\":\"working\"}",
         ":2: step 1: changes.resource-manager0.phase: the file says \"working\", replaying gives \"prepared\"; "
         "enabled: resource-manager0: prepare; resource-manager0: refuse; "},
        {"[{\"to\":\"transaction-manager\",\"message\":{\"type\":\"vote\"}}]",
         "[{\"to\":\"transaction-manager\",\"message\":{\"type\":\"abort\"}}]",
         ":2: step 1: sent[0].message.type: the file says \"abort\", replaying gives \"vote\""},
        {"{\"to\":\"resource-manager0\",\"message\":{\"type\":\"commit\"}},", "",
         ":4: step 3: sent[0].to: the file says \"resource-manager1\", replaying gives \"resource-manager0\""},
        {",{\"to\":\"resource-manager2\",\"message\":{\"type\":\"commit\"}}", "",
         ":4: step 3: sent[2]: the file says nothing, replaying gives {"},
        {",\"changes\":{\"resource-manager0\":{\"phase\":\"prepared\"}}", "",
         ":2: step 1: changes: the file says nothing, replaying gives {\"resource-manager0\":{\"phase\":\"prepared\"}}"},
        {"\"fingerprint\":\"6", "\"fingerprint\":\"5", ":2: step 1: fingerprint: the file says \"5"},
        {",\"changes\":{\"resource-manager1\"", ",\"announced\":[7],\"changes\":{\"resource-manager1\"",
         ":6: step 5: announced: the file says [7], replaying gives nothing"},
        {"\"explanation\":\"resource-manager1 has", "\"explanation\":\"resource-manager2 has",
         ":1: explanation: the file says \"resource-manager2 has aborted"},
        {"\"name\":\"decide\"", "\"name\":\"give-up\"",
         ":4: step 3: sent[0].message.type: the "
         "file says \"commit\", replaying gives \"abort\""},
        {"\"mutants\":[\"commit-on-one-vote\"]", "\"mutants\":[]",
         ":4: no run of its events violates consistent (6 states); in its own order: step 3: transaction-manager: decide: "
         "it is not enabled: the handler returns false; enabled: "},
        {"\"type\":\"vote\"},\"changes\":{\"transaction", "\"type\":\"abort\"},\"changes\":{\"transaction",
         ":3: step 2: resource-manager0 -> "
         "transaction-manager: abort: it is not enabled: no such message is in flight"},
    };
    char *path = write_trace(make_commit_trace);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const bool is_gone = strstr(cases[i].reason, "no run of its events violates") != NULL;
        cr_expect(eq(int, replay_edited(path, cases[i].old, cases[i].new), is_gone ? TRACE_NO_LONGER : TRACE_DIVERGED),
                  "%s: %s", cases[i].new, error);
        cr_expect(strstr(report.reason, cases[i].reason) != NULL, "%s: %s", cases[i].reason, report.reason);
        cr_expect(eq(int, strstr(report.notes, "consistent is still violated") == NULL, is_gone));
        cr_expect(strstr(report.notes, "digest: there is none") != NULL);
    }
}

Test(trace_file, says_that_the_property_is_no_longer_violated)
{
    char *path = write_trace(make_commit_trace), *text = read_text_file(path), *edited = without_digest(text);
    char *shorter = with_line(edited, 6, NULL), *right = with(shorter, "\"steps\":5", "\"steps\":4");
    write_text_file(path, right, strlen(right));
    cr_expect(eq(int, replay_file(path, NULL), TRACE_NO_LONGER), "%s", error);
    cr_expect(strstr(report.reason, ":5: step 4: consistent is not violated") != NULL, "%s", report.reason);
    cr_expect(eq(sz, report.line, 5));
    cr_expect(eq(sz, report.step, 4));
}

Test(trace_file, says_that_the_handler_no_longer_misbehaves)
{
    char *path = write_trace(make_break_trace);
    cr_expect(eq(int, replay_edited(path, "\"choices\":[1]", "\"choices\":[0]"), TRACE_NO_LONGER), "%s%s", error,
              report.reason);
    cr_expect(strstr(report.reason, ":7: step 2: the handler does not misbehave") != NULL, "%s", report.reason);
    cr_expect(eq(int, replay_edited(path, "\"choices\":[1]", "\"choices\":[2]"), TRACE_DIVERGED));
    cr_expect(strstr(report.reason, ":7: step 2: misbehaved: the file says ") != NULL, "%s", report.reason);
}

Test(trace_file, an_assertion_may_move_in_its_source)
{
    char *path = write_trace(make_break_trace);
    cr_expect(eq(int,
                 replay_edited(path, "\"misbehaved\":\"server0, on break: gs_assert(how != 1) failed at rig.c:7\"",
                               "\"misbehaved\":\"server0, on break: gs_assert(how != 1) failed at /x/rig.c:81\""),
                 TRACE_REPRODUCES),
              "%s%s", error, report.reason);
    cr_expect(eq(int,
                 replay_edited(path, "\"misbehaved\":\"server0, on break: gs_assert(how != 1)",
                               "\"misbehaved\":\"server0, on break: gs_assert(how != 2)"),
                 TRACE_DIVERGED));
    cr_expect(eq(int, replay_edited(path, "\"misbehaved\":\"server0", "\"misbehaved\":\"server1"), TRACE_DIVERGED));
}

Test(trace_file, a_start_may_diverge)
{
    char *path = write_trace(make_bag_trace);
    cr_expect(
        eq(int, replay_edited(path, "{\"start\":\"server1\",\"choices\":[1]", "{\"start\":\"server1\",\"choices\":[0]"),
           TRACE_DIVERGED));
    cr_expect(strstr(report.reason, ":3: changes.server1.up_: ") == NULL);
    cr_expect(strstr(report.reason, ":3: changes.server1.up: the file says 1, replaying gives nothing") != NULL, "%s",
              report.reason);
    cr_expect(
        eq(int, replay_edited(path, "{\"start\":\"server1\",\"choices\":[1]", "{\"start\":\"server1\",\"choices\":[2]"),
           TRACE_DIVERGED));
    cr_expect(strstr(report.reason, ":3: start server1 choosing 2: it is not enabled: choice 0 is 2") != NULL, "%s",
              report.reason);
}

Test(trace_file, another_version_of_the_model_is_met_by_meaning)
{
    char *path = write_trace(make_bag_trace);
    int later;
    cr_expect(eq(int, replay_file(path, &later), TRACE_REPRODUCES), "%s%s", error, report.reason);
    cr_expect(strstr(report.notes, ":1: model: the file was written for another version of rig") != NULL, "%s",
              report.notes);
    cr_expect(strstr(report.notes, "step 3: sent[0].message.urgency: the file says nothing, replaying gives 7") != NULL,
              "%s", report.notes);
}

/* ---- Bad input ---- */

static void expect_refusal(const char *name, const void *text, size_t size, const char *reason)
{
    char *path = temporary_path("bad.trace");
    write_text_file(path, text, size);
    cr_expect(eq(int, replay_file(path, NULL), -1), "%s", name);
    cr_expect(strncmp(error, path, strlen(path)) == 0, "%s: %s", name, error);
    cr_expect(strstr(error, reason) != NULL, "%s: expected %s, got %s", name, reason, error);
    free(path);
}

Test(trace_file, refuses_header_values_by_name)
{
    static const struct {
        const char *old, *new, *reason;
    } cases[] = {
        {"\"gainsay_trace\":1", "\"gainsay_trace\":2", ":1: gainsay_trace: this gainsay reads format 1, not 2"},
        {"\"gainsay_trace\":1,", "", ":1: not the header of a trace file"},
        {"\"gainsay_trace\":1", "\"gainsay_trace\":\"1\"", ":1: gainsay_trace: expected an integer"},
        {"\"protocol\":\"rig\"", "\"protocol\":\"rag\"", ":1: there is no protocol rag"},
        {"\"protocol\":\"rig\"", "\"protocol\":3", ":1: protocol: expected a string, not an integer"},
        {"\"protocol\":\"rig\",", "", ":1: protocol: is missing"},
        {"\"servers\":3", "\"servers\":true", ":1: options.servers: expected an integer or a name, not true"},
        {"\"options\":{", "\"options\":[],\"x\":{", ":1: x: a header has no such member"},
        {"\"mutants\":[]", "\"mutants\":[7]", ":1: mutants[0]: expected a string"},
        {"\"mutants\":[]", "\"mutants\":{}", ":1: mutants: expected an array"},
        {"\"network\":\"bag\"", "\"network\":\"bog\"", ":1: network: \"bog\" is not set, bag or fifo"},
        {"\"network\":\"bag\"", "\"network\":\"set\"", ":1: --drops 1: has no meaning on network set"},
        {"\"copies\":1", "\"copies\":0", ":1: copies: 0 is not from 1 to"},
        {"\"capacity\":8", "\"capacity\":2000000", ":1: --capacity 2000000"},
        {"\"budgets\":{", "\"budgets\":{\"pauses\":1,", ":1: budgets.pauses: there is no such budget"},
        {"\"drops\":1", "\"drops\":0", ":1: budgets.drops: 0 is not from 1 to"},
        {"\"kind\":\"always\"", "\"kind\":\"never\"", ":1: kind: \"never\" is no kind of property"},
        {"\"kind\":\"always\"", "\"kind\":\"sample\"",
         ":1: kind: is \"sample\", but the property is at-most-one-leader"},
        {"\"kind\":\"always\"", "\"kind\":\"behaviour\"",
         ":1: kind: is \"behaviour\", but the property is at-most-one-leader"},
        {"\"property\":\"at-most-one-leader\"", "\"property\":null",
         ":1: kind: is \"always\", but the property is null"},
        {"\"monitors\":[\"leaders\"]", "\"monitors\":4", ":1: monitors: expected an array"},
        {"\"seed\":null", "\"seed\":-1", ":1: seed: -1 is not from 0"},
        {"\"seed\":null", "\"seed\":null,\"extensions\":7", ":1: extensions: expected an array of paths"},
        {"\"seed\":null", "\"seed\":null,\"extensions\":[7]", ":1: extensions[0]: expected a string"},
        {"\"seed\":null", "\"seed\":null,\"plugin\":7", ":1: plugin: expected a string"},
        {"\"model\":\"", "\"model\":\"x", ":1: model: expected 16 hexadecimal digits"},
    };
    char *path = write_trace(make_bag_trace), *text = read_text_file(path);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *edited = with(text, cases[i].old, cases[i].new);
        expect_refusal(cases[i].new, edited, strlen(edited), cases[i].reason);
        free(edited);
    }
}

Test(trace_file, refuses_lines_by_number_and_member)
{
    static const struct {
        const char *old, *new, *reason;
    } cases[] = {
        {"{\"step\":2,", "{\"step\":3,", ":7: step: expected 2, not 3"},
        {"{\"step\":2,", "{", ":7: step: is missing"},
        {"{\"step\":2,", "{\"step\":2,\"step\":2,", ":7: not a line of JSON: duplicate object key"},
        {"{\"step\":2,", "{\"step\":2,\"stop\":2,", ":7: stop: a deliver line has no such member"},
        {"{\"step\":2,\"event\"", "{\"step\":2,\"misbehaved\":\"\",\"event\"", ":7: misbehaved: only the last event"},
        {"{\"step\":2,", "[{\"step\":2,", ":7: not a line of JSON"},
        {"{\"start\":\"server1\"", "{\"start\":\"server1\",\"fingerprint\":\"0000000000000000\"",
         ":3: fingerprint: a start"},
        {"\"fingerprint\":", "\"fingerprints\":", ":6: fingerprints: a local line has no such member"},
        {"\"fingerprint\":\"", "\"fingerprint\":\"F", ":6: fingerprint: expected 16 hexadecimal digits"},
        {"\"end\":\"violation\"", "\"end\":\"goal\"", ":18: end: is wrong; the lines before it make it \"violation\""},
        {"\"end\":\"violation\",", "", ":18: the last line has no \"end\": the file is truncated"},
        {"\"steps\":12", "\"steps\":13", ":18: steps: is wrong; the lines before it make it 12"},
        {"\"steps\":12,", "", ":18: steps: is missing; the lines before it make it 12"},
        {"\"steps\":12", "\"steps\":12,\"more\":1", ":18: more: the last line has no such member"},
        {"\"digest\":\"", "\"digest\":\"0", ":18: digest: expected 16 hexadecimal digits"},
        {"\"digest\":\"", "\"digest\":7,\"x\":\"", ":18: x: the last line has no such member"},
        {"\"value\":-2", "\"value\":-1", ":18: digest: is "},
        {"\"value\":-2", "\"value\":-1", "; first difference: "},
        {"\"value\":-2", "\"value\":-1",
         ":6: step 1: sent[0].message.entries[0].value: the file says 1, replaying gives 2"},
    };
    char *path = write_trace(make_bag_trace), *text = read_text_file(path);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *edited = with(text, cases[i].old, cases[i].new);
        expect_refusal(cases[i].new, edited, strlen(edited), cases[i].reason);
        free(edited);
    }
}

Test(trace_file, refuses_what_is_no_trace_file)
{
    char *path = write_trace(make_commit_trace), *text = read_text_file(path), *more;
    const size_t size = strlen(text);
    expect_refusal("empty", "", 0, ": the file is empty");
    expect_refusal("blank line", "\n", 1, ":1: not a line of JSON");
    expect_refusal("only a header", text, (size_t)(strchr(text, '\n') - text) + 1, ":1: the last line has no \"end\"");
    expect_refusal("an array", "[]\n", 3, ":1: expected an object, not an array");
    expect_refusal("a number", "7\n", 2, ":1: not a line of JSON");
    cr_assert(asprintf(&more, "%s{}\n", text) > 0 && keep(more));
    expect_refusal("a line more", more, strlen(more), ":8: ");
    cr_assert(asprintf(&more, "%s\n", text) > 0 && keep(more));
    expect_refusal("a blank line more", more, strlen(more), ":8: there is a line after the last one");
    cr_assert(asprintf(&more, "%sx", text) > 0 && keep(more));
    expect_refusal("a byte more", more, strlen(more), ":8: the line does not end: the file is truncated");
    text[size - 1] = '\0';
    expect_refusal("a NUL byte", text, size, ":7: there is a NUL byte in the line");
    expect_refusal("/dev/zero would be", "\0\0\0", 3, ":1: there is a NUL byte in the line");
    cr_expect(eq(int, replay_file("/nowhere/a.trace", NULL), -1));
    cr_expect(eq(str, error, "/nowhere/a.trace: cannot read: No such file or directory"));
    cr_expect(eq(int, replay_file("/tmp", NULL), -1));
    cr_expect(eq(str, error, "/tmp: cannot read: Is a directory"));
    cr_expect(eq(int, replay_file("/dev/zero", NULL), -1));
}

Test(trace_file, refuses_what_is_too_large)
{
    const size_t size = (size_t)TRACE_LINE_MAX + 10;
    char *long_line = malloc(size);
    memset(long_line, ' ', size);
    long_line[size - 1] = '\n';
    expect_refusal("a long line", long_line, size, ":1: the line is longer than 16 MiB");
    memset(long_line, '[', size);
    memset(long_line + 1000000, '\n', 1);
    expect_refusal("deep", long_line, 1000001, ":1: not a line of JSON: maximum parsing depth");
    free(long_line);
    char *path = temporary_path("large.trace");
    write_text_file(path, "", 0);
    cr_assert(truncate(path, 10) == 0);
    cr_expect(eq(int, replay_file(path, NULL), -1));
}

Test(trace_file, refuses_every_truncation)
{
    char *path = write_trace(make_commit_trace), *text = read_text_file(path);
    for (size_t size = 0; size < strlen(text); size++) {
        write_text_file(path, text, size);
        cr_assert(eq(int, replay_file(path, NULL), -1), "%zu bytes", size);
        cr_assert(strstr(error, "a.trace:") != NULL, "%zu bytes: %s", size, error);
    }
}

/* ---- A byte changed ---- */

/* Refused with file, line and reason; or a first divergence; or the same steps and violation. */
static void expect_sound(const char *path, const char *what, size_t at, int byte)
{
    const int outcome = replay_file(path, NULL);
    unsigned line = 0;
    if (outcome == -1)
        cr_assert(sscanf(error + strlen(path), ":%u: ", &line) == 1 && line >= 1, "%s, byte %zu = %d: %s", what, at,
                  byte, error);
    else if (outcome != TRACE_REPRODUCES)
        cr_assert(report.line >= 1 && strstr(report.reason, path) == report.reason, "%s, byte %zu = %d: %s", what, at,
                  byte, report.reason);
}

static void change_every_byte(const char *what, const char *path, const char *text, int step)
{
    static const char replacements[] = {'\0', '\n', ' ', '"', '0', '1',  '9',   'a',
                                        'z',  '{',  ']', ',', '-', '\\', '\x80'};
    const size_t size = strlen(text);
    write_text_file(path, text, size);
    const int file = open(path, O_WRONLY);
    for (size_t at = 0; at < size; at += (size_t)step) {
        for (size_t i = 0; i <= sizeof(replacements); i++) {
            const char byte = i < sizeof(replacements) ? replacements[i] : (char)(text[at] ^ 1);
            if (byte == text[at])
                continue;
            cr_assert(pwrite(file, &byte, 1, (off_t)at) == 1);
            expect_sound(path, what, at, byte);
        }
        cr_assert(pwrite(file, &text[at], 1, (off_t)at) == 1);
    }
    close(file);
}

Test(trace_file, any_byte_of_a_counterexample_may_change)
{
    char *path = write_trace(make_commit_trace), *text = read_text_file(path);
    change_every_byte("with digest", path, text, IS_SLOW ? 3 : 1);
}

Test(trace_file, any_byte_may_change_where_no_digest_protects_it)
{
    char *path = write_trace(make_commit_trace), *text = read_text_file(path), *edited = without_digest(text);
    change_every_byte("without digest", path, edited, IS_SLOW ? 3 : 1);
}

Test(trace_file, any_byte_of_every_kind_of_event_may_change)
{
    static trace_maker *const makers[] = {make_bag_trace, make_fifo_trace, make_break_trace};
    for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
        char *path = write_trace(makers[i]), *text = read_text_file(path), *edited = without_digest(text);
        change_every_byte("rig", path, edited, IS_SLOW ? 11 : 3);
    }
}
