/* What the tests of traces share: a small protocol that uses every kind of field, event and fault, and a way to write a
 * trace as the events' own text. */
#ifndef GAINSAY_TEST_TRACE_MODEL_H
#define GAINSAY_TEST_TRACE_MODEL_H

#include "core/run_setup.h"
#include "traces/trace_file.h"

/* Servers elect a leader by a majority of replies; option `mode` bold lets them draw at START; option `racks` puts two
 * on a host. Local event break draws how to misbehave: 0 not at all, 1 failed assert, 2 false after a change. */
extern const struct gs_model rig;
const struct gs_model *rig_later(void); /* its next version: requests have one more field */
extern const struct gs_model two_phase_commit;

enum { RIG_AT_MOST_ONE_LEADER, RIG_LEADER_ELECTED, RIG_TERM_STAYS, RIG_TERMS_AGREE, RIG_PROPERTIES };

/* Fails the test when the configuration is bad. */
struct gs_run *make_run(const struct gs_model *model, const struct run_config *config);

/* The trace of these events, as event_print prints them with the choices that are drawn ("start server0 choosing 1").
 * Starts that are not named draw 0. NULL-terminated. Fails the test when one is not possible. */
struct trace *make_trace(const struct gs_run *run, unsigned property, const char *const *events);

/* The five steps in which two-phase commit with commit-on-one-vote is inconsistent. *run: free after the trace. */
struct trace *make_commit_trace(struct gs_run **run);

/* Rig's voting with duplicated votes etc.: each returns a trace that violates the property. */
struct trace *make_bag_trace(struct gs_run **run);  /* crash, restart, drop, duplicate; at most one leader */
struct trace *make_fifo_trace(struct gs_run **run); /* hosts, partition, heal, reboot, lost mail; a leader is elected */
struct trace *make_break_trace(struct gs_run **run); /* misbehaves */

/* Compares with tests/data/NAME, or writes it when GAINSAY_GOLDEN is set. */
void expect_golden(const char *name, const char *text);

/* Finds the models of the golden traces and, in place of rig when context is not NULL, rig_later. */
bool resolve_model(void *context, const char *protocol, const char *plugin, const char *const *extensions,
                   struct trace_sources *sources, char *error, size_t error_size);

/* Keeps memory reachable to the end of the test's process, so that it is no leak. All that is returned above and below
 * is kept; a test may free it all the same. */
void *keep(void *memory);

/* A path in a new empty directory, both of which remove_temporary_files removes. */
char *temporary_path(const char *name);
void remove_temporary_files(void);

char *read_text_file(const char *path);
void write_text_file(const char *path, const void *text, size_t size);

#endif
