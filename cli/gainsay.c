/* The gainsay command: picks the subcommand. What is planned but not built is refused by name. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "checker/check.h"
#include "cli/commands.h"
#include "cli/complain.h"
#include "core/guard.h"

struct command {
    const char *name, *arguments, *summary;
    int (*run)(int argc, char **argv); /* NULL: not built yet */
};

static const struct command commands[] = {
    {"list", "", "the protocols that come with gainsay", list_command},
    {"describe", "PROTOCOL|FILE", "its roles, events, options, presets, properties, mutants", describe_command},
    {"check", "PROTOCOL|FILE", "search every reachable state; print a shortest counterexample", check_command},
    {"mutants", "PROTOCOL|FILE|all", "plant each bug in turn; its property must catch it", mutants_command},
    {"replay", "TRACE...", "replay trace files; fails on any difference", replay_command},
    {"show", "TRACE", "print a trace file as text or JSON", show_command},
    {"fuzz", "PROTOCOL|FILE", "random runs", NULL},
    {"suite", "FILE", "a project's matrix of checks", NULL},
    {"shrink", "TRACE", "minimise a trace", NULL},
    {"lin", "--model M HISTORY...", "is a recorded history linearizable", NULL},
    {"new", "DIR", "make a project: a protocol, its checks and CI, to start from", new_command},
    {"explore", "PROTOCOL|FILE", "walk the states by hand", NULL},
    {"tolerance", "PROTOCOL|FILE", "how many faults it bears", NULL},
    {"diff", "TRACE TRACE", "compare two traces", NULL},
};
enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

static void print_usage(FILE *out)
{
    fprintf(out, "Usage: gainsay COMMAND [ARGUMENT...]\n"
                 "Checks distributed protocols: finds the shortest run that gainsays a property.\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        if (commands[i].run)
            fprintf(out, "  %-8s %-18s %s\n", commands[i].name, commands[i].arguments, commands[i].summary);
    fprintf(out, "\nFILE is a protocol of your own, FILE.c or FILE.so. 'gainsay COMMAND --help' says more.\n"
                 "Exit codes: 0 holds, 1 violated, 2 bad usage or input, 3 incomplete, 4 internal error.\n");
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int complain_of_command(const char *name)
{
    struct name_list known = {0};
    const bool is_option = name[0] == '-';
    for (size_t i = 0; i < COMMANDS; i++)
        if (commands[i].run && !is_option)
            name_list_add(&known, commands[i].name);
    if (is_option) {
        name_list_add(&known, "--help");
        name_list_add(&known, "--version");
    }
    complain_unknown(NULL, "", name, is_option ? "option" : "command", &known);
    name_list_free(&known);
    return GS_BAD_INPUT;
}

static int run_command(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return GS_BAD_INPUT;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_usage(stdout);
        return 0;
    }
    if (strcmp(name, "--version") == 0) {
        printf("gainsay %s\n", GAINSAY_VERSION);
        return 0;
    }
    const struct command *command = find_command(name);
    if (!command)
        return complain_of_command(name);
    if (!command->run)
        return complain(NULL, "%s: not built yet", name);
    guard_catch(); /* whatever calls protocol code */
    const int status = command->run(argc - 1, argv + 1);
    guard_release();
    return status;
}

int gainsay(int argc, char **argv)
{
    const int status = run_command(argc, argv);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    complain(NULL, "standard output: %s", strerror(errno));
    return status ? status : GS_BAD_INPUT;
}
