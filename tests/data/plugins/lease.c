/* A lease that two clocks measure: a coordinator grants it until a time of its own clock, and the worker that has it
 * writes as long as its own clock shows less. With equal clocks no write comes after one of a later lease, however late
 * messages are; a worker whose clock is behind writes on when somebody else has the lease. In a run without a clock the
 * lease is granted once. */
#include "core/gainsay.h"

enum { COORDINATOR, WORKER };                     /* roles */
enum { REQUEST, GRANT, /* local: */ ASK, WRITE }; /* events */
enum { WORKERS, LEASES, MILLISECONDS };           /* options */
enum { WRITTEN };                                 /* announcements */
enum { WRITE_AT_ANY_TIME };                       /* mutants */

struct coordinator {
    uint64_t until; /* by its own clock */
    uint64_t granted;
};
struct worker {
    uint64_t until; /* as it was told */
    uint64_t lease; /* its number; 0: none */
};
struct message {
    uint8_t type, unused[7];
    uint64_t lease, until;
};
struct written {
    uint64_t lease;
};
struct writes {
    uint64_t latest, stale;
};

static const struct gs_field coordinator_fields[] = {
    GS_FIELD(struct coordinator, until, GS_DURABLE),
    GS_FIELD(struct coordinator, granted, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field worker_fields[] = {
    GS_FIELD(struct worker, until),
    GS_FIELD(struct worker, lease),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct message, unused),
    GS_FIELD(struct message, lease),
    GS_FIELD(struct message, until),
    GS_FIELDS_END,
};
static const struct gs_field written_fields[] = {
    GS_FIELD(struct written, lease),
    GS_FIELDS_END,
};
static const struct gs_field writes_fields[] = {
    GS_FIELD(struct writes, latest),
    GS_FIELD(struct writes, stale),
    GS_FIELDS_END,
};

static uint64_t now(struct gs_step *s)
{
    return gs_timed(s) ? (uint64_t)gs_now(s) : 0;
}

static bool coordinator_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct coordinator *coordinator = self;

    switch (e->type) {
    case GS_START:
        return true;
    case REQUEST:
        if (coordinator->granted && (!gs_timed(s) || now(s) < coordinator->until))
            return false;
        if (coordinator->granted >= (uint64_t)gs_option(s, LEASES))
            return false;
        coordinator->granted++;
        coordinator->until = now(s) + (uint64_t)GS_MILLISECONDS(gs_option(s, MILLISECONDS));
        return gs_send(s, e->from,
                       &(struct message){.type = GRANT, .lease = coordinator->granted, .until = coordinator->until});
    }
    return gs_unhandled(s, e);
}

static bool has_lease(struct gs_step *s, const struct worker *worker)
{
    return worker->lease && (gs_mutant(s, WRITE_AT_ANY_TIME) || now(s) < worker->until);
}

static bool worker_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct worker *worker = self;
    const struct message *m = e->message;

    switch (e->type) {
    case GS_START:
        return true;
    case GRANT:
        if (m->lease <= worker->lease)
            return false;
        worker->lease = m->lease;
        worker->until = m->until;
        return true;
    case ASK:
        if (has_lease(s, worker))
            return false;
        return gs_send(s, gs_node_at(s, COORDINATOR, 0), &(struct message){.type = REQUEST});
    case WRITE:
        if (!has_lease(s, worker))
            return false;
        return gs_announce(s, WRITTEN, &(struct written){worker->lease});
    }
    return gs_unhandled(s, e);
}

static void see_write(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced)
{
    struct writes *writes = value;
    const struct written *written = announced;
    (void)run, (void)by, (void)announcement;
    writes->stale |= written->lease < writes->latest;
    if (written->lease > writes->latest)
        writes->latest = written->lease;
}

static bool no_stale_write(struct gs_view *v)
{
    const struct writes *writes = gs_monitor_value(v);
    return gs_premise(v, writes->latest > 0) ? !writes->stale || gs_explain(v, "a write of an earlier lease came later")
                                             : true;
}

static bool lease_changed_hands(struct gs_view *v)
{
    return ((const struct writes *)gs_monitor_value(v))->latest > 1;
}

static const struct gs_model lease = {
    .name = "lease",
    .title = "a lease measured by two clocks",
    .source = "none",
    .network = GS_BAG,
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .roles = {[COORDINATOR] = {.name = "coordinator",
                               .size = sizeof(struct coordinator),
                               .fields = coordinator_fields,
                               .step = coordinator_step,
                               .count = 1},
              [WORKER] = {.name = "worker",
                          .size = sizeof(struct worker),
                          .fields = worker_fields,
                          .step = worker_step,
                          .count_option = WORKERS}},
    .events = {[REQUEST] = {.name = "request", .kind = GS_MESSAGE},
               [GRANT] = {.name = "grant", .kind = GS_MESSAGE, .fields = {"lease", "until"}},
               [ASK] = {.name = "ask", .kind = GS_LOCAL, .role = WORKER},
               [WRITE] = {.name = "write", .kind = GS_LOCAL, .role = WORKER}},
    .options =
        {[WORKERS] = {.name = "workers", .meaning = "that want it", .preset = 2, .min = 1, .max = 5},
         [LEASES] = {.name = "leases", .meaning = "granted at most", .preset = 5, .min = 1, .max = 200},
         [MILLISECONDS] = {.name = "milliseconds", .meaning = "of a lease", .preset = 100, .min = 1, .max = 100000}},
    .presets = {{.name = "quick", .meaning = "the defaults"}},
    .mutants = {[WRITE_AT_ANY_TIME] = {.name = "write-at-any-time",
                                       .meaning = "a worker never looks at its clock",
                                       .property = "no-stale-write"}},
    .announcements = {[WRITTEN] = {.name = "written", .size = sizeof(struct written), .fields = written_fields}},
    .monitors = {{.name = "writes", .size = sizeof(struct writes), .fields = writes_fields, .announced = see_write}},
    .properties = {{.name = "no-stale-write",
                    .claim = "no write comes after one of a later lease",
                    .kind = GS_ALWAYS,
                    .scope = GS_SCOPE_MONITOR,
                    .holds = no_stale_write},
                   {.name = "lease-changes-hands",
                    .claim = "two leases are written under",
                    .kind = GS_REACHABLE,
                    .scope = GS_SCOPE_MONITOR,
                    .holds = lease_changed_hands}},
};
GS_EXPORT_MODEL(lease);
