/* OR-Set without tombstones: Bieniusa, Zawirski, Preguica, Shapiro, Baquero, Balegas and Duarte, "An Optimized
 * Conflict-free Replicated Set" (2012), figure 3. A version vector tells an add that was removed (known, and gone) from
 * one that is new (not known yet). The set keeps one tag per element and replica. */
#include "protocols/crdt_or_set.h"

enum { UNION_MERGE, TAG_REUSE, REMOVE_WINS, VV_ONLY_ON_ADD, ELEMENT_EQ_BY_STRING };

struct replica {
    struct gs_seen seen;
    struct versioned_set set;
};
struct message {
    uint8_t type;
    struct gs_seen seen;
    struct versioned_set set;
};

static const char *const kind_names[] = {"add", "remove"};
static const struct gs_field seen_fields[] = GS_SEEN_FIELDS(CRDT_REPLICA);
static const struct gs_field update_fields[] = GS_UPDATE_FIELDS(kind_names, seen_fields);
static const struct gs_field updates_fields[] = GS_UPDATES_FIELDS(seen_fields, update_fields);
static const struct gs_field tag_fields[] = OR_SET_TAG_FIELDS;
static const struct gs_field tags_fields[] = OR_SET_TAGS_FIELDS(tag_fields);
const struct gs_field versioned_set_fields[] = {
    GS_STRUCT(struct versioned_set, tags, tags_fields),
    GS_BY_NODE(struct versioned_set, version, CRDT_REPLICA),
    GS_FIELDS_END,
};
static const struct gs_field replica_fields[] = {
    GS_STRUCT(struct replica, seen, seen_fields, GS_DURABLE),
    GS_STRUCT(struct replica, set, versioned_set_fields, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_STRUCT(struct message, seen, seen_fields),
    GS_STRUCT(struct message, set, versioned_set_fields),
    GS_FIELDS_END,
};

/* Takes the element's tags out: those of one replica, or (nobody) all. */
static void take_out(struct or_set_tags *tags, int element, gs_node of)
{
    struct or_set_tags kept = {0};
    for (int i = 0; i < tags->count; i++) {
        const struct or_set_tag *tag = &tags->all[i];
        if (tag->element != element || (!gs_is_nobody(of) && !gs_same(tag->replica, of)))
            or_set_insert(&kept, tag);
    }
    *tags = kept;
}

static void add(struct gs_step *s, struct versioned_set *set, int element)
{
    uint8_t *newest = &set->version[gs_index(s, gs_self(s))];
    *newest = (uint8_t)(*newest + 1);
    take_out(&set->tags, element, gs_self(s));
    or_set_insert(&set->tags, &(struct or_set_tag){(uint8_t)element, gs_self(s), *newest});
}

static void update_set(struct gs_step *s, void *self, const struct gs_event *e, struct gs_update *update)
{
    struct versioned_set *set = &((struct replica *)self)->set;
    const int element = (int)e->arguments[0];
    update->kind = e->type == OR_SET_ADD ? OR_SET_ADDED : OR_SET_REMOVED;
    update->arguments[0] = (uint8_t)element;
    if (e->type == OR_SET_ADD)
        add(s, set, element);
    else
        take_out(&set->tags, element, GS_NOBODY);
    for (GS_EACH(other, gs_peers(s)))
        if (e->type == OR_SET_REMOVE && crdt_mutant(GS_RUN(s), REMOVE_WINS))
            set->version[gs_index(s, other)]++;
}

/* A tag that one side lacks stays if it is new to that side; if not, that side has removed it. */
static bool is_kept(const struct gs_run *run, const struct or_set_tag *tag, const struct versioned_set *other)
{
    return crdt_mutant(GS_RUN(run), UNION_MERGE) || or_set_contains(&other->tags, tag) ||
           tag->number > other->version[gs_index(run, tag->replica)];
}

/* Of an element's tags of one replica only the newest stays. */
static void keep(struct or_set_tags *tags, const struct or_set_tag *tag)
{
    for (int i = 0; i < tags->count; i++)
        if (tags->all[i].element == tag->element && gs_same(tags->all[i].replica, tag->replica) &&
            tags->all[i].number >= tag->number)
            return;
    take_out(tags, tag->element, tag->replica);
    or_set_insert(tags, tag);
}

static void merge(const struct gs_run *run, void *payload, const void *other)
{
    struct versioned_set *mine = payload, merged = *mine;
    const struct versioned_set *theirs = other;
    merged.tags = (struct or_set_tags){0};
    for (int i = 0; i < mine->tags.count; i++)
        if (is_kept(run, &mine->tags.all[i], theirs))
            keep(&merged.tags, &mine->tags.all[i]);
    for (int i = 0; i < theirs->tags.count; i++) {
        struct or_set_tag tag = theirs->tags.all[i];
        if (crdt_mutant(GS_RUN(run), ELEMENT_EQ_BY_STRING)) /* elements 1 and 2 print alike */
            tag.element = tag.element == 2 ? 1 : tag.element;
        if (is_kept(run, &tag, mine))
            keep(&merged.tags, &tag);
    }
    for (int k = 0; k < CRDT_REPLICAS_MAX && !crdt_mutant(GS_RUN(run), VV_ONLY_ON_ADD); k++)
        if (merged.version[k] < theirs->version[k])
            merged.version[k] = theirs->version[k];
    *mine = merged;
}

static bool forget_own_version(struct gs_step *s, void *self)
{
    struct replica *replica = self;
    uint8_t *newest = &replica->set.version[gs_index(s, gs_self(s))];
    if (!crdt_mutant(GS_RUN(s), TAG_REUSE) || *newest == 0)
        return false;
    *newest = 0;
    return true;
}

static const struct crdt type = {
    .payload_size = sizeof(struct versioned_set),
    .replica_size = sizeof(struct replica),
    .update = update_set,
    .merge = merge,
    .restarted = forget_own_version,
};
CRDT_CLAIMS(type)

static bool has(struct gs_view *v, const void *replica, int element)
{
    (void)v;
    return or_set_has_element(&((const struct replica *)replica)->set.tags, element);
}
OR_SET_CLAIMS(has)

static bool tags_are_known(struct gs_view *v)
{
    const struct versioned_set *set = &((const struct replica *)gs_this(v))->set;
    for (int i = 0; i < set->tags.count; i++)
        if (set->tags.all[i].number > set->version[gs_index(v, set->tags.all[i].replica)])
            return gs_explain(v, "%s has a tag of %s that its version vector does not include",
                              gs_name(v, gs_this_node(v)), gs_name(v, set->tags.all[i].replica));
    return true;
}

const struct gs_model or_set = {
    .name = "or-set",
    .title = "a replicated set in which adds win over concurrent removes, without tombstones",
    .source = "Bieniusa et al., An Optimized Conflict-free Replicated Set (2012)",
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
                [REMOVE_WINS] = {"remove-wins", "a remove takes each other replica's next add for known, and removed",
                                 "add-wins", "two", false},
                [VV_ONLY_ON_ADD] = {"vv-only-on-add", "the version vector moves with own adds only", "add-wins", "two",
                                    false},
                [ELEMENT_EQ_BY_STRING] = {"element-eq-by-string",
                                          "elements 1 and 2 are the same one in a state that is sent", "add-wins",
                                          "elements", false}},
    .announcements = CRDT_ANNOUNCED(update_fields),
    .monitors = CRDT_MONITORS(updates_fields),
    .properties = {OR_SET_PROPERTIES,
                   {.name = "tags-are-known",
                    .claim = "a replica's version vector includes each of its tags",
                    .kind = GS_ALWAYS,
                    .scope = GS_SCOPE_NODE,
                    .holds = tags_are_known}},
};
