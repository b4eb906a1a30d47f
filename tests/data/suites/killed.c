/* A handler that ends its process in a way that nothing can catch. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../plugins/misbehaving.h"

static bool act(struct gs_step *s, struct node *node)
{
    (void)s;
    return syscall(SYS_kill, getpid(), SIGKILL) != 0 || node->count == 0;
}
