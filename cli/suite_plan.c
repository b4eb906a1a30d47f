/* A suite file's meaning. A section becomes the command line of a subcommand: the subcommand's own tables say which
 * keys there are, and a run without plugins is handed to it to be checked before anything runs. */
#include "cli/suite_plan.h"

#include <argp.h>
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checker/check.h"
#include "checker/cores.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/fuzz_options.h"
#include "cli/numbers.h"
#include "cli/plugin.h"
#include "cli/stage_options.h"
#include "cli/suite_check.h"
#include "core/die.h"

static const char *const expectation_names[] = {"holds", "violated", "incomplete", "fixed"};

const char *suite_expected_word(const struct suite_run *run)
{
    return run->kind == &suite_mutants ? "killed" : expectation_names[run->expect];
}

static const struct argp *const check_groups[] = {&configuration_argp, &faults_argp, &stage_argp, &limits_argp,
                                                  &threads_argp,       &search_argp, NULL};
static const struct argp *const fuzz_groups[] = {&configuration_argp, &faults_argp, &stage_argp, &runs_argp,
                                                 &draw_argp,          &timing_argp, NULL};
static const struct argp *const mutants_groups[] = {&limits_argp, &threads_argp, NULL};
static const struct argp *const no_groups[] = {NULL};
static const char *const check_keys[] = {"expect", "violates", "steps", NULL};
static const char *const fuzz_keys[] = {"expect", "violates", NULL}; /* `steps` is an option */
static const char *const traces_keys[] = {"expect", NULL};
static const char *const no_keys[] = {NULL};

const struct suite_kind suite_check = {
    .key = "check",
    .command = "check",
    .groups = check_groups,
    .own_keys = check_keys,
    .expectations = 1u << EXPECT_HOLDS | 1u << EXPECT_VIOLATED | 1u << EXPECT_INCOMPLETE,
    .expected = EXPECT_HOLDS,
    .takes_max_seconds = true,
    .check = check_arguments,
};
const struct suite_kind suite_fuzz = {
    .key = "fuzz",
    .command = "fuzz",
    .groups = fuzz_groups,
    .own_keys = fuzz_keys,
    .expectations = 1u << EXPECT_HOLDS | 1u << EXPECT_VIOLATED | 1u << EXPECT_INCOMPLETE,
    .expected = EXPECT_HOLDS,
    .takes_max_seconds = true,
    .check = fuzz_arguments,
};
const struct suite_kind suite_mutants = {
    .key = "mutants",
    .command = "mutants",
    .operand_key = "mutant",
    .groups = mutants_groups,
    .own_keys = no_keys,
    .expected = EXPECT_HOLDS,
    .takes_max_seconds = true,
    .check = mutants_arguments,
};
const struct suite_kind suite_traces = {
    .key = "traces",
    .command = "replay",
    .groups = no_groups,
    .own_keys = traces_keys,
    .expectations = 1u << EXPECT_VIOLATED | 1u << EXPECT_FIXED,
    .expected = EXPECT_VIOLATED,
};
static const struct suite_kind *const kinds[] = {&suite_check, &suite_fuzz, &suite_mutants, &suite_traces};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

/* A section while it is read. */
struct section_reader {
    struct suite_plan *plan;
    const struct suite_section *section;
    struct suite_run *run;
};

static bool is_among(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static int complain_of_word(const struct suite_file *file, const struct suite_entry *entry, const char *word,
                            const char *kind, const struct name_list *known)
{
    struct texts texts = {0};
    const bool is_key = word == entry->key;
    const char *what =
        texts_add(&texts, "%s:%u:%s%s", file->path, entry->line, is_key ? "" : " ", is_key ? "" : entry->key);
    complain_unknown("suite", what, word, kind, known);
    texts_free(&texts);
    return GS_BAD_INPUT;
}

/* ---- Keys ---- */

/* The option that a key stands for, NULL: none. */
static const struct argp_option *find_option(const struct suite_kind *kind, const char *key)
{
    for (const struct argp *const *group = kind->groups; *group; group++)
        for (const struct argp_option *option = (*group)->options; option->name; option++)
            if (!(option->flags & OPTION_HIDDEN) && strcmp(option->name, key) == 0)
                return option;
    return NULL;
}

bool suite_run_says(const struct suite_run *run, const char *option)
{
    for (size_t i = 0; i < run->arguments.count; i++)
        if (strcmp(run->arguments.items[i], option) == 0)
            return true;
    return false;
}

unsigned suite_run_threads(const struct suite_run *run, size_t parallel)
{
    const unsigned cores = cores_available();
    if (!find_option(run->kind, "threads") || suite_run_says(run, "--threads"))
        return 0;
    return parallel < cores ? cores / (unsigned)parallel : 1;
}

/* May it have several values, on lines of their own or on one with ", " between? */
static bool is_repeatable(const struct suite_kind *kind, const char *key)
{
    const struct argp_option *option = find_option(kind, key);
    if (option)
        return option->flags & OPTION_REPEATABLE;
    return strcmp(key, "violates") == 0 || (kind->operand_key && strcmp(key, kind->operand_key) == 0);
}

static int complain_of_key(const struct section_reader *reader, const struct suite_entry *entry)
{
    const struct suite_kind *kind = reader->run->kind;
    struct name_list known = {0};
    for (const struct argp *const *group = kind->groups; *group; group++)
        for (const struct argp_option *option = (*group)->options; option->name; option++)
            if (!(option->flags & OPTION_HIDDEN))
                name_list_add(&known, option->name);
    for (const char *const *own = kind->own_keys; *own; own++)
        name_list_add(&known, *own);
    if (kind->operand_key)
        name_list_add(&known, kind->operand_key);
    struct texts texts = {0};
    complain_of_word(reader->plan->file, entry, entry->key, texts_add(&texts, "key of '%s' sections", kind->key),
                     &known);
    texts_free(&texts);
    name_list_free(&known);
    return GS_BAD_INPUT;
}

/* The values of a key: one, or those between commas. Owned by the plan. */
static void split_values(const struct section_reader *reader, const struct suite_entry *entry, struct name_list *values)
{
    struct suite_plan *plan = reader->plan;
    if (!is_repeatable(reader->run->kind, entry->key)) {
        name_list_add(values, entry->value);
        return;
    }
    char *rest = NULL;
    for (char *value = strtok_r(texts_add(&plan->texts, "%s", entry->value), ",", &rest); value;
         value = strtok_r(NULL, ",", &rest)) {
        value += strspn(value, " \t");
        for (size_t length = strlen(value); length && strchr(" \t", value[length - 1]); length--)
            value[length - 1] = '\0';
        if (*value)
            name_list_add(values, value);
    }
}

static int take_expectation(struct section_reader *reader, const struct suite_entry *entry)
{
    struct name_list known = {0};
    int status = GS_BAD_INPUT;
    for (unsigned i = 0; i <= EXPECT_FIXED; i++) {
        if (!(reader->run->kind->expectations >> i & 1))
            continue;
        name_list_add(&known, expectation_names[i]);
        if (strcmp(entry->value, expectation_names[i]) == 0) {
            reader->run->expect = (enum suite_expectation)i;
            status = 0;
        }
    }
    if (status)
        complain_of_word(reader->plan->file, entry, entry->value, "outcome", &known);
    name_list_free(&known);
    return status;
}

static int take_own(struct section_reader *reader, const struct suite_entry *entry)
{
    struct suite_run *run = reader->run;
    if (strcmp(entry->key, "expect") == 0)
        return take_expectation(reader, entry);
    if (strcmp(entry->key, "violates") == 0) {
        split_values(reader, entry, &run->violates);
        return 0;
    }
    run->has_steps = number_parse(entry->value, 0, UINT32_MAX, &run->steps);
    if (!run->has_steps)
        return suite_complain(reader->plan->file, entry->line, "steps %s: a number from 0 on", entry->value);
    return 0;
}

static int take_flag(struct section_reader *reader, const struct suite_entry *entry)
{
    if (strcmp(entry->value, "yes") == 0)
        name_list_add(&reader->run->arguments, texts_add(&reader->plan->texts, "--%s", entry->key));
    else if (strcmp(entry->value, "no") != 0)
        return suite_complain(reader->plan->file, entry->line, "%s %s: yes or no", entry->key, entry->value);
    return 0;
}

/* Arguments may not look like options, nor be nothing. */
static int take_operand(struct section_reader *reader, const struct suite_entry *entry, const char *value)
{
    if (*value == '-')
        return suite_complain(reader->plan->file, entry->line, "%s %s: begins with a hyphen%s", entry->key, value,
                              plugin_is_file(value) ? "; ./ before it makes it a path" : "");
    name_list_add(&reader->run->arguments, value);
    return 0;
}

/* Files that a value or argument names are there. */
static int check_file(const struct section_reader *reader, const struct suite_entry *entry, const char *value)
{
    struct stat status;
    if (!plugin_is_file(value) || stat(suite_plan_path(reader->plan, value), &status) == 0)
        return 0;
    return suite_complain(reader->plan->file, entry->line, "%s %s: %s", entry->key, value, strerror(errno));
}

static int take_values(struct section_reader *reader, const struct suite_entry *entry, bool is_operand)
{
    struct name_list values = {0};
    int status = 0;
    split_values(reader, entry, &values);
    if (!values.count)
        status = suite_complain(reader->plan->file, entry->line, "%s: no value between the commas", entry->key);
    for (size_t i = 0; i < values.count && !status; i++) {
        if (is_operand) {
            status = take_operand(reader, entry, values.items[i]);
        } else {
            name_list_add(&reader->run->arguments, texts_add(&reader->plan->texts, "--%s", entry->key));
            name_list_add(&reader->run->arguments, values.items[i]);
            status = strcmp(entry->key, "property") == 0 ? check_file(reader, entry, values.items[i]) : 0;
        }
    }
    name_list_free(&values);
    return status;
}

/* --max-seconds is put in when the run begins: it may be less by then. */
static int take_max_seconds(const struct suite_plan *plan, const struct suite_entry *entry, double *seconds)
{
    if (number_parse_seconds(entry->value, seconds))
        return 0;
    return suite_complain(plan->file, entry->line, "%s %s: a number of seconds above 0, as 90 or 0.5", entry->key,
                          entry->value);
}

static int take_entry(struct section_reader *reader, const struct suite_entry *entry)
{
    const struct suite_kind *kind = reader->run->kind;
    if (strcmp(entry->key, kind->key) == 0)
        return 0; /* the subject, which is there already */
    if (is_among(kind->own_keys, entry->key))
        return take_own(reader, entry);
    const bool is_operand = kind->operand_key && strcmp(kind->operand_key, entry->key) == 0;
    const struct argp_option *option = find_option(kind, entry->key);
    if (!is_operand && !option)
        return complain_of_key(reader, entry);
    if (!is_operand && strcmp(entry->key, "max-seconds") == 0)
        return take_max_seconds(reader->plan, entry, &reader->run->max_seconds);
    return !is_operand && !option->arg ? take_flag(reader, entry) : take_values(reader, entry, is_operand);
}

/* kind NULL: no key may repeat. */
static int check_repetition(const struct suite_file *file, const struct suite_section *section,
                            const struct suite_kind *kind)
{
    for (size_t i = 0; i < section->count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(section->entries[i].key, section->entries[j].key) == 0 &&
                (!kind || !is_repeatable(kind, section->entries[i].key)))
                return suite_complain(file, section->entries[i].line, "%s: line %u has it already, and only one may",
                                      section->entries[i].key, section->entries[j].line);
    return 0;
}

static const struct suite_entry *find_entry(const struct suite_section *section, const char *key)
{
    for (size_t i = 0; i < section->count; i++)
        if (strcmp(section->entries[i].key, key) == 0)
            return &section->entries[i];
    return NULL;
}

/* Said here, in words of a suite, and also of plugins, which are not loaded before they run. */
static int check_stage(const struct suite_file *file, const struct suite_section *section,
                       const struct suite_kind *kind)
{
    const struct suite_entry *at = find_entry(section, "at");
    if (!at || !find_option(kind, "at") || find_entry(section, "from"))
        return 0;
    return suite_complain(file, at->line, "[%s]: at %s: there is no trace to count events of: add 'from = TRACE'",
                          section->name, at->value);
}

/* ---- What to run ---- */

/* The entry that says what to run; NULL after a complaint. */
static const struct suite_entry *find_subject(struct section_reader *reader)
{
    const struct suite_section *section = reader->section;
    const struct suite_entry *subject = NULL;
    for (size_t i = 0; i < section->count; i++)
        for (size_t k = 0; k < KINDS; k++) {
            if (strcmp(section->entries[i].key, kinds[k]->key) != 0)
                continue;
            if (subject) {
                suite_complain(reader->plan->file, section->entries[i].line,
                               "[%s]: both '%s' and '%s': make it two sections", section->name, subject->key,
                               kinds[k]->key);
                return NULL;
            }
            subject = &section->entries[i];
            reader->run->kind = kinds[k];
        }
    if (!subject)
        suite_complain(reader->plan->file, section->line,
                       "[%s]: what is to run? 'check = PROTOCOL', 'fuzz = PROTOCOL', 'mutants = PROTOCOL' or "
                       "'traces = DIRECTORY'",
                       section->name);
    return subject;
}

const char *suite_plan_path(struct suite_plan *plan, const char *path)
{
    const bool is_plain = *path == '/' || strcmp(plan->file->directory, ".") == 0;
    return is_plain ? path : texts_add(&plan->texts, "%s/%s", plan->file->directory, path);
}

static int is_trace(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && fnmatch("*.trace", entry->d_name, 0) == 0;
}

static int add_traces(struct section_reader *reader, const struct suite_entry *subject)
{
    struct dirent **entries;
    struct suite_plan *plan = reader->plan;
    const int count = scandir(suite_plan_path(plan, subject->value), &entries, is_trace, alphasort);
    if (count < 0)
        return suite_complain(plan->file, subject->line, "traces %s: %s", subject->value, strerror(errno));
    const size_t length = strlen(subject->value);
    const char *slash = subject->value[length - 1] == '/' ? "" : "/";
    for (int i = 0; i < count; i++) {
        name_list_add(&reader->run->arguments,
                      texts_add(&plan->texts, "%s%s%s", subject->value, slash, entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
    if (!count)
        return suite_complain(plan->file, subject->line, "traces %s: there is no *.trace in it", subject->value);
    return 0;
}

/* Protocols by name are left to the subcommand. */
static int add_subject(struct section_reader *reader, const struct suite_entry *subject)
{
    struct stat status;
    struct suite_plan *plan = reader->plan;
    const bool is_file = reader->run->kind == &suite_traces || plugin_is_file(subject->value);
    if (is_file && stat(suite_plan_path(plan, subject->value), &status) != 0)
        return suite_complain(plan->file, subject->line, "%s %s: %s", subject->key, subject->value, strerror(errno));
    if (is_file && S_ISDIR(status.st_mode) && reader->run->kind == &suite_traces && *subject->value != '-')
        return add_traces(reader, subject);
    return take_operand(reader, subject, subject->value);
}

static int check_expectation(const struct section_reader *reader)
{
    const struct suite_run *run = reader->run;
    for (size_t i = 0; i < reader->section->count; i++) {
        const struct suite_entry *entry = &reader->section->entries[i];
        const bool is_of_violation = is_among(run->kind->own_keys, entry->key) && strcmp(entry->key, "expect") != 0;
        if (is_of_violation && run->expect != EXPECT_VIOLATED)
            return suite_complain(reader->plan->file, entry->line, "%s: goes with 'expect = violated' only",
                                  entry->key);
    }
    return 0;
}

static int make_run(struct suite_plan *plan, const struct suite_section *section)
{
    plan->runs = die_grow(plan->runs, &plan->capacity, plan->count + 1, sizeof(*plan->runs));
    struct suite_run *run = &plan->runs[plan->count++];
    *run = (struct suite_run){.name = section->name, .line = section->line};
    struct section_reader reader = {plan, section, run};
    const struct suite_entry *subject = find_subject(&reader);
    if (!subject || check_repetition(plan->file, section, run->kind) || check_stage(plan->file, section, run->kind))
        return GS_BAD_INPUT;
    run->subject = subject->value;
    run->expect = run->kind->expected;
    name_list_add(&run->arguments, run->kind->command);
    if (add_subject(&reader, subject))
        return GS_BAD_INPUT;
    for (size_t i = 0; i < section->count; i++)
        if (take_entry(&reader, &section->entries[i]))
            return GS_BAD_INPUT;
    return check_expectation(&reader) || suite_check_run(plan, section, run) ? GS_BAD_INPUT : 0;
}

/* ---- [suite] ---- */

static int take_settings(struct suite_plan *plan, const struct suite_section *section)
{
    struct name_list known = {0};
    int status = check_repetition(plan->file, section, NULL);
    name_list_add(&known, "name");
    name_list_add(&known, "max-seconds");
    name_list_add(&known, "jobs");
    for (size_t i = 0; i < section->count && !status; i++) {
        const struct suite_entry *entry = &section->entries[i];
        if (!name_list_has(&known, entry->key))
            status = complain_of_word(plan->file, entry, entry->key, "key of [suite]", &known);
        else if (strcmp(entry->key, "name") == 0)
            plan->name = entry->value;
        else if (strcmp(entry->key, "max-seconds") == 0)
            status = take_max_seconds(plan, entry, &plan->max_seconds);
        else if (!number_parse(entry->value, 1, SUITE_JOBS_MAX, &plan->jobs))
            status =
                suite_complain(plan->file, entry->line, "jobs %s: a number from 1 to %d", entry->value, SUITE_JOBS_MAX);
    }
    name_list_free(&known);
    return status;
}

/* The file's name without directory and extension. */
static const char *default_name(struct suite_plan *plan)
{
    const char *slash = strrchr(plan->file->path, '/');
    char *name = texts_add(&plan->texts, "%s", slash ? slash + 1 : plan->file->path);
    char *dot = strrchr(name, '.');
    if (dot && dot > name)
        *dot = '\0';
    return name;
}

bool suite_plan_make(struct suite_plan *plan, const struct suite_file *file)
{
    *plan = (struct suite_plan){.file = file};
    plan->name = default_name(plan);
    for (size_t i = 0; i < file->count; i++) {
        const bool is_settings = strcmp(file->sections[i].name, "suite") == 0;
        if (is_settings ? take_settings(plan, &file->sections[i]) : make_run(plan, &file->sections[i]))
            return false;
    }
    if (!plan->count)
        complain("suite", "%s: no runs: a section '[NAME]' with 'check = PROTOCOL' is one", file->path);
    return plan->count > 0;
}

void suite_plan_free(struct suite_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        name_list_free(&plan->runs[i].arguments);
        name_list_free(&plan->runs[i].violates);
    }
    free(plan->runs);
    texts_free(&plan->texts);
    *plan = (struct suite_plan){0};
}
