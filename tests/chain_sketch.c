#include "tests/chain_sketch.h"

#include <stdlib.h>
#include <string.h>

enum { SERVERS = 3, TAIL = SERVERS - 1, QUEUE_MAX = 8, LINKS = SERVERS * SERVERS };
enum { NOTHING, UPDATE, ACK, ASK, ANSWER };

struct note {
    uint8_t kind, by, least, version; /* by: the server that reads; least: what it may return */
};
struct state {
    uint8_t latest[SERVERS], clean[SERVERS], reads, complete;
    struct note links[LINKS + 1][QUEUE_MAX]; /* from * SERVERS + to; the last one: reads that lie apart */
};

struct search {
    const struct sketch *sketch;
    struct sketch_counts counts;
    struct state *states;
    uint32_t *depths;
    size_t capacity;
    uint32_t *table; /* state + 1 */
    size_t slots;
    uint32_t depth; /* of the state that is explored */
};

static uint64_t hash_of(const struct state *state)
{
    const uint8_t *bytes = (const uint8_t *)state;
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < sizeof(*state); i++)
        hash = (hash ^ bytes[i]) * 1099511628211u;
    return hash ^ hash >> 29;
}

/* A step was found. */
static void add(struct search *search, const struct state *state)
{
    size_t slot = hash_of(state) % search->slots;
    search->counts.transitions += search->counts.states > 0;
    for (; search->table[slot]; slot = (slot + 1) % search->slots)
        if (memcmp(&search->states[search->table[slot] - 1], state, sizeof(*state)) == 0)
            return;
    if (search->counts.states == search->capacity)
        abort();
    search->states[search->counts.states] = *state;
    search->depths[search->counts.states++] = search->depth;
    search->table[slot] = (uint32_t)search->counts.states;
    search->counts.depth = search->depth;
}

static void put(struct search *search, struct state *state, int from, int to, struct note note)
{
    const bool is_apart = search->sketch->reads_apart && (note.kind == ASK || note.kind == ANSWER);
    struct note *queue = state->links[is_apart ? LINKS : from * SERVERS + to];
    int length = 0;
    while (length < QUEUE_MAX && queue[length].kind)
        length++;
    if (length == QUEUE_MAX)
        abort();
    queue[length] = note;
}

static void complete(struct state *state, uint8_t version)
{
    if (version > state->complete)
        state->complete = version;
}

static void end_read(struct search *search, struct state *state, uint8_t least, uint8_t version)
{
    search->counts.went_back |= version < least;
    complete(state, version);
}

static void take_update(struct search *search, struct state *state, int to, struct note note)
{
    state->latest[to] = note.version;
    if (to < TAIL) {
        put(search, state, to, to + 1, note);
        return;
    }
    state->clean[to] = note.version;
    put(search, state, to, to - 1, (struct note){.kind = ACK, .version = note.version});
}

static void take(struct search *search, struct state *state, int to, struct note note)
{
    switch (note.kind) {
    case UPDATE:
        take_update(search, state, to, note);
        break;
    case ACK:
        state->clean[to] = note.version;
        if (to > 0)
            put(search, state, to, to - 1, note);
        else
            complete(state, note.version);
        break;
    case ASK:
        note.kind = ANSWER;
        note.version = state->latest[TAIL];
        put(search, state, TAIL, note.by, note);
        break;
    case ANSWER:
        end_read(search, state, note.least, note.version);
    }
    add(search, state);
}

static void try_reads(struct search *search, const struct state *from)
{
    for (int i = search->sketch->is_craq ? 0 : TAIL; i < SERVERS && from->reads < search->sketch->reads; i++) {
        struct state state = *from;
        state.reads++;
        if (i == TAIL || state.latest[i] == state.clean[i])
            end_read(search, &state, state.complete, state.latest[i]);
        else
            put(search, &state, i, TAIL, (struct note){.kind = ASK, .by = (uint8_t)i, .least = state.complete});
        add(search, &state);
    }
}

static void try_deliveries(struct search *search, const struct state *from)
{
    for (int link = 0; link <= LINKS; link++)
        for (int i = 0; i < (link == LINKS ? QUEUE_MAX : 1) && from->links[link][i].kind; i++) {
            struct state state = *from;
            struct note *queue = state.links[link];
            const struct note note = queue[i];
            memmove(queue + i, queue + i + 1, (size_t)(QUEUE_MAX - 1 - i) * sizeof(*queue));
            queue[QUEUE_MAX - 1] = (struct note){.kind = NOTHING};
            take(search, &state, link < LINKS ? link % SERVERS : note.kind == ASK ? TAIL : note.by, note);
        }
}

static void explore(struct search *search, const struct state *from)
{
    if (from->latest[0] < search->sketch->writes) {
        struct state state = *from;
        state.latest[0]++;
        put(search, &state, 0, 1, (struct note){.kind = UPDATE, .version = state.latest[0]});
        add(search, &state);
    }
    try_reads(search, from);
    try_deliveries(search, from);
}

struct sketch_counts sketch_search(const struct sketch *sketch)
{
    struct search search = {.sketch = sketch, .capacity = 100000, .slots = 262144};
    search.states = calloc(search.capacity, sizeof(*search.states));
    search.depths = calloc(search.capacity, sizeof(*search.depths));
    search.table = calloc(search.slots, sizeof(*search.table));
    if (!search.states || !search.depths || !search.table)
        abort();
    add(&search, &(struct state){.reads = 0});
    for (size_t i = 0; i < search.counts.states; i++) {
        search.depth = search.depths[i] + 1;
        explore(&search, &search.states[i]);
    }
    free(search.states);
    free(search.depths);
    free(search.table);
    return search.counts;
}
