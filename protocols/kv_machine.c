/* The state machine: a key-value store, with the sessions inside (6.3): "the state machine's output is deterministic",
 * so every replica suppresses the same commands. */
#include "protocols/kv.h"

/* Of each digit of a command's number there are so many, the request's apart; from the last: to, from, key, function.
 * With values = 0 each value is its request's number and needs no digit. */
struct radix {
    int values, keys;
};

static struct radix radix_of(const struct gs_run *run)
{
    const int64_t values = kv_option(run, KV_VALUES);
    return (struct radix){.values = values ? (int)values : 1, .keys = (int)kv_option(run, KV_KEYS)};
}

static int digit_of(const struct radix *radix, uint8_t value)
{
    return radix->values > 1 && value ? value - 1 : 0;
}

uint8_t kv_command_number(const struct gs_run *run, const struct kv_command *command)
{
    const struct radix radix = radix_of(run);
    int number = (command->request - 1) * KV_FUNCTIONS + command->function;
    number = number * radix.keys + command->key - 1;
    number = number * radix.values + digit_of(&radix, command->from);
    number = number * radix.values + digit_of(&radix, command->to);
    if (number >= UINT8_MAX)
        gs_failed(run, "there are more than 255 commands: fewer clients, operations, keys or values", NULL, 0);
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
    command.to = (uint8_t)(rest % radix.values + 1);
    rest /= radix.values;
    command.from = (uint8_t)(rest % radix.values + 1);
    rest /= radix.values;
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
