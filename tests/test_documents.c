/* Documents whose every command is run, with the program as it is installed. tests/document.h says how they are marked
 * up. Here too: that the runner sees what is wrong. */
#include "tests/run_program.h"

#include "tests/document.h"
#include "tests/installed.h"
#include "tests/scale.h"

static void expect_as_shown(const char *name, const struct document_command *command)
{
    if (!command->shown[0])
        cr_expect(command->status <= command->status_max, "%s:%zu: %s ends with %d:\n%s", name, command->line,
                  command->text, command->status, command->printed);
    else
        cr_expect(document_is_as_shown(command->shown, command->printed),
                  "%s:%zu: %sshown is\n%s\nprinted was (exit code %d)\n%s", name, command->line, command->text,
                  command->shown, command->status, command->printed);
}

/* In a directory with the examples in it, as in a checkout. */
static void run_commands(const char *name, struct document *document)
{
    char *directory = make_test_directory(), *here = text_of("%s/here", directory);
    char *script = text_of("%s/script", directory), *examples = text_of("%s/examples", here);
    char *target = text_of("%s/examples", project_root()), *commands = document_script(document);
    cr_assert(mkdir(here, 0777) == 0 && symlink(target, examples) == 0);
    write_file(script, commands);
    install_program(directory);
    unsetenv("GITHUB_ACTIONS");
    unsetenv("CC");
    setenv("LC_ALL", "C.UTF-8", 1);
    struct ran ran = run_in(here, (const char *const[]){"timeout", "300", "bash", script, NULL});
    const bool is_whole = document_take_output(document, ran.out);
    for (size_t i = 0; i < document->count && document->commands[i].printed; i++)
        expect_as_shown(name, &document->commands[i]);
    cr_expect(is_whole, "%s: the shell ended early:\n%s", name, ran.out);
    forget(&ran);
    free(commands);
    free(target);
    free(examples);
    free(script);
    free(here);
    remove_test_directory(directory);
}

static void run_document(const char *name, size_t commands_min)
{
    if (IS_SLOW && strncmp(name, "docs/protocols/", 15) == 0)
        return;
    char *path = text_of("%s/%s", project_root(), name), *text = read_file(path);
    struct document document = document_read(text);
    cr_assert(document.count >= commands_min, "%s has only %zu commands", name, document.count);
    run_commands(name, &document);
    document_free(&document);
    free(text);
    free(path);
}

Test(documents, the_tutorial_prints_what_it_shows)
{
    run_document("docs/tutorial.md", 10);
}

Test(documents, the_page_of_raft_prints_what_it_shows)
{
    run_document("docs/protocols/raft.md", 4);
}

Test(documents, the_page_on_paxos_prints_what_it_shows)
{
    run_document("docs/protocols/paxos.md", 4);
}

Test(documents, the_page_on_flexible_paxos_prints_what_it_shows)
{
    run_document("docs/protocols/flexible-paxos.md", 6);
}

Test(documents, the_page_on_primary_backup_replication_prints_what_it_shows)
{
    run_document("docs/protocols/primary-backup.md", 5);
}

Test(documents, the_page_on_the_store_of_crdts_prints_what_it_shows)
{
    run_document("docs/protocols/crdt-store.md", 5);
}

Test(documents, the_page_on_multi_paxos_prints_what_it_shows)
{
    run_document("docs/protocols/multi-paxos.md", 4);
}

Test(documents, the_page_on_crdts_prints_what_it_shows)
{
    run_document("docs/protocols/crdts.md", 4);
}

Test(documents, the_page_on_abd_prints_what_it_shows)
{
    run_document("docs/protocols/abd.md", 1);
}

Test(documents, the_page_on_chain_replication_prints_what_it_shows)
{
    run_document("docs/protocols/chain-replication.md", 8);
}

Test(documents, the_page_on_the_key_value_store_prints_what_it_shows)
{
    run_document("docs/protocols/replicated-kv.md", 4);
}

Test(documents, the_page_on_causal_log_prints_what_it_shows)
{
    run_document("docs/protocols/causal-log.md", 5);
}

Test(documents, the_page_on_multi_leader_prints_what_it_shows)
{
    run_document("docs/protocols/multi-leader.md", 5);
}

Test(documents, the_page_on_the_quorum_store_prints_what_it_shows)
{
    run_document("docs/protocols/quorum-store.md", 5);
}

/* ---- The runner ---- */

Test(documents, only_marked_blocks_are_run)
{
    struct document document = document_read("```\n$ no\n```\ntext\n```console\n$ one\nout\n$ two \\\n  more\n```\n"
                                             "```c\n$ no\n```\n```console\n$ cat <<'E'\nx\nE\nx\n```\n");
    cr_assert(document.count == 3);
    cr_expect(eq(str, document.commands[0].text, "one\n"));
    cr_expect(eq(str, document.commands[0].shown, "out\n"));
    cr_expect(eq(sz, document.commands[0].line, 6));
    cr_expect(eq(str, document.commands[1].text, "two \\\n  more\n"));
    cr_expect(eq(str, document.commands[1].shown, ""));
    cr_expect(eq(str, document.commands[2].text, "cat <<'E'\nx\nE\n"));
    cr_expect(eq(str, document.commands[2].shown, "x\n"));
    document_free(&document);
}

Test(documents, one_shell_runs_all_and_files_and_changes_are_made)
{
    struct document document =
        document_read("```console\n$ mkdir a && cd a\n$ x=1\n```\n```text file=f\none\n```\n```text file=f\ntwo\n```\n"
                      "```diff\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n```\n"
                      "```console\n$ cat f; echo $x; echo err >&2; (exit 7)\none\nthree\n1\nerr\n```\n");
    cr_assert(document.count == 6);
    run_commands("sample", &document);
    cr_expect(eq(int, document.commands[5].status, 7));
    document_free(&document);
}

Test(documents, output_is_compared_but_for_what_varies)
{
    cr_expect(document_is_as_shown("a\nb\n", "a\nb\n"));
    cr_expect(document_is_as_shown("a 0.12 s\n", "a 13.5 s\n"));
    cr_expect(document_is_as_shown("a\n...\nz\n", "a\nb\nc\nz\n"));
    cr_expect(document_is_as_shown("a\n...\n", "a\n"));
    cr_expect(document_is_as_shown("see ...: no\n", "see /tmp/x: no\n"));
    cr_expect(document_is_as_shown("a\n", "a  \n"));
    cr_expect(not(document_is_as_shown("a\nb\n", "a\n")));
    cr_expect(not(document_is_as_shown("a\n", "a\nb\n")));
    cr_expect(not(document_is_as_shown("a\n...\nz\n", "a\nb\n")));
    cr_expect(not(document_is_as_shown("12 states\n", "13 states\n")));
    cr_expect(not(document_is_as_shown("0.1 s\n", "1 s\n")));
    cr_expect(not(document_is_as_shown("  a\n", "a\n")));
}
