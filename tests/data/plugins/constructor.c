/* Code that runs when the object is loaded or unloaded, as -DHOW=n says, and tables that point nowhere. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/gainsay.h"

#define SEGFAULT 1
#define ABORT 2
#define EXIT 3
#define UNDERSCORE_EXIT 4
#define LOOP 5
#define BLOCKED_LOOP 6
#define UNLOAD 7
#define WILD_TABLES 8

static void loop(void)
{
    for (volatile int i = 0;; i++)
        continue;
}

__attribute__((constructor)) static void when_loaded(void)
{
    sigset_t all;
    switch (HOW) {
    case SEGFAULT:
        raise(SIGSEGV);
        break;
    case ABORT:
        abort();
    case EXIT:
        exit(0);
    case UNDERSCORE_EXIT:
        _exit(3);
    case BLOCKED_LOOP:
        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, NULL);
        loop();
        break;
    case LOOP:
        loop();
        break;
    }
}

__attribute__((destructor)) static void when_unloaded(void)
{
    if (HOW == UNLOAD)
        raise(SIGBUS);
}

#if HOW == WILD_TABLES
GS_EXPORT_MODEL(*(const struct gs_model *)16);
#else
#include "misbehaving.h"
static bool act(struct gs_step *s, struct node *node)
{
    (void)s;
    node->count++;
    return true;
}
#endif
