/* The file is in memory only, and so is what is said of it. */
#include "tests/fuzz_inputs/suite_input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/suite_plan.h"

#define EXPECT(condition, text) ((condition) ? (void)0 : report_and_abort(#condition, text))

/* Standard error while it is listened to. */
static FILE *former;

_Noreturn static void report_and_abort(const char *condition, const char *text)
{
    if (former)
        stderr = former;
    fprintf(stderr, "suite_input: expected %s, and there is: %s\n", condition, text);
    abort();
}

static bool is_one_line(const char *text)
{
    const char *end = strchr(text, '\n');
    for (const unsigned char *c = (const unsigned char *)text; c < (const unsigned char *)end; c++)
        if (*c < ' ' || *c == 0x7f)
            return false;
    return end && end > text && !end[1];
}

static void check_plan(const struct suite_plan *plan)
{
    EXPECT(plan->name && *plan->name, "a plan without a name");
    EXPECT(plan->jobs <= SUITE_JOBS_MAX, plan->name);
    for (size_t i = 0; i < plan->count; i++) {
        const struct suite_run *run = &plan->runs[i];
        EXPECT(run->name && *run->name && run->subject && *run->subject, "a run without a name or subject");
        EXPECT(run->arguments.count >= 2 && strcmp(run->arguments.items[0], run->kind->command) == 0, run->name);
        for (size_t k = 1; k < run->arguments.count; k++)
            EXPECT(*run->arguments.items[k], run->name);
        EXPECT(*suite_expected_word(run), run->name);
        EXPECT(run->max_seconds >= 0, run->name);
    }
}

static bool plan_file(const char *path)
{
    struct suite_file file;
    struct suite_plan plan = {0};
    const bool is_read = suite_file_read(&file, path);
    const bool is_planned = is_read && suite_plan_make(&plan, &file);
    if (is_planned)
        check_plan(&plan);
    if (is_read)
        suite_plan_free(&plan);
    suite_file_free(&file);
    return is_planned;
}

void suite_input_try(const uint8_t *data, size_t size)
{
    char path[64], *said;
    size_t said_size;
    const int descriptor = memfd_create("suite", MFD_CLOEXEC);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", descriptor);
    EXPECT(descriptor >= 0 && write(descriptor, data, size) == (ssize_t)size, path);
    former = stderr;
    stderr = open_memstream(&said, &said_size);
    const bool is_planned = plan_file(path);
    fclose(stderr);
    stderr = former;
    EXPECT(is_planned ? !*said : is_one_line(said) && strncmp(said, "gainsay: suite: ", 16) == 0, said);
    free(said);
    close(descriptor);
}
