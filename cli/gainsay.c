/* The gainsay command: picks the subcommand. What is planned but not built is refused by name. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checker/check.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/complain.h"
#include "core/die.h"
#include "core/guard.h"

static int help_command(int argc, char **argv);
static const struct argp help_argp;

const struct command commands[] = {
    {"list", "", "the protocols that come with gainsay", list_command, .argp = &list_argp},
    {"describe", "PROTOCOL|FILE", "its roles, events, options, presets, properties, mutants", describe_command,
     .argp = &describe_argp},
    {"check", "PROTOCOL|FILE", "search every reachable state; print a shortest counterexample", check_command,
     .argp = &check_argp},
    {"mutants", "PROTOCOL|FILE|all", "plant each bug in turn; its property must catch it", mutants_command,
     .argp = &mutants_argp},
    {"replay", "TRACE...", "replay trace files; fails on any difference", replay_command, .argp = &replay_argp},
    {"show", "TRACE", "print a trace file: as text, a chart, a test in C, ...", show_command, .argp = &show_argp},
    {"fuzz", "PROTOCOL|FILE", "run it at random, many times; print the first failure", fuzz_command,
     .argp = &fuzz_argp},
    {"suite", "FILE", "a project's matrix of checks, for CI", suite_command, .argp = &suite_argp},
    {"shrink", "TRACE", "minimise a trace: fewest events, smallest configuration", shrink_command,
     .argp = &shrink_argp},
    {"lin", "--model MODEL FILE...", "is a recorded history linearizable", lin_command, .argp = &lin_argp},
    {"new", "DIR", "make a project to start from: a protocol, its checks, CI", new_command, .argp = &new_argp},
    {"explore", "PROTOCOL|FILE", "walk the states by hand", .run = NULL},
    {"tolerance", "PROTOCOL|FILE", "how many faults it bears", .run = NULL},
    {"diff", "TRACE TRACE", "compare two traces", .run = NULL},
    {"completion", "bash|zsh", "completes all of this in your shell", completion_command, .argp = &completion_argp},
    {"help", "[COMMAND]", "what a command does, its options, examples", help_command, .argp = &help_argp},
    {"complete", "-- WORD...", NULL, complete_command, .argp = NULL}, /* run by what completion prints */
    {0},
};

static bool is_listed(const struct command *command)
{
    return command->run && command->summary;
}

static void print_commands(FILE *out)
{
    int name_width = 0, arguments_width = 0;
    for (const struct command *command = commands; command->name; command++)
        if (is_listed(command)) {
            const int name_length = (int)strlen(command->name), length = (int)strlen(command->arguments);
            name_width = name_length > name_width ? name_length : name_width;
            arguments_width = length > arguments_width ? length : arguments_width;
        }
    for (const struct command *command = commands; command->name; command++)
        if (is_listed(command))
            fprintf(out, "  %-*s %-*s  %s\n", name_width, command->name, arguments_width, command->arguments,
                    command->summary);
}

static void print_usage(FILE *out)
{
    fprintf(out, "Usage: gainsay COMMAND [ARGUMENT...]\n"
                 "Checks distributed protocols: finds the shortest run that gainsays a property.\n\n");
    print_commands(out);
    fprintf(out, "\nPROTOCOL is a name that 'gainsay list' prints, FILE a protocol of your own, FILE.c or\n"
                 "FILE.so. 'gainsay COMMAND --help' says more of each.\n\n"
                 "Exit codes: 0 holds, 1 violated, 2 bad usage or input, 3 incomplete, 4 internal error.\n\n"
                 "Examples:\n"
                 "  gainsay check raft                              search all that it can do\n"
                 "  gainsay check raft --mutant vote-twice --trace bug.trace\n"
                 "  gainsay replay bug.trace                        is the bug still there?\n");
}

const struct command *command_find(const char *name)
{
    for (const struct command *command = commands; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

static int complain_of_command(const char *name)
{
    struct name_list known = {0};
    const bool is_option = name[0] == '-';
    for (const struct command *command = commands; command->name; command++)
        if (is_listed(command) && !is_option)
            name_list_add(&known, command->name);
    if (is_option) {
        name_list_add(&known, "--help");
        name_list_add(&known, "--version");
    }
    complain_unknown(NULL, "", name, is_option ? "option" : "command", &known);
    name_list_free(&known);
    return GS_BAD_INPUT;
}

static int run_named(int argc, char **argv)
{
    const struct command *command = command_find(argv[0]);
    if (!command)
        return complain_of_command(argv[0]);
    if (!command->run)
        return complain(NULL, "%s: not built yet", argv[0]);
    guard_catch(); /* whatever calls protocol code */
    const int status = command->run(argc, argv);
    guard_release();
    return status;
}

static int run_command(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return GS_BAD_INPUT;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        print_usage(stdout);
        return 0;
    }
    if (strcmp(name, "--version") == 0) {
        printf("gainsay %s\n", GAINSAY_VERSION);
        return 0;
    }
    return run_named(argc - 1, argv + 1);
}

/* ---- help ---- */

static error_t parse_help(int key, char *text, struct argp_state *state)
{
    char **about = state->input;
    if (key != ARGP_KEY_ARG)
        return ARGP_ERR_UNKNOWN;
    if (*about) {
        complain("help", "%s: one command at a time, and there is '%s' already", text, *about);
        return EINVAL;
    }
    *about = text;
    return 0;
}

static const struct argp help_argp = {
    .parser = parse_help,
    .args_doc = "[COMMAND]",
    .doc = "Says what a command does and what options it takes, as 'gainsay COMMAND --help' does; without a command, "
           "which there are.\v"
           "Exit codes: 0 said, 2 no such command.\n"
           "\n"
           "Examples:\n"
           "  gainsay help\n"
           "  gainsay help check\n",
};

static int help_command(int argc, char **argv)
{
    char *about = NULL;
    if (arguments_parse("help", &help_argp, argc, argv, &about))
        return GS_BAD_INPUT;
    if (about)
        return run_named(2, (char *[]){about, "--help", NULL});
    print_usage(stdout);
    return 0;
}

/* A file opened later must not get the place of a closed stream, where what is said would end up in it: the place is
 * taken by something that cannot be written to (read from). False: standard output is closed. */
static bool take_closed_streams(void)
{
    bool is_open = true;
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
        if (fcntl(stream, F_GETFD) >= 0)
            continue;
        is_open &= stream != STDOUT_FILENO;
        must(open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) == stream);
    }
    return is_open;
}

/* Complains unless all was said. */
static bool flush_output(void)
{
    if (fflush(stdout) != 0)
        complain(NULL, "standard output: %s", strerror(errno));
    else if (ferror(stdout))
        complain(NULL, "standard output: not all could be written");
    else
        return true;
    __fpurge(stdout); /* once is enough */
    clearerr(stdout);
    return false;
}

/* For what ends by exit: argp's --help. */
static void flush_output_at_exit(void)
{
    if (!flush_output())
        _exit(GS_BAD_INPUT);
}

/* Completion says nothing but words, since nobody is there to be told. */
static bool is_for_a_shell(int argc, char **argv)
{
    const struct command *command = argc > 1 ? command_find(argv[1]) : NULL;
    return command && !command->summary;
}

int gainsay(int argc, char **argv)
{
    if (!take_closed_streams() && !is_for_a_shell(argc, argv))
        return complain(NULL, "standard output: it is closed");
    /* A reader that goes away, and a file that may not grow, are errors like a full disk: what was there before stays,
     * and other files are written still. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    must(atexit(flush_output_at_exit) == 0);
    const int status = run_command(argc, argv);
    return flush_output() || status ? status : GS_BAD_INPUT;
}
