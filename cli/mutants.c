/* gainsay mutants: is every planted bug caught by the property that must catch it, and does the protocol hold without?
 * A mutant's own property is judged alone, so that nothing else ends its search. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/case_outputs.h"
#include "cli/commands.h"
#include "cli/outputs.h"
#include "cli/plugin.h"
#include "cli/progress.h"
#include "cli/protocols.h"
#include "core/die.h"
#include "core/judge.h"
#include "traces/json_fields.h"

struct mutants_options {
    struct run_options run;  /* limits, --json, --quiet, --progress; protocol: "all" too */
    struct name_list wanted; /* mutants; empty: all of them */
};

enum trial_outcome { HOLDS, KILLED, SURVIVED, FAILED, UNDECIDED, REFUSED, BROKEN, NOT_CHECKED };
static const char *const outcome_names[] = {"holds",     "killed",  "SURVIVED",       "VIOLATED",
                                            "undecided", "REFUSED", "internal error", "not checked"};

/* One search: of a mutant, or (mutant NULL) of the protocol as it is. */
struct trial {
    const struct gs_model *model;
    const char *preset;
    const struct gs_mutant *mutant;
    enum trial_outcome outcome;
    uint64_t steps, states;
    double seconds;
    char note[256]; /* why it failed or is undecided */
};

struct trials {
    struct trial *items;
    size_t count, capacity;
    bool interrupted; /* the rest is not run */
};

/* ---- Options ---- */

static const struct argp_child children[] = {
    {&limits_argp, 0, LIMITS_HEADING, 1},
    {&threads_argp, 0, THREADS_HEADING, 2},
    {&report_argp, 0, REPORT_HEADING, 3},
    {0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct mutants_options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        for (size_t i = 0; children[i].argp; i++)
            state->child_inputs[i] = &options->run;
        return 0;
    case ARGP_KEY_ARG:
        if (options->run.protocol)
            name_list_add(&options->wanted, text);
        else
            options->run.protocol = text;
        return 0;
    case ARGP_KEY_END:
        if (options->run.protocol)
            return 0;
        complain("mutants", "which protocol? gainsay mutants PROTOCOL, FILE.c, FILE.so or all (see: gainsay list)");
        return EINVAL;
    }
    return ARGP_ERR_UNKNOWN;
}

const struct argp mutants_argp = {
    .parser = parse,
    .args_doc = "PROTOCOL|FILE.c|FILE.so|all [MUTANT...]",
    .doc =
        "Searches a protocol with each of its planted bugs, which the property that the bug names must catch, and "
        "without, where all must hold.\v"
        "A bug that only keeps good things from happening is listed as not checked: it needs EVENTUALLY, which is not "
        "built yet.\n"
        "\n"
        "Exit codes: 0 all caught and the protocol holds, 1 otherwise, 2 bad usage or input, 3 a limit left one "
        "undecided, 4 internal error.\n"
        "\n"
        "Examples:\n"
        "  gainsay mutants raft           each of its bugs\n"
        "  gainsay mutants raft vote-twice --max-seconds 60\n"
        "  gainsay mutants all            each protocol that comes with gainsay\n",
    .children = children,
};

/* ---- One search ---- */

static const struct gs_property_result *find_property(const struct gs_result *result, const char *name)
{
    for (size_t i = 0; i < result->property_count; i++)
        if (strcmp(result->properties[i].name, name) == 0)
            return &result->properties[i];
    return NULL;
}

static void judge_unmutated(struct trial *trial, const struct gs_result *result)
{
    trial->outcome = result->status == GS_HOLDS ? HOLDS : result->status == GS_VIOLATION ? FAILED : UNDECIDED;
    if (result->status == GS_INCOMPLETE)
        snprintf(trial->note, sizeof(trial->note), "stopped: %s", result->stopped);
    for (size_t i = 0; i < result->property_count && trial->outcome == FAILED; i++)
        if (report_is_failure(&result->properties[i])) {
            trial->steps = result->properties[i].steps;
            snprintf(trial->note, sizeof(trial->note), "%s %s", result->properties[i].name,
                     gs_verdict_names[result->properties[i].verdict]);
            return;
        }
}

static void judge_mutant(struct trial *trial, const struct gs_result *result)
{
    const struct gs_property_result *property = find_property(result, trial->mutant->property);
    if (property && property->verdict == GS_VERDICT_VIOLATED) {
        trial->outcome = KILLED;
        trial->steps = property->steps;
        return;
    }
    trial->outcome = result->complete ? SURVIVED : UNDECIDED;
    if (!result->complete)
        snprintf(trial->note, sizeof(trial->note), "stopped: %s", result->stopped);
    else if (property)
        snprintf(trial->note, sizeof(trial->note), "%s %s", property->name, gs_verdict_names[property->verdict]);
}

/* False: the user asked for an end. */
static bool run_trial(struct trial *trial, const struct mutants_options *options)
{
    struct gs_config config = options->run.config; /* the limits */
    struct progress progress;
    struct gs_result result;
    config.preset = trial->preset;
    config.catch_signals = true;
    const char *const mutants[] = {trial->mutant ? trial->mutant->name : NULL, NULL};
    const char *const properties[] = {trial->mutant ? trial->mutant->property : NULL, NULL};
    const char *const behaviour[] = {JUDGE_BEHAVIOUR, NULL};
    if (trial->mutant) {
        if (strcmp(trial->mutant->property, JUDGE_BEHAVIOUR) != 0)
            config.allow = behaviour; /* nothing but the declared property stops this search */
        config.mutants = mutants;
        config.properties = properties;
        config.ignore_goals = true;
    }
    progress_start(&progress, &config, options->run.progress, options->run.quiet);
    const enum gs_status status = gs_check(trial->model, &config, &result);
    progress_end(&progress);
    trial->states = result.states;
    trial->seconds = result.seconds;
    if (status == GS_BAD_INPUT || status == GS_INTERNAL_ERROR) {
        trial->outcome = status == GS_BAD_INPUT ? REFUSED : BROKEN;
        snprintf(trial->note, sizeof(trial->note), "%.255s", result.error);
    } else if (trial->mutant) {
        judge_mutant(trial, &result);
    } else {
        judge_unmutated(trial, &result);
    }
    const bool goes_on = strcmp(result.stopped, "interrupted") != 0;
    gs_result_free(&result);
    return goes_on;
}

static void skip_trial(struct trial *trial)
{
    trial->outcome = UNDECIDED;
    snprintf(trial->note, sizeof(trial->note), "not run: interrupted");
}

/* A mutant that keeps something good from ever happening breaks no property of a state or a step. */
static void leave_unchecked(struct trial *trial)
{
    trial->outcome = NOT_CHECKED;
    snprintf(trial->note, sizeof(trial->note), "needs EVENTUALLY");
}

/* ---- The table ---- */

/* As wide as the protocol's longest names need, and no narrower than most protocols' tables. */
struct trial_widths {
    int mutant, property, preset;
};

static const char *mutant_text(const struct trial *trial)
{
    return trial->mutant ? trial->mutant->name : "(none)";
}

static const char *property_text(const struct trial *trial)
{
    return trial->mutant ? trial->mutant->property : "(all)";
}

static void widen(int *width, const char *text)
{
    if ((int)strlen(text) > *width)
        *width = (int)strlen(text);
}

static struct trial_widths widths_of(const struct trials *trials, const struct gs_model *model)
{
    struct trial_widths widths = {28, 24, 20};
    for (size_t i = 0; i < trials->count; i++) {
        if (trials->items[i].model != model)
            continue;
        widen(&widths.mutant, mutant_text(&trials->items[i]));
        widen(&widths.property, property_text(&trials->items[i]));
        widen(&widths.preset, trials->items[i].preset);
    }
    return widths;
}

static void print_header(const struct trial_widths *widths)
{
    printf("%-*s %-*s %-*s %6s %12s %9s\n", widths->mutant, "mutant", widths->property, "property", widths->preset,
           "preset", "steps", "states", "seconds");
}

static void print_trial(const struct trial *trial, const struct trial_widths *widths)
{
    const bool has_steps = trial->outcome == KILLED || (trial->outcome == FAILED && trial->steps);
    char steps[32] = "-";
    if (has_steps)
        snprintf(steps, sizeof(steps), "%" PRIu64, trial->steps);
    printf("%-*s %-*s %-*s %6s %12" PRIu64 " %9.2f  %s%s%s\n", widths->mutant, mutant_text(trial), widths->property,
           property_text(trial), widths->preset, trial->preset, steps, trial->states, trial->seconds,
           outcome_names[trial->outcome], trial->note[0] ? ": " : "", trial->note);
    fflush(stdout);
}

static const char *preset_of(const struct gs_mutant *mutant)
{
    return mutant->preset ? mutant->preset : "quick";
}

static bool is_wanted(const struct mutants_options *options, const struct gs_mutant *mutant)
{
    return !options->wanted.count || name_list_has(&options->wanted, mutant->name);
}

static struct trial *add_trial(struct trials *trials, const struct gs_model *model, const char *preset,
                               const struct gs_mutant *mutant)
{
    trials->items = die_grow(trials->items, &trials->capacity, trials->count + 1, sizeof(*trials->items));
    trials->items[trials->count] = (struct trial){.model = model, .preset = preset, .mutant = mutant};
    return &trials->items[trials->count++];
}

/* quick, and each preset that one of the wanted mutants uses. */
static void add_unmutated_trials(struct trials *trials, const struct mutants_options *options,
                                 const struct gs_model *model)
{
    struct name_list presets = {0};
    if (!options->wanted.count)
        name_list_add(&presets, "quick");
    for (size_t i = 0; i < GS_MUTANTS_MAX && model->mutants[i].name; i++)
        if (is_wanted(options, &model->mutants[i]) && !model->mutants[i].liveness &&
            !name_list_has(&presets, preset_of(&model->mutants[i])))
            name_list_add(&presets, preset_of(&model->mutants[i]));
    for (size_t i = 0; i < presets.count; i++)
        add_trial(trials, model, presets.items[i], NULL);
    name_list_free(&presets);
}

static void add_trials(struct trials *trials, const struct mutants_options *options, const struct gs_model *model)
{
    add_unmutated_trials(trials, options, model);
    for (size_t i = 0; i < GS_MUTANTS_MAX && model->mutants[i].name; i++)
        if (is_wanted(options, &model->mutants[i]))
            add_trial(trials, model, preset_of(&model->mutants[i]), &model->mutants[i]);
}

static void run_trials(struct trials *trials, const struct mutants_options *options)
{
    const struct gs_model *model = NULL;
    struct trial_widths widths = {0};
    const char *json_path = options->run.json_path;
    const bool text = !options->run.quiet && !(json_path && strcmp(json_path, "-") == 0);
    for (size_t i = 0; i < trials->count; i++) {
        struct trial *trial = &trials->items[i];
        if (text && trial->model != model) {
            printf("%s%s\n", model ? "\n" : "", trial->model->name);
            widths = widths_of(trials, trial->model);
            print_header(&widths);
        }
        model = trial->model;
        if (trial->mutant && trial->mutant->liveness)
            leave_unchecked(trial);
        else if (trials->interrupted)
            skip_trial(trial);
        else
            trials->interrupted = !run_trial(trial, options);
        if (text)
            print_trial(trial, &widths);
    }
}

/* ---- The outcome of all ---- */

static size_t count_outcomes(const struct trials *trials, enum trial_outcome outcome)
{
    size_t count = 0;
    for (size_t i = 0; i < trials->count; i++)
        count += trials->items[i].outcome == outcome;
    return count;
}

static int exit_code(const struct trials *trials)
{
    if (count_outcomes(trials, BROKEN))
        return GS_INTERNAL_ERROR;
    if (count_outcomes(trials, REFUSED))
        return GS_BAD_INPUT;
    if (count_outcomes(trials, SURVIVED) || count_outcomes(trials, FAILED))
        return GS_VIOLATION;
    return count_outcomes(trials, UNDECIDED) ? GS_INCOMPLETE : GS_HOLDS;
}

static void print_last_line(const struct trials *trials, const char *protocol)
{
    static const char *const verdicts[] = {"holds", "violated", "error", "incomplete", "error"};
    size_t mutants = 0;
    for (size_t i = 0; i < trials->count; i++)
        mutants += trials->items[i].mutant != NULL;
    printf("gainsay: %s protocol=%s mutants=%zu killed=%zu survived=%zu unmutated=%zu held=%zu undecided=%zu "
           "not-checked=%zu\n",
           verdicts[exit_code(trials)], protocol, mutants, count_outcomes(trials, KILLED),
           count_outcomes(trials, SURVIVED), trials->count - mutants, count_outcomes(trials, HOLDS),
           count_outcomes(trials, UNDECIDED), count_outcomes(trials, NOT_CHECKED));
}

/* Of the mutant's property; NULL: it is of all. */
static const char *claim_of(const struct trial *trial)
{
    if (!trial->mutant)
        return NULL;
    for (size_t i = 0; i < GS_PROPERTIES_MAX && trial->model->properties[i].name; i++)
        if (strcmp(trial->model->properties[i].name, trial->mutant->property) == 0)
            return report_claim(&trial->model->properties[i]);
    return report_claim(NULL);
}

static json_t *trial_json(const struct trial *trial)
{
    return json_pack("{s:s, s:s?, s:s, s:s?, s:s?, s:s, s:I, s:I, s:f, s:o}", "protocol", trial->model->name, "mutant",
                     trial->mutant ? trial->mutant->name : NULL, "preset", trial->preset, "property",
                     trial->mutant ? trial->mutant->property : NULL, "claim", claim_of(trial), "outcome",
                     outcome_names[trial->outcome], "steps", (json_int_t)trial->steps, "states",
                     (json_int_t)trial->states, "seconds", trial->seconds, "note", json_text(trial->note));
}

static json_t *trials_json(const struct trials *trials)
{
    json_t *object = json_pack("{s:s, s:i, s:[]}", "gainsay", GAINSAY_VERSION, "exit", exit_code(trials), "trials");
    for (size_t i = 0; i < trials->count; i++)
        must(json_array_append_new(json_object_get(object, "trials"), trial_json(&trials->items[i])) == 0);
    return object;
}

static bool print_json(const void *trials, FILE *out)
{
    json_t *object = trials_json(trials);
    const bool printed = json_dumpf(object, out, JSON_INDENT(2)) == 0 && fputc('\n', out) != EOF && fflush(out) == 0;
    json_decref(object);
    return printed;
}

/* For CI systems. */
static int write_cases(const struct trials *trials, const struct run_options *options, const char *subject)
{
    const bool json_is_output = options->json_path && strcmp(options->json_path, "-") == 0;
    const struct case_outputs outputs = {options->junit_path, options->sarif_path, json_is_output ? NULL : stdout};
    struct case_group group = {.name = subject, .path = plugin_is_file(options->protocol) ? options->protocol : NULL};
    const struct case_group *groups[] = {&group};
    if (!case_outputs_are_wanted(&outputs))
        return 0;
    json_t *object = trials_json(trials);
    cases_add_mutants(&group, object);
    json_decref(object);
    const int status =
        case_outputs_write(options->command, &outputs, &(struct case_report){subject, groups, 1, group.seconds});
    cases_free(&group);
    return status;
}

/* ---- Which protocols ---- */

static int check_wanted(const struct mutants_options *options, const struct gs_model *model)
{
    struct name_list known = {0};
    int status = 0;
    mutant_names(model, &known);
    for (size_t i = 0; i < options->wanted.count && !status; i++)
        if (!name_list_has(&known, options->wanted.items[i]))
            status = complain_unknown("mutants", "", options->wanted.items[i], "mutant", &known);
    name_list_free(&known);
    return status;
}

static int plan(struct trials *trials, const struct mutants_options *options)
{
    const bool all = strcmp(options->run.protocol, "all") == 0;
    if (all && options->wanted.count)
        return complain("mutants", "%s: name the protocol of this mutant instead of 'all'", options->wanted.items[0]);
    if (!all) {
        const struct gs_model *model = protocol_find("mutants", "", options->run.protocol);
        if (!model || check_wanted(options, model))
            return GS_BAD_INPUT;
        add_trials(trials, options, model);
    }
    for (size_t i = 0; all && builtin_protocols[i]; i++) {
        if (!protocol_find("mutants", "", builtin_protocols[i]->name))
            return GS_BAD_INPUT;
        add_trials(trials, options, builtin_protocols[i]);
    }
    return outputs_check(&options->run);
}

static int run_and_report(struct trials *trials, const struct mutants_options *options)
{
    run_trials(trials, options);
    const bool json_is_output = options->run.json_path && strcmp(options->run.json_path, "-") == 0;
    const bool all = strcmp(options->run.protocol, "all") == 0;
    const char *subject = all ? "all" : trials->items[0].model->name;
    if (!json_is_output)
        print_last_line(trials, subject);
    int written = options->run.json_path ? outputs_write_json(&options->run, print_json, trials) : 0;
    if (write_cases(trials, &options->run, subject))
        written = GS_BAD_INPUT;
    const int status = exit_code(trials);
    return written && status != GS_VIOLATION ? written : status;
}

/* Parses, plans, and then runs. */
static int plan_and_run(int argc, char **argv, bool is_run)
{
    struct mutants_options options = {.run = {.command = "mutants"}};
    struct trials trials = {0};
    int status = arguments_parse("mutants", &mutants_argp, argc, argv, &options);
    if (!status)
        status = plan(&trials, &options);
    if (!status && is_run)
        status = run_and_report(&trials, &options);
    free(trials.items);
    name_list_free(&options.wanted);
    run_options_free(&options.run);
    return status;
}

int mutants_arguments(int argc, char **argv)
{
    return plan_and_run(argc, argv, false);
}

int mutants_command(int argc, char **argv)
{
    return plan_and_run(argc, argv, true);
}
