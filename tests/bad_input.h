/* What every refusal of the program has to be: one line on standard error, nothing on standard output, exit 2, and
 * every file as it was. For the tests of bad input, each of which includes this once. */
#ifndef BAD_INPUT_H
#define BAD_INPUT_H

#include <dirent.h>
#include <stdint.h>

#include "tests/run_program.h"

/* A directory for a test's files, with one for temporary files in it, which TMPDIR names. */
static inline char *make_place(void)
{
    char *place = make_test_directory(), *temporary = text_of("%s/tmp", place);
    cr_assert(mkdir(temporary, 0777) == 0);
    setenv("TMPDIR", temporary, 1);
    free(temporary);
    return place;
}

static inline char *path_in(const char *place, const char *name)
{
    return text_of("%s/%s", place, name);
}

/* Names, sizes and times of all that is in a directory and those in it. Owned by the caller. */
static inline char *list_place(const char *directory)
{
    struct dirent **entries;
    char *list = text_of("%s", "");
    const int count = scandir(directory, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        struct stat status;
        char *path = path_in(directory, entries[i]->d_name), *longer, *inner = NULL;
        cr_assert(lstat(path, &status) == 0);
        if (S_ISDIR(status.st_mode) && entries[i]->d_name[0] != '.')
            inner = list_place(path);
        const bool has_time = S_ISREG(status.st_mode);
        longer = text_of("%s%s %lld %lld.%09ld\n%s", list, path, (long long)status.st_size,
                         has_time ? (long long)status.st_mtim.tv_sec : 0, has_time ? status.st_mtim.tv_nsec : 0,
                         inner ? inner : "");
        free(inner);
        free(path);
        free(list);
        free(entries[i]);
        list = longer;
    }
    if (count >= 0)
        free(entries);
    return list;
}

static inline bool is_one_line(const char *text)
{
    const char *end = strchr(text, '\n');
    for (const char *c = text; c < end; c++)
        if ((unsigned char)*c < ' ')
            return false;
    return end && end > text && !end[1] && strlen(text) < 5000;
}

/* Runs it in `place`; said: part of the line. */
static inline void expect_refused(const char *place, const char *said, const char *const *arguments)
{
    char *before = list_place(place);
    struct ran ran = run_in(place, arguments);
    char *after = list_place(place);
    EXPECT_STATUS(ran, 2);
    EXPECT_IN(ran.err, said);
    cr_expect(strncmp(ran.err, "gainsay: ", 9) == 0, "%s: %s", said, ran.err);
    cr_expect(is_one_line(ran.err), "not one line: %s", ran.err);
    cr_expect(ran.out[0] == '\0', "%s: %s", said, ran.out);
    cr_expect(eq(str, after, before), "files have changed: %s", said);
    forget(&ran);
    free(before);
    free(after);
}

#define EXPECT_REFUSED(place, said, ...) \
    expect_refused(place, said, (const char *const[]){program_path(), __VA_ARGS__, NULL})

/* The same through a shell: `script` names the program as "$GAINSAY". */
#define EXPECT_SHELL_REFUSED(place, said, script) \
    expect_refused(place, said, (const char *const[]){"sh", "-c", script, NULL})

/* Root may read and write everything: then the program runs as nobody. Skips the test where that cannot be. */
#define AS_NOBODY "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"
#define EXPECT_REFUSED_WITHOUT_ROOT(place, said, ...)                                                                  \
    (geteuid() == 0 ? expect_refused(place, said, (const char *const[]){AS_NOBODY, program_path(), __VA_ARGS__, NULL}) \
                    : EXPECT_REFUSED(place, said, __VA_ARGS__))

static inline void skip_unless_root_can_be_dropped(void)
{
    if (geteuid() != 0)
        return;
    char *script = text_of("setpriv --reuid=65534 --regid=65534 --clear-groups '%s' --version", program_path());
    struct ran ran = run_in("/", (const char *const[]){"sh", "-c", script, NULL});
    const bool can = ran.status == 0;
    forget(&ran);
    free(script);
    if (!can)
        cr_skip_test("root may read everything, and the program cannot be run as nobody here");
}

#endif
