/* Nodes and sets of nodes. A set is 64 bits, bit tag - 1, kept as little-endian bytes so that it needs no alignment
 * and is the same bytes on every machine; compilers turn the loops below into one load and one store. */
#include "core/gainsay.h"

static uint64_t to_bits(gs_node_set set)
{
    uint64_t bits = 0;

    for (int i = 0; i < 8; i++)
        bits |= (uint64_t)set.bytes[i] << (8 * i);
    return bits;
}

static gs_node_set of_bits(uint64_t bits)
{
    gs_node_set set;

    for (int i = 0; i < 8; i++)
        set.bytes[i] = (uint8_t)(bits >> (8 * i));
    return set;
}

/* No bit for nobody, nor for a tag that no run has. */
static uint64_t bit_of(gs_node node)
{
    return gs_is_nobody(node) || node.tag > GS_NODES_MAX ? 0 : UINT64_C(1) << (node.tag - 1);
}

static gs_node lowest(uint64_t bits)
{
    return bits ? (gs_node){(uint8_t)(__builtin_ctzll(bits) + 1)} : GS_NOBODY;
}

bool gs_is_nobody(gs_node node)
{
    return node.tag == 0;
}

bool gs_same(gs_node a, gs_node b)
{
    return a.tag == b.tag;
}

gs_node_set gs_set_of(gs_node node)
{
    return of_bits(bit_of(node));
}

gs_node_set gs_set_with(gs_node_set set, gs_node node)
{
    return of_bits(to_bits(set) | bit_of(node));
}

gs_node_set gs_set_without(gs_node_set set, gs_node node)
{
    return of_bits(to_bits(set) & ~bit_of(node));
}

gs_node_set gs_set_union(gs_node_set a, gs_node_set b)
{
    return of_bits(to_bits(a) | to_bits(b));
}

gs_node_set gs_set_intersection(gs_node_set a, gs_node_set b)
{
    return of_bits(to_bits(a) & to_bits(b));
}

gs_node_set gs_set_difference(gs_node_set a, gs_node_set b)
{
    return of_bits(to_bits(a) & ~to_bits(b));
}

bool gs_set_has(gs_node_set set, gs_node node)
{
    return (to_bits(set) & bit_of(node)) != 0;
}

bool gs_set_equal(gs_node_set a, gs_node_set b)
{
    return to_bits(a) == to_bits(b);
}

bool gs_set_is_empty(gs_node_set set)
{
    return to_bits(set) == 0;
}

int gs_set_size(gs_node_set set)
{
    return __builtin_popcountll(to_bits(set));
}

gs_node gs_set_first(gs_node_set set)
{
    return lowest(to_bits(set));
}

gs_node gs_set_next(gs_node_set set, gs_node previous)
{
    /* Shifting by 64 is undefined, and after the last possible node there is none. */
    if (previous.tag >= GS_NODES_MAX)
        return GS_NOBODY;
    return lowest(to_bits(set) >> previous.tag << previous.tag);
}
