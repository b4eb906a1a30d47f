/* Trace files that are none, through the program: what each reader of traces does with them. */
#include "tests/bad_input.h"

static const char *const readers[] = {"replay", "show"};
enum { READERS = sizeof(readers) / sizeof(*readers) };

/* Bytes that may hold NULs. */
static void write_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "we");
    cr_assert(file != NULL);
    cr_assert(fwrite(bytes, 1, size, file) == size);
    cr_assert(fclose(file) == 0);
}

static void expect_file_refused(const char *place, const char *path, const char *said)
{
    for (size_t i = 0; i < READERS; i++)
        EXPECT_REFUSED(place, said, readers[i], path);
}

/* A file "bad.trace" of this text. */
static void expect_text_refused(const char *place, const char *text, const char *said)
{
    char *path = path_in(place, "bad.trace");
    write_file(path, text);
    expect_file_refused(place, "bad.trace", said);
    free(path);
}

/* A counterexample of six lines in PLACE/good.trace. Its text; owned by the caller. */
static char *make_trace(const char *place)
{
    char *path = path_in(place, "good.trace");
    struct ran ran =
        GAINSAY("check", "two-phase-commit", "--preset", "small", "--mutant", "commit-on-one-vote", "--trace", path);
    EXPECT_STATUS(ran, 1);
    forget(&ran);
    char *text = read_file(path);
    free(path);
    return text;
}

/* The text with `old` (the first there is) replaced. Owned by the caller. */
static char *with(const char *text, const char *old, const char *new)
{
    const char *found = strstr(text, old);
    cr_assert(found != NULL, "no %s in %s", old, text);
    return text_of("%.*s%s%s", (int)(found - text), text, new, found + strlen(old));
}

/* ---- What is no file of text ---- */

Test(bad_traces, what_cannot_be_opened_is_named)
{
    char *place = make_place(), *loop = path_in(place, "loop"), *none = path_in(place, "none"), *endless;
    cr_assert(symlink("loop", loop) == 0 && symlink("nowhere", none) == 0);
    endless = text_of("%05000d.trace", 0);
    expect_file_refused(place, "missing.trace", "missing.trace: cannot read: No such file");
    expect_file_refused(place, "none", "none: cannot read: No such file");
    expect_file_refused(place, "loop", "loop: cannot read: Too many levels of symbolic links");
    expect_file_refused(place, "tmp", "tmp: cannot read: Is a directory");
    expect_file_refused(place, "/dev/null/x", "/dev/null/x: cannot read: Not a directory");
    expect_file_refused(place, endless, "cannot read: File name too long");
    expect_file_refused(place, "", "an argument is empty");
    expect_file_refused(place, "new\nline\x1b[31m", "new?line?[31m: cannot read: No such file");
    free(endless);
    free(none);
    free(loop);
    remove_test_directory(place);
}

Test(bad_traces, what_may_not_be_read_is_named)
{
    skip_unless_root_can_be_dropped();
    char *place = make_place(), *path = path_in(place, "good.trace");
    free(make_trace(place));
    cr_assert(chmod(place, 0755) == 0 && chmod(path, 0) == 0);
    for (size_t i = 0; i < READERS; i++)
        EXPECT_REFUSED_WITHOUT_ROOT(place, "good.trace: cannot read: Permission denied", readers[i], "good.trace");
    free(path);
    remove_test_directory(place);
}

Test(bad_traces, devices_and_pipes_are_no_trace_files, .timeout = 60)
{
    char *place = make_place(), *pipe = path_in(place, "pipe");
    cr_assert(mkfifo(pipe, 0600) == 0);
    expect_file_refused(place, "pipe", "pipe:1: the file is empty");
    expect_file_refused(place, "/dev/null", "/dev/null:1: the file is empty");
    expect_file_refused(place, "/dev/zero", "/dev/zero:1: there is a NUL byte");
    expect_file_refused(place, "/proc/self/mem", "/proc/self/mem: cannot read: Input/output error");
    free(pipe);
    remove_test_directory(place);
}

Test(bad_traces, binary_files_are_refused_at_their_line)
{
    enum { SIZE = 100000 };
    static unsigned char bytes[SIZE];
    char *place = make_place(), *path = path_in(place, "bad.trace");
    uint32_t random = 1;
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (unsigned char)((random = random * 1664525u + 1013904223u) >> 24);
    write_bytes(path, bytes, SIZE);
    expect_file_refused(place, "bad.trace", "bad.trace:1: ");
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] |= 0x80;
    write_bytes(path, bytes, SIZE);
    expect_file_refused(place, "bad.trace", "bad.trace:1: ");
    memset(bytes, 0, SIZE);
    write_bytes(path, bytes, SIZE);
    expect_file_refused(place, "bad.trace", "bad.trace:1: there is a NUL byte in the line");
    expect_text_refused(place, "\n", "bad.trace:1: not a line of JSON");
    expect_text_refused(place, "", "bad.trace:1: the file is empty");
    expect_text_refused(place, "\xef\xbb\xbf", "bad.trace:1: the file is empty");
    copy_file(program_path(), path); /* up to its first NUL */
    expect_file_refused(place, "bad.trace", "bad.trace:1: ");
    free(path);
    remove_test_directory(place);
}

Test(bad_traces, huge_files_and_lines_are_refused, .timeout = 60)
{
    enum { LINE = 100 << 20 };
    char *place = make_place(), *path = path_in(place, "bad.trace"), *line = malloc(LINE);
    write_file(path, "{}\n");
    cr_assert(truncate(path, (off_t)1 << 36) == 0);
    expect_file_refused(place, "bad.trace", "bad.trace:2: there is a NUL byte in the line");
    cr_assert(line != NULL);
    memset(line, 'a', LINE);
    write_bytes(path, line, LINE);
    expect_file_refused(place, "bad.trace", "bad.trace:1: the line is longer than 16 MiB");
    memset(line, '\n', LINE);
    write_bytes(path, line, LINE);
    expect_file_refused(place, "bad.trace", "bad.trace:1: not a line of JSON");
    free(line);
    free(path);
    remove_test_directory(place);
}

Test(bad_traces, brackets_without_end_are_refused)
{
    enum { DEPTH = 100000 };
    static char brackets[2 * DEPTH + 1];
    static const char *const pairs[] = {"[]", "{}"};
    char *place = make_place(), *good = make_trace(place);
    for (size_t i = 0; i < 2; i++) {
        memset(brackets, pairs[i][0], DEPTH);
        memset(brackets + DEPTH, pairs[i][1], DEPTH);
        char *header = text_of("%s\n", brackets), *member = with(good, "\"step\":1,", "\"step\":1,\"sent\":@,");
        char *inside = with(member, "@", brackets);
        expect_text_refused(place, header, "bad.trace:1: not a line of JSON: ");
        expect_text_refused(place, inside, "bad.trace:2: not a line of JSON: ");
        free(inside);
        free(member);
        free(header);
    }
    free(good);
    remove_test_directory(place);
}

/* ---- Text that is no trace ---- */

Test(bad_traces, a_file_cut_after_any_line_is_refused)
{
    char *place = make_place(), *good = make_trace(place);
    const char *end = strrchr(good, '\n');
    for (const char *cut = good; cut < end; cut = strchr(cut, '\n') + 1) {
        char *whole_lines = text_of("%.*s", (int)(cut - good), good);
        char *half_line = text_of("%.*s", (int)(cut - good) + 20, good);
        expect_text_refused(place, whole_lines, cut == good ? "the file is empty" : ": the file is truncated");
        expect_text_refused(place, half_line, "the line does not end: the file is truncated");
        free(half_line);
        free(whole_lines);
    }
    free(good);
    remove_test_directory(place);
}

static const struct {
    const char *old, *new, *said;
} changes[] = {
    {"\"gainsay_trace\":1", "\"gainsay_trace\":2", ":1: gainsay_trace: this gainsay reads format 1, not 2"},
    {"\"gainsay_trace\":1,", "", ":1: not the header of a trace file"},
    {"\"gainsay_trace\":1", "\"gainsay_trace\":\"1\"", ":1: gainsay_trace: expected an integer, not a string"},
    {"\"protocol\":\"two-phase-commit\"", "\"protocol\":\"chubby\"",
     ":1: protocol 'chubby' does not come with gainsay"},
    {"\"protocol\":\"two-phase-commit\"", "\"protocol\":\"raft\"", ":1: "},
    {"\"protocol\":\"two-phase-commit\"", "\"protocol\":\"\\u001b[31m\\nx\"", ":1: protocol '?[31m?x' does not come"},
    {"\"seed\":null", "\"seed\":null,\"plugin\":\"missing.c\"", "missing.c: No such file"},
    {"\"seed\":null", "\"seed\":null,\"plugin\":\"good.trace\"", "good.trace: not a shared object"},
    {"\"seed\":null", "\"seed\":null,\"extensions\":[\"missing.c\"]", "missing.c: No such file"},
    {"\"seed\":null", "\"seed\":-1", ":1: seed: -1 is not from 0 to"},
    {"\"seed\":null", "\"seed\":null,\"sead\":1", ":1: sead: a header has no such member"},
    {"\"seed\":null", "\"seed\":null,\"a\\nb\":1", ":1: a?b: a header has no such member"},
    {"\"seed\":null", "\"seed\":null,\"seed\":null", ":1: not a line of JSON: duplicate object key"},
    {"\"copies\":1", "\"copies\":99999999999999999999", ":1: not a line of JSON: too big integer"},
    {"\"copies\":1", "\"copies\":0", ":1: copies: 0 is not from 1 to"},
    {"\"network\":\"set\"", "\"network\":\"tcp\"", ":1: network: \"tcp\" is not set, bag or fifo"},
    {"\"property\":\"consistent\"", "\"property\":\"consistant\"", ":1: property: two-phase-commit has no property"},
    {"\"step\":1,", "", ":2: step: is missing"},
    {"\"step\":2", "\"step\":3", ":3: step: expected 2, not 3"},
    {"\"step\":1,", "\"step\":1,\"colour\":\"red\",", ":2: colour: a local line has no such member"},
    {"\"event\":\"deliver\"", "\"event\":\"telepathy\"", ": event: there is no event \"telepathy\""},
    {"\"fingerprint\":\"", "\"fingerprint\":\"x", ":2: fingerprint: expected 16 hexadecimal digits"},
    {"\"end\":\"violation\"", "\"end\":\"goal\"", ": end: is wrong; the lines before it make it \"violation\""},
    {"\"steps\":5", "\"steps\":4", ": steps: is wrong; the lines before it make it 5"},
    {"\"digest\":\"", "\"digest\":\"0", ": digest: expected 16 hexadecimal digits"},
    {"\"phase\":\"aborted\"", "\"phase\":\"working\"", ": digest: is "},
};

Test(bad_traces, a_wrong_member_is_named)
{
    char *place = make_place(), *good = make_trace(place);
    for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
        char *bad = with(good, changes[i].old, changes[i].new);
        expect_text_refused(place, bad, changes[i].said);
        free(bad);
    }
    free(good);
    remove_test_directory(place);
}

Test(bad_traces, a_protocol_that_is_not_the_traces_is_refused)
{
    char *place = make_place();
    free(make_trace(place));
    for (size_t i = 0; i < READERS; i++) {
        EXPECT_REFUSED(place, "good.trace:1: the trace is of protocol 'two-phase-commit', raft holds 'raft'",
                       readers[i], "good.trace", "--protocol", "raft");
        EXPECT_REFUSED(place, "--protocol rafd: no such protocol; did you mean 'raft'?", readers[i], "good.trace",
                       "--protocol", "rafd");
        EXPECT_REFUSED(place, "--protocol x.c: No such file", readers[i], "good.trace", "--protocol", "x.c");
        EXPECT_REFUSED(place, "--protocol: its value is empty", readers[i], "good.trace", "--protocol", "");
    }
    remove_test_directory(place);
}

/* Editors, mail and git's core.autocrlf change line ends; the digest is of the trace as it was written. */
Test(bad_traces, foreign_line_ends_and_a_byte_order_mark_are_read)
{
    char *place = make_place(), *good = make_trace(place), *path = path_in(place, "foreign.trace");
    FILE *file = fopen(path, "we");
    cr_assert(file != NULL);
    fputs("\xef\xbb\xbf", file);
    for (const char *c = good; *c; c++)
        fprintf(file, *c == '\n' ? "\r\n" : "%c", *c);
    cr_assert(fclose(file) == 0);
    struct ran ran = GAINSAY("replay", path);
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "foreign.trace: reproduces: consistent is violated in 5 steps");
    EXPECT_NOT_IN(ran.out, "note");
    forget(&ran);
    free(good);
    free(path);
    remove_test_directory(place);
}
