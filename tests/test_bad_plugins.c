/* Plugins that cannot be: whatever a stranger's file does when it is opened, loaded, looked at or unloaded. Those that
 * are well formed but wrong are in test_plugin.c, handlers that misbehave in test_misbehaviour.c. */
#include "tests/bad_input.h"

#define PLUGINS "tests/data/plugins/"

/* Compiles it in the project's root. */
static void make_object(const char *source, const char *object)
{
    struct ran ran = run_in(project_root(), (const char *const[]){"cc", "-std=c11", "-O1", "-fPIC", "-shared", "-I.",
                                                                  "-o", object, source, NULL});
    EXPECT_STATUS(ran, 0);
    forget(&ran);
}

/* By every subcommand that takes a protocol's file, and as properties. */
static void expect_plugin_refused(const char *place, const char *file, const char *said)
{
    EXPECT_REFUSED(place, said, "check", file);
    EXPECT_REFUSED(place, said, "describe", file);
    EXPECT_REFUSED(place, said, "mutants", file);
    EXPECT_REFUSED(place, said, "check", "raft", "--property", file);
}

/* A trace that names it leads there too. */
static void expect_trace_of_plugin_refused(const char *place, const char *file, const char *said)
{
    char *trace = path_in(place, "a.trace");
    char *text = text_of("{\"gainsay_trace\":1,\"protocol\":\"x\",\"model\":\"0123456789abcdef\",\"options\":{},"
                         "\"mutants\":[],\"network\":\"set\",\"copies\":1,\"capacity\":8,\"budgets\":{},\"property\":"
                         "\"y\",\"kind\":\"always\",\"explanation\":\"\",\"seed\":null,\"plugin\":\"%s\"}\n",
                         file);
    write_file(trace, text);
    EXPECT_REFUSED(place, said, "replay", "a.trace");
    EXPECT_REFUSED(place, "show: a.trace:1: plugin ", "show", "a.trace");
    free(text);
    free(trace);
}

static const struct {
    int how; /* of constructor.c */
    const char *said;
} endings[] = {
    {1, "constructor.c: crashes when it is loaded: Segmentation fault"},
    {2, "constructor.c: crashes when it is loaded: Aborted"},
    {3, "constructor.c: ends the program when it is loaded (exit status 0)"},
    {4, "constructor.c: ends the program when it is loaded (exit status 3)"},
    {5, "constructor.c: does not return when it is loaded"},
    {6, "constructor.c: does not return when it is loaded"},
    {7, "constructor.c: crashes when it is unloaded: Bus error"},
    {8, "constructor.c: crashes when its tables are read: Segmentation fault"},
};

Test(bad_plugins, what_they_do_when_loaded_is_named, .timeout = 60)
{
    char *place = make_place(), *source = text_of("%s/" PLUGINS "constructor.c", project_root());
    for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
        char *compiler = text_of("cc -DHOW=%d", endings[i].how);
        setenv("CC", compiler, 1);
        EXPECT_REFUSED(place, endings[i].said, "check", source);
        free(compiler);
    }
    setenv("CC", "cc -DHOW=0", 1);
    struct ran ran = GAINSAY("check", source, "--quiet");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    free(source);
    remove_test_directory(place);
}

Test(bad_plugins, a_crash_when_loaded_is_the_same_to_every_subcommand, .timeout = 60)
{
    char *place = make_place(), *source = text_of("%s/" PLUGINS "constructor.c", project_root());
    setenv("CC", "cc -DHOW=1", 1);
    expect_plugin_refused(place, source, "crashes when it is loaded: Segmentation fault");
    expect_trace_of_plugin_refused(place, source, "crashes when it is loaded: Segmentation fault");
    free(source);
    remove_test_directory(place);
}

Test(bad_plugins, what_is_no_file_is_named)
{
    char *place = make_place(), *directory = path_in(place, "directory.so"), *pipe = path_in(place, "pipe.c");
    char *loop = path_in(place, "loop.so");
    cr_assert(mkdir(directory, 0777) == 0 && mkfifo(pipe, 0600) == 0 && symlink("loop.so", loop) == 0);
    expect_plugin_refused(place, "missing.so", "missing.so: No such file");
    expect_plugin_refused(place, "missing.c", "missing.c: No such file");
    expect_plugin_refused(place, "directory.so", "directory.so: not a file");
    expect_plugin_refused(place, "pipe.c", "pipe.c: not a file");
    expect_plugin_refused(place, "loop.so", "loop.so: Too many levels of symbolic links");
    expect_trace_of_plugin_refused(place, "directory.so", "a.trace:1: plugin ");
    free(loop);
    free(pipe);
    free(directory);
    remove_test_directory(place);
}

Test(bad_plugins, what_may_not_be_read_is_named)
{
    skip_unless_root_can_be_dropped();
    char *place = make_place(), *source = path_in(place, "secret.c"), *object = path_in(place, "secret.so");
    write_file(source, "");
    write_file(object, "");
    cr_assert(chmod(place, 0755) == 0 && chmod(source, 0) == 0 && chmod(object, 0) == 0);
    EXPECT_REFUSED_WITHOUT_ROOT(place, "secret.c: Permission denied", "check", "secret.c");
    EXPECT_REFUSED_WITHOUT_ROOT(place, "secret.so: Permission denied", "describe", "secret.so");
    free(object);
    free(source);
    remove_test_directory(place);
}

Test(bad_plugins, what_is_no_shared_object_is_named)
{
    static const char *const texts[] = {"", "\x7f", "ELF", "#!/bin/sh\n", "not an object\n"};
    char *place = make_place(), *object = path_in(place, "a.so");
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        write_file(object, texts[i]);
        expect_plugin_refused(place, "a.so", "a.so: not a shared object (no ELF file)");
    }
    write_file(object, "\x7f"
                       "ELF");
    expect_plugin_refused(place, "a.so", "a.so: truncated: it has 4 bytes, its headers speak of");
    unlink(object);
    cr_assert(symlink(program_path(), object) == 0); /* an executable */
    expect_plugin_refused(place, "a.so", "a.so: ");
    free(object);
    remove_test_directory(place);
}

/* Touching what is missing would be a SIGBUS. */
Test(bad_plugins, a_truncated_object_is_refused_wherever_it_ends, .timeout = 60)
{
    char *place = make_place(), *object = path_in(place, "ring.so");
    struct stat status;
    make_object("examples/token_ring.c", object);
    cr_assert(stat(object, &status) == 0);
    for (off_t size = status.st_size - 1; size > 4; size -= size > 200 ? 97 + size / 20 : 7) {
        cr_assert(truncate(object, size) == 0);
        EXPECT_REFUSED(place, "ring.so: truncated: it has ", "check", "ring.so");
    }
    free(object);
    remove_test_directory(place);
}

/* Damage inside is found by the loader, by a crash in the other process, or not at all: never a crash of the program.
 */
Test(bad_plugins, a_damaged_object_never_crashes_the_program, .timeout = 60)
{
    enum { STEP = 61, HEADERS = 1024 };
    char *place = make_place(), *object = path_in(place, "ring.so");
    make_object("examples/token_ring.c", object);
    const int file = open(object, O_RDWR | O_CLOEXEC);
    for (off_t at = 4; at < HEADERS; at += STEP) {
        char byte, damaged = '\xff';
        cr_assert(pread(file, &byte, 1, at) == 1 && pwrite(file, &damaged, 1, at) == 1);
        struct ran ran = GAINSAY_IN(place, "describe", "ring.so");
        cr_expect(ran.status == 0 || (ran.status == 2 && is_one_line(ran.err)), "byte %d: exit %d: %s", (int)at,
                  ran.status, ran.err);
        forget(&ran);
        cr_assert(pwrite(file, &byte, 1, at) == 1);
    }
    close(file);
    free(object);
    remove_test_directory(place);
}

static const char *const malformed[][2] = {
    {"missing_symbol.c", "exports no gainsay_plugin"},
    {"other_symbol.c", "gainsay_plugin is not a struct gs_plugin"},
    {"wrong_version.c", "made for interface version 5, this gainsay has version 4: compile it again"},
    {"wrong_size.c", "its struct gs_model has "},
    {"nothing_exported.c", "exports neither a model nor properties"},
    {"undefined_function.c", "undefined symbol: gs_no_such_function"},
    {"undescribed_byte.c", "byte 1 "},
};

Test(bad_plugins, malformed_objects_are_refused_in_one_line, .timeout = 60)
{
    char *place = make_place(), *object = path_in(place, "a.so");
    for (size_t i = 0; i < sizeof(malformed) / sizeof(*malformed); i++) {
        char *source = text_of(PLUGINS "%s", malformed[i][0]);
        make_object(source, object);
        EXPECT_REFUSED(place, malformed[i][1], "check", "a.so");
        EXPECT_REFUSED(place, malformed[i][1], "describe", "./a.so");
        free(source);
    }
    free(object);
    remove_test_directory(place);
}

/* The compiler says more; the program says one line, and leaves nothing. */
Test(bad_plugins, what_does_not_compile_leaves_nothing)
{
    char *place = make_place(), *source = path_in(place, "a.c");
    char *before, *after;
    write_file(source, "\x80\x01\xff binary\n");
    before = list_place(place);
    struct ran ran = GAINSAY_IN(place, "check", "a.c");
    after = list_place(place);
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, "gainsay: check: a.c: does not compile, see above\n");
    cr_expect(eq(str, after, before));
    cr_expect(ran.out[0] == '\0', "%s", ran.out);
    forget(&ran);
    setenv("CC", "false", 1);
    EXPECT_REFUSED(place, "a.c: does not compile", "check", "a.c");
    setenv("CC", "true", 1); /* it makes nothing */
    EXPECT_REFUSED(place, "a.c: ", "check", "a.c");
    free(before);
    free(after);
    free(source);
    remove_test_directory(place);
}
