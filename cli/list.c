/* gainsay list: the protocols, one line each. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "checker/check.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/protocols.h"

static error_t parse(int key, char *text, struct argp_state *state)
{
    (void)state;
    if (key != ARGP_KEY_ARG)
        return ARGP_ERR_UNKNOWN;
    complain("list", "%s: takes no argument; 'gainsay describe %s' says more of one", text, text);
    return EINVAL;
}

const struct argp list_argp = {
    .parser = parse,
    .doc = "Lists the protocols that come with gainsay: name and title.\v"
           "Exit codes: 0 listed, 2 bad usage.\n"
           "\n"
           "Examples:\n"
           "  gainsay list\n",
};

int list_command(int argc, char **argv)
{
    const int status = arguments_parse("list", &list_argp, argc, argv, NULL);
    int width = 0;
    for (size_t i = 0; builtin_protocols[i]; i++) {
        const int length = (int)strlen(builtin_protocols[i]->name);
        width = length > width ? length : width;
    }
    for (size_t i = 0; builtin_protocols[i] && !status; i++)
        printf("%-*s  %s\n", width, builtin_protocols[i]->name, builtin_protocols[i]->title);
    return status;
}
