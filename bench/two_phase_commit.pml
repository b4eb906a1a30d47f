/* Two-phase commit, as protocols/two_phase_commit.c, for SPIN: the same states and the same transitions.
 *   spin -a -DMANAGERS=9 two_phase_commit.pml
 * As small and as fast as Promela allows. One process, so that a state has no process table; bit i of each mask is
 * manager i's, and all masks are bit fields of the process, where they share words with its program counter: a state
 * vector of 16 bytes for up to 10 managers. Each d_step is one transition, and is enabled only when it changes
 * something. Commit and abort messages have no variables: they are in flight from when the transaction manager has
 * decided, for ever. The invariant is asserted where a manager changes its phase to one that it speaks of. */
#define WORKING 0
#define COMMITTED 1
#define ABORTED 2

/* Managers' phases in two masks: neither is working, low prepared, both committed, high aborted. */
#define BIT(i) (1 << (i))
#define ALL (BIT(MANAGERS) - 1)
#define IS_WORKING(i) !((low | high) & BIT(i))
#define IS_COMMITTED(i) (low & high & BIT(i))
#define IS_ABORTED(i) (high & ~low & BIT(i))

#ifdef COMMIT_ON_ONE_VOTE
#define QUORUM (votes != 0)
#else
#define QUORUM (votes == ALL)
#endif

#define MANAGER(i) \
    :: d_step { IS_WORKING(i) -> low = low | BIT(i); sent = sent | BIT(i) } \
    :: d_step { IS_WORKING(i) -> high = high | BIT(i); assert(!(low & high)) } \
    :: d_step { phase == WORKING && (sent & ~votes & BIT(i)) -> votes = votes | BIT(i) } \
    :: d_step { phase == COMMITTED && !IS_COMMITTED(i) -> low = low | BIT(i); high = high | BIT(i); \
                assert(!(high & ~low)) } \
    :: d_step { phase == ABORTED && !IS_ABORTED(i) -> low = low & ~BIT(i); high = high | BIT(i); \
                assert(!(low & high)) }

active proctype system()
{
    unsigned phase : 2;        /* the transaction manager's */
    unsigned low : MANAGERS;   /* the managers' phases */
    unsigned high : MANAGERS;
    unsigned sent : MANAGERS;  /* votes in flight, for ever */
    unsigned votes : MANAGERS; /* votes that the transaction manager has received */

end: /* a system at rest is no deadlock */
    do
    :: d_step { phase == WORKING && QUORUM -> phase = COMMITTED }
    :: d_step { phase == WORKING -> phase = ABORTED }
    MANAGER(0)
#if MANAGERS > 1
    MANAGER(1)
#endif
#if MANAGERS > 2
    MANAGER(2)
#endif
#if MANAGERS > 3
    MANAGER(3)
#endif
#if MANAGERS > 4
    MANAGER(4)
#endif
#if MANAGERS > 5
    MANAGER(5)
#endif
#if MANAGERS > 6
    MANAGER(6)
#endif
#if MANAGERS > 7
    MANAGER(7)
#endif
#if MANAGERS > 8
    MANAGER(8)
#endif
#if MANAGERS > 9
    MANAGER(9)
#endif
    od
}
