/* What an explanation says, with node ids, terms and values left out. */
#include "traces/explanation_class.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "core/run_setup.h"
#include "core/step.h"
#include "protocols/raft.h"
#include "protocols/two_phase_commit.h"

static void expect_class(const struct gs_model *model, const char *explanation, const char *expected)
{
    char error[400], class[EXPLANATION_SIZE];
    struct gs_run *run = run_new(model, &(struct run_config){0}, error, sizeof(error));
    cr_assert(run != NULL, "%s", error);
    explanation_class(run, explanation, class);
    cr_expect(eq(str, class, (char *)(uintptr_t)expected), "of: %s", explanation);
    run_free(run);
}

Test(explanation_class, leaves_out_nodes_and_numbers)
{
    expect_class(&raft, "server0 and server2 were both elected in term 1", "server were both elected in term #");
    expect_class(&raft, "server1 went back from term 12 to term -3", "server went back from term # to term #");
    expect_class(&two_phase_commit, "resource-manager2 has aborted and resource-manager1 has committed",
                 "resource-manager has aborted and resource-manager has committed");
    expect_class(&two_phase_commit, "transaction-manager decided 0x1f", "transaction-manager decided #x#f");
    expect_class(&raft, "", "");
    expect_class(&raft, "read -> null can only find 1", "read -> # can only find #");
    expect_class(&raft, "it can only find null or 2; nullable", "it can only find #; nullable");
}

Test(explanation_class, leaves_out_particulars)
{
    expect_class(&raft, "term 3 has two leaders" GS_PARTICULARS "server0 and server1", "term # has two leaders");
}

Test(explanation_class, leaves_out_how_many_are_named)
{
    expect_class(&raft, "{server0, server1, server2} hold [1, 2]", "{server} hold [#]");
    expect_class(&raft, "{server0} hold [7]", "{server} hold [#]");
    expect_class(&raft, "server0, server1, and server2 lead", "server lead");
}

Test(explanation_class, keeps_what_only_looks_like_a_node)
{
    expect_class(&raft, "server9 and observer0 and server0s", "server# and observer# and server#s");
    expect_class(&raft, "failed at protocols/raft.c:123", "failed at protocols/raft.c:#");
}

Test(explanation_class, fits_into_its_buffer)
{
    char error[400], explanation[EXPLANATION_SIZE], class[EXPLANATION_SIZE];
    struct gs_run *run = run_new(&raft, &(struct run_config){0}, error, sizeof(error));
    memset(explanation, 'x', sizeof(explanation) - 1);
    explanation[sizeof(explanation) - 1] = '\0';
    explanation_class(run, explanation, class);
    cr_expect(eq(str, class, explanation));
    cr_expect(explanation_is_like(run, explanation, class));
    run_free(run);
}

Test(explanation_class, does_not_depend_on_how_many_nodes_there_are)
{
    char error[400], small[EXPLANATION_SIZE], large[EXPLANATION_SIZE];
    struct gs_run *three = run_new(&raft, &(struct run_config){0}, error, sizeof(error));
    struct gs_run *five = run_new(&raft, &(struct run_config){.settings = (const char *const[]){"servers=5", NULL}},
                                  error, sizeof(error));
    explanation_class(three, "server0 and server2 both lead term 1", small);
    explanation_class(five, "server3 and server4 both lead term 6", large);
    cr_expect(eq(str, small, large));
    run_free(three);
    run_free(five);
}
