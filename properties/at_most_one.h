/* At most one claimant of a thing: one leader of a term, one value of a ballot, one holder of a token. For a monitor
 * that keeps each (thing, claimant) ever announced in a list that gs_insert keeps sorted. */
#ifndef GAINSAY_PROPERTIES_AT_MOST_ONE_H
#define GAINSAY_PROPERTIES_AT_MOST_ONE_H

#include "core/gainsay.h"

/* items: the list, an array of structs whose first member is the thing; length: how many count. The number of the first
 * item that claims the same thing as the one before it, or 0 if none does. */
#define gs_find_second_claim(items, length, thing) \
    gs_list_find_second_claim(items, sizeof((items)[0]), (size_t)(length), sizeof((items)[0].thing))
size_t gs_list_find_second_claim(const void *items, size_t item_size, size_t length, size_t thing_size);

#endif
