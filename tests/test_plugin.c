/* Plugins and the library: protocols and properties from outside the tree, bad ones, and handlers that misbehave. */
#include "tests/run_program.h"

#define PLUGINS "tests/data/plugins/"

static void run_well(const char *const *arguments)
{
    struct ran ran = run_in(project_root(), arguments);
    EXPECT_STATUS(ran, 0);
    forget(&ran);
}

/* ---- Good ones ---- */

Test(plugin, a_protocol_of_ones_own_is_checked)
{
    struct ran ran = GAINSAY("check", "examples/token_ring.c");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "gainsay: holds protocol=token-ring ");
    EXPECT_IN(ran.out, "one-holder");
    forget(&ran);
}

Test(plugin, mutants_of_ones_own_protocol_are_killed)
{
    struct ran ran = GAINSAY("mutants", "examples/token_ring.c");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "protocol=token-ring mutants=2 killed=2");
    forget(&ran);
}

Test(plugin, a_protocol_of_ones_own_is_described)
{
    struct ran ran = GAINSAY("describe", "examples/token_ring.c");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "timer of a node");
    EXPECT_IN(ran.out, "durable");
    forget(&ran);
}

Test(plugin, a_property_of_ones_own_is_judged)
{
    struct ran ran = GAINSAY("check", "two-phase-commit", "--property", "examples/no_early_commit.c", "--json", "-");
    EXPECT_STATUS(ran, 0);
    json_t *report = parse_json(ran.out);
    cr_expect(eq(str, (char *)json_string_of(json_property(report, "no-early-commit"), "verdict"), "proved"));
    cr_expect(eq(str, (char *)json_string_of(json_property(report, "consistent"), "verdict"), "proved"));
    json_decref(report);
    forget(&ran);
}

Test(plugin, a_violated_property_of_ones_own_gives_a_trace_that_replays)
{
    char *directory = make_test_directory();
    char *path = text_of("%s/a.trace", directory);
    struct ran ran = GAINSAY("check", "two-phase-commit", "--property", "examples/no_early_commit.c", "--property",
                             "no-early-commit", "--mutant", "commit-on-one-vote", "--trace", path);
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "property=no-early-commit");
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "a.trace");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    free(path);
    remove_test_directory(directory);
}

Test(plugin, several_violated_properties_each_get_a_file)
{
    char *directory = make_test_directory();
    char *path = text_of("%s/a.trace", directory);
    struct ran ran =
        GAINSAY("check", "two-phase-commit", "--preset", "small", "--property", "examples/no_early_commit.c",
                "--mutant", "commit-on-one-vote", "--keep-going", "--trace", path);
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "a.trace", "a.no-early-commit.trace", "a.all-votes-counted.trace");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    free(path);
    remove_test_directory(directory);
}

/* Also that what was compiled is gone afterwards. */
Test(plugin, paths_with_blanks_and_quotes_are_no_trouble)
{
    char *directory = make_test_directory();
    char *odd = text_of("%s/it's a \"dir\" $x", directory), *temporary = text_of("%s/t m p", directory);
    char *source = text_of("%s/token ring.c", odd), *example = text_of("%s/examples/token_ring.c", project_root());
    cr_assert(mkdir(odd, 0777) == 0 && mkdir(temporary, 0777) == 0);
    copy_file(example, source);
    setenv("TMPDIR", temporary, 1);
    struct ran ran = GAINSAY_IN(odd, "check", "token ring.c", "--mutant", "keep-token", "--trace", "a b.trace");
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    ran = GAINSAY_IN(directory, "replay", "it's a \"dir\" $x/a b.trace");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    cr_expect(rmdir(temporary) == 0, "something was left in TMPDIR");
    free(source);
    free(example);
    free(temporary);
    free(odd);
    remove_test_directory(directory);
}

Test(plugin, headers_beside_the_source_are_found)
{
    char *directory = make_test_directory();
    char *source = text_of("%s/a.c", directory), *header = text_of("%s/misbehaving.h", directory);
    char *from = text_of("%s/" PLUGINS "failed_assert.c", project_root());
    char *header_from = text_of("%s/" PLUGINS "misbehaving.h", project_root());
    copy_file(from, source);
    copy_file(header_from, header);
    struct ran ran = GAINSAY("check", source);
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "well-behaved");
    forget(&ran);
    free(source);
    free(header);
    free(from);
    free(header_from);
    remove_test_directory(directory);
}

Test(plugin, a_shared_object_is_loaded)
{
    char *directory = make_test_directory();
    char *object = text_of("%s/ring.so", directory), *trace = text_of("%s/a.trace", directory);
    run_well((const char *const[]){"cc", "-std=c11", "-O2", "-fPIC", "-shared", "-I.", "-o", object,
                                   "examples/token_ring.c", NULL});
    struct ran ran = GAINSAY("check", object, "--mutant", "accept-old-token", "--trace", trace);
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "6 steps");
    forget(&ran);
    ran = GAINSAY_IN(directory, "check", "ring.so", "--quiet"); /* no slash: not to be looked for elsewhere */
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    ran = GAINSAY_IN("/", "replay", trace);
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    free(object);
    free(trace);
    remove_test_directory(directory);
}

Test(plugin, replay_may_be_told_another_protocol_file)
{
    char *directory = make_test_directory();
    char *source = text_of("%s/moved.c", directory), *trace = text_of("%s/a.trace", directory);
    char *example = text_of("%s/examples/token_ring.c", project_root());
    copy_file(example, source);
    struct ran ran = GAINSAY("check", source, "--mutant", "keep-token", "--trace", trace);
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    cr_assert(remove(source) == 0);
    ran = GAINSAY("replay", trace);
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "moved.c");
    forget(&ran);
    ran = GAINSAY("replay", trace, "--protocol", "examples/token_ring.c");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    ran = GAINSAY("replay", trace, "--protocol", "two-phase-commit");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "token-ring");
    forget(&ran);
    free(source);
    free(trace);
    free(example);
    remove_test_directory(directory);
}

/* Its own model, though gainsay has one under the same name. */
Test(plugin, a_changed_copy_of_a_shipped_protocol_is_its_own)
{
    char *directory = make_test_directory();
    char *source = text_of("%s/copy.c", directory), *from = text_of("%s/protocols/two_phase_commit.c", project_root());
    char *text = read_file(from);
    char *title = strstr(text, "atomic commit");
    cr_assert(title != NULL);
    memcpy(title, "ATOMIC COMMIT", strlen("ATOMIC COMMIT"));
    char *plugin = text_of("%s\nGS_EXPORT_MODEL(two_phase_commit);\n", text);
    write_file(source, plugin);
    struct ran ran = GAINSAY("describe", source);
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "two-phase-commit: ATOMIC COMMIT");
    forget(&ran);
    free(source);
    free(from);
    free(text);
    free(plugin);
    remove_test_directory(directory);
}

/* ---- Bad ones ---- */

struct bad_plugin {
    const char *file, *said;
};

static const struct bad_plugin bad_plugins[] = {
    {"compile_error.c", "compile_error.c: does not compile, see above"},
    {"missing_symbol.c", "missing_symbol.c: exports no gainsay_plugin"},
    {"other_symbol.c", "other_symbol.c: gainsay_plugin is not a struct gs_plugin"},
    {"wrong_version.c", "wrong_version.c: made for interface version 5, this gainsay has version 4"},
    {"wrong_size.c", "wrong_size.c: its struct gs_model has "},
    {"nothing_exported.c", "nothing_exported.c: gainsay_plugin exports neither"},
    {"undefined_function.c", "undefined symbol: gs_no_such_function"},
    {"misnamed_field.c", "uses field valeu"},
    {"undescribed_byte.c", "byte 1 "},
    {"properties_for_another.c", "holds properties, not a protocol"},
    {"no_such_file.c", "No such file"},
    {".", "."},
};

Test(plugin, bad_ones_are_refused_with_exit_2)
{
    for (size_t i = 0; i < sizeof(bad_plugins) / sizeof(*bad_plugins); i++) {
        char *path = text_of(PLUGINS "%s", bad_plugins[i].file);
        struct ran ran = GAINSAY("check", path);
        EXPECT_STATUS(ran, 2);
        EXPECT_IN(ran.err, bad_plugins[i].said);
        EXPECT_IN(ran.err, "gainsay: check: ");
        cr_expect(ran.out[0] == '\0', "%s", ran.out);
        forget(&ran);
        free(path);
    }
}

Test(plugin, the_compilers_words_are_shown)
{
    struct ran ran = GAINSAY("check", PLUGINS "compile_error.c");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, PLUGINS "compile_error.c:4:");
    EXPECT_IN(ran.err, "nam");
    forget(&ran);
}

Test(plugin, bad_properties_are_refused_with_exit_2)
{
    static const struct bad_plugin bad[] = {
        {PLUGINS "properties_for_another.c",
         "its properties are for protocol 'token-ring', this is 'two-phase-commit'"},
        {"examples/token_ring.c", "holds a protocol, not properties"},
        {PLUGINS "compile_error.c", "does not compile"},
        {"no_such_file.so", "--property no_such_file.so: No such file"},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct ran ran = GAINSAY("check", "two-phase-commit", "--property", bad[i].file);
        EXPECT_STATUS(ran, 2);
        EXPECT_IN(ran.err, bad[i].said);
        forget(&ran);
    }
}

Test(plugin, the_same_properties_twice_are_refused)
{
    struct ran ran = GAINSAY("check", "two-phase-commit", "--property", "examples/no_early_commit.c", "--property",
                             "examples/no_early_commit.c");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "there is a property 'no-early-commit' already");
    forget(&ran);
}

Test(plugin, a_file_that_is_no_object_is_refused)
{
    char *directory = make_test_directory();
    char *object = text_of("%s/text.so", directory);
    write_file(object, "not an object\n");
    struct ran ran = GAINSAY("check", object);
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "text.so: not a shared object");
    forget(&ran);
    free(object);
    remove_test_directory(directory);
}

Test(plugin, a_missing_compiler_is_named)
{
    setenv("CC", "no-such-compiler -x", 1);
    struct ran ran = GAINSAY("check", "examples/token_ring.c");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "cannot run the compiler 'no-such-compiler'");
    forget(&ran);
}

Test(plugin, a_missing_temporary_directory_is_named)
{
    setenv("TMPDIR", "/nonexistent", 1);
    struct ran ran = GAINSAY("check", "examples/token_ring.c");
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "TMPDIR");
    forget(&ran);
}

Test(plugin, the_compiler_may_have_arguments)
{
    setenv("CC", "cc -DGAINSAY_TEST=1", 1);
    struct ran ran = GAINSAY("check", "examples/token_ring.c", "--quiet");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
}

/* ---- Handlers that misbehave ---- */

struct misbehaviour {
    const char *name;
    json_int_t steps;
    const char *said;
};

static const struct misbehaviour misbehaviours[] = {
    {"unhandled_event", 4, "ping"},
    {"false_that_changed", 3, "count"},
    {"static_counter", 3, "nondeterministic handler"},
    {"uninitialised_stack", 3, "nondeterministic handler"},
    {"failed_assert", 3, "failed_assert.c:6"},
    {"segfault", 3, "SIGSEGV"},
    {"division_by_zero", 3, "SIGFPE"},
    {"aborts", 3, "SIGABRT"},
    {"endless_loop", 3, "did not return"},
    {"stack_overflow", 3, "SIGSEGV"},
    {"message_to_nobody", 3, "nobody"},
    {"too_many_sends", 3, "1024"},
    {"too_many_choices", 3, "16"},
};

static void expect_finding(const struct misbehaviour *misbehaviour, const char *source, const char *trace)
{
    struct ran ran = GAINSAY("check", source, "--trace", trace, "--json", "-");
    EXPECT_STATUS(ran, 1);
    json_t *report = parse_json(ran.out), *property = json_property(report, "well-behaved");
    cr_expect(eq(str, (char *)json_string_of(property, "verdict"), "violated"), "%s", misbehaviour->name);
    cr_expect(eq(i64, json_number(property, "steps"), misbehaviour->steps), "%s", misbehaviour->name);
    EXPECT_IN(json_string_of(property, "explanation"), misbehaviour->said);
    json_decref(report);
    forget(&ran);
}

Test(plugin, misbehaving_handlers_are_findings_whose_traces_replay, .timeout = 120)
{
    char *directory = make_test_directory();
    for (size_t i = 0; i < sizeof(misbehaviours) / sizeof(*misbehaviours); i++) {
        char *source = text_of(PLUGINS "%s.c", misbehaviours[i].name);
        char *trace = text_of("%s/%s.trace", directory, misbehaviours[i].name);
        expect_finding(&misbehaviours[i], source, trace);
        struct ran ran = GAINSAY_IN(directory, "replay", trace);
        EXPECT_STATUS(ran, 0);
        EXPECT_IN(ran.out, "reproduces: well-behaved is violated");
        forget(&ran);
        free(source);
        free(trace);
    }
    remove_test_directory(directory);
}

/* ---- The library ---- */

Test(library, a_program_that_links_it_searches, .timeout = 60)
{
    char *directory = make_test_directory();
    char *build = text_of("%s", program_path());
    *strrchr(build, '/') = '\0';
    char *archive = text_of("%s/libgainsay.a", build), *program = text_of("%s/library_use", directory);
    run_well((const char *const[]){"cc", "-std=c11", "-I.", sanitizers_of(build), "examples/library_use.c", archive,
                                   "-lxxhash", "-ldl", "-pthread", "-o", program, NULL});
    struct ran ran = run_in(NULL, (const char *const[]){program, "3", NULL});
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "288 states, 761 transitions, depth 10\n");
    EXPECT_IN(ran.out, "consistent: proved\n");
    forget(&ran);
    ran = run_in(NULL, (const char *const[]){program, "99", NULL});
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "resource-managers");
    forget(&ran);
    free(build);
    free(archive);
    free(program);
    remove_test_directory(directory);
}
