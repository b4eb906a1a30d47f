/* Lamport's clock. */
#include "properties/lamport_clock.h"

#include "core/guard.h"

uint16_t gs_lamport_tick(uint16_t time)
{
    if (time == UINT16_MAX)
        guard_fail("a Lamport clock counts to %d, and is there", UINT16_MAX);
    return (uint16_t)(time + 1);
}

uint16_t gs_lamport_receive(uint16_t time, uint16_t received)
{
    return gs_lamport_tick(time > received ? time : received);
}
