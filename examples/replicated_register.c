/* What a network model can find, on one page: a primary numbers its writes and sends each once to a backup, which keeps
 * the newest. The mutants are classic bugs, each of which some networks show and others cannot:
 * docs/faults-and-networks.md has the table.
 *
 *   gainsay check examples/replicated_register.c
 *   gainsay check examples/replicated_register.c --mutant apply-older --network fifo
 *   gainsay check examples/replicated_register.c --mutant count-again --duplicates 1
 *   gainsay check examples/replicated_register.c --drops 1
 */
#include "core/gainsay.h"

enum { PRIMARY, BACKUP };                               /* roles */
enum { UPDATE, /* message; local event: */ WRITE };     /* events */
enum { WRITES };                                        /* options */
enum { APPLY_OLDER, COUNT_AGAIN, VERSION_NOT_DURABLE }; /* mutants */

struct primary {
    uint8_t version; /* of the last write */
};

struct backup {
    uint8_t version; /* of the newest update that arrived */
    uint8_t applied; /* how many updates were applied */
};

struct message {
    uint8_t type;
    uint8_t version;
};

static const struct gs_field primary_fields[] = {
    GS_FIELD(struct primary, version, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field backup_fields[] = {
    GS_FIELD(struct backup, version, GS_DURABLE),
    GS_FIELD(struct backup, applied, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct message, version),
    GS_FIELDS_END,
};

static bool primary_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct primary *primary = self;

    switch (e->type) {
    case GS_START: /* after a crash */
        return false;
    case WRITE:
        if (primary->version == gs_option(s, WRITES))
            return false;
        primary->version++;
        return gs_send(s, gs_node_at(s, BACKUP, 0), &(struct message){.type = UPDATE, .version = primary->version});
    }
    return gs_unhandled(s, e);
}

static bool backup_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct backup *backup = self;
    const struct message *update = e->message;

    switch (e->type) {
    case GS_START: /* after a crash */
        if (gs_mutant(s, VERSION_NOT_DURABLE))
            backup->version = 0;
        return gs_mutant(s, VERSION_NOT_DURABLE);
    case UPDATE:
        if (update->version < backup->version && !gs_mutant(s, APPLY_OLDER))
            return false;
        if (update->version == backup->version && !gs_mutant(s, COUNT_AGAIN))
            return false;
        backup->version = update->version;
        backup->applied++;
        return true;
    }
    return gs_unhandled(s, e);
}

static bool never_goes_back(struct gs_view *v)
{
    const struct backup *before = gs_before(v), *after = gs_this(v);
    return after->version >= before->version ||
           gs_explain(v, "the backup went back from version %u to %u", before->version, after->version);
}

static bool applied_once(struct gs_view *v)
{
    const struct backup *backup = gs_this(v);
    return backup->applied <= gs_option(v, WRITES) ||
           gs_explain(v, "%u updates were applied, of %d writes", backup->applied, (int)gs_option(v, WRITES));
}

static bool converges(struct gs_view *v)
{
    const struct primary *primary = gs_state(v, gs_node_at(v, PRIMARY, 0));
    const struct backup *backup = gs_state(v, gs_node_at(v, BACKUP, 0));
    return primary->version == backup->version ||
           gs_explain(v, "all is delivered, and the backup has version %u of %u", backup->version, primary->version);
}

static bool caught_up(struct gs_view *v)
{
    return ((const struct backup *)gs_this(v))->version == gs_option(v, WRITES);
}

static const struct gs_model replicated_register =
    {
        .name = "replicated-register",
        .title = "a backup follows a primary's writes",
        .message_size = sizeof(struct message),
        .message_fields = message_fields,
        .network = GS_BAG,
        .roles = {[PRIMARY] = {.name = "primary",
                               .size = sizeof(struct primary),
                               .fields = primary_fields,
                               .step = primary_step,
                               .count = 1},
                  [BACKUP] = {.name = "backup",
                              .size = sizeof(struct backup),
                              .fields = backup_fields,
                              .step = backup_step,
                              .count = 1}},
        .events =
            {
                [UPDATE] = {.name = "update", .kind = GS_MESSAGE, .fields = {"version"}},
                [WRITE] = {.name = "write", .kind = GS_LOCAL, .role = PRIMARY},
            },
        .options = {[WRITES] = {"writes", "how many there are", 3, 1, 50, NULL}},
        .presets =
            {
                {.name = "quick", .meaning = "3 writes; small, to be read"},
                {.name = "repeated", .meaning = "a message may come twice", .budgets = {.duplicates = 1}},
                {.name = "reboot", .meaning = "a node reboots", .budgets = {.reboots = 1}},
            },
        .mutants =
            {
                [APPLY_OLDER] = {.name = "apply-older",
                                 .meaning = "the backup applies what arrives, also if it is older",
                                 .property = "never-goes-back"},
                [COUNT_AGAIN] = {.name = "count-again",
                                 .meaning = "the backup applies an update again that arrives again",
                                 .property = "applied-once",
                                 .preset = "repeated"},
                [VERSION_NOT_DURABLE] = {.name = "version-not-durable",
                                         .meaning = "the backup's version is not on stable storage",
                                         .property = "never-goes-back",
                                         .preset = "reboot"},
            },
        .properties =
            {
                {.name = "never-goes-back",
                 .claim = "the backup never takes an older version for a newer one",
                 .kind = GS_ALWAYS,
                 .scope = GS_SCOPE_STEP,
                 .role = BACKUP,
                 .holds = never_goes_back},
                {.name = "applied-once",
                 .claim = "no more updates are applied than there are writes",
                 .kind = GS_ALWAYS,
                 .scope = GS_SCOPE_NODE,
                 .role = BACKUP,
                 .holds = applied_once},
                {.name = "converges",
                 .claim = "when all is delivered, the backup has the primary's version",
                 .kind = GS_QUIESCENT,
                 .scope = GS_SCOPE_ALL_NODES,
                 .holds = converges},
                {.name = "caught-up",
                 .claim = "the backup gets the last write",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_NODE,
                 .role = BACKUP,
                 .holds = caught_up},
            },
};

GS_EXPORT_MODEL(replicated_register);
