/* Nodes and sets of nodes: the algebra against a plain 64-bit model of it, and the corners. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "core/gainsay.h"

static gs_node node(unsigned tag)
{
    return (gs_node){(uint8_t)tag};
}

/* The model: bit tag - 1 of an integer. */
static uint64_t bits_of(gs_node_set set)
{
    uint64_t bits = 0;

    for (unsigned tag = 1; tag <= GS_NODES_MAX; tag++)
        if (gs_set_has(set, node(tag)))
            bits |= UINT64_C(1) << (tag - 1);
    return bits;
}

static gs_node_set set_of(uint64_t bits)
{
    gs_node_set set = GS_EMPTY_SET;

    for (unsigned tag = 1; tag <= GS_NODES_MAX; tag++)
        if (bits >> (tag - 1) & 1)
            set = gs_set_with(set, node(tag));
    return set;
}

static uint64_t random_bits(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

Test(nodes, a_zeroed_node_is_nobody)
{
    cr_expect(gs_is_nobody(GS_NOBODY));
    cr_expect(gs_is_nobody((gs_node){0}));
    cr_expect(not(gs_is_nobody(node(1))));
}

Test(nodes, are_the_same_if_their_tags_are)
{
    cr_expect(gs_same(node(7), node(7)));
    cr_expect(not(gs_same(node(7), node(8))));
    cr_expect(gs_same(GS_NOBODY, GS_NOBODY));
}

Test(nodes, take_no_alignment)
{
    struct unaligned {
        gs_node node;
        gs_node_set set;
    };

    cr_expect(eq(sz, sizeof(struct unaligned), 9));
}

Test(nodes, sets_are_little_endian_bits_by_tag)
{
    const gs_node_set set = gs_set_with(gs_set_with(gs_set_of(node(1)), node(10)), node(64));
    const uint8_t expected[8] = {0x01, 0x02, 0, 0, 0, 0, 0, 0x80};

    cr_expect(memcmp(set.bytes, expected, sizeof(expected)) == 0);
}

Test(nodes, sets_agree_with_bit_masks)
{
    uint64_t seed = 88172645463325252u;

    for (int round = 0; round < 500; round++) {
        const uint64_t a = random_bits(&seed), b = random_bits(&seed) & random_bits(&seed);
        const gs_node_set x = set_of(a), y = set_of(b);

        cr_assert(eq(u64, bits_of(x), a));
        cr_expect(eq(u64, bits_of(gs_set_union(x, y)), a | b));
        cr_expect(eq(u64, bits_of(gs_set_intersection(x, y)), a & b));
        cr_expect(eq(u64, bits_of(gs_set_difference(x, y)), a & ~b));
        cr_expect(eq(int, gs_set_size(x), __builtin_popcountll(a)));
        cr_expect(eq(int, gs_set_equal(x, y), a == b));
        cr_expect(eq(int, gs_set_is_empty(y), b == 0));
    }
}

Test(nodes, sets_gain_and_lose_every_node)
{
    for (unsigned tag = 1; tag <= GS_NODES_MAX; tag++) {
        const gs_node_set others = set_of(~(UINT64_C(1) << (tag - 1)));

        cr_expect(gs_set_equal(gs_set_without(set_of(UINT64_MAX), node(tag)), others), "without tag %u", tag);
        cr_expect(gs_set_equal(gs_set_with(others, node(tag)), set_of(UINT64_MAX)), "with tag %u", tag);
        cr_expect(gs_set_equal(gs_set_without(others, node(tag)), others), "without tag %u again", tag);
    }
}

Test(nodes, nobody_is_in_no_set)
{
    cr_expect(gs_set_is_empty(gs_set_of(GS_NOBODY)));
    cr_expect(gs_set_is_empty(gs_set_with(GS_EMPTY_SET, GS_NOBODY)));
    cr_expect(not(gs_set_has(set_of(UINT64_MAX), GS_NOBODY)));
    cr_expect(gs_set_equal(gs_set_without(set_of(5), GS_NOBODY), set_of(5)));
}

Test(nodes, tags_beyond_the_limit_are_in_no_set)
{
    cr_expect(gs_set_is_empty(gs_set_of(node(65))));
    cr_expect(gs_set_is_empty(gs_set_of(node(255))));
    cr_expect(not(gs_set_has(set_of(UINT64_MAX), node(65))));
}

Test(nodes, first_and_next_visit_each_node_once)
{
    uint64_t seed = 1234567;

    for (int round = 0; round < 100; round++) {
        const uint64_t bits = random_bits(&seed);
        const gs_node_set set = set_of(bits);
        uint64_t visited = 0;

        for (GS_EACH(each, set)) {
            const uint64_t bit = UINT64_C(1) << (each.tag - 1);
            cr_expect(bit > visited, "tag %u comes in order", each.tag);
            visited |= bit;
        }
        cr_expect(eq(u64, visited, bits));
    }
}

Test(nodes, an_empty_set_has_no_first_node)
{
    cr_expect(gs_is_nobody(gs_set_first(GS_EMPTY_SET)));
    cr_expect(gs_is_nobody(gs_set_next(GS_EMPTY_SET, GS_NOBODY)));
}

Test(nodes, nothing_comes_after_the_last_node)
{
    cr_expect(gs_same(gs_set_next(set_of(UINT64_MAX), node(63)), node(64)));
    cr_expect(gs_is_nobody(gs_set_next(set_of(UINT64_MAX), node(64))));
    cr_expect(gs_is_nobody(gs_set_next(gs_set_of(node(3)), node(3))));
    cr_expect(gs_same(gs_set_next(gs_set_of(node(3)), GS_NOBODY), node(3)));
}
