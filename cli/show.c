/* gainsay show: a trace file for reading, or for other programs. */
#include <errno.h>
#include <jansson.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/numbers.h"
#include "cli/outputs.h"
#include "cli/trace_source.h"
#include "core/guard.h"
#include "traces/formats.h"
#include "traces/html_file.h"
#include "traces/whole_file.h"

enum { COLUMNS_DEFAULT = 80, COLUMNS_LEAST = 20, COLUMNS_MOST = 10000 };

struct show_options {
    const char *path, *protocol, *output;
    const struct format *format;
    uint64_t columns; /* 0: not said */
    bool ascii;
};

/* What a writer is given. */
struct showing {
    const struct show_options *options;
    const struct trace *trace;
    const struct trace_file_info *info;
    FILE *out;
};

/* ---- The formats ---- */

static int write_text(const struct showing *showing)
{
    trace_print_text(showing->trace, showing->out);
    return 0;
}

/* The lines that the trace has when it is written now, whatever was edited in the file. */
static bool print_lines_as_array(char *lines, FILE *out)
{
    json_t *array = json_array();
    char *rest = NULL;
    for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        json_array_append_new(array, json_loads(line, 0, NULL));
    const bool printed = json_dumpf(array, out, JSON_INDENT(2)) == 0 && fputc('\n', out) != EOF;
    json_decref(array);
    return printed;
}

static int write_json(const struct showing *showing)
{
    char error[TRACE_ERROR_SIZE] = "the output cannot be written";
    char *lines = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&lines, &size);
    if (!out)
        return complain("show", "%s", strerror(errno));
    bool printed = trace_file_print(showing->trace, out, showing->info, error, sizeof(error));
    printed = fclose(out) == 0 && printed && print_lines_as_array(lines, showing->out);
    free(lines);
    return printed ? 0 : complain("show", "%s", error);
}

/* What was asked for, else the terminal's width. */
static size_t columns_of(const struct showing *showing)
{
    struct winsize size;
    if (showing->options->columns)
        return showing->options->columns;
    if (!showing->options->output && isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
        size.ws_col > 0)
        return size.ws_col;
    return COLUMNS_DEFAULT;
}

/* A chart that says nothing of the environment is drawn in Unicode if that can be read. */
static bool locale_is_utf8(void)
{
    setlocale(LC_CTYPE, "");
    const bool is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    setlocale(LC_CTYPE, "C");
    return is_utf8;
}

static int write_sequence(const struct showing *showing)
{
    const size_t least = trace_sequence_columns(showing->trace);
    struct sequence_style style = {.columns = columns_of(showing),
                                   .ascii = showing->options->ascii || !locale_is_utf8()};
    if (style.columns < least && showing->options->columns)
        return complain("show", "--columns %zu: the chart of these nodes takes %zu columns at least", style.columns,
                        least);
    style.columns = style.columns < least ? least : style.columns;
    trace_print_sequence(showing->trace, &style, showing->out);
    return 0;
}

static int write_mermaid(const struct showing *showing)
{
    trace_print_mermaid(showing->trace, showing->out);
    return 0;
}

static int write_dot(const struct showing *showing)
{
    trace_print_dot(showing->trace, showing->out);
    return 0;
}

/* Of a file below the working directory the path from there, so that no machine's own paths are in what is written. */
static const char *path_from_here(const char *path)
{
    char here[PATH_MAX];
    const size_t length = path && getcwd(here, sizeof(here)) ? strlen(here) : 0;
    return length && strncmp(path, here, length) == 0 && path[length] == '/' ? path + length + 1 : path;
}

static int write_c(const struct showing *showing)
{
    const char *extensions[EXTENSIONS_MAX + 1] = {NULL};
    if (showing->trace->run->timed)
        return complain("show",
                        "--format c: %s: its handlers ask for the time, which a C test cannot give them; "
                        "'gainsay replay' does, also in CI",
                        showing->options->path);
    const struct c_test_sources sources = {.file = showing->options->output,
                                           .trace = showing->options->path,
                                           .plugin = path_from_here(showing->info->plugin),
                                           .extensions = extensions};
    for (size_t i = 0; showing->info->extensions && showing->info->extensions[i]; i++)
        extensions[i] = path_from_here(showing->info->extensions[i]);
    trace_print_c_test(showing->trace, &sources, showing->out);
    return 0;
}

static int write_html(const struct showing *showing)
{
    html_file_print(showing->trace, showing->out, showing->info);
    return 0;
}

struct format {
    const char *name;
    bool has_style; /* takes --ascii and --columns */
    int (*write)(const struct showing *showing);
};

static const struct format formats[] = {
    {"text", false, write_text}, {"sequence", true, write_sequence},
    {"html", false, write_html}, {"mermaid", false, write_mermaid},
    {"dot", false, write_dot},   {"json", false, write_json},
    {"c", false, write_c},
};
enum { FORMATS = sizeof(formats) / sizeof(*formats) };

/* ---- Options ---- */

enum { KEY_FORMAT = 256, KEY_PROTOCOL, KEY_OUTPUT, KEY_ASCII, KEY_COLUMNS };

static const struct argp_option show_options_table[] = {
    {.name = "format",
     .key = KEY_FORMAT,
     .arg = "text|sequence|html|mermaid|dot|json|c",
     .doc = "text (default): what changed, step by step; sequence: a chart for the terminal; html: a page to step "
            "through; mermaid, dot: a chart for those programs; json: one array; c: a Criterion test that replays the "
            "trace"},
    {.name = "output",
     .key = KEY_OUTPUT,
     .arg = "FILE",
     .doc = "Write to this file, whole or not at all, instead of standard output"},
    {.name = "columns",
     .key = KEY_COLUMNS,
     .arg = "N",
     .doc = "sequence: no line is wider (default: the terminal's width, else 80)"},
    {.name = "ascii",
     .key = KEY_ASCII,
     .doc = "sequence: no characters beyond ASCII (default: what the locale allows)"},
    {.name = "protocol",
     .key = KEY_PROTOCOL,
     .arg = "PROTOCOL|FILE",
     .doc = "Take this protocol (a name, FILE.c or FILE.so) instead of the one that the trace names"},
    {0},
};

static error_t set_format(struct show_options *options, const char *name)
{
    static const char *const later[] = {"itf", "shiviz"};
    struct name_list known = {0};
    for (size_t i = 0; i < FORMATS; i++) {
        if (strcmp(name, formats[i].name) == 0) {
            options->format = &formats[i];
            name_list_free(&known);
            return 0;
        }
        name_list_add(&known, formats[i].name);
    }
    for (size_t i = 0; i < sizeof(later) / sizeof(*later); i++)
        if (strcmp(name, later[i]) == 0) {
            complain("show", "--format %s: not built yet", name);
            name_list_free(&known);
            return EINVAL;
        }
    complain_unknown("show", "--format", name, "format", &known);
    name_list_free(&known);
    return EINVAL;
}

static error_t set_columns(struct show_options *options, const char *text)
{
    if (number_parse(text, COLUMNS_LEAST, COLUMNS_MOST, &options->columns))
        return 0;
    complain("show", "--columns %s: not a number from %d to %d", text, COLUMNS_LEAST, COLUMNS_MOST);
    return EINVAL;
}

static error_t set_path(struct show_options *options, const char *path)
{
    if (options->path) {
        complain("show", "%s: one trace at a time, and there is '%s' already", path, options->path);
        return EINVAL;
    }
    options->path = path;
    return 0;
}

static error_t set_output(struct show_options *options, const char *path)
{
    if (*path) {
        options->output = strcmp(path, "-") == 0 ? NULL : path;
        return 0;
    }
    complain("show", "--output: the name of the file is empty");
    return EINVAL;
}

static error_t check_together(const struct show_options *options)
{
    if (!options->path) {
        complain("show", "which trace? gainsay show TRACE");
        return EINVAL;
    }
    if (options->format->has_style || !(options->ascii || options->columns))
        return 0;
    complain("show", "%s: only for --format sequence, not for %s", options->ascii ? "--ascii" : "--columns",
             options->format->name);
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
    case KEY_OUTPUT:
        return set_output(options, text);
    case KEY_ASCII:
        options->ascii = true;
        return 0;
    case KEY_COLUMNS:
        return set_columns(options, text);
    case ARGP_KEY_ARG:
        return set_path(options, text);
    case ARGP_KEY_END:
        return check_together(options);
    }
    return ARGP_ERR_UNKNOWN;
}

const struct argp show_argp = {
    .options = show_options_table,
    .parser = parse,
    .args_doc = "TRACE",
    .doc = "Prints a trace file, for people or for other programs.\v"
           "Exit codes: 0 shown, 2 bad usage or input.\n"
           "\n"
           "Examples:\n"
           "  gainsay show bug.trace\n"
           "  gainsay show bug.trace --format sequence\n"
           "  gainsay show bug.trace --format dot | dot -Tsvg > bug.svg\n"
           "  gainsay show bug.trace --format c --output test_bug.c\n",
};

/* ---- Showing ---- */

/* To a file: all is written in memory first. */
static int write_file(struct showing *showing)
{
    const char *path = showing->options->output;
    char error[TRACE_ERROR_SIZE];
    char *text = NULL;
    size_t size = 0;
    if (output_is_same_file(path, showing->options->path)) /* it would be lost: html or C in its place is no trace */
        return complain("show", "--output %s: that is the trace itself", path);
    showing->out = open_memstream(&text, &size);
    if (!showing->out)
        return complain("show", "%s", strerror(errno));
    int status = showing->options->format->write(showing);
    if (fclose(showing->out) != 0)
        status = complain("show", "%s", strerror(errno));
    if (!status && !whole_file_write(path, text, size, error, sizeof(error)))
        status = complain("show", "--output %s", error);
    free(text);
    return status;
}

static int show(const struct show_options *options)
{
    struct loaded_trace loaded = {.command = "show", .protocol = options->protocol};
    int status = trace_source_load(&loaded, options->path);
    if (status)
        return status;
    struct showing showing = {.options = options,
                              .trace = trace_file_trace(loaded.file),
                              .info = trace_file_origin(loaded.file),
                              .out = stdout};
    guard_catch();
    status = options->output ? write_file(&showing) : options->format->write(&showing);
    guard_release();
    trace_source_free(&loaded);
    return status;
}

int show_command(int argc, char **argv)
{
    struct show_options options = {.format = &formats[0]};
    const int status = arguments_parse("show", &show_argp, argc, argv, &options);
    return status ? status : show(&options);
}
