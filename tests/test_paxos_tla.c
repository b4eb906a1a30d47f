/* The TLA+ specification of Paxos as one node (examples/paxos_tla.c), against TLC and a sketch. */
#include "tests/run_program.h"
#include "tests/scale.h"

static char *example(void)
{
    return text_of("%s/examples/paxos_tla.c", project_root());
}

Test(paxos_tla, has_as_many_states_as_tlc_counts)
{
    char *file = example();
    struct ran ran = GAINSAY("check", file);
    cr_expect(eq(int, ran.status, 0));
    cr_expect(strstr(ran.out, "gainsay: holds protocol=paxos-tla states=3921 ") != NULL, "%s", ran.out);
    forget(&ran);
    free(file);
}

static void expect_steps(const char *mutant, const char *preset, const char *expected)
{
    char *file = example();
    struct ran ran = GAINSAY("check", file, "--mutant", mutant, "--preset", preset);
    cr_expect(eq(int, ran.status, 1));
    cr_expect(strstr(ran.out, expected) != NULL, "%s: %s is not in\n%s", mutant, expected, ran.out);
    forget(&ran);
    free(file);
}

Test(paxos_tla, is_violated_by_each_mutant_in_as_many_steps_as_a_sketch_needs)
{
    expect_steps("forgets-all", "quick", "consistent is violated in 13 steps");
    expect_steps("forgets-promise", "quick", "consistent is violated in 13 steps");
    expect_steps("accepts-above-vote", "quick", "consistent is violated in 12 steps");
    expect_steps("hides-vote", "quick", "consistent is violated in 12 steps");
    if (!IS_SLOW)
        expect_steps("any-value", "three-ballots", "consistent is violated in 17 steps");
}
