/* The command line: what it takes, what it refuses and how, exit codes, reports. */
#include "tests/run_program.h"

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/numbers.h"

/* ---- Parts ---- */

Test(cli, edit_distance_counts_swaps_once)
{
    cr_expect(eq(sz, edit_distance("raft", "raft"), 0));
    cr_expect(eq(sz, edit_distance("raft", "rfat"), 1));
    cr_expect(eq(sz, edit_distance("", "abc"), 3));
    cr_expect(eq(sz, edit_distance("kitten", "sitting"), 3));
}

Test(cli, suggests_only_what_is_near)
{
    struct name_list known = {0};
    name_list_add(&known, "servers");
    name_list_add(&known, "terms");
    cr_expect(eq(str, (char *)nearest_name("server", &known), "servers"));
    cr_expect(eq(str, (char *)nearest_name("trems", &known), "terms"));
    cr_expect(nearest_name("heartbeats", &known) == NULL);
    name_list_free(&known);
}

Test(cli, numbers_are_read_strictly)
{
    static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "1x", "0x10", "1e3", "18446744073709551616"};
    uint64_t number;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        cr_expect(number_parse(bad[i], 0, UINT64_MAX, &number) == false, "'%s'", bad[i]);
    cr_expect(number_parse("18446744073709551615", 0, UINT64_MAX, &number));
    cr_expect(eq(u64, number, UINT64_MAX));
    cr_expect(number_parse("7", 1, 6, &number) == false);
}

Test(cli, bytes_take_a_suffix)
{
    static const char *const bad[] = {"", "0", "K", "1KB", "1.5G", "-1K", "17179869184G", "1 K"};
    uint64_t bytes = 0;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        cr_expect(number_parse_bytes(bad[i], &bytes) == false, "'%s'", bad[i]);
    cr_expect(number_parse_bytes("3G", &bytes));
    cr_expect(eq(u64, bytes, UINT64_C(3) << 30));
    cr_expect(number_parse_bytes("2k", &bytes));
    cr_expect(eq(u64, bytes, 2048));
}

Test(cli, seconds_may_have_a_fraction)
{
    static const char *const bad[] = {"", "0", "-1", "1e3", "inf", "nan", ".5", "1.", "1s", "0x1"};
    double seconds = 0;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        cr_expect(number_parse_seconds(bad[i], &seconds) == false, "'%s'", bad[i]);
    cr_expect(number_parse_seconds("0.5", &seconds));
    cr_expect(seconds > 0.49 && seconds < 0.51);
}

Test(cli, numbers_are_written_with_commas)
{
    char text[NUMBER_TEXT_SIZE];
    cr_expect(eq(str, (char *)number_text(0, text), "0"));
    cr_expect(eq(str, (char *)number_text(999, text), "999"));
    cr_expect(eq(str, (char *)number_text(1735809, text), "1,735,809"));
}

/* ---- Bad input ---- */

enum { ARGUMENTS_MAX = 8 };
struct refusal {
    const char *arguments[ARGUMENTS_MAX];
    const char *said;
};

static const struct refusal refusals[] = {
    {{"chek"}, "gainsay: chek: no such command; did you mean 'check'?"},
    {{"--versoin"}, "did you mean '--version'?"},
    {{"shrink", "x"}, "gainsay: shrink: x: cannot read"},
    {{"shrink"}, "which trace?"},
    {{"shrink", "a", "b"}, "one trace at a time"},
    {{"shrink", "a", "--max-seconds", "soon"}, "--max-seconds soon: a number of seconds, as 90 or 0.5; 0: no limit"},
    {{"shrink", "a", "--max-states", "x"}, "--max-states x: a number from 1 on"},
    {{"shrink", "a", "--threads", "0"}, "--threads 0: a number from 1 to 256"},
    {{"shrink", "a", "--output", ""}, "shrink: --output: its value is empty"},
    {{"explore"}, "not built yet"},
    {{"tolerance"}, "not built yet"},
    {{"diff"}, "not built yet"},
    {{"list", "raft"}, "gainsay: list: raft: takes no argument"},
    {{"describe"}, "gainsay: describe: which protocol?"},
    {{"describe", "two-phase-comit"}, "did you mean 'two-phase-commit'?"},
    {{"describe", "two-phase-commit", "x"}, "one protocol at a time"},
    {{"check"}, "gainsay: check: which protocol?"},
    {{"check", "two-phase-comit"}, "two-phase-comit: no such protocol; did you mean 'two-phase-commit'?"},
    {{"check", "two-phase-commit", "two-phase-commit"}, "one protocol at a time"},
    {{"check", "two-phase-commit", "--sett", "a=1"}, "--sett: no such option; did you mean '--set'?"},
    {{"check", "two-phase-commit", "--max-state", "1"}, "did you mean '--max-states'?"},
    {{"check", "two-phase-commit", "--zzzzzz"}, "--zzzzzz: no such option (see: gainsay check --help)"},
    {{"check", "two-phase-commit", "-x"}, "-x: no such option"},
    {{"check", "two-phase-commit", "--set"}, "--set: needs a value: --set NAME=VALUE"},
    {{"check", "two-phase-commit", "--strict=1"}, "--strict=1: takes no value"},
    {{"check", "two-phase-commit", "--set", "resource-managers"}, "--set resource-managers: expected NAME=VALUE"},
    {{"check", "two-phase-commit", "--set", "=3"}, "--set =3: expected NAME=VALUE"},
    {{"check", "two-phase-commit", "--set", "resource-manager=3"}, "did you mean 'resource-managers'?"},
    {{"check", "two-phase-commit", "--set", "resource-managers=99"}, "--set resource-managers=99: "},
    {{"check", "two-phase-commit", "--set", "resource-managers=-1"}, "--set resource-managers=-1: "},
    {{"check", "two-phase-commit", "--set", "resource-managers=3x"}, "--set resource-managers=3x: "},
    {{"check", "two-phase-commit", "--set", "resource-managers="}, "--set resource-managers=: "},
    {{"check", "two-phase-commit", "--set", "resource-managers=99999999999999999999"}, "resource-managers is"},
    {{"check", "two-phase-commit", "--preset", "quik"}, "--preset quik: no such preset; did you mean 'quick'?"},
    {{"check", "two-phase-commit", "--mutant", "commit-on-one-vot"}, "did you mean 'commit-on-one-vote'?"},
    {{"check", "two-phase-commit", "--mutant", "x"}, "--mutant x: no such mutant; there are commit-on-one-vote"},
    {{"check", "two-phase-commit", "--property", "consistant"}, "did you mean 'consistent'?"},
    {{"check", "two-phase-commit", "--allow", "consistant"}, "--allow consistant: no such property"},
    {{"check", "two-phase-commit", "--network", "fito"}, "--network fito: no such network; did you mean 'fifo'?"},
    {{"check", "two-phase-commit", "--copies", "0"}, "--copies 0: a number from 1 to"},
    {{"check", "two-phase-commit", "--capacity", "1x"}, "--capacity 1x: a number from 1 to"},
    {{"check", "two-phase-commit", "--crashes", "-1"}, "--crashes -1: a number from 0 to"},
    {{"check", "two-phase-commit", "--restarts", "1.5"}, "--restarts 1.5: "},
    {{"check", "two-phase-commit", "--reboots", ""}, "--reboots: its value is empty: --reboots N"},
    {{"check", "two-phase-commit", "--partitions", "99999999999999999999"}, "--partitions 99999999999999999999: "},
    {{"check", "two-phase-commit", "--timeouts", "many"}, "--timeouts many: "},
    {{"check", "two-phase-commit", "--drops", "1"}, "--drops 1: "},
    {{"check", "two-phase-commit", "--duplicates", "1"}, "--duplicates 1: "},
    {{"check", "two-phase-commit", "--max-states", "0"}, "--max-states 0: a number from 1 on"},
    {{"check", "two-phase-commit", "--max-depth", "-1"}, "--max-depth -1: a number from 0 on"},
    {{"check", "two-phase-commit", "--max-seconds", "soon"}, "--max-seconds soon: "},
    {{"check", "two-phase-commit", "--max-memory", "3X"}, "--max-memory 3X: "},
    {{"check", "two-phase-commit", "--threads", "0"}, "--threads 0: "},
    {{"check", "two-phase-commit", "--seed", "1"}, "--seed 1: an exhaustive search takes no seed"},
    {{"check", "two-phase-commit", "--junit", "-"}, "--junit -: it goes to a file"},
    {{"check", "two-phase-commit", "--witness", "all"}, "--witness all: needs a directory"},
    {{"check", "two-phase-commit", "--witness", "comitted", "/tmp"}, "--witness comitted: no such goal"},
    {{"check", "two-phase-commit", "--witness", "all", "/dev/null"}, "--witness DIR /dev/null: Not a directory"},
    {{"check", "two-phase-commit", "--trace", "/nonexistent/x"}, "--trace /nonexistent/x: "},
    {{"check", "two-phase-commit", "--trace", "/tmp"}, "--trace /tmp: "},
    {{"check", "two-phase-commit", "--trace", "-"}, "--trace -: "},
    {{"check", "two-phase-commit", "--json", "/nonexistent/x"}, "--json /nonexistent/x: "},
    {{"check", "two-phase-commit", "--trace", "/tmp/x", "--json", "/tmp/x"}, "--trace names the same file"},
    {{"check", "no-such-file.c"}, "no-such-file.c: No such file"},
    {{"help", "chek"}, "gainsay: chek: no such command; did you mean 'check'?"},
    {{"help", "check", "x"}, "one command at a time"},
    {{"help", "explore"}, "gainsay: explore: not built yet"},
    {{"completion"}, "gainsay: completion: which shell?"},
    {{"completion", "bsh"}, "bsh: no such shell; there are bash and zsh"},
    {{"completion", "bash", "zsh"}, "one shell at a time"},
    {{"complet"}, "did you mean 'completion'?"},
    {{"mutants"}, "gainsay: mutants: which protocol?"},
    {{"mutants", "two-phase-commit", "commit-on-one-vot"}, "did you mean 'commit-on-one-vote'?"},
    {{"mutants", "all", "commit-on-one-vote"}, "name the protocol"},
    {{"mutants", "two-phase-commit", "--mutant", "x"}, "--mutant: no such option"},
    {{"replay"}, "gainsay: replay: which trace?"},
    {{"replay", "/nonexistent.trace"}, "/nonexistent.trace: "},
    {{"replay", "Makefile"}, "Makefile:1: "},
    {{"replay", "/tmp"}, "/tmp: "},
    {{"show"}, "gainsay: show: which trace?"},
    {{"show", "x", "--format", "itf"}, "--format itf: not built yet"},
    {{"show", "x", "--format", "jsn"}, "did you mean 'json'?"},
    {{"show", "/nonexistent.trace"}, "/nonexistent.trace: "},
};

Test(cli, refuses_bad_input_in_one_line_with_exit_2)
{
    for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
        const char *arguments[ARGUMENTS_MAX + 2] = {program_path()};
        memcpy(arguments + 1, refusals[i].arguments, sizeof(refusals[i].arguments));
        struct ran ran = run_in(project_root(), arguments);
        EXPECT_STATUS(ran, 2);
        EXPECT_IN(ran.err, refusals[i].said);
        cr_expect(strncmp(ran.err, "gainsay: ", 9) == 0, "%s", ran.err);
        cr_expect(strchr(ran.err, '\n') == ran.err + strlen(ran.err) - 1, "not one line: %s", ran.err);
        cr_expect(ran.out[0] == '\0', "%s: %s", refusals[i].said, ran.out);
        forget(&ran);
    }
}

Test(cli, without_arguments_shows_usage_with_exit_2)
{
    struct ran ran = run_in(NULL, (const char *const[]){program_path(), NULL});
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "Usage: gainsay COMMAND");
    forget(&ran);
}

/* Every option of the examples in a help text exists. */
static void expect_examples_to_be_taken(const struct command *command, const char *help)
{
    const char *examples = strstr(help, "\nExamples:\n");
    cr_assert(examples != NULL, "%s: no examples", command->name);
    char *text = text_of("%s", examples), *rest = NULL;
    for (char *word = strtok_r(text, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest))
        if (strncmp(word, "--", 2) == 0)
            cr_expect(arguments_find(command->argp, word + 2, strlen(word + 2)) != NULL, "%s: %s", command->name, word);
    free(text);
}

Test(cli, every_command_helps_with_exit_codes_and_examples)
{
    for (const struct command *command = commands; command->name; command++) {
        if (!command->run || !command->summary)
            continue;
        struct ran ran = GAINSAY(command->name, "--help"), same = GAINSAY("help", command->name);
        char *usage = text_of("Usage: gainsay %s ", command->name);
        EXPECT_STATUS(ran, 0);
        EXPECT_IN(ran.out, usage);
        EXPECT_IN(ran.out, "\nExit codes: 0 ");
        expect_examples_to_be_taken(command, ran.out);
        cr_expect(eq(str, ran.out, same.out));
        free(usage);
        forget(&ran);
        forget(&same);
    }
}

Test(cli, helps_with_exit_0)
{
    struct ran ran = GAINSAY("--help"), same = GAINSAY("help");
    EXPECT_STATUS(ran, 0);
    EXPECT_STATUS(same, 0);
    EXPECT_IN(ran.out, "mutants");
    EXPECT_IN(ran.out, "\nExit codes: 0 ");
    EXPECT_IN(ran.out, "\nExamples:\n");
    cr_expect(eq(str, ran.out, same.out));
    forget(&ran);
    forget(&same);
}

Test(cli, tells_its_version)
{
    struct ran ran = GAINSAY("--version");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "gainsay " GAINSAY_VERSION "\n");
    forget(&ran);
}

Test(cli, says_when_standard_output_is_full)
{
    char *program = text_of("exec '%s' list >/dev/full", program_path());
    struct ran ran = run_in(NULL, (const char *const[]){"sh", "-c", program, NULL});
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "gainsay: standard output: ");
    forget(&ran);
    free(program);
}

/* ---- list and describe ---- */

Test(cli, lists_names_first)
{
    struct ran ran = GAINSAY("list");
    EXPECT_STATUS(ran, 0);
    cr_expect(strncmp(ran.out, "two-phase-commit ", 17) == 0 || strstr(ran.out, "\ntwo-phase-commit "), "%s", ran.out);
    forget(&ran);
}

Test(cli, describes_every_table)
{
    static const char *const parts[] = {"Gray and Lamport",
                                        "transaction-manager",
                                        "phase",
                                        "give-up",
                                        "resource-managers",
                                        "1 to 12",
                                        "--set resource-managers=9",
                                        "consistent",
                                        "reachable",
                                        "refuse-after-vote",
                                        "violates consistent"};
    struct ran ran = GAINSAY("describe", "two-phase-commit");
    EXPECT_STATUS(ran, 0);
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        EXPECT_IN(ran.out, parts[i]);
    forget(&ran);
}

/* ---- check ---- */

Test(cli, counts_states_as_the_oracle_does)
{
    static const struct {
        const char *setting;
        json_int_t states, transitions, depth;
    } oracle[] = {{"resource-managers=3", 288, 761, 10},
                  {"resource-managers=4", 1568, 5377, 13},
                  {"resource-managers=5", 8832, 37345, 16}};
    for (size_t i = 0; i < sizeof(oracle) / sizeof(*oracle); i++) {
        struct ran ran = GAINSAY("check", "two-phase-commit", "--set", oracle[i].setting, "--json", "-");
        EXPECT_STATUS(ran, 0);
        json_t *report = parse_json(ran.out);
        cr_expect(eq(i64, json_number(report, "states"), oracle[i].states), "%s", oracle[i].setting);
        cr_expect(eq(i64, json_number(report, "transitions"), oracle[i].transitions), "%s", oracle[i].setting);
        cr_expect(eq(i64, json_number(report, "depth"), oracle[i].depth), "%s", oracle[i].setting);
        json_decref(report);
        forget(&ran);
    }
}

Test(cli, reports_all_members_as_json)
{
    static const char *const members[] = {
        "gainsay",       "protocol", "preset",         "options", "mutants",
        "network",       "budgets",  "reductions",     "verdict", "states",
        "transitions",   "depth",    "local_states",   "inboxes", "local_configurations",
        "handler_calls", "seconds",  "peak_rss_bytes", "threads", "properties",
        "events",        "cut"};
    struct ran ran = GAINSAY("check", "two-phase-commit", "--preset", "small", "--json", "-");
    EXPECT_STATUS(ran, 0);
    json_t *report = parse_json(ran.out);
    for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
        cr_expect(json_object_get(report, members[i]) != NULL, "%s", members[i]);
    cr_expect(eq(str, (char *)json_string_of(report, "verdict"), "holds"));
    cr_expect(eq(str, (char *)json_string_of(report, "network"), "set"));
    cr_expect(eq(i64, json_number(json_object_get(report, "options"), "resource-managers"), 3));
    cr_expect(eq(str, (char *)json_string_of(json_property(report, "consistent"), "verdict"), "proved"));
    cr_expect(json_number(json_object_get(report, "events"), "vote") > 0);
    json_decref(report);
    forget(&ran);
}

Test(cli, ends_with_a_line_for_grep)
{
    struct ran ran = GAINSAY("check", "two-phase-commit", "--preset", "small");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "\ngainsay: holds protocol=two-phase-commit states=288 transitions=761 depth=10 seconds=");
    EXPECT_IN(ran.out, "not checked");
    EXPECT_IN(ran.out, "crashes");
    cr_expect(ran.err[0] == '\0', "%s", ran.err);
    forget(&ran);
}

Test(cli, quiet_prints_the_last_line_alone)
{
    struct ran ran = GAINSAY("check", "two-phase-commit", "--preset", "small", "--quiet");
    EXPECT_STATUS(ran, 0);
    cr_expect(strncmp(ran.out, "gainsay: holds protocol=two-phase-commit ", 41) == 0, "%s", ran.out);
    cr_expect(strchr(ran.out, '\n') == ran.out + strlen(ran.out) - 1, "%s", ran.out);
    forget(&ran);
}

Test(cli, violated_is_exit_1_with_the_shortest_trace)
{
    static const struct {
        const char *mutant;
        json_int_t steps;
    } mutants[] = {{"commit-on-one-vote", 5}, {"commit-without-votes", 3}};
    for (size_t i = 0; i < sizeof(mutants) / sizeof(*mutants); i++) {
        struct ran ran = GAINSAY("check", "two-phase-commit", "--set", "resource-managers=3", "--mutant",
                                 mutants[i].mutant, "--json", "-");
        EXPECT_STATUS(ran, 1);
        json_t *report = parse_json(ran.out), *property = json_property(report, "consistent");
        cr_expect(eq(str, (char *)json_string_of(report, "verdict"), "violated"));
        cr_expect(eq(str, (char *)json_string_of(property, "verdict"), "violated"));
        cr_expect(eq(i64, json_number(property, "steps"), mutants[i].steps), "%s", mutants[i].mutant);
        EXPECT_IN(json_string_of(property, "explanation"), "has aborted and");
        json_decref(report);
        forget(&ran);
    }
}

Test(cli, without_trace_prints_the_counterexample_and_writes_nothing)
{
    char *directory = make_test_directory();
    struct ran ran =
        GAINSAY_IN(directory, "check", "two-phase-commit", "--preset", "small", "--mutant", "commit-on-one-vote");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "consistent is violated in 5 steps");
    EXPECT_IN(ran.out, "--trace FILE");
    EXPECT_IN(ran.out, "\ngainsay: violated protocol=two-phase-commit property=consistent states=");
    cr_expect(rmdir(directory) == 0, "something was written");
    forget(&ran);
    free(directory);
}

Test(cli, writes_the_same_trace_each_time_and_replays_it_from_elsewhere)
{
    char *directory = make_test_directory();
    char *first = text_of("%s/first.trace", directory), *second = text_of("%s/second.trace", directory);
    const char *const paths[] = {first, second};
    for (size_t i = 0; i < 2; i++) {
        struct ran ran = GAINSAY("check", "two-phase-commit", "--mutant", "commit-on-one-vote", "--trace", paths[i]);
        EXPECT_STATUS(ran, 1);
        EXPECT_IN(ran.out, paths[i]);
        forget(&ran);
    }
    char *first_text = read_file(first), *second_text = read_file(second);
    cr_expect(eq(str, first_text, second_text));
    struct ran ran = GAINSAY_IN(directory, "replay", "first.trace", "second.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "first.trace: reproduces: consistent is violated in 5 steps");
    EXPECT_IN(ran.out, "second.trace: reproduces");
    forget(&ran);
    free(first_text);
    free(second_text);
    free(first);
    free(second);
    remove_test_directory(directory);
}

Test(cli, leaves_files_alone_until_there_is_something_to_write)
{
    char *directory = make_test_directory();
    char *old = text_of("%s/old.trace", directory), *new = text_of("%s/new.trace", directory);
    write_file(old, "kept\n");
    struct ran ran = GAINSAY("check", "two-phase-commit", "--preset", "small", "--trace", old);
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    ran = GAINSAY("check", "two-phase-commit", "--trace", new, "--json", "/nonexistent/x");
    EXPECT_STATUS(ran, 2);
    char *text = read_file(old);
    cr_expect(eq(str, text, "kept\n"));
    cr_expect(file_exists(new) == false);
    forget(&ran);
    free(text);
    free(old);
    free(new);
    remove_test_directory(directory);
}

Test(cli, writes_json_beside_the_text)
{
    char *directory = make_test_directory();
    char *path = text_of("%s/report.json", directory), *trace = text_of("%s/a.trace", directory);
    struct ran ran =
        GAINSAY("check", "two-phase-commit", "--mutant", "commit-on-one-vote", "--json", path, "--trace", trace);
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "gainsay: violated");
    char *text = read_file(path);
    json_t *report = parse_json(text);
    cr_expect(eq(str, (char *)json_string_of(json_property(report, "consistent"), "trace"), trace));
    json_decref(report);
    forget(&ran);
    free(text);
    free(path);
    free(trace);
    remove_test_directory(directory);
}

Test(cli, a_limit_makes_the_run_incomplete)
{
    struct ran ran = GAINSAY("check", "two-phase-commit", "--max-states", "100");
    EXPECT_STATUS(ran, 3);
    EXPECT_IN(ran.out, "bounded");
    EXPECT_IN(ran.out, "\ngainsay: incomplete protocol=two-phase-commit ");
    forget(&ran);
    ran = GAINSAY("check", "two-phase-commit", "--max-depth", "3", "--quiet");
    EXPECT_STATUS(ran, 3);
    forget(&ran);
}

Test(cli, an_interrupt_ends_the_search_cleanly)
{
    struct ran ran = run_in(project_root(),
                            (const char *const[]){"timeout", "--preserve-status", "-s", "INT", "3", program_path(),
                                                  "check", "two-phase-commit", "--set", "resource-managers=12", NULL});
    EXPECT_STATUS(ran, 3);
    EXPECT_IN(ran.out, "interrupted");
    EXPECT_IN(ran.out, "\ngainsay: incomplete ");
    forget(&ran);
}

Test(cli, an_allowed_property_may_fail)
{
    struct ran ran = GAINSAY("check", "two-phase-commit", "--preset", "small", "--mutant", "commit-on-one-vote",
                             "--allow", "consistent", "--keep-going");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "(allowed)");
    forget(&ran);
}

Test(cli, judges_only_the_named_properties)
{
    struct ran ran = GAINSAY("check", "two-phase-commit", "--preset", "small", "--property", "committed", "--mutant",
                             "commit-on-one-vote", "--json", "-");
    EXPECT_STATUS(ran, 0);
    json_t *report = parse_json(ran.out);
    cr_expect(eq(str, (char *)json_string_of(json_property(report, "consistent"), "verdict"), "not checked"));
    cr_expect(eq(str, (char *)json_string_of(json_property(report, "committed"), "verdict"), "proved"));
    json_decref(report);
    forget(&ran);
}

Test(cli, writes_witnesses_of_goals)
{
    char *directory = make_test_directory();
    char *all = text_of("%s/all", directory), *path = text_of("%s/all/committed.trace", directory);
    struct ran ran = GAINSAY("check", "two-phase-commit", "--preset", "small", "--witness", "all", all);
    EXPECT_STATUS(ran, 0);
    cr_assert(file_exists(path));
    forget(&ran);
    ran = GAINSAY("replay", path);
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "committed is met in ");
    forget(&ran);
    free(all);
    free(path);
    remove_test_directory(directory);
}

Test(cli, finds_the_same_on_any_number_of_threads)
{
    for (int threads = 1; threads <= 4; threads++) {
        char number[16];
        snprintf(number, sizeof(number), "%d", threads);
        struct ran ran =
            GAINSAY("check", "two-phase-commit", "--set", "resource-managers=6", "--threads", number, "--json", "-");
        EXPECT_STATUS(ran, 0);
        EXPECT_IN(ran.out, "\"states\": 50816,");
        EXPECT_IN(ran.out, "\"transitions\": 256001,");
        char expected[40];
        snprintf(expected, sizeof(expected), "\"threads\": %d", threads);
        EXPECT_IN(ran.out, expected);
        forget(&ran);
    }
}

/* ---- show ---- */

Test(cli, shows_a_trace_as_text_and_as_json)
{
    char *directory = make_test_directory();
    char *path = text_of("%s/a.trace", directory);
    struct ran ran = GAINSAY("check", "two-phase-commit", "--mutant", "commit-without-votes", "--trace", path);
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    ran = GAINSAY("show", path);
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "decide");
    forget(&ran);
    ran = GAINSAY("show", path, "--format", "json");
    EXPECT_STATUS(ran, 0);
    json_t *lines = parse_json(ran.out);
    cr_assert(json_array_size(lines) >= 5);
    cr_expect(json_object_get(json_array_get(lines, 0), "gainsay_trace") != NULL);
    json_decref(lines);
    forget(&ran);
    free(path);
    remove_test_directory(directory);
}

Test(cli, replay_fails_on_the_worst_of_its_files)
{
    char *directory = make_test_directory();
    char *path = text_of("%s/a.trace", directory);
    struct ran ran = GAINSAY("check", "two-phase-commit", "--mutant", "commit-without-votes", "--trace", path);
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    ran = GAINSAY("replay", path, "Makefile");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.out, "a.trace: reproduces");
    EXPECT_IN(ran.err, "Makefile:1: ");
    forget(&ran);
    free(path);
    remove_test_directory(directory);
}
