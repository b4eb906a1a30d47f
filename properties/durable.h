/* The mutants "a durable field is not durable", of any protocol with durable fields: a table says which mutant loses
 * which field, and one call in the handler of GS_START makes a restarted node lose them.
 *
 *     static const struct gs_loss losses[] = {
 *         GS_LOSS(VOTE_NOT_DURABLE, struct server, voted_for),
 *         GS_LOSSES_END,
 *     };
 *     case GS_START: gs_lose(s, self, losses, e); */
#ifndef GAINSAY_DURABLE_H
#define GAINSAY_DURABLE_H

#include "core/gainsay.h"

/* A mutant may stand in several lines: it loses all those fields. */
struct gs_loss {
    int mutant; /* -1 ends the table */
    size_t offset, size;
};

#define GS_LOSS(loss_mutant, type, member)                                                                 \
    {                                                                                                      \
        .mutant = (loss_mutant), .offset = offsetof(type, member), .size = sizeof(GS_MEMBER(type, member)) \
    }
#define GS_LOSSES_END \
    {                 \
        .mutant = -1  \
    }

/* An entry of the table of mutants; field: the member's name as text. */
#define GS_NOT_DURABLE(loss_mutant, field, killed_by, in_preset)                                             \
    [loss_mutant] = {.name = field "-not-durable",                                                           \
                     .meaning = "the " field " value is not on stable storage: a restart starts without it", \
                     .property = killed_by,                                                                  \
                     .preset = in_preset}

/* In the handler of GS_START: if the node restarts, zeroes the fields of the mutants that are on. Zero must be what
 * `init` leaves in them. self: the local state. Returns true. */
bool gs_lose(struct gs_step *s, void *self, const struct gs_loss *losses, const struct gs_event *start);

#endif
