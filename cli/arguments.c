/* What argp would refuse in its own words is refused here first: unknown options, missing and needless values. */
#include "cli/arguments.h"

#include <stdio.h>
#include <string.h>

#include "checker/check.h"
#include "cli/complain.h"

/* What argp adds by itself. */
static const struct argp_option own_options[] = {
    {.name = "help", .key = '?', .doc = "Give this help list"},
    {.name = "usage", .key = 'u', .doc = "Give a short usage message"},
    {0},
};

static const struct argp_option *visit_table(const struct argp_option *option, arguments_visitor *visit, void *context)
{
    for (; option && (option->name || option->key || option->doc); option++)
        if (option->name && visit(option, context))
            return option;
    return NULL;
}

static const struct argp_option *visit_tree(const struct argp *argp, arguments_visitor *visit, void *context)
{
    const struct argp_option *found = visit_table(argp->options, visit, context);
    for (const struct argp_child *child = argp->children; child && child->argp && !found; child++)
        found = visit_tree(child->argp, visit, context);
    return found;
}

const struct argp_option *arguments_visit(const struct argp *argp, arguments_visitor *visit, void *context)
{
    const struct argp_option *found = visit_tree(argp, visit, context);
    return found ? found : visit_table(own_options, visit, context);
}

struct wanted_name {
    const char *text;
    size_t length;
};

static bool has_wanted_name(const struct argp_option *option, void *context)
{
    const struct wanted_name *wanted = context;
    return strlen(option->name) == wanted->length && strncmp(option->name, wanted->text, wanted->length) == 0;
}

const struct argp_option *arguments_find(const struct argp *argp, const char *name, size_t length)
{
    return arguments_visit(argp, has_wanted_name, &(struct wanted_name){name, length});
}

static bool list_name(const struct argp_option *option, void *context)
{
    if (!(option->flags & OPTION_HIDDEN))
        name_list_add(context, option->name);
    return false;
}

static int complain_of_option(const char *command, const struct argp *argp, const char *word, size_t length)
{
    char name[64];
    struct name_list known = {0};
    snprintf(name, sizeof(name), "%.*s", (int)length, word);
    arguments_visit(argp, list_name, &known);
    const char *nearest = nearest_name(name, &known);
    if (nearest)
        complain(command, "--%s: no such option; did you mean '--%s'?", name, nearest);
    else
        complain(command, "--%s: no such option (see: gainsay %s --help)", name, command);
    name_list_free(&known);
    return GS_BAD_INPUT;
}

/* Checks the option at argv[*next], which begins with two hyphens, and moves *next over the value it takes. */
static int check_long_option(const char *command, const struct argp *argp, int argc, char **argv, int *next)
{
    const char *name = argv[*next] + 2;
    const size_t length = strcspn(name, "=");
    const bool has_value = name[length] == '=';
    const struct argp_option *option = arguments_find(argp, name, length);
    if (!option)
        return complain_of_option(command, argp, name, length);
    if (has_value && !option->arg)
        return complain(command, "--%s: takes no value", name);
    if (!option->arg || has_value)
        return 0;
    if (*next + 1 == argc)
        return complain(command, "--%s: needs a value: --%s %s", name, name, option->arg);
    ++*next;
    return 0;
}

static int check_options(const char *command, const struct argp *argp, int argc, char **argv)
{
    for (int next = 1; next < argc; next++) {
        const char *word = argv[next];
        int status = 0;
        if (strcmp(word, "--") == 0)
            return 0;
        if (strncmp(word, "--", 2) == 0)
            status = check_long_option(command, argp, argc, argv, &next);
        else if (word[0] == '-' && word[1] && strcmp(word, "-?") != 0)
            status = complain(command, "%s: no such option (see: gainsay %s --help)", word, command);
        if (status)
            return status;
    }
    return 0;
}

int arguments_parse(const char *command, const struct argp *argp, int argc, char **argv, void *input)
{
    char name[64];
    const int status = check_options(command, argp, argc, argv);
    if (status)
        return status;
    snprintf(name, sizeof(name), "gainsay %s", command);
    argv[0] = name;
    argp_err_exit_status = GS_BAD_INPUT;
    const error_t error = argp_parse(argp, argc, argv, 0, NULL, input);
    argv[0] = NULL; /* name ends here */
    return error ? GS_BAD_INPUT : 0;
}
