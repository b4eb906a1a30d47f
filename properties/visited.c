#include "properties/visited.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "core/die.h"

/* What goes before a configuration's words. */
struct entry {
    uint32_t from, by;
    uint32_t next; /* with the same bucket */
    uint32_t hash;
};

struct visited {
    size_t key_words, set_words, entry_words; /* entry_words: of one entry with its configuration */
    uint64_t *entries;
    size_t count, word_capacity;
    uint32_t *buckets;
    size_t bucket_count; /* a power of two */
};

enum { ENTRY_WORDS = sizeof(struct entry) / sizeof(uint64_t), BUCKETS_FIRST = 256 };

struct visited *visited_new(size_t key_words, size_t set_words)
{
    struct visited *visited = die_calloc(1, sizeof(*visited));
    must(key_words > 0);
    visited->key_words = key_words;
    visited->set_words = set_words;
    visited->entry_words = ENTRY_WORDS + key_words + set_words;
    visited->bucket_count = BUCKETS_FIRST;
    visited->buckets = die_alloc(visited->bucket_count * sizeof(uint32_t));
    memset(visited->buckets, 0xff, visited->bucket_count * sizeof(uint32_t)); /* VISITED_NONE */
    return visited;
}

void visited_free(struct visited *visited)
{
    if (visited == NULL)
        return;
    free(visited->entries);
    free(visited->buckets);
    free(visited);
}

static struct entry *entry_at(const struct visited *visited, uint32_t number)
{
    return (struct entry *)(visited->entries + number * visited->entry_words);
}

const uint64_t *visited_words(const struct visited *visited, uint32_t number)
{
    return visited->entries + number * visited->entry_words + ENTRY_WORDS;
}

static void grow_buckets(struct visited *visited)
{
    visited->bucket_count *= 2;
    free(visited->buckets);
    visited->buckets = die_alloc(visited->bucket_count * sizeof(uint32_t));
    memset(visited->buckets, 0xff, visited->bucket_count * sizeof(uint32_t));
    for (uint32_t i = 0; i < visited->count; i++) {
        struct entry *entry = entry_at(visited, i);
        uint32_t *bucket = &visited->buckets[entry->hash & (visited->bucket_count - 1)];
        entry->next = *bucket;
        *bucket = i;
    }
}

static bool is_subset(const uint64_t *a, const uint64_t *b, size_t words)
{
    for (size_t i = 0; i < words; i++)
        if ((a[i] & ~b[i]) != 0)
            return false;
    return true;
}

static bool is_known(const struct visited *visited, const uint64_t *words, uint32_t hash)
{
    const size_t key_size = visited->key_words * sizeof(uint64_t);
    for (uint32_t i = visited->buckets[hash & (visited->bucket_count - 1)]; i != VISITED_NONE;
         i = entry_at(visited, i)->next) {
        const uint64_t *known = visited_words(visited, i);
        if (entry_at(visited, i)->hash == hash && memcmp(known, words, key_size) == 0 &&
            is_subset(known + visited->key_words, words + visited->key_words, visited->set_words))
            return true;
    }
    return false;
}

uint32_t visited_add(struct visited *visited, const uint64_t *words, uint32_t from, uint32_t by)
{
    const uint32_t hash = (uint32_t)XXH3_64bits(words, visited->key_words * sizeof(uint64_t));
    if (is_known(visited, words, hash))
        return VISITED_NONE;
    must(visited->count < VISITED_NONE);
    if (visited->count >= visited->bucket_count)
        grow_buckets(visited);
    visited->entries = die_grow(visited->entries, &visited->word_capacity, (visited->count + 1) * visited->entry_words,
                                sizeof(uint64_t));
    uint32_t *bucket = &visited->buckets[hash & (visited->bucket_count - 1)];
    const uint32_t number = (uint32_t)visited->count++;
    *entry_at(visited, number) = (struct entry){.from = from, .by = by, .next = *bucket, .hash = hash};
    memcpy(visited->entries + number * visited->entry_words + ENTRY_WORDS, words,
           (visited->key_words + visited->set_words) * sizeof(uint64_t));
    *bucket = number;
    return number;
}

uint32_t visited_from(const struct visited *visited, uint32_t number)
{
    return entry_at(visited, number)->from;
}

uint32_t visited_by(const struct visited *visited, uint32_t number)
{
    return entry_at(visited, number)->by;
}

size_t visited_count(const struct visited *visited)
{
    return visited->count;
}

size_t visited_memory(const struct visited *visited)
{
    return visited->word_capacity * sizeof(uint64_t) + visited->bucket_count * sizeof(uint32_t);
}
