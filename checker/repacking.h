/* What all threads do together while they have stopped: the store grows, or every key is packed in a wider layout. The
 * levels hold every state, so a table that has to be packed anew is emptied and filled from them: there are never two.
 * Keys that have become long may be cut in halves then (halves.h), and from then on halves are packed anew, not keys.
 */
#ifndef GAINSAY_REPACKING_H
#define GAINSAY_REPACKING_H

#include "checker/worker.h"

/* Is there room in all tables for what every thread may have in its batch? */
bool repacking_has_room(const struct search *search);

/* By one thread: decides what is needed now. */
void repacking_begin(struct search *search);
/* By all. */
void repacking_help(struct search *search);
/* By one, when all have helped. */
void repacking_end(struct search *search);
/* By each: its batch and the state that it explores go over to the current layout and the store as it is now. */
void repacking_adopt(struct worker *worker);

#endif
