/* Protocol code that ends the process, or crashes, where the options say; and a mutant that misbehaves before it
 * violates what it must violate. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/gainsay.h"

enum { NODE };
enum { GO, STUMBLE };
enum { WHERE, HOW };
enum { NOWHERE, HANDLER, PREDICATE, MONITOR, INIT, HOST, SPLITS, REFUSES };
enum {
    EXIT,
    QUICK_EXIT,
    UNDERSCORE_EXIT,
    THREAD_EXIT,
    EXEC,
    EXECL,
    FORK,
    VFORK,
    SYSTEM,
    POPEN,
    BLOCK,
    ALARM,
    KILL,
    RAISE,
    SIGNAL,
    CRASH
};
enum { ONE_TOO_FAR };
enum { COUNTED };
enum { COUNTS };
enum { COUNT_MAX = 2 };

struct node {
    uint8_t count;
};

struct counted {
    uint8_t count;
};

static const struct gs_field node_fields[] = {GS_FIELD(struct node, count), GS_FIELDS_END};
static const struct gs_field counted_fields[] = {GS_FIELD(struct counted, count), GS_FIELDS_END};
static const char *const where_names[] = {"nowhere", "handler", "predicate", "monitor",
                                          "init",    "host",    "splits",    "refuses"};
static const char *const how_names[] = {"exit", "quick-exit", "underscore-exit", "thread-exit", "exec",  "execl",
                                        "fork", "vfork",      "system",          "popen",       "block", "alarm",
                                        "kill", "raise",      "signal",          "crash"};

/* What <signal.h> makes of `signal` for a file that is compiled with -std=c11, as this one is not: see _GNU_SOURCE. */
void (*__sysv_signal(int number, void (*handler)(int)))(int);

/* Not even by the watchdog's signal, if it may be blocked. */
static void loop_unstoppably(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (;;)
        continue;
}

static void end(const struct gs_run *run, int where)
{
    if (gs_option(run, WHERE) != where)
        return;
    switch (gs_option(run, HOW)) {
    case EXIT:
        exit(0);
    case QUICK_EXIT:
        quick_exit(0);
    case UNDERSCORE_EXIT:
        _exit(0);
    case THREAD_EXIT:
        pthread_exit(NULL);
    case EXEC:
        execvp("true", (char *[]){"true", NULL});
        break;
    case EXECL:
        execl("/bin/true", "true", (char *)NULL);
        break;
    case FORK:
        if (fork() == 0)
            _exit(0);
        break;
    case VFORK:
        if (vfork() == 0)
            _exit(0);
        break;
    case SYSTEM:
        if (system("true"))
            break;
        break;
    case POPEN:
        popen("true", "r");
        break;
    case BLOCK:
        loop_unstoppably();
        break;
    case ALARM:
        alarm(0);
        break;
    case KILL:
        kill(getpid(), SIGKILL);
        break;
    case RAISE:
        raise(SIGTERM);
        break;
    case SIGNAL:
        __sysv_signal(SIGSEGV, SIG_IGN);
        break;
    default:
        *(volatile int *)8 = 1;
    }
}

static void node_init(const struct gs_run *run, gs_node self, void *state)
{
    (void)self;
    (void)state;
    end(run, INIT);
}

static bool node_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct node *node = self;
    end(GS_RUN(s), HANDLER);
    if (e->type == STUMBLE) {
        gs_assert(s, !gs_mutant(s, ONE_TOO_FAR) || node->count != 1);
        return false;
    }
    if (node->count >= COUNT_MAX + gs_mutant(s, ONE_TOO_FAR))
        return false;
    node->count++;
    return gs_announce(s, COUNTED, &(struct counted){node->count});
}

static void note_count(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced)
{
    (void)by;
    (void)announcement;
    end(run, MONITOR);
    *(struct counted *)value = *(const struct counted *)announced;
}

static bool in_range(struct gs_view *v)
{
    end(GS_RUN(v), PREDICATE);
    return ((const struct node *)gs_this(v))->count <= COUNT_MAX;
}

static bool counted_up(struct gs_view *v)
{
    return ((const struct node *)gs_this(v))->count == COUNT_MAX;
}

static bool last_in_range(struct gs_view *v)
{
    return ((const struct counted *)gs_monitor_value(v))->count <= COUNT_MAX;
}

static unsigned host_of(const struct gs_run *run, gs_node node)
{
    end(run, HOST);
    return (unsigned)gs_index(run, node);
}

static bool may_split(const struct gs_run *run, gs_node_set side)
{
    (void)side;
    end(run, SPLITS);
    return true;
}

static const char *refuse_nothing(const struct gs_run *run)
{
    end(run, REFUSES);
    return NULL;
}

static const struct gs_model ends_early = {
    .name = "ends-early",
    .title = "code that does not return",
    .network = GS_BAG,
    .roles = {{.name = "node",
               .size = sizeof(struct node),
               .fields = node_fields,
               .step = node_step,
               .init = node_init,
               .count = 2}},
    .events = {[GO] = {.name = "go", .kind = GS_LOCAL}, [STUMBLE] = {.name = "stumble", .kind = GS_LOCAL}},
    .options = {[WHERE] = {.name = "where", .min = NOWHERE, .max = REFUSES, .names = where_names},
                [HOW] = {.name = "how", .min = EXIT, .max = CRASH, .names = how_names}},
    .presets = {{.name = "quick", .meaning = "two nodes"}},
    .mutants = {[ONE_TOO_FAR] = {.name = "one-too-far", .meaning = "counts one too far", .property = "in-range"}},
    .announcements = {[COUNTED] = {.name = "counted", .size = sizeof(struct counted), .fields = counted_fields}},
    .monitors = {[COUNTS] = {.name = "counts",
                             .size = sizeof(struct counted),
                             .fields = counted_fields,
                             .announced = note_count}},
    .properties = {{.name = "in-range", .claim = "no node counts too far", .scope = GS_SCOPE_NODE, .holds = in_range},
                   {.name = "last-in-range",
                    .claim = "no count announced is too large",
                    .scope = GS_SCOPE_MONITOR,
                    .monitor = COUNTS,
                    .holds = last_in_range},
                   {.name = "counted-up",
                    .claim = "a node counts as far as it may",
                    .kind = GS_REACHABLE,
                    .scope = GS_SCOPE_NODE,
                    .holds = counted_up}},
    .host = host_of,
    .splits = may_split,
    .refuses = refuse_nothing,
};

GS_EXPORT_MODEL(ends_early);
