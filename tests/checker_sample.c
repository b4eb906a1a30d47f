/* The counters, the tokens, and what is asked of their results. */
#include "tests/checker_sample.h"

#include <stdlib.h>

#include "core/event.h"
#include "traces/trace.h"

/* ---- Counters ---- */

static const struct gs_field counter_fields[] = {GS_FIELD(struct counter, value), GS_FIELDS_END};
static const struct gs_field message_fields[] = {GS_FIELD(struct counter_message, number), GS_FIELDS_END};
static const struct gs_field counted_fields[] = {GS_FIELD(struct counted, by), GS_FIELDS_END};

static bool counter_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    const bool picks = gs_option(s, LARGEST);
    switch (e->type) {
    case INCREMENT:
        if (picks || counter->value >= gs_option(s, TOP) + gs_mutant(s, ONE_TOO_FAR))
            return false;
        counter->value++;
        return gs_announce(s, COUNTED, &(struct counted){gs_self(s)});
    case PICK:
        if (!picks || counter->value)
            return false;
        counter->value = (uint32_t)e->arguments[0];
        return true;
    case JUMP:
        return false;
    }
    return gs_unhandled(s, e);
}

static bool in_range(struct gs_view *v)
{
    const struct counter *counter = gs_this(v);
    return counter->value <= gs_option(v, TOP) ||
           gs_explain(v, "%s is %u", gs_name(v, gs_this_node(v)), counter->value);
}

static bool topped(struct gs_view *v)
{
    return ((const struct counter *)gs_this(v))->value == gs_option(v, TOP);
}

static void last_announced(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced)
{
    (void)run;
    (void)by;
    (void)announcement;
    *(struct counted *)value = *(const struct counted *)announced;
}

const struct gs_model counters = {
    .name = "counters",
    .title = "counters that count",
    .message_size = sizeof(struct counter_message),
    .message_fields = message_fields,
    .network = GS_BAG,
    .roles = {{.name = "counter",
               .size = sizeof(struct counter),
               .fields = counter_fields,
               .step = counter_step,
               .count_option = COUNTERS}},
    .events =
        {
            [POKE] = {.name = "poke", .fields = {"number"}},
            [INCREMENT] = {.name = "increment", .kind = GS_LOCAL},
            [PICK] = {.name = "pick",
                      .kind = GS_LOCAL,
                      .arguments = {{.name = "number", .kind = GS_RANGE, .min = 1, .max_option = LARGEST + 1}}},
            [JUMP] = {.name = "jump", .kind = GS_LOCAL},
            [ALARM] = {.name = "alarm", .kind = GS_TIMER},
        },
    .options = {[COUNTERS] = {.name = "counters", .preset = 2, .min = 0, .max = 64},
                [TOP] = {.name = "top", .preset = 3, .min = 0, .max = 100000},
                [LARGEST] = {.name = "largest", .preset = 0, .min = 0, .max = 100000}},
    .presets = {{.name = "quick"}, {.name = "one", .settings = {"counters=1"}}},
    .mutants = {[ONE_TOO_FAR] = {.name = "one-too-far", .property = "in-range"}},
    .announcements = {[COUNTED] = {.name = "counted", .size = sizeof(struct counted), .fields = counted_fields}},
    .monitors = {[LAST] = {.name = "last",
                           .size = sizeof(struct counted),
                           .fields = counted_fields,
                           .announced = last_announced}},
    .properties = {[IN_RANGE] = {.name = "in-range", .scope = GS_SCOPE_NODE, .holds = in_range},
                   [TOPPED] = {.name = "topped", .kind = GS_REACHABLE, .scope = GS_SCOPE_NODE, .holds = topped}},
};

/* ---- Tokens ---- */

enum { TOKEN, CHOOSE, PASS };
enum { HOLDERS, NUMBERS };

struct holder {
    uint32_t value, holding;
};

static const struct gs_field holder_fields[] = {GS_FIELD(struct holder, value), GS_FIELD(struct holder, holding),
                                                GS_FIELDS_END};

static void holder_init(const struct gs_run *run, gs_node self, void *state)
{
    ((struct holder *)state)->holding = gs_index(run, self) == 0;
}

static bool holder_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct holder *holder = self;
    switch (e->type) {
    case TOKEN:
        holder->holding = 1;
        return true;
    case CHOOSE:
        if (!holder->holding || holder->value)
            return false;
        holder->value = (uint32_t)e->arguments[0];
        return true;
    case PASS:
        if (!holder->value)
            return false;
        *holder = (struct holder){0};
        return gs_send(s, gs_node_at(s, 0, (gs_index(s, gs_self(s)) + 1) % gs_count(s, 0)),
                       &(struct counter_message){.type = TOKEN});
    }
    return gs_unhandled(s, e);
}

static bool one_holds(struct gs_view *v)
{
    const struct holder *one = gs_this(v), *other = gs_that(v);
    return !gs_premise(v, one->holding) || !other->holding;
}

static bool last_picks_most(struct gs_view *v)
{
    const struct holder *holder = gs_this(v);
    return gs_index(v, gs_this_node(v)) == gs_count(v, 0) - 1 && holder->value == gs_option(v, NUMBERS);
}

const struct gs_model tokens = {
    .name = "tokens",
    .title = "a token goes round",
    .message_size = sizeof(struct counter_message),
    .message_fields = message_fields,
    .network = GS_BAG,
    .roles = {{.name = "holder",
               .size = sizeof(struct holder),
               .fields = holder_fields,
               .step = holder_step,
               .init = holder_init,
               .count_option = HOLDERS}},
    .events = {[TOKEN] = {.name = "token"},
               [CHOOSE] = {.name = "choose",
                           .kind = GS_LOCAL,
                           .arguments = {{.name = "number", .kind = GS_RANGE, .min = 1, .max_option = NUMBERS + 1}}},
               [PASS] = {.name = "pass", .kind = GS_LOCAL}},
    .options = {[HOLDERS] = {.name = "holders", .preset = 3, .min = 1, .max = 64},
                [NUMBERS] = {.name = "numbers", .preset = 2, .min = 1, .max = 1000}},
    .presets = {{.name = "quick"}},
    .properties = {{.name = "one-holds", .scope = GS_SCOPE_PAIR, .holds = one_holds},
                   {.name = "last-picks-most", .kind = GS_REACHABLE, .scope = GS_SCOPE_NODE, .holds = last_picks_most}},
};

/* ---- Checking ---- */

struct gs_model *copy_model(const struct gs_model *model)
{
    static struct gs_model copy;
    memcpy(&copy, model, sizeof(copy));
    return &copy;
}

struct gs_property *add_property(struct gs_model *model, const char *name)
{
    size_t place = 0;
    while (model->properties[place].name)
        place++;
    model->properties[place].name = name;
    return &model->properties[place];
}

void check(const struct gs_model *model, const struct gs_config *config, enum gs_status status,
           struct gs_result *result)
{
    static const struct gs_config none;
    const enum gs_status got = gs_check(model, config ? config : &none, result);
    cr_expect(eq(int, (int)got, (int)status), "%s", result->error);
    cr_expect(eq(int, (int)result->status, (int)status));
}

void expect_refused(const struct gs_model *model, const struct gs_config *config, const char *error)
{
    struct gs_result result;
    check(model, config, GS_BAD_INPUT, &result);
    expect_text(result.error, error);
    gs_result_free(&result);
    gs_result_free(&result); /* freed is empty: again does nothing */
}

const struct gs_property_result *result_of(const struct gs_result *result, const char *property)
{
    for (size_t i = 0; i < result->property_count; i++)
        if (strcmp(result->properties[i].name, property) == 0)
            return &result->properties[i];
    cr_assert(false, "no result for %s: %s", property, result->error);
    return NULL;
}

void expect_verdict(const struct gs_result *result, const char *property, enum gs_verdict verdict)
{
    const struct gs_property_result *judged = result_of(result, property);
    cr_expect(judged->verdict == verdict, "%s: %s (%s), not %s", property, gs_verdict_names[judged->verdict],
              judged->reason, gs_verdict_names[verdict]);
}

void expect_reason(const struct gs_result *result, const char *property, const char *reason)
{
    expect_text(result_of(result, property)->reason, reason);
}

void expect_space(const struct gs_result *result, uint64_t states, uint64_t transitions, uint64_t depth)
{
    cr_expect(eq(u64, result->states, states), "states");
    cr_expect(eq(u64, result->transitions, transitions), "transitions");
    cr_expect(eq(u64, result->depth, depth), "depth");
}

void expect_text(const char *got, const char *expected)
{
    cr_expect(strcmp(got, expected) == 0, "got:\n%s\nexpected:\n%s", got, expected);
}

static uint64_t times(const struct gs_tally *tallies, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(tallies[i].name, name) == 0)
            return tallies[i].times;
    return 0;
}

uint64_t cut_by(const struct gs_result *result, const char *bound)
{
    return times(result->cuts, result->cut_count, bound);
}

uint64_t taken(const struct gs_result *result, const char *event)
{
    return times(result->events, result->event_count, event);
}

/* ---- Traces ---- */

char *text_of(const struct trace *trace)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    gs_trace_print(trace, out);
    fclose(out);
    return text;
}

char *events_of(const struct trace *trace)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < trace->start_count + trace->step_count; i++) {
        const struct event *event = i < trace->start_count ? &trace->starts[i] : &trace->steps[i - trace->start_count];
        event_print(trace->run, event, out);
        fputc('\n', out);
    }
    fclose(out);
    return text;
}

void expect_events(const struct gs_result *result, const char *property, const char *events)
{
    const struct gs_property_result *judged = result_of(result, property);
    cr_assert(judged->trace != NULL, "%s has no trace", property);
    char *text = events_of(judged->trace);
    expect_text(text, events);
    free(text);
}

uint64_t power(uint64_t base, unsigned exponent)
{
    uint64_t product = 1;
    while (exponent--)
        product *= base;
    return product;
}
