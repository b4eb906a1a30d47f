/* libFuzzer's harness of the suite reader; see `make fuzz-inputs`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/plugin.h"
#include "cli/suite_check.h"
#include "tests/fuzz_inputs/suite_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    suite_input_try(data, size);
    return 0;
}

static bool has_plugin(const struct suite_run *run)
{
    for (size_t i = 1; i < run->arguments.count; i++)
        if (plugin_is_file(run->arguments.items[i]))
            return true;
    return false;
}

/* What the subcommand says of its command line is one line in any case. */
static int ask(const struct suite_run *run)
{
    struct name_list arguments = {0};
    char *said;
    size_t size;
    FILE *former = stderr;
    for (size_t i = 0; i < run->arguments.count; i++)
        name_list_add(&arguments, run->arguments.items[i]);
    stderr = open_memstream(&said, &size);
    const int status = run->kind->check((int)arguments.count, (char **)arguments.items);
    fclose(stderr);
    stderr = former;
    const char *end = strchr(said, '\n');
    if (status && (!end || end[1])) {
        stderr = stdout; /* the other is listened to */
        fprintf(stderr, "fuzz_suite: not one line: %s\n", said);
        abort();
    }
    free(said);
    name_list_free(&arguments);
    return status;
}

/* In place of cli/suite_check.c, which asks in a child: here, where the fuzzer sees what happens, and thousands of
 * times a second. A run with a plugin is not asked, as there. */
int suite_check_run(const struct suite_plan *plan, const struct suite_section *section, const struct suite_run *run)
{
    if (!run->kind->check || has_plugin(run) || !ask(run))
        return 0;
    return suite_complain(plan->file, section->line, "[%s]: refused", section->name);
}
