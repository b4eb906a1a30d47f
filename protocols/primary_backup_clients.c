/* The clients of primary-backup replication: puts and gets of a register a key, as messages. */
#include "protocols/primary_backup.h"

enum { SERVER = PB_SERVER };
enum { READ, WRITE }; /* of gs_register */

static void request(struct gs_step *s, const struct gs_request *request)
{
    const bool is_write = request->operation->function == WRITE;
    const bool asks_any = gs_option(s, PB_ASK) == PB_ASK_ANY;
    gs_send(s, asks_any ? gs_choose_node(s, gs_nodes(s, SERVER)) : request->server,
            &(struct pb_message){
                .type = is_write ? PB_PUT : PB_GET, .request = request->id, .key = request->operation->key});
}

/* A backup's read is marked as one, and no part of the history. */
static bool answer(struct gs_step *s, const struct gs_event *e, struct gs_answer *answer)
{
    const struct pb_message *message = e->message;
    (void)s;
    answer->id = message->request;
    if (e->type == PB_GET_MARKED)
        answer->outcome = GS_FAILED;
    if (e->type == PB_GET_OK && message->value)
        answer->result = GS_FLAT_NUMBER(message->value);
    return e->type == PB_PUT_OK || e->type == PB_GET_OK || e->type == PB_GET_MARKED;
}

const struct gs_clients pb_clients = {
    .servers = SERVER,
    .invoked = PB_INVOKED,
    .returned = PB_RETURNED,
    .keys_option = PB_KEYS + 1,
    .retry = PB_RETRY + 1,
    .retries_option = PB_RETRIES + 1,
    .kinds = {{.function = WRITE,
               .argument = GS_ARGUMENT_VALUE,
               .times_option = PB_PUTS + 1,
               .clients_option = PB_WRITERS + 1},
              {.function = READ, .times_option = PB_GETS + 1, .clients_option = PB_READERS + 1, .by_the_last = true}},
    .kind_count = 2,
    .request = request,
    .answer = answer,
};
const struct gs_operations pb_operations = {&gs_register, PB_INVOKED, PB_RETURNED};
