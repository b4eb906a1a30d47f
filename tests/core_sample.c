#include "tests/core_sample.h"

#include <stdlib.h>

struct sample sample;

static const char *const phase_names[] = {"idle", "busy"};
static const char *const flavour_names[] = {"plain", "spicy"};

static const struct gs_field server_fields[] = {
    GS_FIELD(struct server, term, GS_DURABLE),
    GS_ENUM(struct server, phase, phase_names),
    GS_FIELD(struct server, leads),
    GS_FIELD(struct server, friend),
    GS_LIST(struct server, log, log_length, GS_DURABLE),
    GS_FIELD(struct server, log_length, GS_DURABLE),
    GS_LIST(struct server, seen, seen_length),
    GS_FIELD(struct server, seen_length),
    GS_FIELDS_END,
};

static const struct gs_field message_fields[] = {
    GS_FIELD(struct message, number),
    GS_ENUM(struct message, phase, phase_names),
    GS_FIELD(struct message, flag),
    GS_LIST(struct message, items, item_count),
    GS_FIELD(struct message, item_count),
    GS_FIELD(struct message, who),
    GS_FIELDS_END,
};

static const struct gs_field said_fields[] = {
    GS_FIELD(struct said, what),
    GS_ENUM(struct said, phase, phase_names),
    GS_FIELDS_END,
};

static const struct gs_field counter_fields[] = {
    GS_FIELD(struct counter, said),
    GS_FIELD(struct counter, last),
    GS_FIELD(struct counter, steps),
    GS_ENUM(struct counter, phase, phase_names),
    GS_FIELDS_END,
};

static bool take_ping(struct gs_step *s, struct server *self, const struct message *m)
{
    if (m->number == IGNORED)
        return false;
    if (m->number == DEFERRED)
        return gs_defer(s);
    return gs_push(self->seen, &self->seen_length, &m->number);
}

static bool server_step(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct server *self = state;

    switch (e->type) {
    case GS_START:
        self->phase = e->restarted ? BUSY : IDLE;
        return true;
    case PING:
        return take_ping(s, self, e->message);
    case TICK: /* index 1 is refused unless it leads */
        self->term += e->index == 0;
        return e->index == 0 || self->leads;
    case SEND:
        return gs_send(s, e->nodes[0], &(struct message){.type = PING, .number = (uint8_t)e->arguments[1]});
    case ARM:
        return gs_set_timer(s, TICK, (unsigned)e->arguments[0]);
    case DRAW:
        self->term = (uint16_t)(10 * gs_choose(s, 2));
        self->term = (uint16_t)(self->term + gs_choose(s, 3));
        return true;
    }
    return gs_unhandled(s, e);
}

static bool client_step(struct gs_step *s, void *state, const struct gs_event *e)
{
    (void)s;
    (void)state;
    (void)e;
    return true;
}

static bool holds(struct gs_view *v)
{
    (void)v;
    return true;
}

static void count_announcement(const struct gs_run *run, void *value, gs_node by, int announcement, const void *what)
{
    struct counter *counter = value;

    (void)run;
    (void)by;
    (void)announcement;
    counter->said++;
    counter->last = ((const struct said *)what)->what;
}

static const struct gs_model original = {
    .name = "sample",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_BAG,
    .roles = {[SERVER] = {.name = "server",
                          .size = sizeof(struct server),
                          .fields = server_fields,
                          .step = server_step,
                          .count_option = SERVERS,
                          .starts = true},
              [CLIENT] = {.name = "client", .step = client_step, .count = 1}},
    .events = {[PING] = {.name = "ping", .fields = {"number"}},
               [NOTE] = {.name = "note", .fields = {"who", "items", "item_count", "phase", "flag"}},
               [TICK] = {.name = "tick", .kind = GS_TIMER, .role = SERVER, .indices = 2},
               [TOCK] = {.name = "tock", .kind = GS_TIMER, .role = CLIENT},
               [SEND] = {.name = "send",
                         .kind = GS_LOCAL,
                         .role = SERVER,
                         .arguments = {{.name = "to", .kind = GS_NODE, .role = SERVER},
                                       {.name = "number", .kind = GS_RANGE, .min = 1, .max_option = TOP + 1}}},
               [ARM] = {.name = "arm",
                        .kind = GS_LOCAL,
                        .role = SERVER,
                        .arguments = {{.name = "index", .kind = GS_RANGE, .max = 1}}},
               [DRAW] = {.name = "draw", .kind = GS_LOCAL, .role = SERVER}},
    .options = {[SERVERS] = {.name = "servers", .preset = 2, .min = 0, .max = 64},
                [TOP] = {.name = "top", .preset = 255, .min = 1, .max = 255},
                [FLAVOUR] = {.name = "flavour", .max = 1, .names = flavour_names}},
    .presets = {{.name = "quick"},
                {.name = "queues",
                 .settings = {"servers=3", "flavour=spicy"},
                 .network = GS_FIFO,
                 .copies = 4,
                 .capacity = 5,
                 .budgets = {.drops = 1,
                             .duplicates = 2,
                             .crashes = 3,
                             .restarts = 4,
                             .reboots = 5,
                             .partitions = 6,
                             .timeouts = 7}}},
    .mutants = {{.name = "lose-votes", .property = "fine"}, {.name = "vote-twice", .property = "fine"}},
    .announcements = {[SAID] = {.name = "said", .size = sizeof(struct said), .fields = said_fields}},
    .monitors = {[COUNTER] = {.name = "counter",
                              .size = sizeof(struct counter),
                              .fields = counter_fields,
                              .announced = count_announcement}},
    .properties = {{.name = "fine", .scope = GS_SCOPE_NODE, .holds = holds},
                   {.name = "goal", .kind = GS_REACHABLE, .scope = GS_SCOPE_NODE, .holds = holds}},
};

static void free_run(void)
{
    world_free(&sample.world);
    run_free(sample.run);
    sample.world = (struct world){0};
    sample.run = NULL;
}

void sample_teardown(void)
{
    free_run();
    effect_free(&sample.effect);
    outcome_free(&sample.outcome);
}

void sample_setup(void)
{
    sample_teardown();
    sample = (struct sample){.model = original};
}

char *sample_refusal(const struct run_config *config)
{
    free_run();
    cr_assert(model_check(&sample.model, sample.error, sizeof(sample.error)), "%s", sample.error);
    sample.error[0] = '\0';
    sample.run = run_new(&sample.model, config, sample.error, sizeof(sample.error));
    cr_expect(eq(int, sample.run == NULL, sample.error[0] != '\0'));
    cr_expect(strchr(sample.error, '\n') == NULL);
    return sample.error;
}

void sample_make(const struct run_config *config)
{
    char *refusal = sample_refusal(config);

    cr_assert(sample.run != NULL, "%s", refusal);
    const uint64_t monitors = (UINT64_C(1) << run_monitor_count(sample.run)) - 1;
    cr_assert(world_init(&sample.world, sample.run, monitors, sample.error), "%s", sample.error);
}

void sample_start(const struct run_config *config)
{
    sample_make(config);
    for (unsigned k = 0; k < sample.run->count[SERVER]; k++) {
        const struct event start = {.action = ACTION_START, .node = node_of(sample.run->first[SERVER] + k)};
        const enum world_result result = world_start(&sample.world, &start, &sample.effect);
        cr_assert(eq(int, result, WORLD_STEP), "%s", sample.effect.explanation);
    }
}

const struct server *sample_server(unsigned node)
{
    return (const struct server *)(const void *)sample.world.locals[node].data;
}

char *sample_misbehaviour(const struct event *event)
{
    step_run(sample.run, node_number(event->node), sample.world.locals[node_number(event->node)].data, event,
             &sample.outcome);
    cr_expect(eq(int, sample.outcome.misbehaved, sample.outcome.explanation[0] != '\0'));
    return sample.outcome.explanation;
}

enum world_result sample_apply(struct event event)
{
    return world_apply(&sample.world, &event, &sample.effect);
}

/* ---- Events ---- */

struct event ping(unsigned from, unsigned to, unsigned number)
{
    static struct message messages[256];

    messages[number] = (struct message){.type = PING, .number = (uint8_t)number};
    return (struct event){.action = ACTION_DELIVER,
                          .type = PING,
                          .from = node_of(from),
                          .node = node_of(to),
                          .message = (const uint8_t *)&messages[number]};
}

struct event with_action(struct event event, enum action action)
{
    event.action = (uint8_t)action;
    return event;
}

struct event with_choices(struct event event, unsigned count, unsigned first, unsigned second)
{
    event.choice_count = (uint8_t)count;
    event.choices[0] = (uint16_t)first;
    event.choices[1] = (uint16_t)second;
    return event;
}

struct event tick(unsigned node, unsigned index)
{
    return (struct event){.action = ACTION_TIMER, .type = TICK, .node = node_of(node), .index = (uint8_t)index};
}

struct event send_event(unsigned node, unsigned to, unsigned number)
{
    return (struct event){
        .action = ACTION_LOCAL, .type = SEND, .node = node_of(node), .nodes = {node_of(to)}, .arguments = {0, number}};
}

struct event arm(unsigned node, unsigned index)
{
    return (struct event){.action = ACTION_LOCAL, .type = ARM, .node = node_of(node), .arguments = {index}};
}

struct event draw(unsigned node)
{
    return (struct event){.action = ACTION_LOCAL, .type = DRAW, .node = node_of(node)};
}

struct event host_event(enum action action, unsigned node)
{
    return (struct event){.action = (uint8_t)action, .node = node_of(node)};
}

struct event split(uint64_t side)
{
    return (struct event){.action = ACTION_PARTITION, .side = side};
}

/* ---- Text ---- */

/* A stream into a buffer that the next call of the same function overwrites. */
static FILE *open_text(char *buffer, size_t size)
{
    memset(buffer, 0, size);
    FILE *out = fmemopen(buffer, size, "w");

    cr_assert(out != NULL);
    return out;
}

char *mail_text(unsigned node)
{
    static char text[2000];
    FILE *out = open_text(text, sizeof(text));

    for (size_t i = 0; i < inbox_count(sample.run, &sample.world.inboxes[node]); i++) {
        const uint8_t *entry = inbox_entry(sample.run, &sample.world.inboxes[node], i);
        fprintf(out, "%s%s ", i ? "; " : "", gs_name(sample.run, (gs_node){entry[0]}));
        message_print(sample.run, entry + 1, out);
    }
    fclose(out);
    return text;
}

static void print_visited(void *context, const struct event *event)
{
    cr_expect(eq(int, event->choice_count, 0));
    event_print(sample.run, event, context);
    fputc('\n', context);
}

char *visited_text(void)
{
    static char text[8000];
    FILE *out = open_text(text, sizeof(text));

    world_visit(&sample.world, print_visited, out);
    fclose(out);
    return text;
}

char *sends_text(void)
{
    static const char *const results[] = {"added", "absorbed", "lost", "overflow"};
    static char text[2000];
    FILE *out = open_text(text, sizeof(text));
    const struct bytes *sends = &sample.effect.sends;

    for (size_t at = 0; at < sends->size; at += 2 + inbox_stride(sample.run)) {
        fprintf(out, "%s%s -> %s ", at ? "; " : "", gs_name(sample.run, (gs_node){sends->data[at]}),
                gs_name(sample.run, (gs_node){sends->data[at + 2]}));
        message_print(sample.run, sends->data + at + 3, out);
        fprintf(out, " %s", results[sends->data[at + 1]]);
    }
    fclose(out);
    return text;
}

char *seen_text(unsigned node)
{
    static char text[100];
    FILE *out = open_text(text, sizeof(text));
    const struct server *server = sample_server(node);

    for (unsigned i = 0; i < server->seen_length; i++)
        fprintf(out, "%s%u", i ? " " : "", server->seen[i]);
    fclose(out);
    return text;
}

char *event_text(const struct event *event)
{
    static char text[400];
    FILE *out = open_text(text, sizeof(text));

    event_print(sample.run, event, out);
    fclose(out);
    return text;
}
