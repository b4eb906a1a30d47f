/* Matching a file by meaning: to each line the event of today that is a step and agrees with what both versions know.
 * Where several do, they are tried one after the other, the nearest first, depth first; a way that ends in a violation
 * wins, and is replayed before it is believed. So nothing that is guessed can make a verdict wrong: a wrong guess only
 * misses a violation. First only messages that agree are taken, then also those that differ in values. */
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/enabled.h"
#include "traces/json_event.h"
#include "traces/trace_agreement_file.h"
#include "traces/trace_loaded_file.h"

enum { TRIES = 20000, CANDIDATES_MAX = 1000 };

/* A start or step to be found. */
struct wanted {
    size_t line;   /* 0: the file has no line of this start */
    gs_node start; /* nobody: a step */
    json_t *said;  /* an object; empty without a line */
};

struct candidate {
    struct event event; /* owns its message */
    enum agreement agreement;
    unsigned differing;
};

/* Where several events agree. */
struct fork {
    size_t at; /* index of wanted */
    struct world world;
    struct candidate *candidates; /* the nearest first */
    size_t count, next;
};

struct matching {
    const struct trace_file *file;
    const struct gs_run *run;
    enum agreement least;
    struct wanted *wanted;
    size_t wanted_count, tries;
    struct world world;
    struct trace *path; /* what is matched so far */
    struct fork *forks;
    size_t fork_count, fork_capacity;
    struct trace_match *match; /* the best so far */
    char *notes;
};

/* ---- What was guessed ---- */

/* Adds "FILE:LINE: text", unless a note begins like it: what stands behind a semicolon is only an example. */
static void add_note(struct matching *m, size_t line, const char *text)
{
    char *all = NULL, *key = strndup(text, strcspn(text, ";"));
    const bool is_noted = m->notes && strstr(m->notes, key);

    free(key);
    if (is_noted)
        return;
    must(asprintf(&all, "%s%s:%zu: %s\n", m->notes ? m->notes : "", m->file->path, line, text) >= 0);
    free(m->notes);
    m->notes = all;
}

/* Adds each line of a text, and releases it. */
static void add_notes(struct matching *m, size_t line, char *text)
{
    char *rest = text;

    for (char *note = strsep(&rest, "\n"); rest; note = strsep(&rest, "\n"))
        add_note(m, line, note);
    free(text);
}

/* ---- What is wanted ---- */

static struct wanted *add_wanted(struct matching *m)
{
    struct wanted *wanted = &m->wanted[m->wanted_count++];

    *wanted = (struct wanted){.said = NULL};
    return wanted;
}

static json_t *parse_line(const struct matching *m, size_t line)
{
    char error[200];
    json_t *json = trace_line_parse(m->file, line, error, sizeof(error));

    must(json != NULL); /* it was read before */
    return json;
}

/* The line of a step, with its nodes by the names they have here. */
static json_t *parse_step(struct matching *m, size_t line)
{
    json_t *json = parse_line(m, line);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    must(out != NULL);
    agreement_rename_nodes(m->run, json, out);
    must(fclose(out) == 0);
    add_notes(m, line, text);
    return json;
}

static void list_wanted(struct matching *m)
{
    const struct trace_file *file = m->file;

    m->wanted = die_calloc(m->run->node_count + file->step_lines + 1, sizeof(*m->wanted));
    for (unsigned node = 0; node < m->run->node_count; node++) {
        if (!run_role_of(m->run, node)->starts)
            continue;
        struct wanted *wanted = add_wanted(m);
        wanted->start = node_of(node);
        wanted->line = trace_line_of(file, 0, node_of(node));
        wanted->said = wanted->line ? parse_line(m, wanted->line) : json_object();
    }
    for (size_t step = 1; step <= file->step_lines; step++) {
        struct wanted *wanted = add_wanted(m);
        wanted->line = trace_line_of(file, step, GS_NOBODY);
        wanted->said = parse_step(m, wanted->line);
    }
}

/* ---- Candidates ---- */

struct collecting {
    const struct matching *m;
    const struct wanted *wanted;
    enum agreement agreement; /* of the event whose branches are visited */
    unsigned differing;
    bool may_misbehave;
    struct candidate *candidates;
    size_t count, capacity;
};

static void free_candidates(struct candidate *candidates, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free((void *)(uintptr_t)candidates[i].event.message);
    free(candidates);
}

static bool collect_branch(void *context, const struct enabled *enabled)
{
    struct collecting *c = context;
    const size_t size = c->m->run->model->message_size;

    if (c->count == CANDIDATES_MAX)
        return false;
    if ((enabled->result == WORLD_MISBEHAVED && !c->may_misbehave) ||
        !agreement_of_choices(c->wanted->said, enabled->event))
        return true;
    struct candidate candidate = {*enabled->event, c->agreement, c->differing};
    if (c->agreement == AGREEMENT_FULL && !agreement_of_choices_is_full(c->wanted->said, enabled->event))
        candidate.agreement = AGREEMENT_COMMON;
    if (candidate.event.message)
        candidate.event.message = memcpy(die_alloc(size), candidate.event.message, size);
    c->candidates = die_grow(c->candidates, &c->capacity, c->count + 1, sizeof(*c->candidates));
    c->candidates[c->count++] = candidate;
    return true;
}

/* With the times of the line, which no other event has. */
static void collect_event(void *context, const struct event *event)
{
    struct collecting *c = context;
    struct event timed = *event;

    c->agreement = agreement_of_event(c->m->run, c->wanted->said, event, &c->differing);
    json_read_times(c->wanted->said, &timed);
    if (c->agreement >= c->m->least)
        enabled_visit_branches(&c->m->world, &timed, collect_branch, c);
}

static bool is_nearer(const struct candidate *a, const struct candidate *b)
{
    return a->agreement != b->agreement ? a->agreement > b->agreement : a->differing < b->differing;
}

/* The nearest first; those that are equally near stay in their order. */
static void sort_candidates(struct candidate *candidates, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && is_nearer(&candidates[k], &candidates[k - 1]); k--) {
            const struct candidate swapped = candidates[k];
            candidates[k] = candidates[k - 1];
            candidates[k - 1] = swapped;
        }
}

/* One that agrees fully is what is meant. */
static void drop_after_full(struct collecting *c)
{
    while (c->count > 1 && c->candidates[0].agreement == AGREEMENT_FULL &&
           c->candidates[c->count - 1].agreement != AGREEMENT_FULL)
        free((void *)(uintptr_t)c->candidates[--c->count].event.message);
}

static void collect(struct matching *m, size_t at, struct collecting *c)
{
    const struct wanted *wanted = &m->wanted[at];

    *c = (struct collecting){.m = m, .wanted = wanted};
    c->may_misbehave = m->file->kind == TRACE_OF_MISBEHAVIOUR && at + 1 == m->wanted_count;
    if (gs_is_nobody(wanted->start)) {
        world_visit(&m->world, collect_event, c);
    } else {
        struct event start = {.action = ACTION_START, .node = wanted->start};
        json_read_times(wanted->said, &start);
        c->agreement = AGREEMENT_FULL;
        enabled_visit_branches(&m->world, &start, collect_branch, c);
    }
    sort_candidates(c->candidates, c->count);
    drop_after_full(c);
    m->tries++;
}

/* ---- The way ---- */

static size_t path_length(const struct matching *m)
{
    return m->path->start_count + m->path->step_count;
}

static void take(struct matching *m, const struct event *event)
{
    trace_append(m->path, event);
    world_apply(&m->world, event, NULL);
}

static void keep_path(struct matching *m, bool is_whole, bool is_confirmed)
{
    struct trace_match *match = m->match;
    const struct trace *claim = m->file->trace;

    trace_free(match->trace);
    match->trace = trace_new(m->run, claim->property, claim->explanation, claim->monitors_on);
    for (size_t i = 0; i < m->path->start_count; i++)
        trace_append(match->trace, &m->path->starts[i]);
    for (size_t i = 0; i < m->path->step_count; i++)
        trace_append(match->trace, &m->path->steps[i]);
    match->is_whole = is_whole;
    match->is_confirmed = is_confirmed;
}

/* The first of the longest ways is kept, and whatever ends as it should. */
static void judge_path(struct matching *m)
{
    const bool is_whole = path_length(m) == m->wanted_count;
    const size_t kept = m->match->trace ? m->match->trace->start_count + m->match->trace->step_count : 0;
    struct replay replay = {.end = REPLAY_HELD};

    if (is_whole) {
        trace_replay(m->path, NULL, NULL, &replay);
        m->tries += m->wanted_count / 8;
    }
    const bool is_confirmed = replay.end == REPLAY_VIOLATED || replay.end == REPLAY_SAMPLED;
    if (!m->match->trace || path_length(m) > kept || (is_whole && !m->match->is_whole) || is_confirmed)
        keep_path(m, is_whole, is_confirmed);
}

static void fork_end(struct matching *m)
{
    struct fork *fork = &m->forks[--m->fork_count];

    world_free(&fork->world);
    free_candidates(fork->candidates, fork->count);
}

/* Goes back to the last fork with a way not yet tried, and takes it. False: there is none. */
static bool go_back(struct matching *m)
{
    while (m->fork_count && m->forks[m->fork_count - 1].next == m->forks[m->fork_count - 1].count)
        fork_end(m);
    if (!m->fork_count)
        return false;
    struct fork *fork = &m->forks[m->fork_count - 1];
    const size_t starts = fork->at < m->path->start_count ? fork->at : m->path->start_count;
    trace_truncate(m->path, starts, fork->at - starts);
    world_copy(&m->world, &fork->world);
    take(m, &fork->candidates[fork->next++].event);
    return true;
}

static void fork_begin(struct matching *m, size_t at, const struct collecting *c)
{
    m->forks = die_grow(m->forks, &m->fork_capacity, m->fork_count + 1, sizeof(*m->forks));
    struct fork *fork = &m->forks[m->fork_count++];
    *fork = (struct fork){.at = at, .candidates = c->candidates, .count = c->count, .next = 1};
    world_copy(&fork->world, &m->world);
}

/* Takes the nearest event that agrees with the next line. False: none does. */
static bool go_on(struct matching *m)
{
    struct collecting c;
    const size_t at = path_length(m);

    collect(m, at, &c);
    if (c.count > 1)
        fork_begin(m, at, &c);
    if (c.count)
        take(m, &c.candidates[0].event);
    if (c.count <= 1)
        free_candidates(c.candidates, c.count);
    return c.count > 0;
}

static void search(struct matching *m)
{
    const size_t tries_max = m->tries + TRIES + 2 * m->wanted_count;

    do {
        while (path_length(m) < m->wanted_count && go_on(m))
            continue;
        judge_path(m);
    } while (!m->match->is_confirmed && m->tries < tries_max && go_back(m));
    while (m->fork_count)
        fork_end(m);
}

/* ---- Saying so ---- */

static void note_event(struct matching *m, const struct wanted *wanted, const struct event *event)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    must(out != NULL);
    if (wanted->line)
        agreement_explain(m->run, wanted->said, event, out);
    else
        fprintf(out, "%s starts here, and the file has no start of it\n", gs_run_name(m->run, event->node));
    must(fclose(out) == 0);
    add_notes(m, wanted->line ? wanted->line : 1, text);
}

/* Starts in the file of nodes that do not start. */
static void note_needless_starts(struct matching *m)
{
    for (size_t line = 2; line < 2 + m->file->start_lines; line++) {
        json_t *said = parse_line(m, line);
        const char *name = json_string_value(json_object_get(said, "start"));
        bool is_wanted = false;
        char text[120];
        for (size_t i = 0; i < m->wanted_count; i++)
            is_wanted |= m->wanted[i].line == line;
        snprintf(text, sizeof(text), "start: %.60s does not start here; it is left out", name);
        if (!is_wanted)
            add_note(m, line, text);
        json_decref(said);
    }
}

static void note_all(struct matching *m)
{
    const struct trace *trace = m->match->trace;

    note_needless_starts(m);
    for (size_t i = 0; i < trace->start_count; i++)
        note_event(m, &m->wanted[i], &trace->starts[i]);
    for (size_t i = 0; i < trace->step_count; i++)
        note_event(m, &m->wanted[trace->start_count + i], &trace->steps[i]);
}

/* ---- The whole ---- */

/* One search, with messages that agree at least so well. */
static void try_with(struct matching *m, enum agreement least)
{
    char explanation[EXPLANATION_SIZE];

    m->least = least;
    trace_truncate(m->path, 0, 0);
    world_free(&m->world);
    if (trace_world(m->file->trace, &m->world, explanation))
        search(m);
    else
        judge_path(m);
}

void trace_file_match(const struct trace_file *file, struct trace_match *match)
{
    const struct trace *claim = file->trace;
    struct matching m = {.file = file, .run = file->run, .match = match};
    struct trace_match agreeing;

    *match = (struct trace_match){.is_whole = false};
    m.path = trace_new(file->run, claim->property, claim->explanation, claim->monitors_on);
    list_wanted(&m);
    try_with(&m, AGREEMENT_COMMON);
    agreeing = *match;
    if (!match->is_confirmed) {
        *match = (struct trace_match){.is_whole = false};
        try_with(&m, AGREEMENT_TYPE);
        struct trace *worse = match->is_confirmed ? agreeing.trace : match->trace;
        if (!match->is_confirmed)
            *match = agreeing;
        trace_free(worse);
    }
    note_all(&m);
    match->notes = m.notes;
    for (size_t i = 0; i < m.wanted_count; i++)
        json_decref(m.wanted[i].said);
    free(m.wanted);
    free(m.forks);
    trace_free(m.path);
    world_free(&m.world);
}

void trace_match_free(struct trace_match *match)
{
    trace_free(match->trace);
    free(match->notes);
    *match = (struct trace_match){.is_whole = false};
}

struct trace *trace_file_meant(const struct trace_file *file)
{
    struct trace_match match;
    struct trace *meant = NULL;

    if (file->foreign_claim.line)
        return NULL;
    trace_file_match(file, &match);
    if (match.is_confirmed) {
        meant = match.trace;
        match.trace = NULL;
    }
    trace_match_free(&match);
    return meant;
}
