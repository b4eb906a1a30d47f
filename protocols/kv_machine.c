/* The state machine: a key-value store, with the sessions inside (6.3): "the state machine's output is deterministic",
 * so every replica suppresses the same commands. */
#include "protocols/kv.h"

/* Of each digit of a command's number there are so many, the request's apart; from the last: to, from, key, function.
 * With values = 0 each value is its request's number and needs no digit; without swaps there is no from. */
struct radix {
    int to, from, keys;
};

static struct radix radix_of(const struct gs_run *run)
{
    const int values = kv_option(run, KV_VALUES) ? (int)kv_option(run, KV_VALUES) : 1;
    return (struct radix){
        .to = values, .from = kv_option(run, KV_SWAPS) ? values : 1, .keys = (int)kv_option(run, KV_KEYS)};
}

static int digit_of(int radix, uint8_t value)
{
    return radix > 1 && value ? value - 1 : 0;
}

const char *kv_refuses_options(const struct gs_run *run)
{
    const struct radix radix = radix_of(run);
    const int64_t requests = gs_count(run, KV_CLIENT) * gs_option(run, kv_log_of(run)->operations_option);
    return requests * KV_FUNCTIONS * radix.keys * radix.from * radix.to <= UINT8_MAX
               ? NULL
               : "there are more than 255 commands, clients * operations * 4 * keys * values (with swaps: * values "
                 "again): choose fewer of one";
}

uint8_t kv_command_number(const struct gs_run *run, const struct kv_command *command)
{
    const struct radix radix = radix_of(run);
    int number = (command->request - 1) * KV_FUNCTIONS + command->function;
    number = number * radix.keys + command->key - 1;
    number = number * radix.from + digit_of(radix.from, command->from);
    number = number * radix.to + digit_of(radix.to, command->to);
    gs_assert(run, number < UINT8_MAX); /* see kv_refuses_options */
    return (uint8_t)(number + 1);
}

struct kv_command kv_command_numbered(const struct gs_run *run, uint8_t number)
{
    const struct radix radix = radix_of(run);
    const bool is_unique = kv_option(run, KV_VALUES) == 0;
    struct kv_command command = {0};
    int rest = number - 1;
    if (number == GS_LOG_NO_OP)
        return command;
    command.to = (uint8_t)(rest % radix.to + 1);
    rest /= radix.to;
    command.from = (uint8_t)(rest % radix.from + 1);
    rest /= radix.from;
    command.key = (uint8_t)(rest % radix.keys + 1);
    rest /= radix.keys;
    command.function = (uint8_t)(rest % KV_FUNCTIONS);
    command.request = (uint8_t)(rest / KV_FUNCTIONS + 1);
    if (is_unique)
        command.from = command.to = command.request;
    if (command.function != KV_CAS)
        command.from = 0;
    if (command.function != KV_CAS && command.function != KV_SET)
        command.to = 0;
    return command;
}

int kv_client_of(const struct gs_run *run, uint8_t request)
{
    return (request - 1) % gs_count(run, KV_CLIENT);
}

uint8_t kv_execute(struct kv_store *store, const struct kv_command *command)
{
    uint8_t *value = &store->values[command->key - 1];
    switch (command->function) {
    case KV_GET:
        return *value;
    case KV_SET:
    case KV_DELETE:
        *value = command->to;
        return 0;
    }
    if (*value != command->from)
        return 0;
    *value = command->to;
    return 1;
}

bool kv_apply(const struct gs_run *run, struct kv_store *store, const struct kv_command *command)
{
    struct kv_session *session;
    if (!command->request)
        return false;
    session = &store->sessions[kv_client_of(run, command->request)];
    if (command->request <= session->request)
        return false;
    *session = (struct kv_session){command->request, kv_execute(store, command)};
    return true;
}
