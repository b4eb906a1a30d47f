/* gainsay lin: every recorded history gets its verdict, in every format, fast; what is shown; what is refused. */
#include <sys/stat.h>
#include <time.h>

#include "tests/bad_input.h"

/* ---- Verdicts */

struct verdict {
    char file[128], model[32], expected[32], initial[32];
};

enum { VERDICTS_MAX = 512 };

static size_t read_verdicts(struct verdict *verdicts)
{
    char *path = text_of("%s/tests/data/histories/verdicts.tsv", project_root()), *text = read_file(path),
         *state = NULL;
    size_t count = 0;
    for (char *line = strtok_r(text, "\n", &state); line && count < VERDICTS_MAX; line = strtok_r(NULL, "\n", &state))
        count +=
            sscanf(line,
                   "%127[^\t]\t%31[^\t]\t%31[^\t]\t%*[^\t]\t%*[^\t]\t%*[^\t]\t%*[^\t]\t%*[^\t]\t%*[^\t]\t%31[^\n]",
                   verdicts[count].file, verdicts[count].model, verdicts[count].expected, verdicts[count].initial) == 4;
    free(path);
    free(text);
    return count - 1; /* the first line names the columns */
}

/* One command for all files of the first one's model and initial value. Clears them. How many it judged. */
static size_t judge_alike(struct verdict *verdicts, size_t count, size_t first)
{
    const char *arguments[VERDICTS_MAX + 16] = {
        program_path(), "lin", "--model", verdicts[first].model, "--init", verdicts[first].initial, "--json", "-"};
    const struct verdict *judged[VERDICTS_MAX];
    size_t used = 8, files = 0;
    for (size_t i = first; i < count; i++)
        if (strcmp(verdicts[i].model, verdicts[first].model) == 0 &&
            strcmp(verdicts[i].initial, verdicts[first].initial) == 0 && verdicts[i].file[0]) {
            judged[files++] = &verdicts[i];
            arguments[used++] = verdicts[i].file;
        }
    char *directory = text_of("%s/tests/data/histories", project_root());
    struct ran ran = run_in(directory, arguments);
    cr_assert(ran.status <= 1, "%s", ran.err);
    json_t *json = parse_json(ran.out), *list = json_object_get(json, "files");
    cr_assert(eq(sz, json_array_size(list), files));
    for (size_t i = 0; i < files; i++) {
        const char *said = json_string_of(json_array_get(list, i), "verdict");
        const bool is_right =
            strcmp(said, strcmp(judged[i]->expected, "linearizable") == 0 ? "linearizable" : "not linearizable") == 0;
        cr_expect(is_right, "%s: %s", judged[i]->file, said);
    }
    for (size_t i = 0; i < files; i++)
        ((struct verdict *)judged[i])->file[0] = '\0';
    json_decref(json);
    forget(&ran);
    free(directory);
    return files;
}

Test(lin, gives_every_recorded_history_its_verdict)
{
    static struct verdict all[VERDICTS_MAX];
    struct verdict *verdicts = all + 1;
    const size_t count = read_verdicts(all);
    size_t judged = 0;
    for (size_t i = 0; i < count; i++)
        judged += verdicts[i].file[0] ? judge_alike(verdicts, count, i) : 0;
    cr_expect(eq(sz, judged, count));
    cr_expect(gt(sz, judged, 190));
}

Test(lin, gives_the_sources_own_formats_the_same_verdicts)
{
    static const struct {
        const char *file, *model, *initial;
        int status;
    } cases[] = {{"etcd_002.log", "cas-register", "null", 0},
                 {"etcd_003.log", "cas-register", "null", 1},
                 {"bad-rethink-fail-smaller.edn", "cas-register", "0", 1},
                 {"good-memstress3-11.edn", "cas-register", "0", 0},
                 {"multi-register.edn", "multi-register", "{\"x\":0,\"y\":0}", 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char *path = text_of("tests/data/histories/raw/%s", cases[i].file);
        struct ran ran = GAINSAY("lin", "--model", cases[i].model, "--init", cases[i].initial, path);
        EXPECT_STATUS(ran, cases[i].status);
        forget(&ran);
        free(path);
    }
}

Test(lin, reads_over_a_byte_order_mark)
{
    char *directory = make_test_directory(), *path = text_of("%s/h.jsonl", directory);
    write_file(path, "\xef\xbb\xbf{\"client\":0,\"type\":\"invoke\",\"op\":\"write\",\"value\":3}\n");
    struct ran ran = GAINSAY_IN(directory, "lin", "--model", "register", "h.jsonl");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "h.jsonl: linearizable (1 operation)");
    forget(&ran);
    remove_test_directory(directory);
    free(path);
}

/* The readers see the same operations in both: the very same report but for the file and its lines. */
Test(lin, reads_a_log_as_its_json)
{
    struct ran log = GAINSAY("lin", "--model", "cas-register", "--json", "-", "tests/data/histories/raw/etcd_003.log");
    struct ran lines =
        GAINSAY("lin", "--model", "cas-register", "--json", "-", "tests/data/histories/etcd/etcd_003.jsonl");
    json_t *log_report = parse_json(log.out), *lines_report = parse_json(lines.out);
    json_t *one = json_object_get(json_array_get(json_object_get(log_report, "files"), 0), "violation");
    json_t *other = json_object_get(json_array_get(json_object_get(lines_report, "files"), 0), "violation");
    const json_t *operations = json_object_get(one, "operations"), *others = json_object_get(other, "operations");
    cr_expect(gt(sz, json_array_size(operations), 2));
    cr_expect(eq(sz, json_array_size(operations), json_array_size(others)));
    for (size_t i = 0; i < json_array_size(operations); i++) {
        cr_expect(eq(int, (int)json_number(json_array_get(operations, i), "client"),
                     (int)json_number(json_array_get(others, i), "client")));
        cr_expect(eq(int, (int)json_number(json_array_get(operations, i), "invoked_line"),
                     (int)json_number(json_array_get(others, i), "invoked_line")));
    }
    json_decref(log_report);
    json_decref(lines_report);
    forget(&log);
    forget(&lines);
}

/* ---- Speed: bounds that a loaded machine keeps, an order of magnitude above what it takes */

static double seconds_since(const struct timespec *begin)
{
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    return (double)(end.tv_sec - begin->tv_sec) + (double)(end.tv_nsec - begin->tv_nsec) * 1e-9;
}

/* 16,000 operations of 20 clients on 100 keys, two in flight at once on most; every 50th stays open. */
static void write_large_history(const char *path)
{
    FILE *out = fopen(path, "w");
    int values[100] = {0}, time = 0;
    uint64_t random = 1;
    cr_assert(out != NULL);
    for (int i = 0; i < 16000; i += 2) {
        const int key = (int)((random = random * 6364136223846793005u + 1442695040888963407u) >> 33) % 100;
        const int writer = i % 20, reader = i % 20 + 1, value = i % 5;
        const bool reads_new = (random >> 20) % 2;
        fprintf(out, "{\"client\":%d,\"type\":\"invoke\",\"op\":\"write\",\"key\":\"%d\",\"value\":%d,\"time\":%d}\n",
                writer, key, value, time++);
        fprintf(out, "{\"client\":%d,\"type\":\"invoke\",\"op\":\"read\",\"key\":\"%d\",\"value\":null,\"time\":%d}\n",
                reader, key, time++);
        fprintf(out, "{\"client\":%d,\"type\":\"ok\",\"op\":\"read\",\"key\":\"%d\",\"value\":%d,\"time\":%d}\n",
                reader, key, reads_new ? value : values[key], time++);
        fprintf(out, "{\"client\":%d,\"type\":\"ok\",\"op\":\"write\",\"key\":\"%d\",\"value\":%d,\"time\":%d}\n",
                writer, key, value, time++);
        values[key] = value;
    }
    fclose(out);
}

Test(lin, decides_large_histories_fast, .timeout = 120)
{
    char *directory = make_test_directory(), *path = text_of("%s/large.jsonl", directory);
    struct timespec begin;
    write_large_history(path);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    struct ran ran = GAINSAY("lin", "--model", "register", "--init", "0", path);
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "linearizable (16,000 operations on 100 keys)");
    cr_expect(lt(dbl, seconds_since(&begin), 20.0));
    forget(&ran);
    remove_test_directory(directory);
    free(path);
}

/* ---- What is shown */

static const char contradiction[] =
    "{\"client\":0,\"type\":\"invoke\",\"op\":\"write\",\"key\":\"<b>\",\"value\":1}\n"
    "{\"client\":0,\"type\":\"ok\",\"op\":\"write\",\"key\":\"<b>\",\"value\":1}\n"
    "{\"client\":1,\"type\":\"invoke\",\"op\":\"read\",\"key\":\"<b>\",\"value\":null}\n"
    "{\"client\":2,\"type\":\"invoke\",\"op\":\"read\",\"key\":\"other\",\"value\":null}\n"
    "{\"client\":1,\"type\":\"ok\",\"op\":\"read\",\"key\":\"<b>\",\"value\":0}\n"
    "{\"client\":2,\"type\":\"ok\",\"op\":\"read\",\"key\":\"other\",\"value\":0}\n";

Test(lin, shows_a_contradiction_as_text)
{
    char *directory = make_test_directory(), *path = text_of("%s/h.jsonl", directory);
    write_file(path, contradiction);
    struct ran ran = GAINSAY_IN(directory, "lin", "--model", "register", "--init", "0", "h.jsonl");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "h.jsonl: not linearizable (3 operations on 2 keys)\n"
                       "\n"
                       "  Of the 2 operations on key \"<b>\" these contradict each other:\n"
                       "\n"
                       "    client 0  write <b> 1    |-|\n"
                       "    client 1  read <b> -> 0      |-|  <- cannot be placed\n"
                       "\n"
                       "  The longest order that was found, with the state after each:\n"
                       "\n"
                       "    initially: 0\n"
                       "    client 0  write <b> 1: 1  (lines 1 and 2)\n"
                       "\n"
                       "  read <b> -> 0 of client 1 (lines 3 and 5) cannot be placed:");
    EXPECT_IN(ran.out, "gainsay: not linearizable model=register files=1 consistent=0 inconsistent=1 unknown=0 bad=0 "
                       "operations=3 seconds=");
    forget(&ran);
    ran = GAINSAY_IN(directory, "lin", "--model", "register", "--init", "0", "--consistency", "sequential", "h.jsonl");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "h.jsonl: sequentially consistent (3 operations)\n");
    forget(&ran);
    remove_test_directory(directory);
    free(path);
}

/* An answer of null is one; names that would change the terminal, or are no ASCII, are quoted; one is not plural. */
Test(lin, shows_what_was_answered)
{
    char *directory = make_test_directory(), *path = text_of("%s/h.jsonl", directory);
    write_file(path, "{\"client\":0,\"type\":\"invoke\",\"op\":\"read\",\"key\":\"\\u001b[31m\",\"value\":null}\n"
                     "{\"client\":0,\"type\":\"ok\",\"op\":\"read\",\"key\":\"\\u001b[31m\",\"value\":null}\n");
    struct ran ran = GAINSAY_IN(directory, "lin", "--model", "register", "--init", "\"\u00e9\U0001F600\"", "h.jsonl");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "  Of the 1 operation on key \"\\u001b[31m\" this one cannot be explained:\n");
    EXPECT_IN(ran.out, "    client 0  read \"\\u001b[31m\" -> null  |-|  <- cannot be placed\n");
    EXPECT_IN(ran.out, "    initially: \"\\u00e9\\ud83d\\ude00\"\n");
    forget(&ran);
    remove_test_directory(directory);
    free(path);
}

/* 0 came out twice and went in once. To show it, pushes are tried as often as they like, which took 20 s
 * and more the more memory there was. */
Test(lin, shows_soon_that_more_came_out_than_went_in, .timeout = 5)
{
    char *directory = make_test_directory(), *path = text_of("%s/h.jsonl", directory);
    write_file(path, "{\"client\":0,\"type\":\"invoke\",\"op\":\"push\",\"value\":1}\n"
                     "{\"client\":0,\"type\":\"ok\",\"op\":\"push\"}\n"
                     "{\"client\":1,\"type\":\"invoke\",\"op\":\"peek\"}\n"
                     "{\"client\":1,\"type\":\"ok\",\"op\":\"peek\",\"value\":1}\n"
                     "{\"client\":0,\"type\":\"invoke\",\"op\":\"push\",\"value\":0}\n"
                     "{\"client\":1,\"type\":\"invoke\",\"op\":\"pop\"}\n"
                     "{\"client\":1,\"type\":\"ok\",\"op\":\"pop\",\"value\":0}\n"
                     "{\"client\":0,\"type\":\"ok\",\"op\":\"push\"}\n"
                     "{\"client\":1,\"type\":\"invoke\",\"op\":\"pop\"}\n"
                     "{\"client\":1,\"type\":\"ok\",\"op\":\"pop\",\"value\":0}\n");
    struct ran ran = GAINSAY_IN(directory, "lin", "--model", "stack", "h.jsonl");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "  Of the 5 operations these contradict each other:\n");
    EXPECT_IN(ran.out, "    client 1  pop -> 0          |-|  <- cannot be placed\n");
    forget(&ran);
    remove_test_directory(directory);
    free(path);
}

/* What was recorded is not written over. */
Test(lin, leaves_the_histories_alone)
{
    static const char *const flags[] = {"--json", "--html"};
    char *directory = make_test_directory(), *path = text_of("%s/h.jsonl", directory);
    write_file(path, contradiction);
    for (size_t i = 0; i < 2; i++) {
        struct ran ran = GAINSAY_IN(directory, "lin", "--model", "register", "h.jsonl", flags[i], "./h.jsonl");
        EXPECT_STATUS(ran, 2);
        EXPECT_IN(ran.err, " ./h.jsonl: that is a history to be read; name another file");
        cr_expect(is_one_line(ran.err), "%s", ran.err);
        char *text = read_file(path);
        cr_expect(eq(str, text, (char *)contradiction));
        free(text);
        forget(&ran);
    }
    remove_test_directory(directory);
    free(path);
}

Test(lin, takes_no_silent_pipe_for_an_empty_history, .timeout = 20)
{
    char *directory = make_test_directory(), *path = text_of("%s/pipe", directory);
    cr_assert(eq(int, mkfifo(path, 0600), 0));
    struct ran ran = GAINSAY_IN(directory, "lin", "--model", "register", "pipe");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "gainsay: lin: pipe: nothing came out of this pipe");
    forget(&ran);
    remove_test_directory(directory);
    free(path);
}

/* tests/data/plugins/bad_sequential.c, which goes wrong as --init says. */
Test(lin, outlives_a_model_that_goes_wrong, .timeout = 60)
{
    static const struct {
        const char *initial, *said;
    } cases[] = {
        {"1", ": its function apply fails at 'get -> 7': SIGSEGV"},
        {"2", ": its function apply fails at 'get -> 7': it did not return"},
        {"3", ": its function apply fails at 'get -> 7': it called exit"},
        {"4", ": its function apply fails at 'get -> 7': SIGABRT"},
        {"5",
         ": its function apply fails at 'get -> 7': nondeterministic: asked twice in the same state, it answers in two ways"},
        {"6", ": its function apply fails at 'get -> 7': it writes a state of more than 256 MiB"},
        {"7", ": its function init fails: SIGABRT"},
        {"8", ": its function equal fails: of two states it says that they are the same, and that they are not"},
        {"9", ": its function print fails: it did not return"},
    };
    char *directory = make_test_directory(), *path = text_of("%s/h.jsonl", directory),
         *plugin = text_of("%s/tests/data/plugins/bad_sequential.c", project_root());
    write_file(path, "{\"client\":0,\"type\":\"invoke\",\"op\":\"increment\"}\n"
                     "{\"client\":0,\"type\":\"ok\",\"op\":\"increment\"}\n"
                     "{\"client\":0,\"type\":\"invoke\",\"op\":\"get\"}\n"
                     "{\"client\":0,\"type\":\"ok\",\"op\":\"get\",\"value\":7}\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct ran ran = GAINSAY_IN(directory, "lin", "--model", plugin, "--init", cases[i].initial, "h.jsonl");
        EXPECT_STATUS(ran, 2);
        EXPECT_IN(ran.err, "gainsay: lin: --model ");
        EXPECT_IN(ran.err, cases[i].said);
        cr_expect(is_one_line(ran.err), "%s", ran.err);
        forget(&ran);
    }
    struct ran ran =
        GAINSAY_IN(directory, "lin", "--model", plugin, "--init", "0", "h.jsonl", "h.jsonl", "--threads", "2");
    EXPECT_STATUS(ran, 1); /* and is right while it is */
    forget(&ran);
    remove_test_directory(directory);
    free(path);
    free(plugin);
}

Test(lin, writes_json_and_a_page)
{
    char *directory = make_test_directory(), *path = text_of("%s/h.jsonl", directory);
    write_file(path, contradiction);
    struct ran ran = GAINSAY_IN(directory, "lin", "--model", "register", "--init", "0", "h.jsonl", "--json", "v.json",
                                "--html", "v.html");
    EXPECT_STATUS(ran, 1);
    char *json_path = text_of("%s/v.json", directory), *page_path = text_of("%s/v.html", directory);
    char *text = read_file(json_path), *page = read_file(page_path);
    json_t *json = parse_json(text), *file = json_array_get(json_object_get(json, "files"), 0);
    json_t *violation = json_object_get(file, "violation");
    cr_expect(eq(str, (char *)json_string_of(json, "model"), "register"));
    cr_expect(eq(str, (char *)json_string_of(file, "verdict"), "not linearizable"));
    cr_expect(eq(str, (char *)json_string_of(violation, "key"), "<b>"));
    cr_expect(eq(int, (int)json_number(violation, "stuck"), 1));
    cr_expect(eq(sz, json_array_size(json_object_get(violation, "operations")), 2));
    cr_expect(eq(sz, json_array_size(json_object_get(violation, "order")), 2));
    EXPECT_IN(page, "\\u003cb\\u003e");
    EXPECT_NOT_IN(page, "<b>");
    EXPECT_NOT_IN(page, "{{");
    EXPECT_NOT_IN(page, "http-equiv=\"refresh\"");
    json_decref(json);
    free(text);
    free(page);
    free(json_path);
    free(page_path);
    forget(&ran);
    remove_test_directory(directory);
    free(path);
}

Test(lin, says_unknown_when_a_limit_stops_it, .timeout = 60)
{
    char *directory = make_test_directory(), *path = text_of("%s/h.jsonl", directory);
    FILE *out = fopen(path, "w");
    for (int i = 0; i < 24; i++)
        fprintf(out, "{\"client\":%d,\"type\":\"invoke\",\"op\":\"push\",\"key\":\"x\",\"value\":%d}\n", i, i);
    for (int i = 0; i < 24; i++)
        fprintf(out, "{\"client\":%d,\"type\":\"ok\",\"op\":\"push\",\"key\":\"x\",\"value\":%d}\n", i, i);
    fprintf(out, "{\"client\":0,\"type\":\"invoke\",\"op\":\"len\",\"key\":\"x\"}\n"
                 "{\"client\":0,\"type\":\"ok\",\"op\":\"len\",\"key\":\"x\",\"value\":99}\n");
    fclose(out);
    struct ran ran = GAINSAY_IN(directory, "lin", "--model", "stack", "h.jsonl", "--max-seconds", "0.1");
    EXPECT_STATUS(ran, 3);
    EXPECT_IN(ran.out, "h.jsonl: unknown (25 operations; a limit stopped it)");
    forget(&ran);
    ran = GAINSAY_IN(directory, "lin", "--model", "stack", "h.jsonl", "--max-memory", "1M");
    EXPECT_STATUS(ran, 3);
    forget(&ran);
    remove_test_directory(directory);
    free(path);
}

/* The same for any number of threads, in the order of the arguments; a violation beats what is unknown. */
Test(lin, says_the_same_on_any_number_of_threads)
{
    struct ran one =
        GAINSAY("lin", "--model", "cas-register", "--threads", "1", "tests/data/histories/etcd/etcd_003.jsonl",
                "tests/data/histories/etcd/etcd_002.jsonl", "tests/data/histories/etcd/etcd_008.jsonl");
    struct ran three =
        GAINSAY("lin", "--model", "cas-register", "--threads", "3", "tests/data/histories/etcd/etcd_003.jsonl",
                "tests/data/histories/etcd/etcd_002.jsonl", "tests/data/histories/etcd/etcd_008.jsonl");
    EXPECT_STATUS(one, 1);
    *strstr(one.out, " seconds=") = *strstr(three.out, " seconds=") = '\0';
    cr_expect(eq(str, one.out, three.out));
    forget(&one);
    forget(&three);
}

/* ---- What is refused */

#define INVOKE "{\"client\":1,\"type\":\"invoke\",\"op\":\"read\",\"key\":\"x\",\"value\":null,\"time\":0}\n"

static const struct {
    const char *model, *text, *said;
} refused[] = {
    {"register", INVOKE "{\"client\":1,", "h:2: not JSON: "},
    {"register", INVOKE "[1]\n", "h:2: not an object"},
    {"register", INVOKE INVOKE, "\"time\" 0 is not after 0"},
    {"register", "{\"client\":1,\"op\":\"read\"}\n", "h:1: \"type\" is missing: invoke, ok, fail or info"},
    {"register", "{\"client\":1,\"type\":\"begin\",\"op\":\"read\"}\n", "h:1: \"type\" is 'begin'"},
    {"register", "{\"type\":\"invoke\",\"op\":\"read\"}\n", "h:1: \"client\" is missing or not an integer"},
    {"register", "{\"client\":1,\"type\":\"invoke\"}\n", "h:1: \"op\" is missing"},
    {"register", "{\"client\":1,\"type\":\"invoke\",\"op\":\"raed\"}\n", "no operation 'raed'; did you mean 'read'?"},
    {"register", "{\"client\":1,\"type\":\"invoke\",\"op\":\"cas\",\"value\":[1,2]}\n",
     "only read, write: another --model?"},
    {"cas-register", "{\"client\":1,\"type\":\"invoke\",\"op\":\"cas\",\"value\":1}\n",
     "h:1: cas: cas takes [FROM, TO]"},
    {"register", "{\"client\":1,\"type\":\"ok\",\"op\":\"read\"}\n", "h:1: client 1 has nothing in flight"},
    {"register",
     "\n{\"client\":1,\"type\":\"invoke\",\"op\":\"read\"}\n{\"client\":1,\"type\":\"invoke\",\"op\":\"read\"}\n",
     "h:3: client 1 invokes while its operation of line 2 is in flight"},
    {"register",
     "{\"client\":1,\"type\":\"invoke\",\"op\":\"read\"}\n{\"client\":1,\"type\":\"ok\",\"op\":\"write\"}\n",
     "h:2: client 1 invoked another operation or key in line 1"},
    {"register",
     "{\"client\":1,\"type\":\"invoke\",\"op\":\"read\"}\n{\"client\":1,\"type\":\"info\",\"op\":\"read\"}\n"
     "{\"client\":1,\"type\":\"invoke\",\"op\":\"read\"}\n",
     "h:3: client 1 invokes again after the info of line 2"},
    {"register", "{\"client\":1,\"type\":\"invoke\",\"op\":\"write\",\"value\":1.5}\n", "no integer"},
    {"register", "{\"client\":1,\"client\":2,\"type\":\"invoke\",\"op\":\"read\"}\n", "not JSON: duplicate object key"},
    {"fifo-queue", "{\"client\":1,\"type\":\"invoke\",\"op\":\"enq\",\"value\":null}\n", "null cannot be an element"},
    {"multi-register", "{\"client\":1,\"type\":\"invoke\",\"op\":\"txn\",\"value\":[[\"write\",\"x\"]]}\n",
     "a part of txn is"},
    {"register", "INFO  jepsen.util - 1\t:invoke\t:read\tnil\nnonsense\n", "h:2: neither a line of Jepsen's"},
    {"register", "INFO  jepsen.util - 1\t:begin\t:read\tnil\n", "h:1: ':begin' is none of :invoke, :ok, :fail, :info"},
    {"register", "INFO  jepsen.util - one\t:invoke\t:read\tnil\n", "h:1: process 'one' is not a number"},
    {"register", "[{:process 1, :type :invoke, :f :read, :value nil}\n", "the file ends without ']'"},
    {"register", "[{:process 1, :type :invoke, :f :read, :value}]\n",
     "h:1: not EDN: a map with a key that has no value"},
    {"register", "[{:type :invoke, :f :read, :value nil}]\n", "h:1: a map without :process"},
    {"register", "[\n{:process 1 :type :begin :f :read}]\n", "h:2: :type is missing, or none of"},
    {"register", "[\n\n7]\n", "h:3: a map {:process"},
    {"register",
     "{\"client\":1,\"type\":\"invoke\",\"op\":\"write\",\"value\":3}\n"
     "{\"client\":1,\"type\":\"ok\",\"op\":\"write\",\"value\":4}\n",
     "h:2: client 1 invoked write with another value in line 1"},
    {"register", "INFO  jepsen.util - 99999999999999999999\t:invoke\t:read\tnil\n", "h:1: process '9999"},
};

Test(lin, refuses_malformed_lines_by_file_line_and_reason)
{
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
        char *directory = make_test_directory(), *path = text_of("%s/h", directory);
        write_file(path, refused[i].text);
        struct ran ran = GAINSAY_IN(directory, "lin", "--model", refused[i].model, "h");
        EXPECT_STATUS(ran, 2);
        EXPECT_IN(ran.err, refused[i].said);
        EXPECT_IN(ran.err, "gainsay: lin: h:");
        cr_expect(is_one_line(ran.err), "%s", ran.err);
        forget(&ran);
        remove_test_directory(directory);
        free(path);
    }
}

Test(lin, refuses_bad_arguments)
{
    static const struct {
        const char *arguments[6];
        const char *said;
    } cases[] = {
        {{"lin", "h"}, "gainsay: lin: --model is missing"},
        {{"lin", "--model", "regster", "h"}, "--model regster: no such model; did you mean 'register'?"},
        {{"lin", "--model", "register"}, "gainsay: lin: which history?"},
        {{"lin", "--model", "register", "missing.jsonl"}, "gainsay: lin: missing.jsonl: No such file or directory"},
        {{"lin", "--model", "stack", "h", "--init", "7"}, "--init 7: the model stack cannot begin with that"},
        {{"lin", "--model", "stack", "h", "--format", "json"}, "--format json: no such format; did you mean 'jsonl'?"},
        {{"lin", "--model", "stack", "h", "--consistency", "causal"}, "--consistency causal: no such consistency"},
        {{"lin", "--model", "stack", "h", "--threads", "0"}, "--threads 0: a number from 1 to 1024"},
        {{"lin", "--model", "stack", "h", "--json", "/no/where"}, "--json /no/where: cannot write"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *arguments[8] = {program_path()};
        memcpy(arguments + 1, cases[i].arguments, sizeof(cases[i].arguments));
        struct ran ran = run_in(project_root(), arguments);
        EXPECT_STATUS(ran, 2);
        EXPECT_IN(ran.err, cases[i].said);
        cr_expect(is_one_line(ran.err), "%s", ran.err);
        forget(&ran);
    }
}

/* A bad file is said, and the others are decided all the same. */
Test(lin, decides_the_others_beside_a_bad_file)
{
    char *directory = make_test_directory(), *path = text_of("%s/h.jsonl", directory),
         *bad = text_of("%s/bad", directory);
    write_file(path, contradiction);
    write_file(bad, "nonsense\n");
    struct ran ran = GAINSAY_IN(directory, "lin", "--model", "register", "--init", "0", "bad", "h.jsonl");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "gainsay: lin: bad:1: not JSON");
    EXPECT_IN(ran.out, "h.jsonl: not linearizable");
    EXPECT_IN(ran.out, "inconsistent=1 unknown=0 bad=1");
    forget(&ran);
    remove_test_directory(directory);
    free(path);
    free(bad);
}
