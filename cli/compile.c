/* The compiler is started by posix_spawnp, so that blanks and quotes in paths mean nothing. Headers are found from
 * where the program itself stands: a checkout that it was built in, else the include directory it was installed beside.
 */
#include "cli/compile.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/complain.h"
#include "core/die.h"

extern char **environ;

__attribute__((format(printf, 1, 2))) static char *text(const char *format, ...)
{
    va_list arguments;
    char *result;
    va_start(arguments, format);
    must(vasprintf(&result, format, arguments) >= 0);
    va_end(arguments);
    return result;
}

/* Cuts the last component off. False: there was only one. */
static bool go_up(char *path)
{
    char *slash = strrchr(path, '/');
    if (!slash || slash == path)
        return false;
    *slash = '\0';
    return true;
}

static bool has_headers(const char *directory)
{
    char *header = text("%s/core/gainsay.h", directory);
    const bool found = access(header, R_OK) == 0;
    free(header);
    return found;
}

/* The directory that holds core/gainsay.h, or NULL after a complaint. Owned by the caller. */
static char *find_headers(const char *command)
{
    char *program = realpath("/proc/self/exe", NULL);
    if (!program || !go_up(program)) {
        free(program);
        complain(command, "cannot tell where gainsay itself is (/proc/self/exe): %s", strerror(errno));
        return NULL;
    }
    char *up = die_alloc(strlen(program) + 1);
    strcpy(up, program);
    char *found = NULL;
    do
        found = has_headers(up) ? text("%s", up) : NULL;
    while (!found && go_up(up));
    if (!found) {
        found = text("%s/../include/gainsay", program);
        if (!has_headers(found)) {
            complain(command, "no core/gainsay.h above %s or in %s: reinstall gainsay", program, found);
            free(found);
            found = NULL;
        }
    }
    free(up);
    free(program);
    return found;
}

static char *directory_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return text(".");
    return slash == path ? text("/") : text("%.*s", (int)(slash - path), path);
}

static bool make_directory(const char *command, struct compiled *compiled)
{
    const char *parent = getenv("TMPDIR");
    char *directory = text("%s/gainsay-XXXXXX", parent && *parent ? parent : "/tmp");
    if (!mkdtemp(directory)) {
        complain(command, "%s: cannot make a directory to compile in: %s (TMPDIR names another place)", directory,
                 strerror(errno));
        free(directory);
        return false;
    }
    compiled->directory = directory;
    compiled->object = text("%s/plugin.so", directory);
    return true;
}

void compiled_remove(struct compiled *compiled)
{
    if (compiled->object)
        unlink(compiled->object);
    if (compiled->directory)
        rmdir(compiled->directory);
    free(compiled->object);
    free(compiled->directory);
    *compiled = (struct compiled){0};
}

/* Runs the compiler, its standard output joined to standard error. Returns what waitpid says, -1 if it did not start.
 */
static int run_compiler(char *const *arguments)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t restored;
    pid_t child;
    int status;
    sigemptyset(&restored);
    sigaddset(&restored, SIGPIPE); /* both of which gainsay ignores */
    sigaddset(&restored, SIGXFSZ);
    must(posix_spawnattr_init(&attributes) == 0);
    must(posix_spawnattr_setsigdefault(&attributes, &restored) == 0);
    must(posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF) == 0);
    must(posix_spawn_file_actions_init(&actions) == 0);
    must(posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO) == 0);
    errno = posix_spawnp(&child, arguments[0], &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (errno)
        return -1;
    while (waitpid(child, &status, 0) < 0)
        must(errno == EINTR);
    return status;
}

/* Makes __FILE__ the file's own name, so that an explanation that quotes it is the same wherever it is compiled from.
 * NULL where it is that already, or where a compiler would misread the directory. */
static char *file_name_option(const char *name)
{
    const char *slash = strrchr(name, '/');
    const int length = slash ? (int)(slash - name) + 1 : 0;
    if (!length || memchr(name, '=', (size_t)length))
        return NULL;
    return text("-fmacro-prefix-map=%.*s=", length, name);
}

/* Runs `compiler`, which is cut at its blanks in place. Bsymbolic: a plugin's own names are its own, also where gainsay
 * has the same (a changed copy of a shipped protocol). idirafter: a header beside the source that has the name of a
 * system's (string.h, of a protocol called string) does not stand in for it. */
static bool compile(const char *command, char *compiler, const char *source, const char *headers, const char *object)
{
    char *own = directory_of(source);
    char *name = source[0] == '-' ? text("./%s", source) : text("%s", source);
    char *file_name = file_name_option(name);
    struct name_list arguments = {0};
    char *rest = NULL;
    for (char *word = strtok_r(compiler, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest))
        name_list_add(&arguments, word);
    const char *const fixed[] = {"-std=c11", "-Wl,-Bsymbolic", "-O2", "-fPIC", "-shared", "-I",
                                 headers,    "-idirafter",     own,   "-o",    object,    name,
                                 file_name};
    for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed) && fixed[i]; i++)
        name_list_add(&arguments, fixed[i]);

    const int status = run_compiler((char *const *)arguments.items);
    if (status == -1)
        complain(command, "%s: cannot run the compiler '%s': %s (CC names another)", source, arguments.items[0],
                 strerror(errno));
    else if (status != 0)
        complain(command, "%s: does not compile, see above", source);
    else if (access(object, R_OK) != 0)
        complain(command, "%s: the compiler '%s' made no object: %s", source, arguments.items[0], strerror(errno));
    name_list_free(&arguments);
    free(file_name);
    free(name);
    free(own);
    return status == 0 && access(object, R_OK) == 0;
}

static bool compile_with_headers(const char *command, const char *source, const char *headers,
                                 struct compiled *compiled)
{
    const char *asked = getenv("CC");
    if (!make_directory(command, compiled))
        return false;
    char *compiler = text("%s", asked && strspn(asked, " \t") < strlen(asked) ? asked : "cc");
    const bool done = compile(command, compiler, source, headers, compiled->object);
    free(compiler);
    if (!done)
        compiled_remove(compiled);
    return done;
}

bool compile_plugin(const char *command, const char *source, struct compiled *compiled)
{
    *compiled = (struct compiled){0};
    char *headers = find_headers(command);
    const bool done = headers && compile_with_headers(command, source, headers, compiled);
    free(headers);
    return done;
}
