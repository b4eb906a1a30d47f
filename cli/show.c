/* gainsay show: a trace file for reading, or for other programs. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/trace_source.h"
#include "core/guard.h"

struct show_options {
    const char *path, *format, *protocol;
};

enum { KEY_FORMAT = 256, KEY_PROTOCOL };

static const struct argp_option show_options_table[] = {
    {.name = "format", .key = KEY_FORMAT, .arg = "text|json", .doc = "How (default: text)"},
    {.name = "protocol",
     .key = KEY_PROTOCOL,
     .arg = "PROTOCOL|FILE",
     .doc = "Take this protocol (a name, FILE.c or FILE.so) instead of the one that the trace names"},
    {0},
};

static error_t set_format(struct show_options *options, const char *format)
{
    static const char *const later[] = {"sequence", "html", "mermaid", "dot", "c", "itf", "shiviz"};
    options->format = format;
    if (strcmp(format, "text") == 0 || strcmp(format, "json") == 0)
        return 0;
    for (size_t i = 0; i < sizeof(later) / sizeof(*later); i++)
        if (strcmp(format, later[i]) == 0) {
            complain("show", "--format %s: not built yet; there are text and json", format);
            return EINVAL;
        }
    struct name_list known = {0};
    name_list_add(&known, "text");
    name_list_add(&known, "json");
    complain_unknown("show", "--format", format, "format", &known);
    name_list_free(&known);
    return EINVAL;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct show_options *options = state->input;
    switch (key) {
    case KEY_FORMAT:
        return set_format(options, text);
    case KEY_PROTOCOL:
        options->protocol = text;
        return 0;
    case ARGP_KEY_ARG:
        if (!options->path) {
            options->path = text;
            return 0;
        }
        complain("show", "%s: one trace at a time, and there is '%s' already", text, options->path);
        return EINVAL;
    case ARGP_KEY_END:
        if (options->path)
            return 0;
        complain("show", "which trace? gainsay show TRACE");
        return EINVAL;
    }
    return ARGP_ERR_UNKNOWN;
}

const struct argp show_argp = {
    .options = show_options_table,
    .parser = parse,
    .args_doc = "TRACE",
    .doc = "Prints a trace file: as text, or as one JSON array of its lines.\v"
           "Exit codes: 0 shown, 2 bad usage or input.\n"
           "\n"
           "Examples:\n"
           "  gainsay show bug.trace\n"
           "  gainsay show bug.trace --format json\n",
};

/* The lines that the trace has when it is written now, whatever was edited in the file. */
static bool print_lines_as_array(char *lines)
{
    json_t *array = json_array();
    char *rest = NULL;
    for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        json_array_append_new(array, json_loads(line, 0, NULL));
    const bool printed = json_dumpf(array, stdout, JSON_INDENT(2)) == 0 && putchar('\n') != EOF;
    json_decref(array);
    return printed;
}

static int print_json(const struct loaded_trace *loaded)
{
    char error[TRACE_ERROR_SIZE] = "standard output cannot be written";
    char *lines = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&lines, &size);
    if (!out)
        return complain("show", "%s", strerror(errno));
    bool printed =
        trace_file_print(trace_file_trace(loaded->file), out, trace_file_origin(loaded->file), error, sizeof(error));
    printed = fclose(out) == 0 && printed && print_lines_as_array(lines);
    free(lines);
    return printed ? 0 : complain("show", "%s", error);
}

static int show(const struct show_options *options)
{
    struct loaded_trace loaded = {.command = "show", .protocol = options->protocol};
    int status = trace_source_load(&loaded, options->path);
    if (status)
        return status;
    guard_catch();
    if (options->format && strcmp(options->format, "json") == 0)
        status = print_json(&loaded);
    else
        gs_trace_print(trace_file_trace(loaded.file), stdout);
    guard_release();
    trace_source_free(&loaded);
    return status;
}

int show_command(int argc, char **argv)
{
    struct show_options options = {0};
    const int status = arguments_parse("show", &show_argp, argc, argv, &options);
    return status ? status : show(&options);
}
