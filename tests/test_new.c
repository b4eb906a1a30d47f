/* gainsay new: the project works at once, bad input makes none, and what fails half-way leaves nothing. */
#include "tests/run_program.h"

#include "tests/installed.h"

static char *directory;

static void make_place(void)
{
    directory = make_test_directory();
}

static void remove_place(void)
{
    remove_test_directory(directory);
}

TestSuite(new, .init = make_place, .fini = remove_place);

#define NEW(...) GAINSAY_IN(directory, "new", __VA_ARGS__)
#define SHELL(command) run_in(directory, (const char *const[]){"timeout", "100", "sh", "-c", command, NULL})

static void expect_success(struct ran ran)
{
    EXPECT_STATUS(ran, 0);
    cr_expect(ran.err[0] == '\0', "%s", ran.err);
    forget(&ran);
}

/* One line on standard error with this in it, exit 2, and nothing else. */
static void expect_refusal(struct ran ran, const char *reason)
{
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, reason);
    cr_expect(strchr(ran.err, '\n') == ran.err + strlen(ran.err) - 1, "not one line: %s", ran.err);
    cr_expect(ran.out[0] == '\0', "%s", ran.out);
    forget(&ran);
}

static void expect_entries(const char *expected)
{
    struct ran ran = SHELL("find . -mindepth 1 | sort | tr '\\n' ' '");
    cr_expect(eq(str, ran.out, (char *)expected));
    forget(&ran);
}

/* ---- The project ---- */

Test(new, a_project_has_all_that_its_readme_speaks_of)
{
    expect_success(NEW("my-lock"));
    expect_entries("./my-lock ./my-lock/.github ./my-lock/.github/workflows ./my-lock/.github/workflows/gainsay.yml "
                   "./my-lock/.gitignore ./my-lock/Makefile ./my-lock/README.md ./my-lock/my-lock-properties.c "
                   "./my-lock/my-lock.c ./my-lock/my-lock.h ./my-lock/suite.ini ./my-lock/traces "
                   "./my-lock/traces/accept-old-release.trace ");
}

Test(new, it_says_what_to_do_next)
{
    struct ran ran = NEW("demo");
    EXPECT_IN(ran.out, "found in 11 steps");
    EXPECT_IN(ran.out, "\n  cd demo && make check ");
    EXPECT_IN(ran.out, "\n  make bug ");
    EXPECT_IN(ran.out, "\n  demo.c ");
    expect_success(ran);
}

Test(new, a_project_holds_finds_its_bug_and_cleans_up_where_gainsay_is_installed)
{
    install_program(directory);
    expect_success(SHELL("gainsay new my-lock"));
    struct ran ran = SHELL("cd my-lock && make check");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "suite holds runs=5 failed=0");
    forget(&ran);
    ran = SHELL("cd my-lock && make bug");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "mutual-exclusion is violated in 11 steps");
    forget(&ran);
    ran = SHELL("cd my-lock && gainsay check ./my-lock.so --property ./my-lock-properties.so --quiet");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    expect_success(SHELL("cd my-lock && make clean && test ! -e my-lock.so"));
}

Test(new, its_plugins_compile_without_a_warning)
{
    install_program(directory);
    expect_success(SHELL("gainsay new demo"));
    expect_success(SHELL("cd demo && make CFLAGS=-Werror"));
    expect_success(SHELL("! command -v clang >/dev/null || make -C demo -B CC=clang CFLAGS=-Werror"));
}

Test(new, its_suite_fails_when_its_protocol_is_broken_and_keeps_the_counterexample)
{
    install_program(directory);
    expect_success(SHELL("gainsay new demo"));
    expect_success(SHELL("cd demo && sed -i 's/(struct client, ticket, GS_DURABLE)/(struct client, ticket)/' demo.c"));
    struct ran ran = SHELL("cd demo && make check");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.out, "FAILED  reboots ");
    EXPECT_IN(ran.out, "failed=1");
    forget(&ran);
    ran = SHELL("cd demo && gainsay replay found/*.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "server-knows is violated in 7 steps");
    forget(&ran);
}

Test(new, its_makefile_says_what_is_missing)
{
    expect_success(NEW("demo"));
    forget_outer_make();
    struct ran ran = SHELL("cd demo && make check GAINSAY=/nonexistent/gainsay");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "/nonexistent/gainsay is not in PATH");
    forget(&ran);
    ran = SHELL("cd demo && ln -s \"$GAINSAY\" gainsay && PKG_CONFIG_PATH= PKG_CONFIG_LIBDIR=/ make check "
                "GAINSAY=./gainsay");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "pkg-config does not find gainsay");
    forget(&ran);
}

Test(new, its_trace_replays)
{
    expect_success(NEW("my-lock"));
    struct ran ran = GAINSAY_IN(directory, "replay", "my-lock/traces/accept-old-release.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "reproduces: mutual-exclusion is violated in 11 steps");
    forget(&ran);
}

Test(new, the_name_replaces_the_templates_everywhere)
{
    expect_success(NEW("one-two-3"));
    struct ran ran = SHELL("grep -rniE 'lock.service' one-two-3");
    cr_expect(eq(str, ran.out, ""));
    forget(&ran);
    expect_success(SHELL("grep -q 'gs_model one_two_3_model' one-two-3/one-two-3.c && "
                         "grep -q 'ifndef ONE_TWO_3_NODES_H' one-two-3/one-two-3.h && "
                         "grep -q 'protocol = \"one-two-3\"' one-two-3/one-two-3-properties.c && "
                         "grep -q '^check = one-two-3.c' one-two-3/suite.ini && "
                         "grep -q 'one-two-3.so: \\|one-two-3.so one' one-two-3/Makefile"));
}

/* Keywords, names that the protocol's own code uses, headers of the system and of Gainsay. */
Test(new, any_good_name_compiles)
{
    static const char *const names[] = {"int", "server", "stdint", "string", "gainsay", "message", "a-1", "core"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        char *properties = text_of("%s/%s-properties.c", names[i], names[i]),
             *file = text_of("%s/%s.c", names[i], names[i]);
        expect_success(NEW(names[i]));
        expect_success(GAINSAY_IN(directory, "check", file, "--property", properties, "--quiet"));
        free(file);
        free(properties);
    }
}

Test(new, the_workflow_is_yaml_that_checks)
{
    static const char look[] = "import sys, yaml\n"
                               "w = yaml.safe_load(open('demo/.github/workflows/gainsay.yml'))\n"
                               "steps = w['jobs']['check']['steps']\n"
                               "assert all(('run' in s) != ('uses' in s) for s in steps)\n"
                               "assert any(s.get('run', '').startswith('make check') for s in steps)\n"
                               "assert steps[-1]['if'] == 'always()' and 'found/' in steps[-1]['with']['path']\n";
    char *path = text_of("%s/look.py", directory);
    write_file(path, look);
    expect_success(NEW("demo"));
    expect_success(SHELL("! grep -n '\t' demo/.github/workflows/gainsay.yml"));
    expect_success(SHELL("! python3 -c 'import yaml' 2>/dev/null || python3 look.py"));
    free(path);
}

/* ---- The template itself ---- */

Test(new, the_template_holds_in_every_preset_with_its_property_from_outside)
{
    static const char *const presets[] = {"quick", "small", "reboots"};
    for (size_t i = 0; i < sizeof(presets) / sizeof(*presets); i++) {
        struct ran ran = GAINSAY("check", "cli/starter/lock-service.c", "--property",
                                 "cli/starter/lock-service-properties.c", "--preset", presets[i], "--quiet");
        EXPECT_STATUS(ran, 0);
        forget(&ran);
    }
}

Test(new, the_property_from_outside_finds_the_bug_earlier)
{
    struct ran ran =
        GAINSAY("check", "cli/starter/lock-service.c", "--property", "cli/starter/lock-service-properties.c",
                "--preset", "small", "--mutant", "accept-old-release");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "server-knows is violated in 8 steps");
    forget(&ran);
}

/* ---- Where it goes ---- */

Test(new, an_empty_directory_will_do_and_one_with_only_a_repository_in_it)
{
    expect_success(SHELL("mkdir -p empty cloned/.git"));
    expect_success(NEW("empty/"));
    expect_success(NEW("cloned"));
    expect_success(SHELL("test -f empty/empty.c && test -f cloned/cloned.c && test -d cloned/.git"));
}

Test(new, this_directory_gives_the_protocol_its_name)
{
    char *here = text_of("%s/here", directory);
    cr_assert(mkdir(here, 0777) == 0);
    struct ran ran = GAINSAY_IN(here, "new", ".");
    EXPECT_IN(ran.out, "protocol here works");
    EXPECT_NOT_IN(ran.out, "cd .");
    expect_success(ran);
    free(here);
}

Test(new, a_name_of_ones_own_goes_into_any_directory)
{
    expect_success(NEW("It's a (dir) $x", "--protocol", "ring"));
    expect_success(SHELL("test -f \"It's a (dir) \\$x/ring.c\""));
}

Test(new, what_exists_is_not_touched)
{
    expect_success(SHELL("mkdir full && echo mine > full/README.md && echo mine > file"));
    expect_refusal(NEW("full"), "new: full: is not empty (there is README.md): name a new directory");
    expect_refusal(NEW("file"), "new: file: exists, and is not a directory");
    expect_refusal(NEW("a/b"), "new: a/b: No such file or directory");
    expect_refusal(NEW("file/b"), "new: file/b: Not a directory");
    expect_entries("./file ./full ./full/README.md ");
    expect_success(SHELL("test \"$(cat full/README.md file | uniq)\" = mine"));
}

Test(new, bad_names_are_refused_with_one_that_will_do)
{
    expect_refusal(NEW("My_Lock"), "DIR My_Lock: its last part names the protocol");
    expect_refusal(NEW("My_Lock"), "try --protocol my-lock\n");
    expect_refusal(NEW("x", "--protocol", "9Lives!"), "--protocol 9Lives!: ");
    expect_refusal(NEW("x", "--protocol", "9Lives!"), "try --protocol lives\n");
    expect_refusal(NEW("x", "--protocol", "a--b"), "try --protocol a-b\n");
    expect_refusal(NEW("x", "--protocol", "-"), "name one with --protocol NAME\n");
    expect_refusal(NEW("x", "--protocol", "../y"), "try --protocol y\n");
    expect_refusal(NEW("x", "--protocol", "a-name-that-is-longer-than-sixty-four-characters-which-is-a-great-many"),
                   "at most 64 characters");
    expect_refusal(NEW(""), "new: ");
    expect_refusal(NEW("/"), "DIR /: ");
    expect_refusal(NEW("a", "b"), "one directory at a time");
    expect_refusal(GAINSAY_IN(directory, "new"), "which directory?");
    expect_refusal(NEW("x", "--protocl", "y"), "did you mean '--protocol'?");
    expect_entries("");
}

/* ---- Failing half-way ---- */

static void expect_failure(const char *command, const char *reason)
{
    struct ran ran = SHELL(command);
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, reason);
    EXPECT_IN(ran.err, "nothing is left of demo");
    forget(&ran);
}

Test(new, a_file_that_cannot_be_written_leaves_nothing_behind)
{
    expect_failure("trap '' XFSZ; ulimit -f 4; \"$GAINSAY\" new demo", "demo/demo.c: File too large");
    expect_entries("");
    expect_failure("mkdir demo; trap '' XFSZ; ulimit -f 4; \"$GAINSAY\" new demo", "demo/demo.c: File too large");
    expect_entries("./demo ");
}

Test(new, without_a_compiler_nothing_is_made)
{
    expect_failure("CC=/nonexistent/cc \"$GAINSAY\" new demo", "cannot run the compiler '/nonexistent/cc'");
    expect_failure("CC=false \"$GAINSAY\" new demo", "demo/demo.c: does not compile");
    expect_entries("");
}

Test(new, an_interruption_leaves_nothing_behind)
{
    char *compiler = text_of("%s/compiler", directory);
    write_file(compiler, "#!/bin/sh\nkill -INT $PPID\nexec cc \"$@\"\n");
    cr_assert(chmod(compiler, 0755) == 0);
    expect_failure("CC=$PWD/compiler \"$GAINSAY\" new demo", "new: interrupted; nothing is left of demo");
    expect_entries("./compiler ");
    free(compiler);
}
