/* Levels keep all keys in the order met, each with the layout it was written with. */
#include "checker/levels.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const uint32_t power_of_ten[] = {1, 10, 100, 1000, 10000, 100000};

static struct layout layout_of(uint32_t count)
{
    struct layout layout;
    layout_make(&layout, (uint32_t[]){count, count, count}, 3);
    return layout;
}

static void append(struct level *level, const struct layout *layout, uint32_t n)
{
    uint64_t key[KEY_WORDS_MAX];
    layout_pack(layout, (uint32_t[]){n, 0, n / 2}, key);
    level_append(level, layout, key, (struct sleep){n});
}

/* Reads a level back: values from `first` on, `count` of them. */
static void expect_level(const struct level *level, uint32_t first, uint64_t count)
{
    uint32_t n = first;
    cr_expect(eq(u64, level->count, count));
    for (size_t b = 0; b < level->block_count; b++) {
        const struct level_block *block = &level->blocks[b];
        cr_assert(le(u64, block->count, block->capacity));
        for (uint64_t i = 0; i < block->count; i++, n++) {
            uint32_t values[3];
            layout_unpack(block->layout, &block->keys[i * block->layout->words], values);
            cr_assert(values[0] == n && values[1] == 0 && values[2] == n / 2, "key %u: %u %u %u", n, values[0],
                      values[1], values[2]);
        }
    }
    cr_expect(eq(u64, n - first, count));
}

Test(levels, keep_keys_in_the_order_met)
{
    const struct layout layout = layout_of(1 << 20);
    struct levels levels = {0};
    uint32_t n = 0;
    for (uint32_t level = 0; level < 6; level++) {
        struct level part = {0};
        for (uint32_t i = 0; i < power_of_ten[level]; i++)
            append(&part, &layout, n++);
        levels_begin(&levels);
        levels_take(&levels, &part);
        cr_expect(eq(u64, part.count, 0));
    }
    cr_expect(eq(sz, levels.count, 6));
    n = 0;
    for (uint32_t level = 0; level < 6; level++) {
        expect_level(&levels.levels[level], n, power_of_ten[level]);
        n += power_of_ten[level];
    }
    cr_expect(eq(sz, levels.memory, (sizeof(uint64_t) + sizeof(struct sleep)) * n), "nothing is wasted");
    levels_free(&levels);
    cr_expect(eq(sz, levels.count, 0));
    levels_free(&levels);
}

Test(levels, keep_each_block_in_its_own_layout)
{
    const struct layout narrow = layout_of(1 << 10), wide = layout_of(1 << 30), widest = layout_of(UINT32_MAX);
    const struct layout *const layouts[] = {&narrow, &wide, &widest, &wide};
    struct levels levels = {0};
    cr_assert(narrow.words == 1 && wide.words == 2 && widest.words == 2);
    struct level part = {0};
    for (uint32_t n = 0; n < 1000; n++)
        append(&part, layouts[n / 100 % 4], n);
    levels_begin(&levels);
    levels_take(&levels, &part);
    expect_level(&levels.levels[0], 0, 1000);
    levels_begin(&levels);
    expect_level(&levels.levels[1], 0, 0);
    levels_free(&levels);
}

Test(levels, are_made_of_what_several_threads_met)
{
    const struct layout layout = layout_of(1 << 20);
    struct levels levels = {0};
    levels_begin(&levels);
    for (uint32_t thread = 0; thread < 3; thread++) {
        struct level part = {0};
        for (uint32_t i = 0; i < 1000; i++)
            append(&part, &layout, 1000 * thread + i);
        levels_take(&levels, &part);
    }
    expect_level(&levels.levels[0], 0, 3000);
    levels_free(&levels);
}
