/* What the order in which a container gives its elements back implies for when operations can have taken effect. Part
 * of the decision procedure, not an interface to write against. */
#ifndef GAINSAY_IMPLIED_ORDER_H
#define GAINSAY_IMPLIED_ORDER_H

#include "properties/search_order.h"

/* Zero implies nothing. */
struct implied_order {
    size_t *starts;   /* per operation, and the end: where in `before` those begin that come before it; NULL: none do */
    uint32_t *before; /* they overlap it in real time, which therefore says nothing */
    bool *is_prompt;  /* per operation: it may take effect as soon as it can, see implied_order.c; NULL: none */
    bool contradicts; /* no order is legal */
};

/* Holds in every legal order of the object's operations, so leaving out what goes against it loses none. Not all that
 * could be known is found. */
void implied_order_make(struct implied_order *order, const struct object *object);
void implied_order_free(struct implied_order *order);

#endif
