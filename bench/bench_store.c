/* The limit that the machine sets: hashing pre-generated keys and inserting them into the engine's store, by batches of
 * prefetched probes as the engine does, the table growing as the engine's does, and nothing else. Generating the keys
 * is not timed; it goes a block ahead, so that keys come from a near cache, as successors do.
 *
 *   bench_store KEYS PROBES THREADS [WORDS]
 *
 * inserts PROBES >= KEYS times, evenly by THREADS, KEYS different keys: each comes once before it is repeated, at an
 * even rate, and what is repeated is drawn evenly from what came before. Prints name=value on one line. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "checker/state_store.h"
#include "core/die.h"

enum { BLOCK = 1 << 17, BATCH = 128, THREADS_MAX = 256 };

/* What all threads share. Nobody inserts while the store grows: they meet before and after each block. */
struct bench {
    struct state_store store;
    pthread_barrier_t barrier;
    uint64_t keys, probes;
    unsigned threads, words;
    double seconds; /* inserting and growing, by the first thread's clock */
};

/* One thread's share: keys number `first` and on, in order. */
struct share {
    struct bench *bench;
    uint64_t first, keys, probes;
    uint64_t met, probed; /* so far */
    uint64_t random;
    uint64_t *block;
    pthread_t thread;
    bool is_first;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* One to one on 63 bits, so that different numbers give different keys: each line can be undone. */
static uint64_t mix(uint64_t number)
{
    const uint64_t mask = KEY_MARK - 1;
    uint64_t x = number;
    x = (x ^ x >> 31) * UINT64_C(0x9E3779B97F4A7C15) & mask;
    x = (x ^ x >> 29) * UINT64_C(0xBF58476D1CE4E5B9) & mask;
    return x ^ x >> 32;
}

static uint64_t next_random(struct share *share)
{
    share->random += UINT64_C(0x9E3779B97F4A7C15);
    return mix(share->random & (KEY_MARK - 1));
}

/* The next key's number: a new one when one is due. */
static uint64_t next_number(struct share *share)
{
    const double due = (double)++share->probed / (double)share->probes * (double)share->keys;
    if (share->met == 0 || (double)share->met < due)
        return share->first + share->met++;
    return share->first + next_random(share) % share->met;
}

/* Fills the block with the next keys; returns how many. */
static uint64_t generate(struct share *share)
{
    const unsigned words = share->bench->words;
    const uint64_t left = share->probes - share->probed, count = left < BLOCK ? left : BLOCK;
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t key = mix(next_number(share));
        for (unsigned word = 0; word < words; word++)
            share->block[i * words + word] = key + word;
        share->block[i * words + words - 1] |= KEY_MARK;
    }
    return count;
}

/* Returns how many were new. */
static uint64_t insert_batch(struct state_store *store, const uint64_t *keys, uint64_t count)
{
    const unsigned words = store->words;
    struct state_place places[BATCH];
    uint64_t inserted = 0;
    for (uint64_t i = 0; i < count; i++)
        places[i] = state_store_prefetch(store, state_hash(&keys[i * words], words));
    for (uint64_t i = 0; i < count; i++)
        inserted += state_store_insert_at(store, &keys[i * words], places[i]);
    return inserted;
}

static void insert_block(struct share *share, uint64_t count)
{
    struct state_store *store = &share->bench->store;
    uint64_t inserted = 0;
    for (uint64_t i = 0; i < count; i += BATCH)
        inserted += insert_batch(store, &share->block[i * store->words], count - i < BATCH ? count - i : BATCH);
    state_store_add(store, inserted);
}

/* All threads see the same count here, so all go round equally often. */
static void make_room(struct share *share)
{
    struct bench *bench = share->bench;
    while (!state_store_has_room(&bench->store, (uint64_t)BLOCK * bench->threads)) {
        pthread_barrier_wait(&bench->barrier);
        if (share->is_first)
            must(state_store_grow_begin(&bench->store, SIZE_MAX));
        pthread_barrier_wait(&bench->barrier);
        state_store_grow_help(&bench->store);
        pthread_barrier_wait(&bench->barrier);
        if (share->is_first)
            state_store_grow_end(&bench->store);
        pthread_barrier_wait(&bench->barrier);
    }
    pthread_barrier_wait(&bench->barrier);
}

/* Shares differ by one at the most, but all threads must meet equally often: so many blocks as the largest has. */
static void *run_share(void *argument)
{
    struct share *share = argument;
    struct bench *bench = share->bench;
    const uint64_t largest = bench->probes / bench->threads + 1;
    for (uint64_t done = 0; done < largest; done += BLOCK) {
        const uint64_t count = generate(share);
        pthread_barrier_wait(&bench->barrier);
        const double begin = now();
        make_room(share);
        insert_block(share, count);
        pthread_barrier_wait(&bench->barrier);
        if (share->is_first)
            bench->seconds += now() - begin;
    }
    return NULL;
}

static struct share make_share(struct bench *bench, unsigned index)
{
    const uint64_t threads = bench->threads, more = bench->keys % threads;
    return (struct share){
        .bench = bench,
        .first = bench->keys / threads * index + (index < more ? index : more),
        .keys = bench->keys / threads + (index < more),
        .probes = bench->probes / threads + (index < bench->probes % threads),
        .random = index,
        .block = die_alloc((size_t)BLOCK * bench->words * sizeof(uint64_t)),
        .is_first = index == 0,
    };
}

static void run(struct bench *bench)
{
    static struct share shares[THREADS_MAX];
    state_store_init(&bench->store, bench->words);
    bench->store.is_shared = bench->threads > 1;
    must(!pthread_barrier_init(&bench->barrier, NULL, bench->threads));
    for (unsigned i = 0; i < bench->threads; i++)
        shares[i] = make_share(bench, i);
    for (unsigned i = 1; i < bench->threads; i++)
        must(!pthread_create(&shares[i].thread, NULL, run_share, &shares[i]));
    run_share(&shares[0]);
    for (unsigned i = 1; i < bench->threads; i++)
        pthread_join(shares[i].thread, NULL);
    for (unsigned i = 0; i < bench->threads; i++)
        free(shares[i].block);
    pthread_barrier_destroy(&bench->barrier);
}

/* A whole number from low to high, or the end. */
static uint64_t parse_number(const char *name, const char *text, uint64_t low, uint64_t high)
{
    char *end;
    const unsigned long long value = strtoull(text, &end, 10);
    if (*text >= '0' && *text <= '9' && !*end && value >= low && value <= high)
        return value;
    fprintf(stderr, "bench_store: %s '%s': not a number from %llu to %llu\n", name, text, (unsigned long long)low,
            (unsigned long long)high);
    exit(2);
}

int main(int argc, char **argv)
{
    if (argc < 4 || argc > 5) {
        fprintf(stderr, "usage: bench_store KEYS PROBES THREADS [WORDS]\n");
        return 2;
    }
    struct bench bench = {.threads = (unsigned)parse_number("THREADS", argv[3], 1, THREADS_MAX),
                          .words = argc > 4 ? (unsigned)parse_number("WORDS", argv[4], 1, KEY_WORDS_MAX) : 1};
    bench.keys = parse_number("KEYS", argv[1], bench.threads, UINT64_C(1) << 40);
    bench.probes = parse_number("PROBES", argv[2], bench.keys, UINT64_C(1) << 50);
    run(&bench);
    const uint64_t count = bench.store.count;
    printf("keys=%llu probes=%llu threads=%u seconds=%.6f bytes=%zu\n", (unsigned long long)count,
           (unsigned long long)bench.probes, bench.threads, bench.seconds, state_store_memory(&bench.store));
    state_store_free(&bench.store);
    if (count == bench.keys)
        return 0;
    fprintf(stderr, "bench_store: the store holds %llu keys, not %llu\n", (unsigned long long)count,
            (unsigned long long)bench.keys);
    return 1;
}
