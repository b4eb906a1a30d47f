/* A second, independent implementation of chain replication and CRAQ without failures, with a search of its own: the
 * model that the counts of published sketches belong to. Three servers; the head writes, servers read, and a number
 * remembers the newest version of a complete operation. It shares nothing with the engine. */
#ifndef GAINSAY_CHAIN_SKETCH_H
#define GAINSAY_CHAIN_SKETCH_H

#include <stdbool.h>
#include <stdint.h>

struct sketch {
    int writes, reads;
    bool is_craq; /* any server reads; else the tail alone */
    /* CRAQ: questions for a version and their answers do not travel along the links, behind updates and
     * acknowledgements, but lie in one list in the order in which they were sent, each free to arrive at any time. The
     * order is part of the state, and of two equal ones each is an event. */
    bool reads_apart;
};

struct sketch_counts {
    uint64_t states, transitions, depth;
    bool went_back; /* a read returned an older version than was complete when it began */
};

struct sketch_counts sketch_search(const struct sketch *sketch);

#endif
