/* What takes the most distinct values, for whoever has to decide what to bound. */
#include <inttypes.h>
#include <string.h>

#include "cli/numbers.h"
#include "cli/report_growth.h"
#include "cli/wrapped.h"
#include "core/run.h"

enum { COLUMNS = 4, ROWS_MOST = 12, NAME_SIZE = 200, NAME_WIDTH_MOST = 34, NUMBER_WIDTH_LEAST = 9 };

/* ---- The table ---- */

struct table {
    const struct gs_result *result;
    const struct gs_growth *growth;
    FILE *out;
    int name_width, number_width;
    size_t points[COLUMNS], columns;
};

/* Of the nodes of a role the one with most values stands for all. */
static bool is_same_row(const struct gs_growth_part *a, const struct gs_growth_part *b)
{
    return a->kind == b->kind && a->role == b->role && (a->kind == GS_GROWTH_LOCAL_STATE || a->kind == GS_GROWTH_INBOX);
}

static bool is_shown(const struct gs_growth *growth, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (is_same_row(&growth->parts[i], &growth->parts[index]))
            return false;
    return growth->parts[index].values[growth->point_count - 1] > 1;
}

static void name_part(const struct gs_run *run, const struct gs_growth_part *part, char name[NAME_SIZE])
{
    const bool is_one = run->count[part->role] == 1;
    const char *of = is_one ? part->name : run->model->roles[part->role].name;
    switch ((enum gs_growth_kind)part->kind) {
    case GS_GROWTH_LOCAL_STATE:
        snprintf(name, NAME_SIZE, "local state of %s%s", is_one ? "" : "a ", of);
        return;
    case GS_GROWTH_INBOX:
        snprintf(name, NAME_SIZE, "inbox of %s%s", is_one ? "" : "a ", of);
        return;
    case GS_GROWTH_FIELD:
        snprintf(name, NAME_SIZE, "%s", part->name);
        return;
    case GS_GROWTH_TIMERS:
        snprintf(name, NAME_SIZE, "timers of %s%s", is_one ? "" : "a ", part->name);
        return;
    case GS_GROWTH_MONITOR:
        snprintf(name, NAME_SIZE, "monitor %s", part->name);
        return;
    case GS_GROWTH_FAULTS:
        snprintf(name, NAME_SIZE, "budgets spent, partition");
        return;
    }
}

/* The last depth, and others spread evenly before it. */
static void choose_columns(struct table *table)
{
    const size_t count = table->growth->point_count;
    table->columns = count < COLUMNS ? count : COLUMNS;
    for (size_t i = 0; i < table->columns; i++)
        table->points[i] = (i + 1) * count / table->columns - 1;
}

static void choose_widths(struct table *table)
{
    char text[NUMBER_TEXT_SIZE], name[NAME_SIZE];
    const struct gs_growth *growth = table->growth;
    table->number_width = (int)strlen(number_text(growth->states[growth->point_count - 1], text));
    if (table->number_width < NUMBER_WIDTH_LEAST)
        table->number_width = NUMBER_WIDTH_LEAST;
    for (size_t i = 0; i < growth->part_count; i++) {
        name_part(table->result->run, &growth->parts[i], name);
        const int length = (int)strlen(name);
        if (is_shown(growth, i) && length > table->name_width && length <= NAME_WIDTH_MOST)
            table->name_width = length;
    }
}

static void print_row(const struct table *table, const char *name, const uint64_t *numbers)
{
    char text[NUMBER_TEXT_SIZE];
    fprintf(table->out, "  %-*s", table->name_width, name);
    for (size_t i = 0; i < table->columns; i++)
        fprintf(table->out, "  %*s", table->number_width, number_text(numbers[table->points[i]], text));
}

static void print_range(const struct gs_growth_part *part, FILE *out)
{
    if (!part->has_range)
        return;
    if (part->kind == GS_GROWTH_INBOX)
        fprintf(out, "  up to %" PRId64 " message%s", part->most, part->most == 1 ? "" : "s");
    else
        fprintf(out, "  %" PRId64 " to %" PRId64 "%s", part->least, part->most, part->is_list ? " items" : "");
}

static void print_rows(const struct table *table)
{
    char name[NAME_SIZE];
    size_t rows = 0, more = 0;
    for (size_t i = 0; i < table->growth->part_count; i++) {
        const struct gs_growth_part *part = &table->growth->parts[i];
        if (!is_shown(table->growth, i))
            continue;
        if (rows == ROWS_MOST) {
            more++;
            continue;
        }
        rows++;
        name_part(table->result->run, part, name);
        print_row(table, name, part->values);
        print_range(part, table->out);
        fputc('\n', table->out);
    }
    if (more)
        fprintf(table->out, "  ... and %zu with fewer; --json FILE has all\n", more);
}

static void print_constants(const struct gs_growth *growth, FILE *out)
{
    struct wrapped list;
    bool any = false;
    for (size_t i = 0; i < growth->part_count; i++) {
        const struct gs_growth_part *part = &growth->parts[i];
        if (part->kind != GS_GROWTH_FIELD || part->values[growth->point_count - 1] > 1)
            continue;
        if (!any)
            list = wrapped_begin(out, 4, "  never change: ");
        any = true;
        wrapped_add(&list, ",", "%s", part->name);
    }
    if (any)
        wrapped_end(&list);
}

static void print_table(const struct gs_result *result, FILE *out)
{
    struct table table = {.result = result, .growth = &result->growth, .out = out, .name_width = 6};
    choose_columns(&table);
    choose_widths(&table);
    fprintf(out, "\ngrowth: how many distinct values each part of a state has taken, up to each depth\n");
    print_row(&table, "depth", table.growth->depths);
    fputc('\n', out);
    print_row(&table, "states", table.growth->states);
    fputc('\n', out);
    print_rows(&table);
    print_constants(table.growth, out);
}

/* ---- Messages ---- */

static void print_messages(const struct gs_growth *growth, FILE *out)
{
    enum { MESSAGES_SHOWN = 6 };
    char text[NUMBER_TEXT_SIZE];
    if (!growth->message_count)
        return;
    fprintf(out, "  most messages in flight in one state: %s\n", number_text(growth->in_flight, text));
    struct wrapped list = wrapped_begin(out, 4, "  inboxes with ");
    for (size_t i = 0; i < growth->message_count && i < MESSAGES_SHOWN; i++) {
        const struct gs_growth_message *message = &growth->messages[i];
        wrapped_add(&list, ",", "%s: %.0f %% (%s different, at most %" PRIu64 " in one)", message->name,
                    100.0 * (double)message->inboxes / (double)growth->inboxes, number_text(message->distinct, text),
                    message->most);
    }
    wrapped_end(&list);
}

/* ---- Levels ---- */

/* Two digits that count, as an estimate has at most. */
static const char *rough_text(double number, char text[NUMBER_TEXT_SIZE])
{
    uint64_t unit = 1;
    while (number / (double)unit >= 100)
        unit *= 10;
    return number_text((uint64_t)(number / (double)unit + 0.5) * unit, text);
}

static void print_factors(const struct gs_growth *growth, FILE *out)
{
    if (growth->factors[0] > 0)
        fprintf(out, ", %.2f times the one before", growth->factors[0]);
    if (growth->factors[2] > 0)
        fprintf(out, " (earlier: %.2f, %.2f)", growth->factors[1], growth->factors[2]);
}

static void print_estimate(const struct gs_growth *growth, FILE *out)
{
    char least[NUMBER_TEXT_SIZE], most[NUMBER_TEXT_SIZE];
    rough_text(growth->estimate_least, least);
    rough_text(growth->estimate_most, most);
    if (growth->factors[2] <= 0)
        fprintf(out, "  no estimate of the rest: there are too few levels\n");
    else if (growth->estimate_least <= 0)
        fprintf(out, "  no estimate of the rest: the factor hardly falls yet, so the end is far\n");
    else if (growth->estimate_most <= 0)
        fprintf(out, "  rough estimate, if that factor goes on falling: %s states in all, or many more\n", least);
    else if (strcmp(least, most) == 0)
        fprintf(out, "  rough estimate, if that factor goes on falling: %s states in all\n", least);
    else
        fprintf(out, "  rough estimate, if that factor goes on falling: %s to %s states in all\n", least, most);
}

static void print_levels(const struct gs_result *result, FILE *out)
{
    const struct gs_growth *growth = &result->growth;
    char text[NUMBER_TEXT_SIZE];
    if (result->complete)
        return;
    fprintf(out, "  last whole level: depth %" PRIu64 ", %s state%s", growth->whole_depth,
            number_text(growth->levels[0], text), growth->levels[0] == 1 ? "" : "s");
    print_factors(growth, out);
    fprintf(out, "\n");
    print_estimate(growth, out);
}

/* ---- What to do ---- */

static const struct gs_growth_part *first_of(const struct gs_growth *growth, enum gs_growth_kind kind)
{
    for (size_t i = 0; i < growth->part_count; i++)
        if (growth->parts[i].kind == kind && growth->parts[i].values[growth->point_count - 1] > 1)
            return &growth->parts[i];
    return NULL;
}

static void print_settings(const struct gs_run *run, FILE *out)
{
    struct wrapped list = wrapped_begin(out, 4, "  options here: ");
    for (unsigned i = 0; i < run->option_count; i++) {
        const struct gs_option *option = &run->model->options[i];
        if (option->names)
            wrapped_add(&list, "", "%s=%s", option->name, option->names[run->options[i] - option->min]);
        else
            wrapped_add(&list, "", "%s=%" PRId64, option->name, run->options[i]);
    }
    for (int fault = 0; fault < GS_FAULTS; fault++)
        if (run->budgets[fault] > 0)
            wrapped_add(&list, "", "--%s %" PRId64, budget_names[fault], run->budgets[fault]);
    if (!list.any)
        wrapped_add(&list, "", "none");
    wrapped_end(&list);
}

static const char *advice_on_mail(const struct gs_run *run)
{
    if (run->network == GS_FIFO)
        return run->capacity > 1 ? "send less, or try a smaller --capacity" : "send less";
    if (run->network == GS_BAG)
        return run->copies > 1 ? "send less, or try fewer --copies or --network fifo"
                               : "send less, or try --network fifo";
    return "send less, or try --network bag or fifo";
}

/* Numbers and lists are what an option or `within` can bound. */
static const struct gs_growth_part *largest_boundable(const struct gs_growth *growth)
{
    for (size_t i = 0; i < growth->part_count; i++) {
        const struct gs_growth_part *part = &growth->parts[i];
        if (part->kind == GS_GROWTH_FIELD && part->has_range && part->most > part->least)
            return part;
    }
    return NULL;
}

static void print_hints(const struct gs_result *result, FILE *out)
{
    const struct gs_growth *growth = &result->growth;
    const struct gs_run *run = result->run;
    const struct gs_growth_part *field = largest_boundable(growth), *inbox = first_of(growth, GS_GROWTH_INBOX),
                                *local = first_of(growth, GS_GROWTH_LOCAL_STATE),
                                *monitor = first_of(growth, GS_GROWTH_MONITOR);
    const size_t last = growth->point_count - 1;
    const uint64_t locals = local ? local->values[last] : 1;
    if (inbox && inbox->values[last] >= locals)
        fprintf(out, "  hint: inboxes vary more than local states: %s\n", advice_on_mail(run));
    if (monitor && monitor->values[last] > locals && (!inbox || monitor->values[last] > inbox->values[last]))
        fprintf(out, "  hint: monitor %s varies most: try without it, judging by --property NAME\n", monitor->name);
    if (field)
        fprintf(out, "  hint: of numbers and lists `%s` varies most: bound it by an option or `within`\n", field->name);
    print_settings(run, out);
}

static void print_caveats(const struct gs_growth *growth, FILE *out)
{
    if (growth->every > 1)
        fprintf(out, "  measured over every %" PRIu64 "th state: values that are rarer may be missing\n",
                growth->every);
    if (growth->cut)
        fprintf(out, "  fields and messages: of the first 262,144 values of each node\n");
}

void report_growth(const struct gs_result *result, FILE *out)
{
    if (!result->growth.measured || !result->states)
        return;
    print_table(result, out);
    print_messages(&result->growth, out);
    print_levels(result, out);
    print_caveats(&result->growth, out);
    if (!result->complete)
        print_hints(result, out);
}
