/* At most one claimant: equal things are neighbours in a sorted list. */
#include "properties/at_most_one.h"

#include <string.h>

size_t gs_list_find_second_claim(const void *items, size_t item_size, size_t length, size_t thing_size)
{
    const uint8_t *item = items;
    for (size_t i = 1; i < length; i++)
        if (memcmp(item + (i - 1) * item_size, item + i * item_size, thing_size) == 0)
            return i;
    return 0;
}
