/* Clients of the store: the ready ones (properties/client.h). Gets are reads of a register with compare-and-swap, sets
 * are writes, a delete is a write of nothing. */
#include "protocols/kv.h"

enum { READ, WRITE, CAS }; /* functions of gs_cas_register */

static uint8_t function_of(const struct gs_invocation *operation)
{
    if (operation->function == READ)
        return KV_GET;
    if (operation->function == CAS)
        return KV_CAS;
    return operation->argument.kind == GS_FLAT_NIL ? KV_DELETE : KV_SET;
}

void kv_request(struct gs_step *s, const struct gs_request *request)
{
    const struct gs_invocation *operation = request->operation;
    const uint8_t *items = operation->argument.items;
    const uint8_t function = function_of(operation);
    const struct kv_message message = {.request = request->id,
                                       .function = function,
                                       .key = operation->key,
                                       .from = function == KV_CAS ? items[0] : 0,
                                       .to = function == KV_CAS ? items[1] : items[0]};
    kv_send(s, request->server, kv_log_of(gs_step_run(s))->request, &message);
}

bool kv_answer(struct gs_step *s, const struct gs_event *e, struct gs_answer *answer)
{
    const struct kv_log *log = kv_log_of(gs_step_run(s));
    const struct kv_message *m = kv_message_in(log, e->message);
    if (e->type != log->answer)
        return false;
    answer->id = m->request;
    answer->outcome = m->outcome;
    answer->again = m->outcome != GS_OK;
    if (m->is_swap)
        answer->result = GS_FLAT_BOOL(m->result);
    else if (m->result)
        answer->result = GS_FLAT_NUMBER(m->result);
    return true;
}

/* As long as an election takes, more or less. */
struct gs_duration kv_patience(const struct gs_run *run, unsigned index)
{
    (void)run;
    (void)index;
    return (struct gs_duration){GS_MILLISECONDS(200), GS_MILLISECONDS(400)};
}
