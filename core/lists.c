/* Lists in structs: an array and, beside it, the member that says how many of its elements count. The length is given
 * with its width, so that one function serves every struct; a length beyond the array is left alone and refused. */
#include "core/die.h"
#include "core/gainsay.h"
#include "core/guard.h"

#include <string.h>

static size_t length_read(const void *length, size_t width)
{
    uint8_t as_u8;
    uint16_t as_u16;
    uint32_t as_u32;

    switch (width) {
    case sizeof(as_u8):
        memcpy(&as_u8, length, width);
        return as_u8;
    case sizeof(as_u16):
        memcpy(&as_u16, length, width);
        return as_u16;
    case sizeof(as_u32):
        memcpy(&as_u32, length, width);
        return as_u32;
    }
    guard_fail("a list's length member is %zu bytes wide: make it uint8_t, uint16_t or uint32_t", width);
}

static size_t length_max(size_t width)
{
    return width == 1 ? UINT8_MAX : width == 2 ? UINT16_MAX : UINT32_MAX;
}

static void length_write(void *length, size_t width, size_t value)
{
    const uint8_t as_u8 = (uint8_t)value;
    const uint16_t as_u16 = (uint16_t)value;
    const uint32_t as_u32 = (uint32_t)value;

    must(value <= length_max(width));
    memcpy(length, width == 1 ? (const void *)&as_u8 : width == 2 ? (const void *)&as_u16 : &as_u32, width);
}

/* Room for one more, in the array and in what the length member can count? */
static bool has_room(size_t size, size_t item_size, size_t length, size_t width)
{
    return length < size / item_size && length < length_max(width);
}

/* Where the item is or belongs in a list sorted by bytes: the first place whose item is not smaller. */
static size_t sorted_place(const uint8_t *items, size_t item_size, size_t length, const void *item)
{
    size_t place = 0;

    while (place < length && memcmp(items + place * item_size, item, item_size) < 0)
        place++;
    return place;
}

bool gs_list_push(void *items, size_t size, size_t item_size, void *length, size_t length_size, const void *item)
{
    const size_t old = length_read(length, length_size);

    must(item_size > 0);
    if (!has_room(size, item_size, old, length_size))
        return false;
    memcpy((uint8_t *)items + old * item_size, item, item_size);
    length_write(length, length_size, old + 1);
    return true;
}

bool gs_list_insert(void *items, size_t size, size_t item_size, void *length, size_t length_size, const void *item)
{
    const size_t old = length_read(length, length_size);

    must(item_size > 0);
    if (!has_room(size, item_size, old, length_size))
        return false;

    const size_t place = sorted_place(items, item_size, old, item);
    uint8_t *at = (uint8_t *)items + place * item_size;
    if (place < old && memcmp(at, item, item_size) == 0)
        return false;
    memmove(at + item_size, at, (old - place) * item_size);
    memcpy(at, item, item_size);
    length_write(length, length_size, old + 1);
    return true;
}

bool gs_list_contains(const void *items, size_t item_size, size_t length, const void *item)
{
    const uint8_t *at = items;

    for (size_t i = 0; i < length; i++, at += item_size)
        if (memcmp(at, item, item_size) == 0)
            return true;
    return false;
}

void gs_list_truncate(void *items, size_t size, size_t item_size, void *length, size_t length_size, size_t kept)
{
    const size_t old = length_read(length, length_size);

    must(item_size > 0);
    if (kept >= old || old > size / item_size)
        return;
    memset((uint8_t *)items + kept * item_size, 0, (old - kept) * item_size);
    length_write(length, length_size, kept);
}
