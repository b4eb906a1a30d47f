/* Blocks grow in size with their level, so that a small level costs little and a large one few allocations. */
#include "checker/levels.h"

#include <stdlib.h>

#include "core/die.h"

#ifdef GS_SMALL_NUMBERS
enum { BLOCK_FIRST = 1, BLOCK_LARGEST = 2 };
#else
enum { BLOCK_FIRST = 64, BLOCK_LARGEST = 1 << 18 };
#endif

static size_t key_bytes(const struct level_block *block)
{
    return block->capacity * block->layout->words * sizeof(uint64_t);
}

static size_t sleep_bytes(const struct level_block *block)
{
    return block->capacity * sizeof(struct sleep);
}

static struct level_block *add_block(struct level *level, const struct layout *layout)
{
    level->blocks = die_grow(level->blocks, &level->block_capacity, level->block_count + 1, sizeof(*level->blocks));
    struct level_block *block = &level->blocks[level->block_count++];
    const uint64_t capacity = level->count / 4 + BLOCK_FIRST;
    *block = (struct level_block){.layout = layout, .capacity = capacity > BLOCK_LARGEST ? BLOCK_LARGEST : capacity};
    block->keys = die_alloc(key_bytes(block));
    block->sleeps = die_alloc(sleep_bytes(block));
    level->memory += key_bytes(block) + sleep_bytes(block);
    return block;
}

void level_append(struct level *level, const struct layout *layout, const uint64_t *key, struct sleep sleep)
{
    struct level_block *block = level->block_count ? &level->blocks[level->block_count - 1] : NULL;
    if (!block || block->layout != layout || block->count == block->capacity)
        block = add_block(level, layout);
    block->sleeps[block->count] = sleep;
    key_copy(&block->keys[block->count++ * layout->words], key, layout->words);
    level->count++;
}

void level_block_shorten(struct level_block *block, const struct layout *layout)
{
    block->layout = layout;
    block->keys = die_realloc(block->keys, key_bytes(block));
}

void level_measure(struct level *level)
{
    level->memory = 0;
    for (size_t b = 0; b < level->block_count; b++)
        level->memory += key_bytes(&level->blocks[b]) + (level->blocks[b].sleeps ? sleep_bytes(&level->blocks[b]) : 0);
}

void level_free(struct level *level)
{
    for (size_t b = 0; b < level->block_count; b++) {
        free(level->blocks[b].keys);
        free(level->blocks[b].sleeps);
    }
    free(level->blocks);
    *level = (struct level){0};
}

void levels_begin(struct levels *levels)
{
    levels->levels = die_grow(levels->levels, &levels->capacity, levels->count + 1, sizeof(*levels->levels));
    levels->levels[levels->count++] = (struct level){0};
}

/* Gives back what the block was not filled with. */
static void shrink(struct level_block *block)
{
    block->capacity = block->count;
    block->keys = die_realloc(block->keys, key_bytes(block));
    block->sleeps = die_realloc(block->sleeps, sleep_bytes(block));
}

void levels_take(struct levels *levels, struct level *part)
{
    struct level *level = &levels->levels[levels->count - 1];
    level->blocks =
        die_grow(level->blocks, &level->block_capacity, level->block_count + part->block_count, sizeof(*level->blocks));
    for (size_t b = 0; b < part->block_count; b++) {
        struct level_block *block = &part->blocks[b];
        shrink(block);
        level->memory += key_bytes(block) + sleep_bytes(block);
        levels->memory += key_bytes(block) + sleep_bytes(block);
        level->blocks[level->block_count++] = *block;
    }
    level->count += part->count;
    free(part->blocks);
    *part = (struct level){0};
}

void levels_explored(struct levels *levels, uint64_t depth)
{
    struct level *level = &levels->levels[depth];
    for (size_t b = 0; b < level->block_count; b++) {
        struct level_block *block = &level->blocks[b];
        free(block->sleeps);
        block->sleeps = NULL;
        level->memory -= sleep_bytes(block);
        levels->memory -= sleep_bytes(block);
    }
}

void levels_measure(struct levels *levels)
{
    levels->memory = 0;
    for (size_t i = 0; i < levels->count; i++) {
        level_measure(&levels->levels[i]);
        levels->memory += levels->levels[i].memory;
    }
}

void levels_free(struct levels *levels)
{
    for (size_t i = 0; i < levels->count; i++)
        level_free(&levels->levels[i]);
    free(levels->levels);
    *levels = (struct levels){0};
}
