/* Blocks grow in size with their level, so that a small level costs little and a large one few allocations. */
#include "checker/levels.h"

#include <stdlib.h>

#include "core/die.h"

enum { BLOCK_FIRST = 64, BLOCK_LARGEST = 1 << 18 };

void levels_begin(struct levels *levels)
{
    levels->levels = die_grow(levels->levels, &levels->capacity, levels->count + 1, sizeof(*levels->levels));
    levels->levels[levels->count++] = (struct level){0};
}

static struct level_block *add_block(struct levels *levels, struct level *level, const struct layout *layout)
{
    level->blocks = die_grow(level->blocks, &level->block_capacity, level->block_count + 1, sizeof(*level->blocks));
    struct level_block *block = &level->blocks[level->block_count++];
    uint64_t capacity = level->count / 4 + BLOCK_FIRST;
    if (capacity > BLOCK_LARGEST)
        capacity = BLOCK_LARGEST;
    const size_t bytes = capacity * layout->words * sizeof(uint64_t);
    *block = (struct level_block){.layout = layout, .keys = die_alloc(bytes), .capacity = capacity};
    levels->memory += bytes;
    return block;
}

void levels_append(struct levels *levels, const struct layout *layout, const uint64_t *key)
{
    struct level *level = &levels->levels[levels->count - 1];
    struct level_block *block = level->block_count ? &level->blocks[level->block_count - 1] : NULL;
    if (!block || block->layout != layout || block->count == block->capacity)
        block = add_block(levels, level, layout);
    key_copy(&block->keys[block->count++ * layout->words], key, layout->words);
    level->count++;
}

void levels_free(struct levels *levels)
{
    for (size_t i = 0; i < levels->count; i++) {
        for (size_t b = 0; b < levels->levels[i].block_count; b++)
            free(levels->levels[i].blocks[b].keys);
        free(levels->levels[i].blocks);
    }
    free(levels->levels);
    *levels = (struct levels){0};
}
