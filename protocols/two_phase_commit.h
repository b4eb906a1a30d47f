/* Two-phase commit's states, for properties from outside. */
#ifndef GAINSAY_TWO_PHASE_COMMIT_H
#define GAINSAY_TWO_PHASE_COMMIT_H

#include "core/gainsay.h"

enum { TWO_PHASE_COMMIT_TM, TWO_PHASE_COMMIT_RM }; /* roles: transaction manager, resource manager */
/* Phases. The transaction manager is WORKING until it decides. */
enum { TWO_PHASE_COMMIT_WORKING, TWO_PHASE_COMMIT_PREPARED, TWO_PHASE_COMMIT_COMMITTED, TWO_PHASE_COMMIT_ABORTED };

struct transaction_manager {
    uint8_t phase;
    gs_node_set votes; /* resource managers it knows to have prepared */
};

struct resource_manager {
    uint8_t phase;
};

extern const struct gs_model two_phase_commit;

#endif
