#include "properties/history.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

enum { CHUNK_SIZE = 1 << 16 };

struct gs_history_chunk {
    struct gs_history_chunk *before;
    uint8_t *end;
};

gs_value gs_history_keep(struct gs_history *history, gs_value value)
{
    if (value.size > history->chunk_left) {
        const size_t size = value.size > CHUNK_SIZE ? value.size : CHUNK_SIZE;
        struct gs_history_chunk *chunk = die_alloc(sizeof(*chunk) + size);
        *chunk = (struct gs_history_chunk){history->chunk, (uint8_t *)(chunk + 1) + size};
        history->chunk = chunk;
        history->chunk_left = size;
    }
    if (value.size == 0)
        return GS_UNKNOWN;
    uint8_t *place = history->chunk->end - history->chunk_left;
    memcpy(place, value.bytes, value.size);
    history->chunk_left -= value.size;
    return (gs_value){place, value.size};
}

size_t gs_history_invoke(struct gs_history *history, int64_t client, const struct gs_operation *operation)
{
    history->operations =
        die_grow(history->operations, &history->capacity, history->count + 1, sizeof(struct gs_recorded));
    history->operations[history->count] = (struct gs_recorded){.operation = *operation,
                                                               .client = client,
                                                               .invoked = history->position++,
                                                               .returned = GS_NEVER,
                                                               .outcome = GS_OPEN};
    history->operations[history->count].operation.result = GS_UNKNOWN;
    return history->count++;
}

void gs_history_return(struct gs_history *history, size_t index, enum gs_outcome outcome, gs_value result)
{
    must(index < history->count);
    struct gs_recorded *recorded = &history->operations[index];
    const uint64_t position = history->position++;
    must(recorded->returned == GS_NEVER && recorded->outcome == GS_OPEN);
    recorded->outcome = outcome;
    if (outcome == GS_OPEN)
        return;
    recorded->returned = position;
    recorded->operation.result = result;
}

void gs_history_free(struct gs_history *history)
{
    for (struct gs_history_chunk *chunk = history->chunk, *before; chunk != NULL; chunk = before) {
        before = chunk->before;
        free(chunk);
    }
    free(history->operations);
    *history = (struct gs_history){0};
}
