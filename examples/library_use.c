/* Gainsay as a library: a program of your own that searches a protocol and asks for the counts. Here it is the
 * protocol that the library brings; `&two_phase_commit` may as well be a `const struct gs_model` in this file.
 *
 *   cc -I. examples/library_use.c build/release/libgainsay.a -lxxhash -ldl -pthread -o library_use    (in a checkout)
 *   cc examples/library_use.c $(pkg-config --cflags --libs gainsay) -o library_use                    (installed)
 *   ./library_use 5
 */
#include <inttypes.h>
#include <stdio.h>

#include "checker/check.h"
#include "protocols/two_phase_commit.h"

static void print_result(const struct gs_result *result)
{
    printf("%" PRIu64 " states, %" PRIu64 " transitions, depth %" PRIu64 "\n", result->states, result->transitions,
           result->depth);
    for (size_t i = 0; i < result->property_count; i++) {
        const struct gs_property_result *property = &result->properties[i];
        printf("%s: %s\n", property->name, gs_verdict_names[property->verdict]);
        if (property->verdict == GS_VERDICT_VIOLATED && property->trace)
            gs_trace_print(property->trace, stdout);
    }
}

int main(int argc, char **argv)
{
    char setting[64];
    snprintf(setting, sizeof(setting), "resource-managers=%s", argc > 1 ? argv[1] : "3");
    const char *const settings[] = {setting, NULL};
    const struct gs_config config = {.settings = settings, .max_seconds = 60};
    struct gs_result result;

    const enum gs_status status = gs_check(&two_phase_commit, &config, &result);
    if (result.error[0])
        fprintf(stderr, "library_use: %s\n", result.error);
    else
        print_result(&result);
    gs_result_free(&result);
    return (int)status;
}
