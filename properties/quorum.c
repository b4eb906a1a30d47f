/* Quorum systems, tallies and their mutants. */
#include "properties/quorum.h"

const struct gs_field gs_poll_fields[] = {
    GS_FIELD(struct gs_poll, voters),
    GS_FIELD(struct gs_poll, duplicates),
    GS_FIELDS_END,
};

struct gs_quorums gs_majorities(int role)
{
    return (struct gs_quorums){.role = role};
}

struct gs_quorums gs_quorums_of_size(int role, int n)
{
    return (struct gs_quorums){.role = role, .size = n};
}

static int size_of(const struct gs_run *run, const struct gs_quorums *quorums)
{
    return quorums->size > 0 ? quorums->size : gs_majority(run, quorums->role);
}

static bool is_subset(gs_node_set part, gs_node_set whole)
{
    return gs_set_is_empty(gs_set_difference(part, whole));
}

bool gs_is_quorum_of(const struct gs_run *run, const struct gs_quorums *quorums, gs_node_set set)
{
    if (quorums->set_count == 0)
        return gs_set_size(set) >= size_of(run, quorums);
    for (int i = 0; i < quorums->set_count; i++)
        if (is_subset(quorums->sets[i], set))
            return true;
    return false;
}

/* The first n nodes of the set. */
static gs_node_set some_of(gs_node_set set, int n)
{
    gs_node_set some = GS_EMPTY_SET;
    for (GS_EACH(node, set))
        if (n-- > 0)
            some = gs_set_with(some, node);
    return some;
}

/* A smallest quorum within the set, which has one. */
static gs_node_set quorum_within(const struct gs_run *run, const struct gs_quorums *quorums, gs_node_set set)
{
    for (int i = 0; i < quorums->set_count; i++)
        if (is_subset(quorums->sets[i], set))
            return quorums->sets[i];
    return some_of(set, size_of(run, quorums));
}

/* Is there a quorum of `other` outside of this one of `one`? */
static bool is_avoided(const struct gs_run *run, gs_node_set quorum, const struct gs_quorums *other, gs_node_set *b)
{
    const gs_node_set rest = gs_set_difference(gs_nodes(run, other->role), quorum);
    if (!gs_is_quorum_of(run, other, rest))
        return false;
    *b = quorum_within(run, other, rest);
    return true;
}

bool gs_quorums_meet(const struct gs_run *run, const struct gs_quorums *one, const struct gs_quorums *other,
                     gs_node_set *a, gs_node_set *b)
{
    const gs_node_set all = gs_nodes(run, one->role);
    if (one->set_count == 0 && other->set_count > 0)
        return gs_quorums_meet(run, other, one, b, a);
    if (one->set_count == 0 && !gs_is_quorum_of(run, one, all))
        return true; /* more nodes than there are */
    /* Quorums of one size differ only in who is in them: with counted ones on both sides, any stands for all. */
    const int count = one->set_count > 0 ? one->set_count : 1;
    for (int i = 0; i < count; i++) {
        *a = one->set_count > 0 ? one->sets[i] : some_of(all, size_of(run, one));
        if (is_avoided(run, *a, other, b))
            return false;
    }
    return true;
}

/* "server0, server2" */
static void name_nodes(struct gs_view *v, gs_node_set set, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (GS_EACH(node, set)) {
        const char *separator = length > 0 ? ", " : "";
        for (const char *part = separator; *part && length + 1 < size; part++)
            text[length++] = *part;
        for (const char *part = gs_name(v, node); *part && length + 1 < size; part++)
            text[length++] = *part;
        text[length] = '\0';
    }
}

bool gs_explain_quorums(struct gs_view *v, const struct gs_quorums *one, const struct gs_quorums *other)
{
    gs_node_set a = GS_EMPTY_SET, b = GS_EMPTY_SET;
    char first[256], second[256];
    if (gs_quorums_meet(GS_RUN(v), one, other, &a, &b))
        return true;
    name_nodes(v, a, first, sizeof(first));
    name_nodes(v, b, second, sizeof(second));
    return gs_explain(v, "the quorums {%s} and {%s} do not meet", first, second);
}

/* ---- Counting ---------------------------------------------------------------------------------------------------- */

static bool has_mutant(struct gs_step *s, int mutants, enum gs_quorum_mutant mutant)
{
    return mutants != GS_NO_QUORUM_MUTANTS && gs_mutant(s, mutants + (int)mutant);
}

bool gs_poll_add(struct gs_step *s, int mutants, struct gs_poll *poll, gs_node voter)
{
    if (has_mutant(s, mutants, GS_DUPLICATES_COUNTED) && gs_set_has(poll->voters, voter) &&
        poll->duplicates < UINT8_MAX)
        poll->duplicates++;
    poll->voters = gs_set_with(poll->voters, voter);
    return true;
}

static bool lacks_at_most_one(gs_node_set quorum, gs_node_set voters)
{
    return gs_set_size(gs_set_difference(quorum, voters)) <= 1;
}

bool gs_poll_reaches(struct gs_step *s, int mutants, const struct gs_poll *poll, const struct gs_quorums *quorums)
{
    const bool is_minority = has_mutant(s, mutants, GS_MINORITY_QUORUM);
    for (int i = 0; i < quorums->set_count; i++)
        if (is_minority && lacks_at_most_one(quorums->sets[i], poll->voters))
            return true;
    if (quorums->set_count > 0)
        return gs_is_quorum(s, quorums, poll->voters);

    const int peers = gs_count(s, quorums->role) - 1;
    const bool over_peers = quorums->size == 0 && has_mutant(s, mutants, GS_QUORUM_OVER_PEERS);
    const int size = over_peers ? peers / 2 + 1 : size_of(gs_step_run(s), quorums);
    return gs_set_size(poll->voters) + poll->duplicates >= size - is_minority;
}
