/* Lamport's clock. */
#include "properties/lamport_clock.h"

#include "core/guard.h"

uint8_t gs_lamport_tick(uint8_t time)
{
    if (time == UINT8_MAX)
        guard_fail("a Lamport clock counts to %d, and is there", UINT8_MAX);
    return (uint8_t)(time + 1);
}

uint8_t gs_lamport_receive(uint8_t time, uint8_t received)
{
    return gs_lamport_tick(time > received ? time : received);
}
