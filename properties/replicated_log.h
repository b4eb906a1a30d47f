/* Logs that nodes replicate, each with the index up to which it is known to be committed: Raft's, Multi-Paxos', chains.
 * A protocol says once where its log is,
 *     static const struct gs_log log = GS_LOG(struct server, log, log_length, term, commit);
 * and each function below but the last is then the whole predicate of a property, `return gs_logs_match(v, &log);`.
 * Entries are structs without padding, counted from 1; they are equal if their bytes are. Lengths and commit indices
 * are unsigned members of 8 to 32 bits, terms of any width. */
#ifndef GAINSAY_PROPERTIES_REPLICATED_LOG_H
#define GAINSAY_PROPERTIES_REPLICATED_LOG_H

#include "core/gainsay.h"

/* Offsets and widths in bytes; use GS_LOG. */
struct gs_log {
    size_t entries, entry_size;
    size_t length, length_size;
    size_t commit, commit_size;
    size_t term, term_size; /* within an entry */
};

/* type: the node's struct; the others its members: the list of entries, its length, an entry's term (or epoch, or
 * ballot), the commit index. */
#define GS_LOG(type, entries_member, length_member, term_member, commit_member)                              \
    {                                                                                                        \
        .entries = offsetof(type, entries_member), .entry_size = sizeof(GS_MEMBER(type, entries_member)[0]), \
        .length = offsetof(type, length_member), .length_size = sizeof(GS_MEMBER(type, length_member)),      \
        .commit = offsetof(type, commit_member), .commit_size = sizeof(GS_MEMBER(type, commit_member)),      \
        .term = offsetof(type, entries_member[0].term_member) - offsetof(type, entries_member),              \
        .term_size = sizeof(GS_MEMBER(type, entries_member)[0].term_member)                                  \
    }

/* GS_SCOPE_PAIR. Log Matching: if two logs hold entries of the same term at the same index, they are equal up to it. */
bool gs_logs_match(struct gs_view *v, const struct gs_log *log);

/* GS_SCOPE_PAIR. What both know to be committed is the same. */
bool gs_committed_prefixes_agree(struct gs_view *v, const struct gs_log *log);

/* GS_SCOPE_STEP. The old log is the beginning of the new one. */
bool gs_only_appends(struct gs_view *v, const struct gs_log *log);

/* GS_SCOPE_STEP. What the mover knew to be committed is still there as it was. */
bool gs_keeps_committed(struct gs_view *v, const struct gs_log *log);

/* GS_SCOPE_NODE. The commit index is that of an entry which the node has. */
bool gs_commit_is_within_log(struct gs_view *v, const struct gs_log *log);

/* GS_SCOPE_ROLE, of role `role`. What one of its nodes knows to be committed is in the logs of at least `quorum` of
 * them (up or down: logs are durable), with all before it. */
bool gs_committed_is_stored(struct gs_view *v, const struct gs_log *log, int role, int quorum);

/* Does a node's log hold this entry at this index (from 1)? For claims with a monitor that remembers entries. */
bool gs_log_holds(const struct gs_log *log, const void *state, size_t index, const void *entry);

/* Up to which index two nodes' logs are equal. */
size_t gs_log_common(const struct gs_log *log, const void *state, const void *other);

#endif
