/* OR-Set with tombstones (CS 3.3.5, specification 15, with states in place of operations): each add has a tag of its
 * own, a remove moves the tags that it observes to the tombstones, which stay for ever. */
#include "protocols/crdt_or_set.h"

enum { UNION_MERGE, TAG_REUSE, REMOVE_WINS };

struct set {
    struct or_set_tags tags, tombstones;
};
struct replica {
    struct gs_seen seen;
    struct set set;
    uint8_t newest; /* number of its own newest add */
};
struct message {
    uint8_t type;
    struct gs_seen seen;
    struct set set;
};

static const char *const kind_names[] = {"add", "remove"};
static const struct gs_field seen_fields[] = GS_SEEN_FIELDS(CRDT_REPLICA);
static const struct gs_field update_fields[] = GS_UPDATE_FIELDS(kind_names, seen_fields);
static const struct gs_field updates_fields[] = GS_UPDATES_FIELDS(seen_fields, update_fields);
static const struct gs_field tag_fields[] = OR_SET_TAG_FIELDS;
static const struct gs_field tags_fields[] = OR_SET_TAGS_FIELDS(tag_fields);
static const struct gs_field set_fields[] = {
    GS_STRUCT(struct set, tags, tags_fields),
    GS_STRUCT(struct set, tombstones, tags_fields),
    GS_FIELDS_END,
};
static const struct gs_field replica_fields[] = {
    GS_STRUCT(struct replica, seen, seen_fields, GS_DURABLE),
    GS_STRUCT(struct replica, set, set_fields, GS_DURABLE),
    GS_FIELD(struct replica, newest, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_STRUCT(struct message, seen, seen_fields),
    GS_STRUCT(struct message, set, set_fields),
    GS_FIELDS_END,
};

/* What is removed is not kept as a tag. */
static void take_out_tombstones(struct set *set)
{
    struct or_set_tags kept = {0};
    for (int i = 0; i < set->tags.count; i++)
        if (!or_set_contains(&set->tombstones, &set->tags.all[i]))
            or_set_insert(&kept, &set->tags.all[i]);
    set->tags = kept;
}

static void update_set(struct gs_step *s, void *self, const struct gs_event *e, struct gs_update *update)
{
    struct replica *replica = self;
    struct set *set = &replica->set;
    const uint8_t element = (uint8_t)e->arguments[0];
    update->kind = e->type == OR_SET_ADD ? OR_SET_ADDED : OR_SET_REMOVED;
    update->arguments[0] = element;
    if (e->type == OR_SET_ADD) {
        replica->newest++;
        or_set_insert(&set->tags, &(struct or_set_tag){element, gs_self(s), replica->newest});
    }
    for (int i = 0; i < set->tags.count && e->type == OR_SET_REMOVE; i++)
        if (set->tags.all[i].element == element)
            or_set_insert(&set->tombstones, &set->tags.all[i]);
    take_out_tombstones(set);
}

static void merge(const struct gs_run *run, void *payload, const void *other)
{
    struct set *mine = payload;
    const struct set *theirs = other;
    for (int i = 0; i < theirs->tags.count; i++)
        or_set_insert(&mine->tags, &theirs->tags.all[i]);
    for (int i = 0; i < theirs->tombstones.count; i++)
        or_set_insert(&mine->tombstones, &theirs->tombstones.all[i]);
    if (!crdt_mutant(GS_RUN(run), UNION_MERGE))
        take_out_tombstones(mine);
}

static bool forget_newest(struct gs_step *s, void *self)
{
    struct replica *replica = self;
    if (!crdt_mutant(GS_RUN(s), TAG_REUSE) || replica->newest == 0)
        return false;
    replica->newest = 0;
    return true;
}

static const struct crdt type = {
    .payload_size = sizeof(struct set),
    .replica_size = sizeof(struct replica),
    .update = update_set,
    .merge = merge,
    .restarted = forget_newest,
};
CRDT_CLAIMS(type)

static bool has(struct gs_view *v, const void *replica, int element)
{
    const struct set *set = &((const struct replica *)replica)->set;
    return or_set_has_element(&set->tags, element) &&
           !(crdt_mutant(GS_RUN(v), REMOVE_WINS) && or_set_has_element(&set->tombstones, element));
}
OR_SET_CLAIMS(has)

const struct gs_model or_set_tagged = {
    .name = "or-set-tagged",
    .title = "a replicated set in which adds win over concurrent removes, with tombstones",
    .source = "Shapiro et al., A comprehensive study of Convergent and Commutative Replicated Data Types (2011)",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_SET,
    .roles = {[CRDT_REPLICA] = CRDT_ROLE(type, struct replica, replica_fields)},
    .events = {[CRDT_STATE] = {.name = "state", .fields = {"seen", "set"}},
               [OR_SET_ADD] = OR_SET_EVENT("add"),
               [OR_SET_REMOVE] = OR_SET_EVENT("remove")},
    .options = {OR_SET_OPTIONS_LIST},
    .presets = {OR_SET_PRESETS},
    .mutants = {[UNION_MERGE] = {"union-merge", "a merge keeps the tags of both sides", "add-wins", "two", false},
                [TAG_REUSE] = {"tag-reuse", "a replica numbers its adds from 1 again after a crash", "add-wins",
                               "reboot", false},
                [REMOVE_WINS] = {"remove-wins", "an element of which any add was removed is not in the set", "add-wins",
                                 "two", false}},
    .announcements = CRDT_ANNOUNCED(update_fields),
    .monitors = CRDT_MONITORS(updates_fields),
    .properties = {OR_SET_PROPERTIES},
};
