/* Linear probing from a place chosen by the hash's high bits, so that growing writes in the order it reads. */
#include "checker/state_store.h"

#include <sys/mman.h>

#include "core/die.h"

enum { SIZE_FIRST_LOG2 = 12 };

static size_t table_bytes(const struct state_store *store)
{
    return store->size * store->words * sizeof(uint64_t);
}

/* Zeroed pages on demand; huge ones where offered, since every probe touches another page. */
static void map_table(struct state_store *store, uint64_t size_log2, unsigned words)
{
    store->size = UINT64_C(1) << size_log2;
    store->words = words;
    store->shift = (unsigned)(64 - size_log2);
    void *memory =
        mmap(NULL, table_bytes(store), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        die("out of memory: a state table of %zu bytes", table_bytes(store));
    madvise(memory, table_bytes(store), MADV_HUGEPAGE);
    store->keys = memory;
}

void state_store_init(struct state_store *store, unsigned words)
{
    *store = (struct state_store){0};
    map_table(store, SIZE_FIRST_LOG2, words);
    store->peak = table_bytes(store);
}

void state_store_free(struct state_store *store)
{
    if (store->keys)
        munmap(store->keys, table_bytes(store));
    store->keys = NULL;
}

size_t state_store_memory(const struct state_store *store)
{
    return table_bytes(store);
}

bool state_store_insert(struct state_store *store, const uint64_t *key, uint64_t hash)
{
    const uint64_t mask = store->size - 1;
    const unsigned words = store->words;
    uint64_t place = hash >> store->shift;
    if (words == 1) {
        for (; store->keys[place]; place = (place + 1) & mask)
            if (store->keys[place] == key[0])
                return false;
        store->keys[place] = key[0];
    } else {
        for (; store->keys[place * words + words - 1]; place = (place + 1) & mask)
            if (keys_equal(&store->keys[place * words], key, words))
                return false;
        key_copy(&store->keys[place * words], key, words);
    }
    store->count++;
    return true;
}

/* Moves every key, rewritten if layouts are given, into a table of another shape. */
static void move_all(struct state_store *store, uint64_t size_log2, const struct layout *from, const struct layout *to)
{
    struct state_store old = *store;
    uint64_t rewritten[KEY_WORDS_MAX];
    uint32_t values[SLOTS_MAX];
    map_table(store, size_log2, to ? to->words : old.words);
    store->count = 0;
    if (store->peak < table_bytes(store) + table_bytes(&old))
        store->peak = table_bytes(store) + table_bytes(&old);
    for (uint64_t place = 0; place < old.size; place++) {
        const uint64_t *key = &old.keys[place * old.words];
        if (!key[old.words - 1])
            continue;
        if (to) {
            layout_unpack(from, key, values);
            layout_pack(to, values, rewritten);
            key = rewritten;
        }
        state_store_insert(store, key, state_hash(key, store->words));
    }
    must(store->count == old.count);
    state_store_free(&old);
}

void state_store_grow(struct state_store *store)
{
    move_all(store, 64 - store->shift + 1, NULL, NULL);
}

void state_store_repack(struct state_store *store, const struct layout *from, const struct layout *to)
{
    move_all(store, 64 - store->shift, from, to);
}
