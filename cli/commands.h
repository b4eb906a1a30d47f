/* The subcommands. Each takes its own argv, [0] being its name, and returns the exit code. */
#ifndef GAINSAY_COMMANDS_H
#define GAINSAY_COMMANDS_H

int list_command(int argc, char **argv);
int describe_command(int argc, char **argv);
int check_command(int argc, char **argv);
int mutants_command(int argc, char **argv);
int replay_command(int argc, char **argv);
int show_command(int argc, char **argv);
int new_command(int argc, char **argv);

/* The whole program: everything behind main. */
int gainsay(int argc, char **argv);

#endif
