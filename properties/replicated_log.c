/* Replicated logs. Their members are read as bytes: only the protocol knows the struct. */
#include "properties/replicated_log.h"

#include <string.h>

#include "core/guard.h"

static size_t number_at(const void *state, size_t offset, size_t width)
{
    const uint8_t *at = (const uint8_t *)state + offset;
    uint16_t as_u16;
    uint32_t as_u32;

    switch (width) {
    case 1:
        return *at;
    case sizeof(as_u16):
        memcpy(&as_u16, at, width);
        return as_u16;
    case sizeof(as_u32):
        memcpy(&as_u32, at, width);
        return as_u32;
    }
    guard_fail("a log's length or commit index is %zu bytes wide: make it uint8_t, uint16_t or uint32_t", width);
}

static size_t length_of(const struct gs_log *log, const void *state)
{
    return number_at(state, log->length, log->length_size);
}

static size_t commit_of(const struct gs_log *log, const void *state)
{
    return number_at(state, log->commit, log->commit_size);
}

static size_t min_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* index: from 1, at most the length. */
static const uint8_t *entry_at(const struct gs_log *log, const void *state, size_t index)
{
    return (const uint8_t *)state + log->entries + (index - 1) * log->entry_size;
}

static bool has_same_term(const struct gs_log *log, const void *state, const void *other, size_t index)
{
    return memcmp(entry_at(log, state, index) + log->term, entry_at(log, other, index) + log->term, log->term_size) ==
           0;
}

bool gs_log_holds(const struct gs_log *log, const void *state, size_t index, const void *entry)
{
    return index >= 1 && index <= length_of(log, state) &&
           memcmp(entry_at(log, state, index), entry, log->entry_size) == 0;
}

size_t gs_log_common(const struct gs_log *log, const void *state, const void *other)
{
    size_t index = 0;
    while (index < length_of(log, state) && gs_log_holds(log, other, index + 1, entry_at(log, state, index + 1)))
        index++;
    return index;
}

bool gs_logs_match(struct gs_view *v, const struct gs_log *log)
{
    const void *one = gs_this(v), *other = gs_that(v);
    const size_t common = gs_log_common(log, one, other);
    const size_t shorter = min_of(length_of(log, one), length_of(log, other));
    gs_premise(v, common > 0);
    for (size_t index = common + 1; index <= shorter; index++)
        if (has_same_term(log, one, other, index))
            return gs_explain(v, "entry %zu of %s and %s is of one term, but their logs differ at entry %zu", index,
                              gs_name(v, gs_this_node(v)), gs_name(v, gs_that_node(v)), common + 1);
    return true;
}

bool gs_committed_prefixes_agree(struct gs_view *v, const struct gs_log *log)
{
    const void *one = gs_this(v), *other = gs_that(v);
    const size_t committed = min_of(commit_of(log, one), commit_of(log, other));
    const size_t common = gs_log_common(log, one, other);
    if (!gs_premise(v, committed > 0) || common >= committed)
        return true;
    return gs_explain(v, "%s and %s have both committed entry %zu, and theirs differ", gs_name(v, gs_this_node(v)),
                      gs_name(v, gs_that_node(v)), common + 1);
}

bool gs_only_appends(struct gs_view *v, const struct gs_log *log)
{
    const size_t common = gs_log_common(log, gs_before(v), gs_this(v));
    if (!gs_premise(v, length_of(log, gs_before(v)) > 0) || common == length_of(log, gs_before(v)))
        return true;
    return gs_explain(v, "%s overwrote or deleted entry %zu of its log", gs_name(v, gs_this_node(v)), common + 1);
}

bool gs_keeps_committed(struct gs_view *v, const struct gs_log *log)
{
    const size_t committed = commit_of(log, gs_before(v)), common = gs_log_common(log, gs_before(v), gs_this(v));
    if (!gs_premise(v, committed > 0) || common >= committed)
        return true;
    return gs_explain(v, "%s overwrote or deleted entry %zu, which it knew to be committed",
                      gs_name(v, gs_this_node(v)), common + 1);
}

bool gs_commit_is_within_log(struct gs_view *v, const struct gs_log *log)
{
    const size_t committed = commit_of(log, gs_this(v)), length = length_of(log, gs_this(v));
    if (!gs_premise(v, committed > 0) || committed <= length)
        return true;
    return gs_explain(v, "%s takes entry %zu for committed and has only %zu", gs_name(v, gs_this_node(v)), committed,
                      length);
}

bool gs_committed_is_stored(struct gs_view *v, const struct gs_log *log, int role, int quorum)
{
    for (GS_EACH(node, gs_nodes(v, role))) {
        const size_t committed = commit_of(log, gs_state(v, node));
        int stored = 0;
        for (GS_EACH(other, gs_nodes(v, role)))
            stored += gs_log_common(log, gs_state(v, node), gs_state(v, other)) >= committed;
        if (gs_premise(v, committed > 0) && stored < quorum)
            return gs_explain(v, "%s takes entry %zu for committed, which only %d of %d logs hold", gs_name(v, node),
                              committed, stored, gs_count(v, role));
    }
    return true;
}
