/* As the scheduler has it: taskset and containers may leave a process fewer than the machine has. */
#include "checker/cores.h"

#include <sched.h>

unsigned cores_available(void)
{
    cpu_set_t cores;
    const int count = sched_getaffinity(0, sizeof(cores), &cores) == 0 ? CPU_COUNT(&cores) : 1;
    return count > 0 ? (unsigned)count : 1;
}
