/* Running the built program, as its users do, and seeing what it says. For the tests of the command line and of
 * plugins, each of which includes this once. */
#ifndef RUN_PROGRAM_H
#define RUN_PROGRAM_H

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

extern char **environ;

/* What a program that ran has left. */
struct ran {
    int status; /* exit code; 128 + signal if one killed it */
    char *out, *err;
};

static inline char *read_stream(FILE *stream)
{
    char *text = NULL;
    size_t size = 0, used = 0, got;
    rewind(stream);
    do {
        size = used + 65536;
        text = realloc(text, size + 1);
        cr_assert(text != NULL);
        got = fread(text + used, 1, size - used, stream);
        used += got;
    } while (got > 0);
    text[used] = '\0';
    return text;
}

/* Runs a program (looked up along PATH unless it has a slash) in a directory, NULL for this one. */
static inline struct ran run_in(const char *directory, const char *const *arguments)
{
    FILE *out = tmpfile(), *err = tmpfile();
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status;
    cr_assert(out && err);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, fileno(out), 1);
    posix_spawn_file_actions_adddup2(&actions, fileno(err), 2);
    if (directory)
        posix_spawn_file_actions_addchdir_np(&actions, directory);
    const int error = posix_spawnp(&child, arguments[0], &actions, NULL, (char *const *)arguments, environ);
    cr_assert(error == 0, "%s: %s", arguments[0], strerror(error));
    posix_spawn_file_actions_destroy(&actions);
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            cr_fatal("waitpid: %s", strerror(errno));
    struct ran ran = {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_stream(out),
                      read_stream(err)};
    fclose(out);
    fclose(err);
    return ran;
}

static inline void forget(struct ran *ran)
{
    free(ran->out);
    free(ran->err);
    *ran = (struct ran){0};
}

/* The environment that `make test` sets. */
static inline const char *program_path(void)
{
    const char *path = getenv("GAINSAY");
    cr_assert(path != NULL, "GAINSAY must name the program");
    return path;
}

static inline const char *project_root(void)
{
    const char *root = getenv("GAINSAY_ROOT");
    cr_assert(root != NULL, "GAINSAY_ROOT must name the project's directory");
    return root;
}

/* gainsay("check", "two-phase-commit"): the program with these arguments, in the project's root. */
#define GAINSAY_IN(directory, ...) run_in(directory, (const char *const[]){program_path(), __VA_ARGS__, NULL})
#define GAINSAY(...) GAINSAY_IN(project_root(), __VA_ARGS__)

/* Expectations that show what the program said. */
#define EXPECT_STATUS(ran, expected)                                                                              \
    cr_expect(ran.status == (expected), "exit %d instead of %d\nout: %s\nerr: %s", ran.status, expected, ran.out, \
              ran.err)
#define EXPECT_IN(text, part) cr_expect(strstr(text, part) != NULL, "no \"%s\" in: %s", part, text)
#define EXPECT_NOT_IN(text, part) cr_expect(strstr(text, part) == NULL, "\"%s\" in: %s", part, text)

static inline json_t *parse_json(const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, 0, &error);
    cr_assert(json != NULL, "%s in: %s", error.text, text);
    return json;
}

static inline json_int_t json_number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_integer(value))
        cr_fatal("no number %s", name);
    return json_integer_value(value);
}

static inline const char *json_string_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_string(value))
        cr_fatal("no string %s", name);
    return json_string_value(value);
}

/* A property's object in a report. */
static inline json_t *json_property(const json_t *report, const char *name)
{
    size_t i;
    json_t *property;
    json_array_foreach(json_object_get(report, "properties"), i,
                       property) if (strcmp(json_string_of(property, "name"), name) == 0) return property;
    cr_fatal("no property %s", name);
    return NULL;
}

/* What the library was built with, a program that links it needs too: by the directory that holds it. */
static inline const char *sanitizers_of(const char *directory)
{
    return strstr(directory, "/asan")       ? "-fsanitize=address,undefined"
           : strstr(directory, "/tsan")     ? "-fsanitize=thread"
           : strstr(directory, "/coverage") ? "--coverage"
                                            : "-O2";
}

/* Is there such a program along PATH? */
static inline bool program_exists(const char *name)
{
    struct ran ran = run_in(NULL, (const char *const[]){"sh", "-c", "command -v \"$0\"", name, NULL});
    const bool exists = ran.status == 0;
    forget(&ran);
    return exists;
}

/* ---- Files ---- */

__attribute__((format(printf, 1, 2))) static inline char *text_of(const char *format, ...)
{
    va_list arguments;
    char *text;
    va_start(arguments, format);
    cr_assert(vasprintf(&text, format, arguments) >= 0);
    va_end(arguments);
    return text;
}

static inline char *read_file(const char *path)
{
    FILE *file = fopen(path, "re");
    cr_assert(file != NULL, "%s: %s", path, strerror(errno));
    char *text = read_stream(file);
    fclose(file);
    return text;
}

static inline void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    cr_assert(file != NULL, "%s: %s", path, strerror(errno));
    fputs(text, file);
    cr_assert(fclose(file) == 0);
}

static inline void copy_file(const char *from, const char *to)
{
    char *text = read_file(from);
    write_file(to, text);
    free(text);
}

static inline bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* A directory of the test's own; a test may leave it behind when it fails. */
static inline char *make_test_directory(void)
{
    char *directory = text_of("/tmp/gainsay-test-XXXXXX");
    cr_assert(mkdtemp(directory) != NULL);
    return directory;
}

static inline int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline void remove_test_directory(char *directory)
{
    nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(directory);
}

#endif
