/* Reading a trace file's header: from names to a run. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "core/model.h"
#include "core/run_setup.h"
#include "traces/json_timing.h"
#include "traces/json_trace.h"
#include "traces/trace_loaded_file.h"

enum { REASON_SIZE = 1024 };

/* A header while it becomes a run. Strings are borrowed from the JSON unless said. */
struct header {
    struct trace_file *file;
    const json_t *json;
    struct json_reader *reader;
    struct trace_sources sources;
    const char *settings[GS_OPTIONS_MAX + 1]; /* owned */
    const char *mutants[GS_MUTANTS_MAX + 1];
    struct run_config config;
    bool timeouts_are_limited;
};

static const struct {
    const char *name;
    bool is_optional;
} members[] = {{"gainsay_trace", false}, {"protocol", false}, {"model", false},  {"options", false},
               {"mutants", false},       {"network", false},  {"copies", false}, {"capacity", false},
               {"budgets", false},       {"property", false}, {"kind", false},   {"monitors", true},
               {"explanation", false},   {"seed", false},     {"plugin", true},  {"extensions", true},
               {"timed", true},          {"timing", true}};

static const json_t *member(const struct header *header, const char *name)
{
    return json_object_get(header->json, name);
}

static bool read_text(const struct header *header, const char *name, const char **text)
{
    return json_read_text(header->reader, &(struct json_place){.name = name}, member(header, name), text);
}

static bool is_member(const char *name)
{
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (strcmp(members[i].name, name) == 0)
            return true;
    return false;
}

static bool check_format(const struct header *header)
{
    const struct json_place at = {.name = "gainsay_trace"};
    int64_t format;

    if (!member(header, at.name))
        return json_refuse(header->reader, NULL, "not the header of a trace file (it has no member gainsay_trace)");
    if (!json_read_signed(header->reader, &at, member(header, at.name), INT64_MIN, INT64_MAX, &format))
        return false;
    return format == TRACE_FORMAT ||
           json_refuse(header->reader, &at, "this gainsay reads format %d, not %" PRId64, TRACE_FORMAT, format);
}

static bool check_members(const struct header *header)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)header->json, name, value)
    {
        if (!is_member(name))
            return json_refuse(header->reader, &(struct json_place){.name = name}, "a header has no such member");
    }
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (!members[i].is_optional && !member(header, members[i].name))
            return json_refuse(header->reader, &(struct json_place){.name = members[i].name}, "is missing");
    return true;
}

/* ---- Where the protocol comes from ---- */

/* A path in the file, as it can be used from here. Owned by the caller. */
static char *usable_path(const struct trace_file *file, const char *path)
{
    char real[PATH_MAX];
    const char *trace = realpath(file->path, real) ? real : file->path, *slash = strrchr(trace, '/');

    if (path[0] == '/' || !slash)
        return strdup(path);
    char *usable = die_alloc((size_t)(slash - trace) + strlen(path) + 2);
    sprintf(usable, "%.*s/%s", (int)(slash - trace), trace, path);
    return usable;
}

static bool read_extensions(struct header *header)
{
    const struct json_place at = {.name = "extensions"};
    const json_t *paths = member(header, "extensions");
    const size_t count = json_array_size(paths);
    const char **usable = die_calloc(count + 1, sizeof(*usable));

    header->file->origin.extensions = usable;
    if (paths && !json_is_array(paths))
        return json_refuse(header->reader, &at, "expected an array of paths, not %s", json_type_name(paths));
    for (size_t i = 0; i < count; i++) {
        const struct json_place path_at = {.outer = &at, .index = i};
        const char *path;
        if (!json_read_text(header->reader, &path_at, json_array_get(paths, i), &path))
            return false;
        usable[i] = usable_path(header->file, path);
    }
    return true;
}

static bool read_origin(struct header *header)
{
    struct trace_file_info *origin = &header->file->origin;
    const json_t *seed = member(header, "seed");
    const char *plugin;

    if (!read_extensions(header))
        return false;
    if (member(header, "plugin")) {
        if (!read_text(header, "plugin", &plugin))
            return false;
        origin->plugin = usable_path(header->file, plugin);
    }
    origin->has_seed = !json_is_null(seed);
    return !origin->has_seed ||
           json_read_unsigned(header->reader, &(struct json_place){.name = "seed"}, seed, UINT64_MAX, &origin->seed);
}

static bool resolve_protocol(struct header *header, trace_resolver *resolve, void *context)
{
    const struct trace_file_info *origin = &header->file->origin;
    char reason[REASON_SIZE] = "";
    const char *protocol;

    if (!read_text(header, "protocol", &protocol))
        return false;
    if (!resolve(context, protocol, origin->plugin, origin->extensions, &header->sources, reason, sizeof(reason)))
        return json_refuse(header->reader, NULL, "%s", reason);
    must(header->sources.model != NULL);
    if (strcmp(header->sources.model->name, protocol) != 0)
        return json_refuse(header->reader, &(struct json_place){.name = "protocol"}, "is %.60s, but %s is there",
                           protocol, header->sources.model->name);
    return true;
}

static bool read_model_digest(struct header *header)
{
    uint64_t digest;

    if (!trace_digest_read(header->reader, &(struct json_place){.name = "model"}, member(header, "model"), &digest))
        return false;
    const uint64_t here = model_digest(header->sources.model);
    header->file->is_same_model = digest == here;
    header->reader->by_meaning = digest != here;
    if (digest != here)
        trace_file_note(header->file, 1,
                        "model: the file was written for another version of %s (%016" PRIx64 ", here %016" PRIx64
                        "): events are matched by their names, fingerprints are not compared",
                        header->sources.model->name, digest, here);
    return true;
}

/* ---- The configuration ---- */

/* An option's value as --set takes it; text: room for a number. */
enum { NUMBER_SIZE = 24 };
static const char *value_text(const json_t *value, char text[NUMBER_SIZE])
{
    snprintf(text, NUMBER_SIZE, "%lld", (long long)json_integer_value(value));
    return json_is_string(value) ? json_string_value(value) : text;
}

static char *make_setting(const char *name, const json_t *value)
{
    char number[NUMBER_SIZE], *setting = NULL;

    must(asprintf(&setting, "%s=%s", name, value_text(value, number)) >= 0);
    return setting;
}

static const struct gs_option *find_option(const struct header *header, const char *name)
{
    const struct gs_option *options = header->sources.model->options;

    for (size_t i = 0; i < GS_OPTIONS_MAX && options[i].name; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

/* The file's run cannot be had any more. It is read on with the option's default, to see that it is well formed. */
static void set_bad_option(struct header *header, const struct gs_option *option, const char *text)
{
    if (option->names)
        trace_file_set_foreign(header->file, 1, 0, NULL, "options.%s: %.60s is not one of its names in %s",
                               option->name, text, header->sources.model->name);
    else
        trace_file_set_foreign(header->file, 1, 0, NULL, "options.%s: %.60s is not from %lld to %lld, as %s has it",
                               option->name, text, (long long)option->min, (long long)option->max,
                               header->sources.model->name);
}

static bool read_options(struct header *header)
{
    const struct json_place at = {.name = "options"};
    const json_t *options = member(header, "options");
    const char *name;
    json_t *value;
    size_t count = 0;
    char number[NUMBER_SIZE];
    int64_t parsed;

    if (!json_is_object(options))
        return json_refuse(header->reader, &at, "expected an object, not %s", json_type_name(options));
    json_object_foreach((json_t *)(uintptr_t)options, name, value)
    {
        const struct json_place option_at = {.outer = &at, .name = name};
        if (!json_is_integer(value) && !json_is_string(value))
            return json_refuse(header->reader, &option_at, "expected an integer or a name, not %s",
                               json_type_name(value));
        const struct gs_option *option = find_option(header, name);
        if (!option)
            trace_file_note(header->file, 1, "options.%s: %s no longer has it; it is left out", name,
                            header->sources.model->name);
        else if (!run_option_parse(option, value_text(value, number), &parsed))
            set_bad_option(header, option, value_text(value, number));
        else
            header->settings[count++] = make_setting(name, value);
    }
    header->config.settings = header->settings;
    return true;
}

static bool has_mutant(const struct header *header, const char *name)
{
    const struct gs_mutant *mutants = header->sources.model->mutants;

    for (size_t i = 0; i < GS_MUTANTS_MAX && mutants[i].name; i++)
        if (strcmp(mutants[i].name, name) == 0)
            return true;
    return false;
}

/* A bug that was planted and is gone, or has another name: the trace is replayed without it. */
static bool read_mutants(struct header *header)
{
    const struct json_place at = {.name = "mutants"};
    const json_t *mutants = member(header, "mutants");
    size_t count = 0;

    if (!json_is_array(mutants) || json_array_size(mutants) > GS_MUTANTS_MAX)
        return json_refuse(header->reader, &at, "expected an array of at most %d names", GS_MUTANTS_MAX);
    for (size_t i = 0; i < json_array_size(mutants); i++) {
        const struct json_place name_at = {.outer = &at, .index = i};
        const char *name;
        if (!json_read_text(header->reader, &name_at, json_array_get(mutants, i), &name))
            return false;
        if (has_mutant(header, name))
            header->mutants[count++] = name;
        else
            trace_file_note(header->file, 1, "mutants: %s no longer has %s; the trace is replayed without it",
                            header->sources.model->name, name);
    }
    header->config.mutants = header->mutants;
    return true;
}

static bool read_network(struct header *header)
{
    const struct json_place at = {.name = "network"};
    const char *name;

    if (!read_text(header, at.name, &name))
        return false;
    for (uint8_t network = GS_SET; network <= GS_FIFO; network++)
        if (strcmp(network_names[network], name) == 0)
            header->config.network = network;
    return header->config.network || json_refuse(header->reader, &at, "\"%.60s\" is not set, bag or fifo", name);
}

static bool read_count(const struct header *header, const char *name, int *count)
{
    int64_t number;

    if (!json_read_signed(header->reader, &(struct json_place){.name = name}, member(header, name), 1, INT_MAX,
                          &number))
        return false;
    *count = (int)number;
    return true;
}

static int *budget_of(struct gs_budgets *budgets, int fault)
{
    int *const by_fault[GS_FAULTS] = {
        [GS_DROP] = &budgets->drops,       [GS_DUPLICATE] = &budgets->duplicates, [GS_CRASH] = &budgets->crashes,
        [GS_RESTART] = &budgets->restarts, [GS_REBOOT] = &budgets->reboots,       [GS_PARTITION] = &budgets->partitions,
        [GS_TIMEOUT] = &budgets->timeouts};
    return by_fault[fault];
}

static bool read_budget(struct header *header, const struct json_place *outer, const char *name, const json_t *value)
{
    const struct json_place at = {.outer = outer, .name = name};
    int64_t number;

    for (int fault = 0; fault < GS_FAULTS; fault++) {
        if (strcmp(budget_names[fault], name) != 0)
            continue;
        const bool is_timeouts = fault == GS_TIMEOUT;
        if (!json_read_signed(header->reader, &at, value, is_timeouts ? 0 : 1, INT_MAX, &number))
            return false;
        *budget_of(&header->config.budgets, fault) = number ? (int)number : GS_NONE;
        header->timeouts_are_limited |= is_timeouts;
        return true;
    }
    return json_refuse(header->reader, &at, "there is no such budget");
}

/* What the file does not name is none, whatever the preset says (of timeouts: unlimited, see make_run). */
static bool read_budgets(struct header *header)
{
    const struct json_place at = {.name = "budgets"};
    const json_t *budgets = member(header, "budgets");
    const char *name;
    json_t *value;

    if (!json_is_object(budgets))
        return json_refuse(header->reader, &at, "expected an object, not %s", json_type_name(budgets));
    for (int fault = 0; fault < GS_FAULTS; fault++)
        *budget_of(&header->config.budgets, fault) = GS_NONE;
    json_object_foreach((json_t *)(uintptr_t)budgets, name, value)
    {
        if (!read_budget(header, &at, name, value))
            return false;
    }
    return true;
}

static void note_missing_options(const struct header *header)
{
    const struct gs_run *run = header->file->run;

    for (unsigned i = 0; i < run->option_count; i++)
        if (!json_object_get(member(header, "options"), run->model->options[i].name))
            trace_file_note(header->file, 1, "options.%s: the file does not say; %lld is taken",
                            run->model->options[i].name, (long long)run->options[i]);
}

/* Has the run a clock that its handlers ask for the time? */
static bool read_timed(struct header *header)
{
    const json_t *timed = member(header, "timed");

    header->file->run->timed = json_is_true(timed);
    return !timed || json_is_boolean(timed) ||
           json_refuse(header->reader, &(struct json_place){.name = "timed"}, "expected true or false, not %s",
                       json_type_name(timed));
}

static bool make_run(struct header *header)
{
    char reason[REASON_SIZE];

    header->config.extensions = header->sources.extensions;
    if (!read_options(header) || !read_mutants(header) || !read_network(header) ||
        !read_count(header, "copies", &header->config.copies) ||
        !read_count(header, "capacity", &header->config.capacity) || !read_budgets(header))
        return false;
    header->file->run = run_new(header->sources.model, &header->config, reason, sizeof(reason));
    if (!header->file->run)
        return json_refuse(header->reader, NULL, "%s", reason);
    if (!header->timeouts_are_limited)
        header->file->run->budgets[GS_TIMEOUT] = -1;
    note_missing_options(header);
    return read_timed(header);
}

/* ---- The property ---- */

/* Does it claim that goals were not met in time? A protocol may well have a property of that name, too. */
static bool is_late(const struct header *header)
{
    const char *kind = json_string_value(member(header, "kind"));

    return kind && strcmp(kind, TRACE_RECOVERS) == 0;
}

/* Of a property that is gone, or has another name, the events are replayed as a sample's. */
static bool find_property(struct header *header, unsigned *property)
{
    struct trace_file *file = header->file;
    const char *name;

    *property = TRACE_NO_PROPERTY;
    if (json_is_null(member(header, "property")))
        return true;
    if (!read_text(header, "property", &name))
        return false;
    file->property = strdup(name);
    if (header->sources.property && strcmp(header->sources.property, name) != 0) {
        trace_file_note(file, 1, "property: the file says %s; %s is judged", name, header->sources.property);
        name = header->sources.property;
    }
    for (unsigned p = 0; p < run_property_count(file->run); p++)
        if (strcmp(run_property(file->run, p)->name, name) == 0)
            *property = p;
    if (strcmp(name, JUDGE_BEHAVIOUR) == 0)
        *property = run_property_count(file->run);
    if (is_late(header) && strcmp(name, TRACE_RECOVERS) == 0)
        *property = TRACE_NO_PROPERTY;
    else if (*property == TRACE_NO_PROPERTY)
        trace_file_set_foreign(file, 1, 0, NULL, "property: %s has no property %.60s", file->run->model->name, name);
    return true;
}

static bool read_monitor(const struct header *header, const struct json_place *at, const json_t *json, uint64_t *on)
{
    const struct gs_run *run = header->file->run;
    const char *name;

    if (!json_read_text(header->reader, at, json, &name))
        return false;
    for (unsigned m = 0; m < run_monitor_count(run); m++)
        if (strcmp(run_monitor(run, m)->name, name) == 0) {
            *on |= UINT64_C(1) << m;
            return true;
        }
    trace_file_note(header->file, 1, "monitors: %s no longer has %s; it is left out", run->model->name, name);
    return true;
}

static bool read_monitors(const struct header *header, uint64_t *on)
{
    const struct json_place at = {.name = "monitors"};
    const json_t *monitors = member(header, "monitors");

    if (monitors && !json_is_array(monitors))
        return json_refuse(header->reader, &at, "expected an array of names, not %s", json_type_name(monitors));
    for (size_t i = 0; i < json_array_size(monitors); i++)
        if (!read_monitor(header, &(struct json_place){.outer = &at, .index = i}, json_array_get(monitors, i), on))
            return false;
    return true;
}

static const struct {
    const char *name;
    enum trace_kind kind;
} kinds[] = {{"always", TRACE_OF_VIOLATION}, {"quiescent", TRACE_OF_VIOLATION},
             {"reachable", TRACE_OF_GOAL},   {"linearizable", TRACE_OF_VIOLATION},
             {"sample", TRACE_SAMPLE},       {"behaviour", TRACE_OF_MISBEHAVIOUR},
             {TRACE_RECOVERS, TRACE_SAMPLE}};

/* What kind of trace the file says it is, whatever its property is today. */
static bool read_kind(struct header *header, const char **name)
{
    const struct json_place at = {.name = "kind"};
    struct trace_file *file = header->file;
    const bool is_behaviour = file->property && strcmp(file->property, JUDGE_BEHAVIOUR) == 0;
    size_t i = 0;

    if (!read_text(header, at.name, name))
        return false;
    while (i < sizeof(kinds) / sizeof(kinds[0]) && strcmp(kinds[i].name, *name) != 0)
        i++;
    if (i == sizeof(kinds) / sizeof(kinds[0]))
        return json_refuse(header->reader, &at, "\"%.60s\" is no kind of property", *name);
    file->kind = kinds[i].kind;
    file->kind_name = kinds[i].name;
    if (is_late(header) && file->property && strcmp(file->property, TRACE_RECOVERS) == 0)
        return true;
    if ((file->kind == TRACE_SAMPLE) != !file->property || is_late(header))
        return json_refuse(header->reader, &at, "is \"%s\", but the property is %s", *name,
                           file->property ? file->property : "null");
    return (file->kind == TRACE_OF_MISBEHAVIOUR) == is_behaviour ||
           json_refuse(header->reader, &at, "is \"%s\", but the property is %.60s", *name, file->property);
}

/* A property that is of another kind today claims something else. */
static void check_kind(struct header *header, const char *kind)
{
    const struct trace_file *file = header->file;
    const char *here = json_trace_kind_name(file->trace);

    if (trace_kind(file->trace) != TRACE_SAMPLE && strcmp(here, kind) != 0)
        trace_file_set_foreign(header->file, 1, 0, NULL, "kind: the file says %s, but %s is of kind %s here", kind,
                               trace_property_name(file->trace), here);
}

/* The clock of a trace that claims that goals were not met in time; unless another property is to be judged. */
static bool read_clock(struct header *header)
{
    struct trace_file *file = header->file;
    const json_t *timing = member(header, "timing");
    const char *unknown;

    if (!timing != !is_late(header))
        return json_refuse(header->reader, &(struct json_place){.name = "timing"}, "%s",
                           timing ? "only a trace of kind recovers has it" : "is missing");
    if (!timing)
        return true;
    struct trace_clock *clock = file->trace->clock = trace_clock_new();
    header->reader->run = file->run;
    if (!json_timing_read(header->reader, timing, clock, &unknown))
        return false;
    if (unknown)
        trace_file_set_foreign(file, 1, 0, NULL, "timing.recovers: %s has no goal %.60s", file->run->model->name,
                               unknown);
    return true;
}

static bool make_trace(struct header *header)
{
    struct trace_file *file = header->file;
    const char *explanation, *kind;
    unsigned property;

    if (!find_property(header, &property) || !read_text(header, "explanation", &explanation) ||
        !read_kind(header, &kind))
        return false;
    uint64_t on = trace_own_monitor(file->run, property);
    if (!read_monitors(header, &on))
        return false;
    file->trace = trace_new(file->run, property, explanation, on);
    check_kind(header, kind);
    return read_clock(header);
}

bool trace_header_read(struct trace_file *file, json_t *json, trace_resolver *resolve, void *context,
                       struct json_reader *reader)
{
    struct header header = {.file = file, .json = json, .reader = reader};

    const bool is_read = check_format(&header) && check_members(&header) && read_origin(&header) &&
                         resolve_protocol(&header, resolve, context) && read_model_digest(&header) &&
                         make_run(&header) && make_trace(&header);
    for (size_t i = 0; header.settings[i]; i++)
        free((void *)(uintptr_t)header.settings[i]);
    reader->run = file->run;
    return is_read;
}
