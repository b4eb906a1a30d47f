/* Arguments that cannot be meant, beside those of test_cli.c. */
#include "tests/bad_input.h"

#define CHECK "check", "two-phase-commit", "--preset", "small"

static const char *const valued[] = {"--preset",    "--set",         "--mutant",     "--property", "--network",
                                     "--copies",    "--capacity",    "--crashes",    "--restarts", "--reboots",
                                     "--drops",     "--duplicates",  "--partitions", "--timeouts", "--max-states",
                                     "--max-depth", "--max-seconds", "--max-memory", "--allow",    "--threads",
                                     "--trace",     "--witness",     "--json"};
enum { VALUED = sizeof(valued) / sizeof(*valued) };

Test(bad_arguments, empty_ones_are_named, .timeout = 60)
{
    char *place = make_place();
    static const char *const readers[] = {"check", "describe", "mutants", "replay", "show", "list"};
    for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++)
        EXPECT_REFUSED(place, "an argument is empty", readers[i], "");
    EXPECT_REFUSED(place, "no such command", "");
    for (size_t i = 0; i < VALUED; i++) {
        char *said = text_of("gainsay: check: %s: its value is empty", valued[i]), *word = text_of("%s=", valued[i]);
        EXPECT_REFUSED(place, said, CHECK, word);
        EXPECT_REFUSED(place, said, CHECK, valued[i], "");
        free(word);
        free(said);
    }
    EXPECT_REFUSED(place, "an argument is empty", CHECK, "--witness", "all", "");
    remove_test_directory(place);
}

Test(bad_arguments, endless_ones_are_cut, .timeout = 60)
{
    enum { LENGTH = 100000 };
    static char endless[LENGTH + 1];
    char *place = make_place();
    memset(endless, 'x', LENGTH);
    for (size_t i = 0; i < VALUED; i++)
        EXPECT_REFUSED(place, "gainsay: check: ", CHECK, valued[i], endless);
    EXPECT_REFUSED(place, "no such command", endless);
    EXPECT_REFUSED(place, "no such protocol", "check", endless);
    EXPECT_REFUSED(place, "File name too long", "replay", endless);
    memcpy(endless, "--", 2);
    EXPECT_REFUSED(place, "no such option", "check", endless);
    remove_test_directory(place);
}

Test(bad_arguments, control_characters_do_not_reach_the_terminal)
{
    char *place = make_place();
    EXPECT_REFUSED(place, "x?y?[31m: no such protocol", "check", "x\ny\x1b[31m");
    EXPECT_REFUSED(place, "--preset x?y: no such preset", "check", "raft", "--preset", "x\ry");
    remove_test_directory(place);
}

static const char *const contradictions[][5] = {
    {"--preset", "small", "--preset", "quick", "--preset quick: there is --preset small already"},
    {"--crashes", "1", "--crashes", "2", "--crashes 2: there is --crashes 1 already"},
    {"--trace", "a", "--trace", "b", "--trace b: there is --trace a already"},
    {"--json", "a", "--json", "b", "--json b: there is --json a already"},
    {"--set", "resource-managers=3", "--set", "resource-managers=4", "there is --set resource-managers=3 already"},
};

Test(bad_arguments, contradictions_are_refused)
{
    char *place = make_place();
    for (size_t i = 0; i < sizeof(contradictions) / sizeof(*contradictions); i++) {
        const char *const *words = contradictions[i];
        EXPECT_REFUSED(place, words[4], "check", "two-phase-commit", words[0], words[1], words[2], words[3]);
    }
    remove_test_directory(place);
}

Test(bad_arguments, the_same_said_twice_is_no_contradiction)
{
    struct ran ran =
        GAINSAY(CHECK, "--preset", "small", "--set", "resource-managers=3", "--set", "resource-managers=3", "--quiet");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
}

static const char *const out_of_range[][2] = {
    {"--copies", "1001"},
    {"--capacity", "0"},
    {"--crashes", "1000001"},
    {"--drops", "-0"},
    {"--timeouts", "0x10"},
    {"--max-states", "18446744073709551616"},
    {"--max-depth", "1e3"},
    {"--max-seconds", "1000000001"},
    {"--max-seconds", "0"},
    {"--max-seconds", "nan"},
    {"--max-seconds", "1e9"},
    {"--max-memory", "99999999999999G"},
    {"--max-memory", "0"},
    {"--threads", "1025"},
    {"--set", "resource-managers=18446744073709551619"},
    {"--set", "resource-managers=0x3"},
    {"--set", "resource-managers= 3"},
};

Test(bad_arguments, numbers_out_of_range_are_named)
{
    char *place = make_place();
    for (size_t i = 0; i < sizeof(out_of_range) / sizeof(*out_of_range); i++) {
        char *said = text_of("%s %s: ", out_of_range[i][0], out_of_range[i][1]);
        EXPECT_REFUSED(place, said, CHECK, out_of_range[i][0], out_of_range[i][1]);
        free(said);
    }
    remove_test_directory(place);
}

Test(bad_arguments, options_that_contradict_each_other_are_named)
{
    char *place = make_place();
    static const char *const stores[] = {"raft-kv", "multi-paxos-kv"}, *const commands[] = {"check", "fuzz"};
    for (size_t i = 0; i < 4; i++) {
        char *said = text_of("gainsay: %s: %s: there are more than 255 commands, clients * operations * 4 * keys",
                             commands[i / 2], stores[i % 2]);
        EXPECT_REFUSED(place, said, commands[i / 2], stores[i % 2], "--set", "operations=12", "--set", "keys=3",
                       "--set", "values=2");
        free(said);
    }
    remove_test_directory(place);
}
