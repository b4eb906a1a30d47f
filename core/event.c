/* Events: order, names, text. */
#include "core/event.h"

#include <string.h>

#include "core/fields.h"

const char *const action_names[ACTION_COUNT] = {"start", "deliver", "timer",  "local",     "drop", "duplicate",
                                                "crash", "restart", "reboot", "partition", "heal"};

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_messages(const struct gs_run *run, const struct event *a, const struct event *b)
{
    if (!a->message || !b->message)
        return compare_numbers(a->message != NULL, b->message != NULL);
    return memcmp(a->message, b->message, run->model->message_size);
}

static int compare_arguments(const struct event *a, const struct event *b)
{
    int order = 0;
    for (int i = 0; i < GS_ARGUMENTS_MAX && order == 0; i++) {
        order = compare_numbers(a->arguments[i], b->arguments[i]);
        if (order == 0)
            order = compare_numbers(a->nodes[i].tag, b->nodes[i].tag);
    }
    return order;
}

static int compare_choices(const struct event *a, const struct event *b)
{
    int order = 0;
    for (int i = 0; i < GS_CHOICES_MAX && order == 0; i++)
        order = compare_numbers(i < a->choice_count ? a->choices[i] : -1, i < b->choice_count ? b->choices[i] : -1);
    return order;
}

int event_compare(const struct gs_run *run, const struct event *a, const struct event *b)
{
    int order = compare_numbers(a->action, b->action);
    if (order == 0)
        order = compare_numbers(a->node.tag, b->node.tag);
    if (order == 0)
        order = compare_numbers(a->type, b->type);
    if (order == 0)
        order = compare_numbers(a->from.tag, b->from.tag);
    if (order == 0)
        order = compare_messages(run, a, b);
    if (order == 0)
        order = compare_numbers(a->index, b->index);
    if (order == 0)
        order = compare_arguments(a, b);
    if (order == 0)
        order = (a->side > b->side) - (a->side < b->side);
    return order ? order : compare_choices(a, b);
}

int action_fault(enum action action)
{
    static const uint8_t faults[ACTION_COUNT] = {
        [ACTION_START] = GS_FAULTS,        [ACTION_DELIVER] = GS_FAULTS,  [ACTION_TIMER] = GS_TIMEOUT,
        [ACTION_LOCAL] = GS_FAULTS,        [ACTION_DROP] = GS_DROP,       [ACTION_DUPLICATE] = GS_DUPLICATE,
        [ACTION_CRASH] = GS_CRASH,         [ACTION_RESTART] = GS_RESTART, [ACTION_REBOOT] = GS_REBOOT,
        [ACTION_PARTITION] = GS_PARTITION, [ACTION_HEAL] = GS_FAULTS};
    return faults[action];
}

const char *event_name(const struct gs_run *run, const struct event *event)
{
    switch ((enum action)event->action) {
    case ACTION_DELIVER:
    case ACTION_TIMER:
    case ACTION_LOCAL:
        return run->model->events[event->type].name;
    default:
        return action_names[event->action];
    }
}

void message_print(const struct gs_run *run, const uint8_t *message, FILE *out)
{
    const struct gs_event_type *type = &run->model->events[message[0]];
    fputs(type->name, out);
    for (int i = 0; i < GS_MESSAGE_FIELDS_MAX && type->fields[i]; i++) {
        const struct gs_field *field = fields_find(run->model->message_fields, type->fields[i]);
        fprintf(out, "%s%s ", i ? ", " : " {", field->name);
        field_print(run, run->model->message_fields, field, message, out);
    }
    if (type->fields[0])
        fputc('}', out);
}

static void print_arguments(const struct gs_run *run, const struct event *event, FILE *out)
{
    const struct gs_event_type *type = &run->model->events[event->type];
    for (int i = 0; i < GS_ARGUMENTS_MAX && type->arguments[i].kind; i++) {
        fprintf(out, "%s%s ", i ? ", " : " {", type->arguments[i].name);
        if (type->arguments[i].kind == GS_NODE)
            fputs(gs_run_name(run, event->nodes[i]), out);
        else
            fprintf(out, "%lld", (long long)event->arguments[i]);
    }
    if (type->arguments[0].kind)
        fputc('}', out);
}

/* "server0, server2" of a bit mask. */
static void print_nodes(const struct gs_run *run, uint64_t nodes, FILE *out)
{
    const char *separator = "";
    for (unsigned n = 0; n < run->node_count; n++)
        if (nodes >> n & 1) {
            fprintf(out, "%s%s", separator, run->nodes[n].name);
            separator = ", ";
        }
}

static void print_delivery(const struct gs_run *run, const struct event *event, FILE *out)
{
    if (event->action != ACTION_DELIVER)
        fprintf(out, "%s ", action_names[event->action]);
    fprintf(out, "%s -> %s: ", gs_run_name(run, event->from), gs_run_name(run, event->node));
    message_print(run, event->message, out);
}

static void print_own(const struct gs_run *run, const struct event *event, FILE *out)
{
    const struct gs_event_type *type = &run->model->events[event->type];
    fprintf(out, "%s: %s%s", gs_run_name(run, event->node), event->action == ACTION_TIMER ? "timer " : "", type->name);
    if (event->action == ACTION_TIMER && type->indices > 1)
        fprintf(out, " %u", event->index);
    if (event->action == ACTION_LOCAL)
        print_arguments(run, event, out);
}

static void print_fault(const struct gs_run *run, const struct event *event, FILE *out)
{
    fputs(action_names[event->action], out);
    if (event->action == ACTION_PARTITION) {
        const uint64_t all = run->node_count == 64 ? ~UINT64_C(0) : (UINT64_C(1) << run->node_count) - 1;
        fputs(" {", out);
        print_nodes(run, event->side, out);
        fputs("} | {", out);
        print_nodes(run, all & ~event->side, out);
        fputc('}', out);
    } else if (event->action != ACTION_HEAL) {
        fputc(' ', out);
        print_nodes(run,
                    event->action == ACTION_START ? UINT64_C(1) << node_number(event->node)
                                                  : run->hosts[run->nodes[node_number(event->node)].host],
                    out);
    }
}

void event_print(const struct gs_run *run, const struct event *event, FILE *out)
{
    if (event->message)
        print_delivery(run, event, out);
    else if (event->action == ACTION_TIMER || event->action == ACTION_LOCAL)
        print_own(run, event, out);
    else
        print_fault(run, event, out);
    for (unsigned i = 0; i < event->choice_count; i++)
        fprintf(out, "%s%u", i ? ", " : " choosing ", event->choices[i]);
}
