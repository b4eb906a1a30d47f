/* gainsay new: a starter project. What it writes is tried at once: the protocol is compiled, and each bug planted in it
 * is searched for, whose counterexample becomes a trace of the project. So a project that was made is known to work
 * with this gainsay and this compiler; one that does not is taken away again. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/check.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/fresh_directory.h"
#include "cli/plugin.h"
#include "cli/starter.h"
#include "core/die.h"
#include "traces/trace_file.h"

enum { KEY_PROTOCOL = 256 };

struct new_project {
    const char *asked_name; /* of --protocol, or NULL */
    char *path, *name;      /* the directory, without slashes at its end; the protocol's name */
    struct fresh_directory directory;
    uint64_t steps; /* of the planted bug's counterexample */
};

/* ---- Options ---- */

static char *path_without_last_slashes(const char *path)
{
    char *copy = strdup(path);
    must(copy);
    for (size_t length = strlen(copy); length > 1 && copy[length - 1] == '/';)
        copy[--length] = '\0';
    return copy;
}

static const struct argp_option new_options[] = {
    {.name = "protocol",
     .key = KEY_PROTOCOL,
     .arg = "NAME",
     .doc = "What the protocol is called: lower-case words joined by hyphens (default: the last part of DIR)"},
    {0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct new_project *project = state->input;
    switch (key) {
    case KEY_PROTOCOL:
        project->asked_name = text;
        return 0;
    case ARGP_KEY_ARG:
        if (project->path) {
            complain("new", "%s: one directory at a time, and there is '%s' already", text, project->path);
            return EINVAL;
        }
        project->path = path_without_last_slashes(text);
        return 0;
    case ARGP_KEY_END:
        if (project->path)
            return 0;
        complain("new", "which directory? gainsay new DIR makes it");
        return EINVAL;
    }
    return ARGP_ERR_UNKNOWN;
}

const struct argp new_argp = {
    .options = new_options,
    .parser = parse,
    .args_doc = "DIR",
    .doc = "Makes a project in the new or empty directory DIR: a small protocol with a planted bug, a property file, a "
           "suite for CI, a Makefile and a trace. All of it works at once, to be changed into your own.\v"
           "Nothing that exists is overwritten.\n"
           "\n"
           "Exit codes: 0 made, 2 not made, and nothing is left behind.\n"
           "\n"
           "Examples:\n"
           "  gainsay new demo && cd demo && make check\n"
           "  gainsay new . --protocol token-ring\n",
};

/* ---- The protocol's name ---- */

/* The last part of the path; of one that exists ("." or a link) of what is really there. */
static char *last_part(const char *path)
{
    char *real = realpath(path, NULL);
    const char *whole = real ? real : path, *slash = strrchr(whole, '/');
    char *part = strdup(slash ? slash + 1 : whole);
    must(part);
    free(real);
    return part;
}

static int refuse_name(const struct new_project *project)
{
    char *mended = starter_mend_name(project->name);
    complain("new", "%s %s%s lower-case words joined by hyphens, at most %d characters%s%s",
             project->asked_name ? "--protocol" : "DIR", project->asked_name ? project->asked_name : project->path,
             project->asked_name ? ": a protocol's name is" : ": its last part names the protocol, which takes",
             STARTER_NAME_MAX, *mended ? ": try --protocol " : "; name one with --protocol NAME", mended);
    free(mended);
    return GS_BAD_INPUT;
}

static int choose_name(struct new_project *project)
{
    project->name = project->asked_name ? strdup(project->asked_name) : last_part(project->path);
    must(project->name);
    return starter_name_is_good(project->name) ? 0 : refuse_name(project);
}

/* ---- Interruptions: they end the command between two steps, so that it can tidy up ---- */

static volatile sig_atomic_t interruption;

static void note_interruption(int number)
{
    interruption = number;
}

static const int interruptions[] = {SIGINT, SIGTERM, SIGHUP};
enum { INTERRUPTIONS = sizeof(interruptions) / sizeof(*interruptions) };

static void catch_interruptions(struct sigaction *former)
{
    struct sigaction noted = {.sa_handler = note_interruption};
    sigemptyset(&noted.sa_mask);
    interruption = 0;
    for (size_t i = 0; i < INTERRUPTIONS; i++) {
        must(sigaction(interruptions[i], NULL, &former[i]) == 0);
        if (former[i].sa_handler != SIG_IGN)
            must(sigaction(interruptions[i], &noted, NULL) == 0);
    }
}

static void release_interruptions(const struct sigaction *former)
{
    for (size_t i = 0; i < INTERRUPTIONS; i++)
        must(sigaction(interruptions[i], &former[i], NULL) == 0);
}

/* ---- Making it ---- */

static bool give_up(const struct new_project *project, const char *error)
{
    complain("new", "%s; nothing is left of %s", error, project->path);
    return false;
}

static bool write_files(struct new_project *project)
{
    char error[PATH_MAX + 512];
    for (const struct starter_file *file = starter_files; file->path; file++) {
        size_t size;
        char *name = starter_text(file->path, file->path + strlen(file->path), project->name, NULL);
        char *text = starter_text(file->text, file->end, project->name, &size);
        const bool written = fresh_directory_write(&project->directory, name, text, size, error, sizeof(error));
        free(text);
        free(name);
        if (!written)
            return give_up(project, error);
    }
    return true;
}

static const struct gs_property_result *find_violation(const struct gs_result *result, const char *property)
{
    for (size_t i = 0; i < result->property_count; i++)
        if (result->properties[i].trace && strcmp(result->properties[i].name, property) == 0)
            return &result->properties[i];
    return NULL;
}

/* Writes traces/MUTANT.trace. source: the protocol's file, for the trace to find it again. */
static bool keep_trace(struct new_project *project, const struct gs_mutant *mutant, const char *source,
                       const struct gs_result *result)
{
    char name[300], error[TRACE_ERROR_SIZE];
    const struct trace_file_info info = {.plugin = source};
    const struct gs_property_result *found = find_violation(result, mutant->property);
    if (!found) {
        snprintf(error, sizeof(error), "%s: the bug planted in it, %s, is not found: %s", source, mutant->name,
                 result->error[0] ? result->error : result->stopped);
        return give_up(project, error);
    }
    snprintf(name, sizeof(name), "traces/%s.trace", mutant->name);
    const char *path = fresh_directory_entry(&project->directory, name, error, sizeof(error));
    if (!path || !trace_file_write(found->trace, path, &info, error, sizeof(error)))
        return give_up(project, error);
    project->steps = found->steps;
    return true;
}

static bool find_planted_bug(struct new_project *project, const struct gs_model *model, const struct gs_mutant *mutant,
                             const char *source)
{
    const char *const mutants[] = {mutant->name, NULL}, *const properties[] = {mutant->property, NULL};
    const struct gs_config config = {
        .preset = mutant->preset, .mutants = mutants, .properties = properties, .ignore_goals = true};
    struct gs_result result;
    gs_check(model, &config, &result);
    const bool kept = keep_trace(project, mutant, source, &result);
    gs_result_free(&result);
    return kept;
}

/* Compiles the protocol as any command does that is given FILE.c. */
static bool try_protocol(struct new_project *project, const char *source)
{
    const struct gs_model *model = plugin_load_model("new", "", source);
    if (interruption)
        return give_up(project, "interrupted");
    if (!model)
        return give_up(project, "its protocol cannot be tried here, see above");
    for (size_t i = 0; i < GS_MUTANTS_MAX && model->mutants[i].name; i++)
        if (!find_planted_bug(project, model, &model->mutants[i], source))
            return false;
    return !interruption || give_up(project, "interrupted");
}

static bool make_project(struct new_project *project)
{
    char error[PATH_MAX + 512], *source;
    if (!fresh_directory_make(&project->directory, project->path, error, sizeof(error))) {
        complain("new", "%s", error);
        return false;
    }
    must(asprintf(&source, "%s/%s.c", project->path, project->name) >= 0);
    const bool made = write_files(project) && try_protocol(project, source);
    free(source);
    if (made)
        fresh_directory_free(&project->directory);
    else
        fresh_directory_remove(&project->directory);
    return made;
}

static void print_next(const struct new_project *project)
{
    const bool is_here = strcmp(project->path, ".") == 0;
    char check[PATH_MAX + 32], file[STARTER_NAME_MAX + 3];
    const int width = snprintf(check, sizeof(check), "%s%s%smake check", is_here ? "" : "cd ",
                               is_here ? "" : project->path, is_here ? "" : " && ");
    snprintf(file, sizeof(file), "%s.c", project->name);
    printf("Made: protocol %s works, and the bug planted in it is found in %" PRIu64 " steps. Next:\n", project->name,
           project->steps);
    printf("  %-*s  all that suite.ini asks for, as CI will run it\n", width, check);
    printf("  %-*s  the planted bug, step by step\n", width, "make bug");
    printf("  %-*s  the protocol: change a rule, and check again; README.md has the rest\n", width, file);
}

int new_command(int argc, char **argv)
{
    struct new_project project = {0};
    struct sigaction former[INTERRUPTIONS];
    int status = arguments_parse("new", &new_argp, argc, argv, &project);
    if (!status)
        status = choose_name(&project);
    if (!status) {
        catch_interruptions(former);
        status = make_project(&project) ? 0 : GS_BAD_INPUT;
        release_interruptions(former);
    }
    if (!status)
        print_next(&project);
    free(project.name);
    free(project.path);
    return status;
}
