/* Reading a subcommand's arguments: argp, with option names checked beforehand so that the complaint is ours. */
#ifndef GAINSAY_ARGUMENTS_H
#define GAINSAY_ARGUMENTS_H

#include <argp.h>

/* A flag of an option with a value: it may be given more than once. Any other may not, but with the same value, since
 * which one counts is not to be guessed. */
#define OPTION_REPEATABLE 0x1000

/* Parses as argp_parse does; --help and --usage print and exit with 0. Option names are taken in full only: an
 * abbreviation that is unique today need not be tomorrow. Returns 0, or GS_BAD_INPUT after a complaint. */
int arguments_parse(const char *command, const struct argp *argp, int argc, char **argv, void *input);

#endif
