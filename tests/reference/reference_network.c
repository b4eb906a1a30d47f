/* The three networks, over the entries of mail at the end of a state's vector. */
#include <assert.h>
#include <string.h>

#include "tests/reference/reference_search.h"

size_t ref_mail_count(const struct search *search, const struct vector *state)
{
    return (state->size - search->mail_at) / search->entry_size;
}

const uint8_t *ref_mail_entry(const struct search *search, const struct vector *state, size_t position)
{
    assert(position < ref_mail_count(search, state));
    return state->bytes + search->mail_at + position * search->entry_size;
}

static bool is_same_channel(const uint8_t *a, const uint8_t *b)
{
    return memcmp(a, b, 2) == 0;
}

bool ref_mail_is_next(const struct search *search, const struct vector *state, size_t position)
{
    if (position == 0)
        return true;
    const uint8_t *entry = ref_mail_entry(search, state, position),
                  *previous = ref_mail_entry(search, state, position - 1);
    if (search->run->network == GS_FIFO)
        return !is_same_channel(entry, previous);
    return memcmp(entry, previous, search->entry_size) != 0; /* they are sorted */
}

void ref_mail_take_out(const struct search *search, struct vector *state, size_t position)
{
    assert(position < ref_mail_count(search, state));
    ref_vector_remove(state, search->mail_at + position * search->entry_size, search->entry_size);
}

void ref_mail_empty_channels_into(const struct search *search, struct vector *state, unsigned node)
{
    assert(search->run->network == GS_FIFO);
    for (size_t i = ref_mail_count(search, state); i-- > 0;)
        if (mail_receiver(ref_mail_entry(search, state, i)) == node)
            ref_mail_take_out(search, state, i);
}

/* In how many of its first bytes must two entries agree to be counted as the same? Whole, or their channel. */
static size_t count_alike(const struct search *search, const struct vector *state, const uint8_t *entry, size_t bytes)
{
    size_t alike = 0;
    for (size_t i = 0; i < ref_mail_count(search, state); i++)
        alike += memcmp(ref_mail_entry(search, state, i), entry, bytes) == 0;
    return alike;
}

/* Puts it behind all entries that are not greater in their first bytes. */
static void insert(const struct search *search, struct vector *state, const uint8_t *entry, size_t bytes)
{
    size_t position = 0;
    while (position < ref_mail_count(search, state) &&
           memcmp(ref_mail_entry(search, state, position), entry, bytes) <= 0)
        position++;
    ref_vector_insert(state, search->mail_at + position * search->entry_size, entry, search->entry_size);
}

static void send_set(struct attempt *attempt, const uint8_t *entry)
{
    const struct search *search = attempt->search;
    if (count_alike(search, &attempt->state, entry, search->entry_size) == 0)
        insert(search, &attempt->state, entry, search->entry_size);
}

static void send_bag(struct attempt *attempt, const uint8_t *entry)
{
    const struct search *search = attempt->search;
    if (count_alike(search, &attempt->state, entry, search->entry_size) < search->run->copies) {
        insert(search, &attempt->state, entry, search->entry_size);
        return;
    }
    attempt->absorbed++;
    if (search->judges_quiescence)
        ref_attempt_worsen(attempt, FATE_CUT_COPIES);
}

static void send_fifo(struct attempt *attempt, const uint8_t *entry)
{
    const struct search *search = attempt->search;
    if (!ref_state_is_up(search, &attempt->state, mail_receiver(entry)))
        search->result->lost++;
    else if (count_alike(search, &attempt->state, entry, 2) >= search->run->capacity)
        ref_attempt_worsen(attempt, FATE_CUT_CAPACITY);
    else
        insert(search, &attempt->state, entry, 2);
}

void ref_mail_send(struct attempt *attempt, unsigned from, unsigned to, const uint8_t *message)
{
    const uint8_t addresses[2] = {(uint8_t)(to + 1), (uint8_t)(from + 1)};
    struct vector entry = {0};
    ref_vector_append(&entry, addresses, sizeof(addresses));
    ref_vector_append(&entry, message, attempt->search->run->model->message_size);
    switch (attempt->search->run->network) {
    case GS_SET:
        send_set(attempt, entry.bytes);
        break;
    case GS_BAG:
        send_bag(attempt, entry.bytes);
        break;
    case GS_FIFO:
        send_fifo(attempt, entry.bytes);
        break;
    }
    ref_vector_free(&entry);
}
