/* One table of commands: it dispatches, abbreviates and helps. A command is done whole or complained of. */
#include "cli/walk_commands.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checker/check.h"
#include "cli/complain.h"
#include "cli/state_paths.h"
#include "core/die.h"
#include "traces/chart_text.h"
#include "traces/event_text.h"
#include "traces/line.h"
#include "traces/world_text.h"

enum { INDENT = 2, REASON_SIZE = 1024 };

/* argument: what stands behind the command, without blanks around it. */
typedef int walk_command(struct walk_session *session, const char *argument);

struct command_of_walk {
    const char *name, *letter, *argument, *meaning;
    walk_command *run;
};

/* ---- Showing ---- */

static void print_steps(const struct walk_session *session, size_t first)
{
    struct trace *path = walk_path(session->walk);
    struct chart *chart = chart_new(path);

    for (size_t number = first; number <= path->step_count; number++)
        trace_print_step(chart, number, stdout);
    chart_free(chart);
    trace_free(path);
}

static void print_event(const struct walk *walk, const struct event *event)
{
    struct line line;

    line_begin(&line);
    event_print(walk_run(walk), event, line.stream);
    char *text = line_take(&line);
    line_clean(text, false);
    fputs(text, stdout);
    free(text);
}

static void print_place(const struct walk_session *session)
{
    const size_t position = walk_position(session->walk);

    if (position)
        print_steps(session, position);
    else
        puts("initially");
}

/* ---- Moving ---- */

/* Does it stand where the trace would go on, but cannot? */
static bool is_cut(const struct walk_session *session)
{
    const struct walk *walk = session->walk;

    return session->end && walk_position(walk) == walk_length(walk) && !walk_has_left(walk) && !walk_finding(walk);
}

static int refuse_move(const struct walk_session *session, const char *reason)
{
    return complain(session->command, "step %zu: %s", walk_position(session->walk) + 1,
                    is_cut(session) ? session->end : reason);
}

/* A count; missing: 1. Returns 0, or GS_BAD_INPUT after a complaint. */
static int read_count(const struct walk_session *session, const char *what, const char *text, size_t *count)
{
    char *end;

    *count = 1;
    if (!*text)
        return 0;
    errno = 0;
    const unsigned long long number = strtoull(text, &end, 10);
    if (errno || *end || !isdigit((unsigned char)text[0]))
        return complain(session->command, "%s %s: that is no number", what, text);
    *count = number;
    return 0;
}

static int next(struct walk_session *session, const char *argument)
{
    const size_t first = walk_position(session->walk) + 1;
    char reason[REASON_SIZE];
    size_t count;

    if (read_count(session, "next", argument, &count))
        return GS_BAD_INPUT;
    const size_t rest = SIZE_MAX - walk_position(session->walk);
    const bool has_moved =
        walk_go(session->walk, walk_position(session->walk) + (count < rest ? count : rest), reason, sizeof(reason));
    print_steps(session, first);
    return has_moved ? 0 : refuse_move(session, reason);
}

static int go_to(struct walk_session *session, size_t position)
{
    char reason[REASON_SIZE];
    const bool has_moved = walk_go(session->walk, position, reason, sizeof(reason));

    print_place(session);
    return has_moved ? 0 : refuse_move(session, reason);
}

static int back(struct walk_session *session, const char *argument)
{
    const size_t position = walk_position(session->walk);
    size_t count;

    if (read_count(session, "back", argument, &count))
        return GS_BAD_INPUT;
    if (!position)
        return complain(session->command, "back: this is where it begins");
    return go_to(session, count < position ? position - count : 0);
}

static int go(struct walk_session *session, const char *argument)
{
    const size_t length = walk_length(session->walk);
    size_t position;

    if (!*argument)
        return complain(session->command, "goto: to which step? goto K");
    if (read_count(session, "goto", argument, &position))
        return GS_BAD_INPUT;
    if (position > length)
        return complain(session->command, "goto %zu: the path has %zu step%s", position, length,
                        length == 1 ? "" : "s");
    return go_to(session, position);
}

static int run(struct walk_session *session, const char *argument)
{
    const size_t rest = walk_length(session->walk) - walk_position(session->walk);
    char count[24];

    (void)argument;
    snprintf(count, sizeof(count), "%zu", rest ? rest : 1);
    const int status = next(session, count);
    return status || !is_cut(session) ? status : refuse_move(session, "");
}

/* ---- Looking ---- */

static int print_path(const struct walk_session *session, const char *text)
{
    const struct world *world = walk_world(session->walk);
    struct state_path path;

    if (state_path_load(session->command, "state", world->run, world->monitors_on, text, &path))
        return GS_BAD_INPUT;
    char *value = state_path_value(&path, world);
    printf("%s = %s\n", text, value);
    free(value);
    return 0;
}

static int state(struct walk_session *session, const char *argument)
{
    char *paths = strdup(argument), *rest = NULL;
    int status = 0;

    must(paths != NULL);
    if (!*argument)
        world_print(walk_world(session->walk), INDENT, stdout);
    for (char *path = strtok_r(paths, " ", &rest); path && !status; path = strtok_r(NULL, " ", &rest))
        status = print_path(session, path);
    free(paths);
    return status;
}

static int flight(struct walk_session *session, const char *argument)
{
    (void)argument;
    if (!world_print_in_flight(walk_world(session->walk), INDENT, stdout))
        puts("  nothing is in flight");
    return 0;
}

/* The events that are enabled, numbered from 1. */
struct numbering {
    const struct walk *walk;
    size_t count, wanted; /* wanted: 0: print all */
    struct trace *found;  /* the wanted one as its only step; owned */
};

static bool number_event(void *context, const struct enabled *enabled)
{
    struct numbering *numbering = context;

    numbering->count++;
    if (numbering->wanted) {
        if (numbering->count == numbering->wanted)
            trace_append(numbering->found, enabled->event);
        return true;
    }
    printf("%s%3zu  ", walk_is_next(numbering->walk, enabled->event) ? "*" : " ", numbering->count);
    print_event(numbering->walk, enabled->event);
    puts(enabled->result == WORLD_MISBEHAVED ? ", which misbehaves" : "");
    return true;
}

static int enabled(struct walk_session *session, const char *argument)
{
    struct numbering numbering = {.walk = session->walk};

    (void)argument;
    walk_visit_enabled(session->walk, number_event, &numbering);
    if (walk_finding(session->walk))
        puts("  nothing: the last handler misbehaved");
    else if (!numbering.count)
        puts("  nothing");
    return 0;
}

/* ---- Leaving the path ---- */

static int take_event(struct walk_session *session, const struct event *event)
{
    char reason[REASON_SIZE];

    if (!walk_take(session->walk, event, reason, sizeof(reason)))
        return complain(session->command, "take: %s", reason);
    print_steps(session, walk_position(session->walk));
    return 0;
}

static int take_number(struct walk_session *session, const char *argument)
{
    struct numbering numbering = {.walk = session->walk};
    int status = GS_BAD_INPUT;

    if (read_count(session, "take", argument, &numbering.wanted))
        return GS_BAD_INPUT;
    numbering.found = trace_new(walk_run(session->walk), TRACE_NO_PROPERTY, "", 0);
    if (numbering.wanted)
        walk_visit_enabled(session->walk, number_event, &numbering);
    if (numbering.found->step_count)
        status = take_event(session, &numbering.found->steps[0]);
    else
        complain(session->command, "take %s: 'enabled' numbers what there is", argument);
    trace_free(numbering.found);
    return status;
}

static int take(struct walk_session *session, const char *argument)
{
    char reason[REASON_SIZE];
    struct event event;

    if (!*argument)
        return complain(session->command, "take: which event? take N, as 'enabled' numbers them, or take EVENT");
    if (isdigit((unsigned char)argument[0]))
        return take_number(session, argument);
    switch (event_find(walk_world(session->walk), argument, &event, reason, sizeof(reason))) {
    case EVENT_UNKNOWN:
        return complain(session->command, "take %s: %s", argument, reason);
    case EVENT_IMPOSSIBLE:
        return complain(session->command, "take %s: it is not enabled", argument);
    case EVENT_FOUND:
        break;
    }
    return take_event(session, &event);
}

static int undo(struct walk_session *session, const char *argument)
{
    (void)argument;
    if (!walk_undo(session->walk))
        return complain(session->command, "undo: the path was not left");
    print_place(session);
    return 0;
}

/* ---- Judging and keeping ---- */

static void print_verdict(const struct gs_property *property, const struct replay *replay)
{
    const bool is_goal = property->kind == GS_REACHABLE, is_violated = replay->end == REPLAY_VIOLATED;

    if (replay->end == REPLAY_DIVERGED)
        printf("not judged: %s\n", replay->reason);
    else if (is_goal)
        puts(is_violated ? "met" : "not met");
    else if (is_violated)
        printf("violated: %s\n", replay->reason);
    else
        puts("holds");
}

static void print_judgement(const struct walk *walk, unsigned index, int width)
{
    const struct gs_property *property = run_property(walk_run(walk), index);
    char explanation[EXPLANATION_SIZE];
    struct replay replay;
    bool granted;

    printf("  %-*s  ", width, property->name);
    if (!judge_needs(walk_run(walk), property, &granted, explanation)) {
        printf("cannot be judged: %s\n", explanation);
    } else if (!granted) {
        printf("not judged: needs %s\n", property->needs_text ? property->needs_text : "another run");
    } else {
        walk_judge(walk, index, &replay);
        print_verdict(property, &replay);
    }
}

static int judge(struct walk_session *session, const char *argument)
{
    const struct gs_run *run = walk_run(session->walk);
    int width = (int)strlen(JUDGE_BEHAVIOUR);

    (void)argument;
    for (unsigned p = 0; p < run_property_count(run); p++) {
        const int length = (int)strlen(run_property(run, p)->name);
        width = length > width ? length : width;
    }
    if (!walk_finding(session->walk))
        for (unsigned p = 0; p < run_property_count(run); p++)
            print_judgement(session->walk, p, width);
    printf("  %-*s  %s%s\n", width, JUDGE_BEHAVIOUR, walk_finding(session->walk) ? "violated: " : "holds",
           walk_finding(session->walk) ? walk_finding(session->walk) : "");
    return 0;
}

static int save_to(const struct walk_session *session, const char *path)
{
    struct trace *trace = walk_trace(session->walk);
    const enum trace_kind kind = trace_kind(trace);
    char error[TRACE_ERROR_SIZE];
    const bool is_saved = trace_file_write(trace, path, session->info, error, sizeof(error));

    if (is_saved)
        printf("%s: %s%s in %zu step%s\n", path, trace_property_name(trace),
               kind == TRACE_SAMPLE    ? ""
               : kind == TRACE_OF_GOAL ? " is met"
                                       : " is violated",
               trace->step_count, trace->step_count == 1 ? "" : "s");
    trace_free(trace);
    return is_saved ? 0 : complain(session->command, "save %s", error);
}

static int save(struct walk_session *session, const char *argument)
{
    if (!*argument)
        return complain(session->command, "save: to which file? save FILE");
    if (access(argument, F_OK) == 0)
        return complain(session->command, "save %s: there is such a file; take another name", argument);
    return save_to(session, argument);
}

/* ---- The table ---- */

static int quit(struct walk_session *session, const char *argument)
{
    (void)argument;
    session->is_over = true;
    return 0;
}

static walk_command help;

/* In the order of help; an abbreviation means the first that it fits. */
static const struct command_of_walk commands_of_walk[] = {
    {"next", "n", "[N]", "take the path's next step, or N of them", next},
    {"back", "b", "[N]", "go back a step, or N of them", back},
    {"goto", "g", "K", "go to the state after step K; 0: initially", go},
    {"run", "r", "", "go to the end of the path", run},
    {"state", "s", "[PATH...]", "show the state, or parts: NODE, NODE.FIELD, NODE.LIST[1].FIELD, NODE.inbox", state},
    {"flight", "f", "", "show the messages in flight", flight},
    {"enabled", "e", "", "number all that can happen here; * is the path's next step", enabled},
    {"take", "t", "N|EVENT", "take that event; the path goes on from there", take},
    {"undo", "u", "", "go back to where the path was left last, and put it in place again", undo},
    {"judge", "j", "", "say of each property whether it holds here", judge},
    {"save", "w", "FILE", "write the path so far as a trace file", save},
    {"quit", "q", "", "end the session, as the end of input does", quit},
    {"help", "?", "", "this list", help},
};
enum { COMMANDS_OF_WALK = sizeof(commands_of_walk) / sizeof(commands_of_walk[0]) };

static int help(struct walk_session *session, const char *argument)
{
    (void)session;
    (void)argument;
    for (size_t i = 0; i < COMMANDS_OF_WALK; i++) {
        const struct command_of_walk *c = &commands_of_walk[i];
        printf("  %s  %-7s %-10s %s\n", c->letter, c->name, c->argument, c->meaning);
    }
    return 0;
}

static const struct command_of_walk *find_command(const char *word)
{
    const size_t length = strlen(word);

    for (size_t i = 0; i < COMMANDS_OF_WALK; i++)
        if (strcmp(commands_of_walk[i].letter, word) == 0)
            return &commands_of_walk[i];
    for (size_t i = 0; i < COMMANDS_OF_WALK; i++)
        if (strncmp(commands_of_walk[i].name, word, length) == 0)
            return &commands_of_walk[i];
    return NULL;
}

static int complain_of_command(const struct walk_session *session, const char *word)
{
    struct name_list known = {0};

    for (size_t i = 0; i < COMMANDS_OF_WALK; i++)
        name_list_add(&known, commands_of_walk[i].name);
    const int status = complain_unknown(session->command, "", word, "command", &known);
    name_list_free(&known);
    return status;
}

/* Without blanks around it, in place. */
static char *trim(char *text)
{
    size_t length;

    text += strspn(text, " \t\r");
    for (length = strlen(text); length && strchr(" \t\r", text[length - 1]); length--)
        continue;
    text[length] = '\0';
    return text;
}

int walk_command_run(struct walk_session *session, char *line)
{
    char *word = trim(line);
    const size_t length = strcspn(word, " \t");
    char *argument = word + length;

    if (!*word)
        return 0;
    if (*argument)
        *argument++ = '\0';
    argument = trim(argument);
    const struct command_of_walk *command = find_command(word);
    if (!command)
        return complain_of_command(session, word);
    if (*argument && !*command->argument)
        return complain(session->command, "%s %s: %s takes nothing", command->name, argument, command->name);
    return command->run(session, argument);
}
