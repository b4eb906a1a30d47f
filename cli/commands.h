/* The subcommands. Each takes its own argv, [0] being its name, and returns the exit code. */
#ifndef GAINSAY_COMMANDS_H
#define GAINSAY_COMMANDS_H

struct argp;

/* A line of the table of subcommands, which help and shell completion read. Members from argp on are named where they
 * are given. */
struct command {
    const char *name, *arguments;
    const char *summary;               /* NULL: a subcommand for programs, which help does not list */
    int (*run)(int argc, char **argv); /* NULL: not built yet */
    /* What run parses with; NULL: nothing behind the name is completed. Options' values and the arguments (args_doc)
     * are completed as their placeholders say: see cli/placeholders.c. */
    const struct argp *argp;
};

extern const struct command commands[]; /* ends with a line without a name */

/* NULL: there is none of this name. */
const struct command *command_find(const char *name);

int list_command(int argc, char **argv);
int describe_command(int argc, char **argv);
int check_command(int argc, char **argv);
int mutants_command(int argc, char **argv);
int fuzz_command(int argc, char **argv);
int replay_command(int argc, char **argv);
int show_command(int argc, char **argv);
int shrink_command(int argc, char **argv);
int new_command(int argc, char **argv);
int suite_command(int argc, char **argv);
int lin_command(int argc, char **argv);
int completion_command(int argc, char **argv);
int complete_command(int argc, char **argv);

extern const struct argp list_argp;
extern const struct argp describe_argp;
extern const struct argp check_argp;
extern const struct argp mutants_argp;
extern const struct argp fuzz_argp;
extern const struct argp replay_argp;
extern const struct argp show_argp;
extern const struct argp shrink_argp;
extern const struct argp new_argp;
extern const struct argp suite_argp;
extern const struct argp lin_argp;
extern const struct argp completion_argp;

/* Judge the arguments as the command would, and do nothing. Return 0, or GS_BAD_INPUT after a complaint. */
int check_arguments(int argc, char **argv);
int mutants_arguments(int argc, char **argv);
int fuzz_arguments(int argc, char **argv);

/* The whole program: everything behind main. */
int gainsay(int argc, char **argv);

#endif
