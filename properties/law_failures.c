/* Past failures: a directory with one small text file each,
 *
 *     gainsay law 1
 *     law join_commutes
 *     failure a == b (counter.c:30)
 *     choices 3
 *     1 0 17
 *
 * The failure is for people. Files are written beside their place and renamed, so each is there whole or not at all;
 * one that is damaged all the same is named and left alone. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/die.h"
#include "properties/law_case.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static const char first_line[] = "gainsay law 1\n";
static const char ending[] = ".law";
enum { HASH_DIGITS = 16, PATH_MAX_SIZE = 4096 };

/* ---- Reading ---- */

static bool read_number(char **text, uint64_t *number)
{
    if (**text < '0' || **text > '9')
        return false;
    char *end;
    errno = 0;
    *number = strtoull(*text, &end, 10);
    *text = end;
    return errno == 0;
}

/* "3\n1 0 17\n" and nothing behind. */
static const char *read_choices(char *text, struct law_choices *choices)
{
    uint64_t count;
    if (!read_number(&text, &count) || *text++ != '\n')
        return "line 4 is not 'choices' and how many";
    if (count > GS_LAW_CHOICES_MAX)
        return "it has more choices than a case may draw";
    for (choices->count = 0; choices->count < count; choices->count++) {
        if (choices->count > 0 && *text++ != ' ')
            return "line 5 has fewer choices than line 4 says";
        if (!read_number(&text, &choices->values[choices->count]))
            return "line 5 has something that is no choice, a number below 2^64";
    }
    return strcmp(text, "\n") == 0 ? NULL : "line 5 does not end after as many choices as line 4 says";
}

/* NULL if it is well, else what is wrong. `law` is pointed to the name in the text. */
static const char *read_text(char *text, char **law, struct law_choices *choices)
{
    if (strncmp(text, first_line, strlen(first_line)) != 0)
        return "line 1 is not 'gainsay law 1'";
    text += strlen(first_line);
    char *failure = strchr(text, '\n');
    if (strncmp(text, "law ", 4) != 0 || !failure)
        return "line 2 is not 'law' and its name";
    *law = text + 4;
    *failure++ = '\0';
    char *numbers = strchr(failure, '\n');
    if (strncmp(failure, "failure ", 8) != 0 || !numbers)
        return "line 3 is not 'failure' and what it was";
    if (strncmp(++numbers, "choices ", 8) != 0)
        return "line 4 is not 'choices' and how many";
    return read_choices(numbers + 8, choices);
}

static char *read_file(const char *path, const char **why)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "re");
    const ssize_t length = file ? getdelim(&text, &size, '\0', file) : -1;
    *why = !file                           ? strerror(errno)
           : length <= 0                   ? "it is empty"
           : strlen(text) < (size_t)length ? "it is not text"
                                           : NULL;
    if (file)
        fclose(file);
    if (*why) {
        free(text);
        return NULL;
    }
    return text;
}

/* False: `use` wants no more. */
static bool use_file(const char *path, const char *law, FILE *complaints,
                     bool (*use)(void *, const char *, const struct law_choices *), void *context)
{
    const char *why;
    char *named = NULL, *text = read_file(path, &why);
    struct law_choices *choices = die_alloc(sizeof(*choices));
    bool goes_on = true;
    if (text)
        why = read_text(text, &named, choices);
    if (!why && strcmp(named, law) != 0)
        why = "line 2 names another law than its file's name does";
    if (why)
        fprintf(complaints, "gainsay: law %s: past failure %s: %s; it is left out (mend or delete it)\n", law, path,
                why);
    else
        goes_on = use(context, path, choices);
    free(choices);
    free(text);
    return goes_on;
}

/* NAME-0123456789abcdef.law: all of them, so that no other law's file is read. */
static bool is_of_law(const char *file, const char *law)
{
    const size_t length = strlen(law);
    return strncmp(file, law, length) == 0 && file[length] == '-' &&
           strspn(file + length + 1, "0123456789abcdef") == HASH_DIGITS &&
           strcmp(file + length + 1 + HASH_DIGITS, ending) == 0;
}

void law_failures_each(const char *directory, const char *law, FILE *complaints,
                       bool (*use)(void *context, const char *path, const struct law_choices *choices), void *context)
{
    struct dirent **entries;
    const int count = scandir(directory, &entries, NULL, alphasort);
    bool goes_on = true;
    if (count < 0) {
        if (errno != ENOENT)
            fprintf(complaints, "gainsay: law %s: past failures in %s: %s; none is tried\n", law, directory,
                    strerror(errno));
        return;
    }
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX_SIZE];
        const int length = snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
        if (goes_on && is_of_law(entries[i]->d_name, law) && length < PATH_MAX_SIZE)
            goes_on = use_file(path, law, complaints, use, context);
        free(entries[i]);
    }
    free(entries);
}

/* ---- Writing ---- */

static void print_text(const char *law, const char *failure, const struct law_choices *choices, FILE *out)
{
    fprintf(out, "%slaw %s\nfailure %s\nchoices %zu\n", first_line, law, failure, choices->count);
    for (size_t i = 0; i < choices->count; i++)
        fprintf(out, "%s%" PRIu64, i ? " " : "", choices->values[i]);
    fputc('\n', out);
}

/* 0 or what went wrong. The temporary name is no name of a past failure. */
static int write_whole(const char *path, const char *law, const char *failure, const struct law_choices *choices)
{
    char *temporary = NULL;
    must(asprintf(&temporary, "%s.XXXXXX", path) > 0);
    const int descriptor = mkstemp(temporary);
    int error = descriptor < 0 ? errno : 0;
    FILE *out = error ? NULL : fdopen(descriptor, "w");
    if (out) {
        print_text(law, failure, choices, out);
        const bool is_written = fflush(out) == 0 && fchmod(descriptor, 0644) == 0;
        error = is_written ? 0 : errno;
        if (fclose(out) != 0 && !error)
            error = errno;
        if (!error && rename(temporary, path) != 0)
            error = errno;
        if (error)
            unlink(temporary);
    }
    free(temporary);
    return error;
}

static int make_directory(const char *directory)
{
    return mkdir(directory, 0777) == 0 || errno == EEXIST ? 0 : errno;
}

bool law_failures_keep(const char *directory, const char *law, const char *failure, const struct law_choices *choices,
                       FILE *complaints, char *path, size_t path_size)
{
    const uint64_t hash = XXH3_64bits(choices->values, choices->count * sizeof(choices->values[0]));
    int error = make_directory(directory);
    if (!error && snprintf(path, path_size, "%s/%s-%016" PRIx64 "%s", directory, law, hash, ending) >= (int)path_size)
        error = ENAMETOOLONG;
    if (!error)
        error = write_whole(path, law, failure, choices);
    if (error)
        fprintf(complaints, "gainsay: law %s: cannot keep its failure in %s: %s\n", law, directory, strerror(error));
    return error == 0;
}
