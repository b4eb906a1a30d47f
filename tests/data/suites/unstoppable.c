/* Once loaded a second time, in earnest, it never returns, and cannot be told to: all signals that can be blocked are.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "../plugins/misbehaving.h"

static __attribute__((constructor)) void loop(void)
{
    sigset_t all;
    if (open("loaded", O_CREAT | O_EXCL | O_WRONLY, 0600) >= 0)
        return;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (;;)
        continue;
}

static bool act(struct gs_step *s, struct node *node)
{
    (void)s;
    return node->count == 0;
}
