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

/* The value that was given to the option before, or NULL; names and values take turns in `given`. */
static const char *given_before(const struct name_list *given, const char *option)
{
    for (size_t i = 0; i < given->count; i += 2)
        if (strcmp(given->items[i], option) == 0)
            return given->items[i + 1];
    return NULL;
}

static int check_value(const char *command, const struct argp_option *option, const char *value,
                       struct name_list *given)
{
    if (!*value)
        return complain(command, "--%s: its value is empty: --%s %s", option->name, option->name, option->arg);
    if (option->flags & OPTION_REPEATABLE)
        return 0;
    const char *before = given_before(given, option->name);
    if (before && strcmp(before, value) != 0)
        return complain(command, "--%s %s: there is --%s %s already: say it once", option->name, value, option->name,
                        before);
    name_list_add(given, option->name);
    name_list_add(given, value);
    return 0;
}

/* Of arguments whose options all exist and have values. */
static int check_values(const char *command, const struct argp *argp, int argc, char **argv, struct name_list *given)
{
    bool may_be_option = true;
    int status = 0;
    for (int next = 1; next < argc && !status; next++) {
        const char *word = argv[next];
        const bool is_option = may_be_option && strncmp(word, "--", 2) == 0;
        const size_t length = strcspn(word, "=");
        const struct argp_option *option = is_option ? arguments_find(argp, word + 2, length - 2) : NULL;
        may_be_option &= strcmp(word, "--") != 0;
        if (!*word)
            status = complain(command, "an argument is empty");
        if (option && option->arg)
            status = check_value(command, option, word[length] ? word + length + 1 : argv[++next], given);
    }
    return status;
}

int arguments_parse(const char *command, const struct argp *argp, int argc, char **argv, void *input)
{
    char name[64];
    struct name_list given = {0};
    int status = check_options(command, argp, argc, argv);
    if (!status)
        status = check_values(command, argp, argc, argv, &given);
    name_list_free(&given);
    if (status)
        return status;
    snprintf(name, sizeof(name), "gainsay %s", command);
    argv[0] = name;
    argp_err_exit_status = GS_BAD_INPUT;
    const error_t error = argp_parse(argp, argc, argv, 0, NULL, input);
    argv[0] = NULL; /* name ends here */
    return error ? GS_BAD_INPUT : 0;
}
