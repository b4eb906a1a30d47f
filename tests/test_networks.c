/* docs/faults-and-networks.md says which network and which fault shows which bug: every entry of its table is a run
 * here. */
#include "tests/run_program.h"

enum { SAME = -1, REFUSED = -2 }; /* holds; the budget has no meaning there */

struct entry {
    const char *protocol; /* "R": the example, compiled */
    const char *preset, *mutant, *property;
    const char *fault, *budget;
    int set, bag, fifo; /* steps of the shortest trace */
};

static const struct entry table[] = {
    {"two-phase-commit", "small", "commit-on-one-vote", "consistent", NULL, NULL, 5, 5, 5},
    {"raft", "one-term", "quorum-too-small", "at-most-one-leader", NULL, NULL, 2, 2, 2},
    {"raft", "quick", "stale-votes-counted", "at-most-one-leader", NULL, NULL, 7, 7, 7},
    {"R", "quick", "apply-older", "never-goes-back", NULL, NULL, 4, 4, SAME},
    {"R", "quick", "apply-older", "never-goes-back", "--duplicates", "1", REFUSED, 4, SAME},
    {"R", "quick", "count-again", "applied-once", NULL, NULL, 5, SAME, SAME},
    {"R", "quick", "count-again", "applied-once", "--duplicates", "1", REFUSED, 7, 7},
    {"raft", "repeated-messages", "duplicates-counted", "at-most-one-leader", NULL, NULL, 8, SAME, SAME},
    {"raft", "repeated-messages", "duplicates-counted", "at-most-one-leader", "--duplicates", "2", REFUSED, 8, 8},
    {"R", "quick", NULL, "converges", NULL, NULL, SAME, SAME, SAME},
    {"R", "quick", NULL, "converges", "--drops", "1", REFUSED, 6, 6},
    {"raft", "one-term", "vote-not-durable", "at-most-one-leader", NULL, NULL, SAME, SAME, SAME},
    {"raft", "reboot", "vote-not-durable", "at-most-one-leader", NULL, NULL, 7, 7, 7},
    {"R", "quick", "version-not-durable", "never-goes-back", NULL, NULL, SAME, SAME, SAME},
    {"R", "quick", "version-not-durable", "never-goes-back", "--reboots", "1", 3, 3, 3},
    {"R", "quick", NULL, "converges", "--reboots", "1", SAME, SAME, 4},
    {"R", "quick", NULL, "converges", "--crashes", "1", 4, 4, 4},
};

enum { ARGUMENTS_MOST = 16 };

static void expect_found(const char *example, const struct entry *entry, const char *network, int expected)
{
    const char *arguments[ARGUMENTS_MOST] = {program_path(),
                                             "check",
                                             strcmp(entry->protocol, "R") ? entry->protocol : example,
                                             "--preset",
                                             entry->preset,
                                             "--network",
                                             network,
                                             "--property",
                                             entry->property,
                                             "--json",
                                             "-"};
    size_t count = 11;
    if (entry->mutant) {
        arguments[count++] = "--mutant";
        arguments[count++] = entry->mutant;
    }
    if (entry->fault) {
        arguments[count++] = entry->fault;
        arguments[count++] = entry->budget;
    }
    struct ran ran = run_in(project_root(), arguments);
    EXPECT_STATUS(ran, expected == REFUSED ? 2 : expected == SAME ? 0 : 1);
    if (ran.out[0]) {
        json_t *report = parse_json(ran.out), *property = json_property(report, entry->property);
        cr_expect(eq(str, (char *)json_string_of(property, "verdict"), (char *)(expected < 0 ? "proved" : "violated")));
        if (expected >= 0)
            cr_expect(eq(i64, json_number(property, "steps"), expected), "%s %s %s, %s", entry->protocol,
                      entry->mutant ? entry->mutant : "", entry->fault ? entry->fault : "", network);
        json_decref(report);
    }
    forget(&ran);
}

static char *compile_example(const char *directory)
{
    char *object = text_of("%s/replicated_register.so", directory);
    struct ran ran =
        run_in(project_root(), (const char *const[]){"cc", "-std=c11", "-O1", "-fPIC", "-shared", "-I.",
                                                     "examples/replicated_register.c", "-o", object, NULL});
    cr_assert(eq(int, ran.status, 0), "%s", ran.err);
    forget(&ran);
    return object;
}

Test(networks, each_finds_what_the_documentation_says)
{
    char *directory = make_test_directory(), *example = compile_example(directory);
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        expect_found(example, &table[i], "set", table[i].set);
        expect_found(example, &table[i], "bag", table[i].bag);
        expect_found(example, &table[i], "fifo", table[i].fifo);
    }
    free(example);
    remove_test_directory(directory);
}

Test(networks, the_example_holds_and_its_mutants_are_killed)
{
    struct ran ran = GAINSAY("mutants", "examples/replicated_register.c");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "mutants=3 killed=3");
    forget(&ran);
}
