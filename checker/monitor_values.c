/* A folded value is, over and over: how many zeros, how many bytes that follow as they are (two bytes each), those
 * bytes.
 */
#include "checker/monitor_values.h"

#include <string.h>

#include "core/die.h"

enum { ZEROS_MIN = 8 /* fewer are not worth a fold */ };

static size_t count_zeros(const uint8_t *bytes, size_t size)
{
    const size_t most = size < UINT16_MAX ? size : UINT16_MAX;
    size_t count = 0;
    for (uint64_t eight = 0; count + sizeof(eight) <= most; count += sizeof(eight)) {
        memcpy(&eight, bytes + count, sizeof(eight));
        if (eight)
            break;
    }
    while (count < most && !bytes[count])
        count++;
    return count;
}

/* How many bytes come before the next zeros that are worth a fold. */
static size_t count_others(const uint8_t *bytes, size_t size)
{
    size_t count = 0;
    while (count < size && count < UINT16_MAX) {
        const size_t zeros = count_zeros(bytes + count, size - count);
        if (zeros >= ZEROS_MIN || count + zeros == size)
            break;
        count += zeros ? zeros : 1;
    }
    return count < UINT16_MAX ? count : UINT16_MAX;
}

static void fold(const uint8_t *value, size_t size, struct bytes *out)
{
    out->size = 0;
    for (size_t at = 0; at < size;) {
        const uint16_t zeros = (uint16_t)count_zeros(value + at, size - at);
        const uint16_t others = (uint16_t)count_others(value + at + zeros, size - at - zeros);
        bytes_append(out, &zeros, sizeof(zeros));
        bytes_append(out, &others, sizeof(others));
        bytes_append(out, value + at + zeros, others);
        at += (size_t)zeros + others;
    }
}

static void unfold(struct interned folded, uint8_t *value, size_t size)
{
    size_t to = 0;
    for (size_t at = 0; at < folded.size;) {
        uint16_t lengths[2];
        memcpy(lengths, folded.data + at, sizeof(lengths));
        at += sizeof(lengths);
        must(to + lengths[0] + lengths[1] <= size);
        memset(value + to, 0, lengths[0]);
        memcpy(value + to + lengths[0], folded.data + at, lengths[1]);
        to += (size_t)lengths[0] + lengths[1];
        at += lengths[1];
    }
    must(to == size);
}

size_t monitor_value_size(const struct engine *engine, unsigned monitor)
{
    return run_monitor(engine->run, engine->monitors[monitor].number)->size;
}

uint32_t monitor_value_number(struct engine *engine, unsigned monitor, const uint8_t *value)
{
    struct bytes folded = {0};
    fold(value, monitor_value_size(engine, monitor), &folded);
    const uint32_t number = engine_intern(engine, &engine->monitors[monitor].values, folded.data, folded.size);
    bytes_free(&folded);
    return number;
}

uint8_t *monitor_value_bytes(const struct engine *engine, unsigned monitor, uint32_t number)
{
    const size_t size = monitor_value_size(engine, monitor);
    uint8_t *value = die_alloc(size);
    unfold(interned_value(&engine->monitors[monitor].values, number), value, size);
    return value;
}
