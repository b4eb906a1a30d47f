/* How many processors there are to search with. */
#ifndef GAINSAY_CORES_H
#define GAINSAY_CORES_H

/* Those that this process may run on, at least 1. */
unsigned cores_available(void);

#endif
