/* The ready client role, one event at a time: whom it asks, under which identity, and what it announces. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "core/model.h"
#include "core/run_setup.h"
#include "core/world.h"
#include "properties/client.h"

enum { SERVER, CLIENT };
enum { ASK, TELL, RETRY, STOP_WAITING };
enum { INVOKED, RETURNED };

struct message {
    uint8_t type;
    uint8_t request;
};

static const struct gs_field message_fields[] = {GS_FIELD(struct message, request), GS_FIELDS_END};

static bool server_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    const struct message *message = e->message;
    (void)self;
    return e->type == ASK ? gs_send(s, e->from, &(struct message){.type = TELL, .request = message->request})
                          : gs_unhandled(s, e);
}

static void request(struct gs_step *s, const struct gs_request *request)
{
    gs_send(s, request->server, &(struct message){.type = ASK, .request = request->id});
}

static bool answer(struct gs_step *s, const struct gs_event *e, struct gs_answer *answer)
{
    (void)s;
    answer->id = ((const struct message *)e->message)->request;
    return e->type == TELL;
}

static bool met(struct gs_view *v)
{
    return gs_client_returns(gs_this(v)) > 0;
}

static struct gs_clients clients;
static struct gs_model model;
static struct gs_run *run;
static struct world world;
static struct effect effect;

/* Two servers and two clients that write and then read; both have been started. */
static void begin(bool stops)
{
    char error[300];
    clients = (struct gs_clients){.servers = SERVER,
                                  .invoked = INVOKED,
                                  .returned = RETURNED,
                                  .retry = RETRY + 1,
                                  .timeout = STOP_WAITING + 1,
                                  .stops = stops,
                                  .kinds = {{.function = 1, .argument = GS_ARGUMENT_VALUE}, {.function = 0}},
                                  .kind_count = 2,
                                  .request = request,
                                  .answer = answer};
    model = (struct gs_model){
        .name = "asked",
        .title = "clients that are looked at",
        .message_size = sizeof(struct message),
        .message_fields = message_fields,
        .network = GS_BAG,
        .roles = {[SERVER] = {.name = "server", .step = server_step, .count = 2},
                  [CLIENT] = GS_CLIENT("client", clients, 0)},
        .events = {[ASK] = {.name = "ask", .fields = {"request"}},
                   [TELL] = {.name = "tell", .fields = {"request"}},
                   [RETRY] = {.name = "retry", .kind = GS_TIMER, .role = CLIENT},
                   [STOP_WAITING] = {.name = "stop-waiting", .kind = GS_TIMER, .role = CLIENT}},
        .presets = {{.name = "quick", .budgets = {.reboots = 1}}},
        .announcements =
            {[INVOKED] = GS_INVOCATION("invoked", gs_invocation_fields), [RETURNED] = GS_RETURN("returned")},
        .properties = {{.name = "met", .kind = GS_REACHABLE, .scope = GS_SCOPE_NODE, .role = CLIENT, .holds = met}}};
    model.roles[CLIENT].count = 2;
    cr_assert(model_check(&model, error, sizeof(error)), "%s", error);
    run = run_new(&model, &(struct run_config){.preset = NULL}, error, sizeof(error));
    cr_assert(run != NULL, "%s", error);
    cr_assert(world_init(&world, run, 0, error));
    for (unsigned node = 2; node < 4; node++)
        cr_assert(eq(int, world_start(&world, &(struct event){.action = ACTION_START, .node = node_of(node)}, &effect),
                     WORLD_STEP));
}

static void end(void)
{
    effect_free(&effect);
    world_free(&world);
    run_free(run);
}

/* What the last step announced and sent: "returned 1 ok; invoked 1; ask 4 to 0; ". */
static char *done(void)
{
    static char text[300];
    static const char *const outcomes[] = {"open", "ok", "failed"};
    size_t size = 0;
    text[0] = '\0';
    for (size_t at = 0; at < effect.announcements.size;) {
        const uint8_t *entry = effect.announcements.data + at;
        size += (size_t)(entry[1] == INVOKED ? sprintf(text + size, "invoked %d; ", entry[2])
                                             : sprintf(text + size, "returned %d %s; ", entry[2], outcomes[entry[3]]));
        at += 2 + model.announcements[entry[1]].size;
    }
    const size_t send = 2 + 1 + sizeof(struct message);
    for (size_t at = 0; at + send <= effect.sends.size; at += send) {
        const uint8_t *entry = effect.sends.data + at; /* sender, result, receiver, message */
        size += (size_t)sprintf(text + size, "%s %d to %d; ", model.events[entry[3]].name, entry[4], entry[2] - 1);
    }
    return text;
}

static enum world_result deliver(unsigned from, unsigned to, uint8_t type, uint8_t id)
{
    const struct message message = {.type = type, .request = id};
    return world_apply(&world,
                       &(struct event){.action = ACTION_DELIVER,
                                       .type = type,
                                       .node = node_of(to),
                                       .from = node_of(from),
                                       .message = (const uint8_t *)&message},
                       &effect);
}

static enum world_result fire(uint8_t timer, unsigned node)
{
    return world_apply(&world, &(struct event){.action = ACTION_TIMER, .type = timer, .node = node_of(node)}, &effect);
}

Test(client_role, asks_the_next_server_in_the_step_in_which_an_operation_returned)
{
    begin(false);
    cr_expect(eq(str, done(), "invoked 1; ask 2 to 1; "));
    cr_expect(eq(int, deliver(3, 1, ASK, 2), WORLD_STEP));
    cr_expect(eq(int, deliver(1, 3, TELL, 2), WORLD_STEP));
    cr_expect(eq(str, done(), "returned 1 ok; invoked 1; ask 4 to 0; "));
    cr_expect(eq(int, deliver(3, 0, ASK, 4), WORLD_STEP));
    cr_expect(eq(int, deliver(0, 3, TELL, 4), WORLD_STEP));
    cr_expect(eq(str, done(), "returned 1 ok; "));
    end();
}

Test(client_role, asks_again_under_the_same_identity)
{
    begin(false);
    cr_expect(eq(int, fire(RETRY, 3), WORLD_STEP));
    cr_expect(eq(str, done(), "ask 2 to 0; "));
    cr_expect(eq(int, fire(RETRY, 3), WORLD_NOT_ENABLED)); /* once */
    cr_expect(eq(int, deliver(3, 0, ASK, 2), WORLD_STEP));
    cr_expect(eq(int, deliver(3, 1, ASK, 2), WORLD_STEP));
    cr_expect(eq(int, deliver(0, 3, TELL, 2), WORLD_STEP));
    cr_expect(eq(str, done(), "returned 1 ok; invoked 1; ask 4 to 0; "));
    cr_expect(eq(int, deliver(1, 3, TELL, 2), WORLD_STEP)); /* over already */
    cr_expect(eq(str, done(), ""));
    end();
}

Test(client_role, goes_on_as_another_process_when_it_stops_waiting)
{
    begin(false);
    cr_expect(eq(int, fire(STOP_WAITING, 3), WORLD_STEP));
    cr_expect(eq(str, done(), "returned 1 open; invoked 3; ask 4 to 0; "));
    cr_expect(eq(int, deliver(3, 1, ASK, 2), WORLD_STEP));
    cr_expect(eq(int, deliver(1, 3, TELL, 2), WORLD_STEP)); /* nobody waits for it */
    cr_expect(eq(str, done(), ""));
    end();
}

Test(client_role, that_stops_does_not_go_on)
{
    begin(true);
    cr_expect(eq(int, fire(STOP_WAITING, 3), WORLD_STEP));
    cr_expect(eq(str, done(), "returned 1 open; "));
    cr_expect(eq(int, fire(RETRY, 3), WORLD_NOT_ENABLED));
    end();
}

Test(client_role, leaves_its_operation_open_when_it_reboots)
{
    begin(false);
    cr_expect(eq(int, world_apply(&world, &(struct event){.action = ACTION_REBOOT, .node = node_of(2)}, &effect),
                 WORLD_STEP));
    cr_expect(eq(str, done(), "returned 0 open; invoked 2; ask 3 to 1; "));
    end();
}
