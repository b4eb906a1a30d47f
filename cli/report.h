/* What a search found, for people (text, its last line for grep) and for programs (JSON). */
#ifndef GAINSAY_REPORT_H
#define GAINSAY_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "cli/run_options.h"

struct report {
    const struct run_options *options;
    const struct gs_result *result;  /* of a search that took place: result->run is there */
    const char *const *trace_paths;  /* per property: the file its trace was written to, or NULL */
    const char *const *sample_paths; /* per sample, likewise */
};

void report_text(const struct report *report, FILE *out);
/* "gainsay: holds protocol=... states=... transitions=... depth=... seconds=..." and a newline. */
void report_last_line(const struct report *report, FILE *out);
/* One JSON object, as `--json` writes it. Owned by the caller. */
json_t *report_object(const struct report *report);
/* The same, and a newline. False: it could not be written, see errno. */
bool report_json(const struct report *report, FILE *out);

/* "event 12 of bug.trace": behind which a staged search starts. config.from is set. */
void report_stage(const struct report *report, FILE *out);
/* " from=bug.trace at=12" for the last line; nothing unless config.from is set. */
void report_stage_words(const struct report *report, FILE *out);

/* For other kinds of search. What is searched: the protocol, its options, network and faults. */
void report_subject(const struct report *report, FILE *out);
/* What was not checked: beyond bounds, without budget, never fired, not judged. */
void report_gaps(const struct gs_result *result, FILE *out);
/* The same as report_subject, as members of a JSON object. */
void report_add_subject(json_t *object, const struct report *report);
/* {name: times} */
json_t *report_tallies(const struct gs_tally *tallies, size_t count);

/* Is it an event that could have fired and never did? One that was only ever ignored is another matter. */
bool report_never_fired(const struct gs_result *result, const struct gs_tally *event);
/* "holds", "violated" or "incomplete". */
const char *report_verdict(const struct gs_result *result);
/* "always", "reachable", ... */
const char *report_kind(const struct gs_property *property);
/* One line for people; of the built-in property too. */
const char *report_claim(const struct gs_property *property);
/* Does the result leave this property to be mended: violated, unreached or vacuous, and not allowed? */
bool report_is_failure(const struct gs_property_result *property);

#endif
