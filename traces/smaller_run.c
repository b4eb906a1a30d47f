/* A node that goes is first made the last of its role, by renaming, so that what messages say of the others stays true;
 * the nodes of later roles then move up by one. */
#include "traces/smaller_run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/run_recipe.h"

/* ---- What can be tried ---- */

struct listing {
    struct smaller *items;
    size_t count, capacity;
};

static void add(struct listing *listing, enum smaller_kind kind, unsigned index, int64_t value)
{
    listing->items = die_grow(listing->items, &listing->capacity, listing->count + 1, sizeof(*listing->items));
    listing->items[listing->count++] = (struct smaller){.kind = (uint8_t)kind, .index = index, .value = value};
}

static void list_mutants(struct listing *listing, const struct gs_run *run)
{
    for (unsigned m = 0; m < GS_MUTANTS_MAX; m++)
        if (run->mutants >> m & 1)
            add(listing, SMALLER_MUTANT, m, 0);
}

static bool takes_part(const struct trace *trace, unsigned node)
{
    for (size_t i = 0; i < trace->step_count; i++)
        if (gs_same(trace->steps[i].node, node_of(node)) || gs_same(trace->steps[i].from, node_of(node)))
            return true;
    return false;
}

/* Nodes that do nothing go first. */
static void list_nodes(struct listing *listing, const struct trace *trace)
{
    const struct gs_run *run = trace->run;

    for (int does = 0; does <= 1; does++)
        for (unsigned n = run->node_count; n-- > 0;) {
            const struct gs_role *role = run_role_of(run, n);
            const bool may_go = !role->count && run->count[run->nodes[n].role] > 1 &&
                                run->options[role->count_option] > run->model->options[role->count_option].min;
            if (may_go && takes_part(trace, n) == does)
                add(listing, SMALLER_NODE, n, 0);
        }
}

static bool counts_nodes(const struct gs_run *run, unsigned option)
{
    for (unsigned r = 0; r < run->role_count; r++)
        if (!run->model->roles[r].count && run->model->roles[r].count_option == option)
            return true;
    return false;
}

/* Named values are kinds, not sizes. */
static void list_options(struct listing *listing, const struct gs_run *run)
{
    for (unsigned o = 0; o < run->option_count; o++) {
        const int64_t least = run->model->options[o].min, value = run->options[o];
        if (run->model->options[o].names || counts_nodes(run, o) || value <= least)
            continue;
        add(listing, SMALLER_OPTION, o, least);
        if (value - least > 2)
            add(listing, SMALLER_OPTION, o, least + (value - least) / 2);
        if (value - least > 1)
            add(listing, SMALLER_OPTION, o, value - 1);
    }
}

static void list_budgets(struct listing *listing, const struct trace *trace)
{
    int64_t spent[GS_FAULTS + 1] = {0};

    for (size_t i = 0; i < trace->step_count; i++)
        spent[action_fault(trace->steps[i].action)]++;
    for (unsigned fault = 0; fault < GS_FAULTS; fault++)
        if (trace->run->budgets[fault] > spent[fault])
            add(listing, SMALLER_BUDGET, fault, spent[fault]);
}

struct smaller *smaller_list(const struct trace *trace, size_t *count)
{
    struct listing listing = {0};

    list_mutants(&listing, trace->run);
    list_nodes(&listing, trace);
    list_options(&listing, trace->run);
    if (trace->run->copies > 1)
        add(&listing, SMALLER_COPIES, 0, 1);
    list_budgets(&listing, trace);
    *count = listing.count;
    return listing.items;
}

/* ---- Moving events ---- */

struct moving {
    const struct gs_run *run; /* the old one */
    bool without;             /* a node goes */
    unsigned gone;
    uint8_t permutation[GS_NODES_MAX]; /* within the old run: the node that goes becomes the last of its role */
};

static void plan_move(struct moving *moving, const struct gs_run *run, const struct smaller *smaller)
{
    *moving = (struct moving){.run = run, .without = smaller->kind == SMALLER_NODE, .gone = smaller->index};
    for (unsigned n = 0; n < run->node_count; n++)
        moving->permutation[n] = (uint8_t)n;
    if (!moving->without)
        return;
    const unsigned role = run->nodes[moving->gone].role, last = run->first[role] + run->count[role] - 1;
    for (unsigned n = moving->gone + 1; n <= last; n++)
        moving->permutation[n] = (uint8_t)(n - 1);
    moving->permutation[moving->gone] = (uint8_t)last;
}

/* False: it is gone. */
static bool move_node(const struct moving *moving, gs_node *node)
{
    if (gs_is_nobody(*node) || !moving->without)
        return true;
    const unsigned number = node_number(*node);
    if (number == moving->gone)
        return false;
    *node = node_of(number > moving->gone ? number - 1 : number);
    return true;
}

static uint64_t move_side(const struct moving *moving, uint64_t side)
{
    const uint64_t below = (UINT64_C(1) << moving->gone) - 1;
    const unsigned left = moving->run->node_count - 1;

    if (!moving->without || !side)
        return side;
    const uint64_t moved = (side & below) | (side >> 1 & ~below);
    return moved & 1 ? moved : ~moved & ((UINT64_C(1) << left) - 1);
}

/* message: room for it. False: the event goes. */
static bool move_event(const struct moving *moving, struct event *event, uint8_t *message)
{
    const struct gs_model *model = moving->run->model;
    bool stays = move_node(moving, &event->node) && move_node(moving, &event->from);

    for (int i = 0; i < GS_ARGUMENTS_MAX && stays; i++)
        stays = move_node(moving, &event->nodes[i]);
    event->side = move_side(moving, event->side);
    if (stays && event->message && moving->without) {
        memcpy(message, event->message, model->message_size);
        fields_rename(moving->run, model->message_fields, message, moving->permutation);
        event->message = message;
    }
    return stays;
}

static struct trace *move_events(const struct trace *trace, const struct gs_run *run, const struct moving *moving)
{
    struct trace *moved = trace_new(run, trace->property, trace->explanation, trace->monitors_on);
    uint8_t *message = die_alloc(run->model->message_size + 1);

    for (size_t i = 0; i < trace->start_count + trace->step_count; i++) {
        struct event event = i < trace->start_count ? trace->starts[i] : trace->steps[i - trace->start_count];
        if (move_event(moving, &event, message))
            trace_append(moved, &event);
    }
    free(message);
    return moved;
}

/* ---- Making it ---- */

static void change(struct run_recipe *recipe, const struct gs_run *run, const struct smaller *smaller)
{
    switch ((enum smaller_kind)smaller->kind) {
    case SMALLER_MUTANT:
        recipe->mutants &= ~(UINT64_C(1) << smaller->index);
        break;
    case SMALLER_NODE:
        recipe->options[run_role_of(run, smaller->index)->count_option]--;
        break;
    case SMALLER_OPTION:
        recipe->options[smaller->index] = smaller->value;
        break;
    case SMALLER_COPIES:
        recipe->copies = (uint32_t)smaller->value;
        break;
    case SMALLER_BUDGET:
        recipe->budgets[smaller->index] = smaller->value;
        break;
    }
}

/* Two roles may take their numbers of nodes from one option: then there is no telling which events go. */
static bool has_as_expected(const struct gs_run *run, const struct gs_run *smaller_run, const struct smaller *smaller)
{
    return smaller_run->node_count + (smaller->kind == SMALLER_NODE) == run->node_count;
}

/* Would a search of that run judge the property? */
static bool is_judged(const struct gs_run *run, unsigned property)
{
    char explanation[EXPLANATION_SIZE];
    bool granted = true;

    if (property < run_property_count(run) && !judge_needs(run, run_property(run, property), &granted, explanation))
        return false;
    return granted;
}

struct trace *smaller_make(const struct trace *trace, const struct smaller *smaller, struct gs_run **run)
{
    struct run_recipe *recipe = die_alloc(sizeof(*recipe));
    struct moving moving;

    run_recipe_of(recipe, trace->run);
    change(recipe, trace->run, smaller);
    *run = run_recipe_make(recipe);
    free(recipe);
    if (!*run)
        return NULL;
    if (!has_as_expected(trace->run, *run, smaller) || !is_judged(*run, trace->property)) {
        run_free(*run);
        return NULL;
    }
    plan_move(&moving, trace->run, smaller);
    return move_events(trace, *run, &moving);
}

struct gs_run *smaller_rung(const struct gs_run *run, unsigned property, enum rung_of of, unsigned rung)
{
    struct run_recipe *recipe = die_alloc(sizeof(*recipe));
    struct gs_run *smaller = NULL;
    bool is_smaller = false;

    run_recipe_of(recipe, run);
    for (unsigned o = 0; o < run->option_count; o++) {
        const int64_t least = run->model->options[o].min;
        const bool is_of_nodes = counts_nodes(run, o);
        const int64_t most = (least < 1 && is_of_nodes ? 1 : least) + rung; /* no role goes altogether */
        if (run->model->options[o].names || recipe->options[o] <= most || (of == RUNG_OF_NODES && !is_of_nodes))
            continue;
        recipe->options[o] = most;
        is_smaller = true;
    }
    if (is_smaller)
        smaller = run_recipe_make(recipe);
    free(recipe);
    if (smaller && is_judged(smaller, property))
        return smaller;
    run_free(smaller);
    return NULL;
}

struct gs_run *smaller_without_mutants(const struct gs_run *run)
{
    struct run_recipe *recipe = die_alloc(sizeof(*recipe));

    run_recipe_of(recipe, run);
    recipe->mutants = 0;
    struct gs_run *unmutated = run_recipe_make(recipe);
    free(recipe);
    return unmutated;
}

/* ---- As text ---- */

struct changes {
    const char *separator;
    FILE *out;
};

static void begin_change(struct changes *changes)
{
    fputs(changes->separator, changes->out);
    changes->separator = ", ";
}

static void print_change(struct changes *changes, const char *name, int64_t before, int64_t after)
{
    if (before == after)
        return;
    begin_change(changes);
    fprintf(changes->out, "%s %" PRId64 " -> %" PRId64, name, before, after);
}

static void print_run(struct changes *changes, const struct gs_run *before, const struct gs_run *after)
{
    for (unsigned o = 0; o < before->option_count; o++)
        print_change(changes, before->model->options[o].name, before->options[o], after->options[o]);
    print_change(changes, "copies", before->copies, after->copies);
    for (int fault = 0; fault < GS_FAULTS; fault++)
        print_change(changes, budget_names[fault], before->budgets[fault], after->budgets[fault]);
    for (unsigned m = 0; m < GS_MUTANTS_MAX; m++)
        if ((before->mutants & ~after->mutants) >> m & 1) {
            begin_change(changes);
            fprintf(changes->out, "without %s", before->model->mutants[m].name);
        }
}

static void print_clock(struct changes *changes, const struct gs_timing *before, const struct gs_timing *after)
{
    const struct {
        const char *text;
        bool is_different;
    } gone[] = {
        {"no loss", before->loss_ppm != after->loss_ppm},
        {"no duplication", before->duplicate_ppm != after->duplicate_ppm},
        {"no links that work in one direction", before->one_way_every != after->one_way_every},
        {"no pauses", before->pause_every != after->pause_every},
        {"no drift", before->drift_ppm != after->drift_ppm},
        {"no limit of bandwidth", before->bandwidth != after->bandwidth},
        {"constant latency", before->latency.kind != after->latency.kind},
    };
    for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
        if (gone[i].is_different) {
            begin_change(changes);
            fputs(gone[i].text, changes->out);
        }
}

void smaller_print(const struct gs_run *before, const struct gs_run *after, FILE *out)
{
    print_run(&(struct changes){"", out}, before, after);
}

void smaller_print_traces(const struct trace *before, const struct trace *after, FILE *out)
{
    struct changes changes = {"", out};

    print_run(&changes, before->run, after->run);
    if (trace_is_late(before) && trace_is_late(after))
        print_clock(&changes, &before->clock->timing, &after->clock->timing);
}
