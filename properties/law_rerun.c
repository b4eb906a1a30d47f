/* The line that runs a law again: the environment, this program, and the one test in which the law is. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/die.h"
#include "properties/law_case.h"

enum { PATH_SIZE = 4096 };

/* How Criterion's struct criterion_test begins. Looked for by name, since a program may have no Criterion at all. */
struct test_in_criterion {
    const char *name, *suite;
};

static const struct test_in_criterion *current_test(void)
{
    const struct test_in_criterion *const *test = dlsym(RTLD_DEFAULT, "criterion_current_test");
    return test && *test && (*test)->name && (*test)->suite ? *test : NULL;
}

static void print_word(const char *word, FILE *out)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_+=:,./@%";
    if (word[0] && strspn(word, plain) == strlen(word)) {
        fputs(word, out);
        return;
    }
    fputc('\'', out);
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", out);
        else
            fputc(*word, out);
    fputc('\'', out);
}

static void print_variable(const char *name, const char *value, FILE *out)
{
    if (!value || !value[0])
        return;
    fprintf(out, "%s=", name);
    print_word(value, out);
    fputc(' ', out);
}

/* Criterion starts tests under another name: the file itself is what can be started again. */
static void print_program(FILE *out)
{
    char path[PATH_SIZE], here[PATH_SIZE];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
    path[length > 0 ? length : 0] = '\0';
    const size_t prefix = getcwd(here, sizeof(here)) ? strlen(here) : 0;
    if (prefix > 1 && strncmp(path, here, prefix) == 0 && path[prefix] == '/') {
        fputc('.', out);
        print_word(path + prefix, out);
    } else {
        print_word(length > 0 ? path : "PROGRAM", out);
    }
}

static void print_arguments(FILE *out)
{
    char *word = NULL;
    size_t size = 0;
    FILE *words = fopen("/proc/self/cmdline", "re");
    for (int i = 0; words && getdelim(&word, &size, '\0', words) > 0; i++)
        if (i > 0) {
            fputc(' ', out);
            print_word(word, out);
        }
    free(word);
    if (words)
        fclose(words);
}

void law_print_rerun(const struct gs_law *l, const char *seed, FILE *out)
{
    const struct test_in_criterion *test = current_test();
    print_variable("GAINSAY_SEED", seed, out);
    print_variable("GAINSAY_CASES", getenv("GAINSAY_CASES"), out);
    print_variable("GAINSAY_FAILURES", getenv("GAINSAY_FAILURES"), out);
    if (l->config->rerun) {
        fprintf(out, "%s\n", l->config->rerun);
        return;
    }
    print_program(out);
    if (test)
        fprintf(out, " --filter %s/%s", test->suite, test->name);
    else
        print_arguments(out);
    fputc('\n', out);
}
