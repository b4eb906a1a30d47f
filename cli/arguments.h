/* Reading a subcommand's arguments: argp, with option names checked beforehand so that the complaint is ours. */
#ifndef GAINSAY_ARGUMENTS_H
#define GAINSAY_ARGUMENTS_H

#include <argp.h>
#include <stdbool.h>

/* A flag of an option with a value: it may be given more than once. Any other may not, but with the same value, since
 * which one counts is not to be guessed. */
#define OPTION_REPEATABLE 0x1000

/* Parses as argp_parse does; --help and --usage print and exit with 0. Option names are taken in full only: an
 * abbreviation that is unique today need not be tomorrow. Returns 0, or GS_BAD_INPUT after a complaint. */
int arguments_parse(const char *command, const struct argp *argp, int argc, char **argv, void *input);

/* Calls visit for each named option of an argp, its children and argp's own (--help, --usage), until one answers true:
 * that one, or NULL. Hidden options too: their flags tell. */
typedef bool arguments_visitor(const struct argp_option *option, void *context);
const struct argp_option *arguments_visit(const struct argp *argp, arguments_visitor *visit, void *context);

/* The option whose name is the first `length` bytes of `name`, or NULL. */
const struct argp_option *arguments_find(const struct argp *argp, const char *name, size_t length);

#endif
