/* gainsay complete -- WORD...: what may stand in the place of the last word. For the scripts in cli/completion/, which
 * run it at each press of the key: it complains of nothing, exits with 0 and runs no protocol. It reads the tables that
 * the subcommands parse with, so that a new option is completed without a change here. */
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/placeholders.h"
#include "cli/protocols.h"

/* Where a subcommand's arguments have got to. */
struct arguments {
    const struct argp *argp;
    const struct argp_option *option; /* that still wants a value, or NULL */
    size_t values;                    /* it has */
    size_t operands;                  /* arguments so far that belong to no option */
    bool options_are_over;            /* behind "--" */
    const struct gs_model *model;     /* the protocol that was named, NULL: none, or a file */
};

static bool next_placeholder(const struct arguments *arguments, char placeholder[PLACEHOLDER_SIZE])
{
    if (arguments->option)
        return placeholder_at(arguments->option->arg, arguments->values, placeholder);
    const char *usage = arguments->argp->args_doc;
    return usage && placeholder_at(usage, arguments->operands, placeholder);
}

/* An argument, or a value of an option: --witness takes two. */
static void take_value(struct arguments *arguments, const char *value)
{
    char placeholder[PLACEHOLDER_SIZE];
    if (next_placeholder(arguments, placeholder) && placeholder_allows(placeholder, "PROTOCOL"))
        arguments->model = protocol_builtin(value);
    if (!arguments->option) {
        arguments->operands++;
        return;
    }
    arguments->values++;
    if (!next_placeholder(arguments, placeholder))
        arguments->option = NULL;
}

static const char *find_value(const char *word)
{
    const char *equals = strchr(word, '=');
    return equals ? equals + 1 : NULL;
}

/* The option of a word like --preset or --preset=quick, if it takes a value. */
static const struct argp_option *find_valued_option(const struct argp *argp, const char *word)
{
    const struct argp_option *option = arguments_find(argp, word + 2, strcspn(word + 2, "="));
    return option && option->arg ? option : NULL;
}

static void take_word(struct arguments *arguments, const char *word)
{
    if (arguments->option || arguments->options_are_over || word[0] != '-') {
        take_value(arguments, word);
    } else if (strcmp(word, "--") == 0) {
        arguments->options_are_over = true;
    } else if (word[1] == '-') {
        arguments->option = find_valued_option(arguments->argp, word);
        arguments->values = 0;
        if (arguments->option && find_value(word))
            take_value(arguments, find_value(word));
    }
}

static bool offer_option(const struct argp_option *option, void *context)
{
    char word[128];
    snprintf(word, sizeof(word), "--%s", option->name);
    if (!(option->flags & OPTION_HIDDEN))
        completion_offer(context, word, option->doc);
    return false;
}

static void complete_value(const struct arguments *arguments, struct completion *completion)
{
    char placeholder[PLACEHOLDER_SIZE];
    completion->model = arguments->model;
    if (next_placeholder(arguments, placeholder))
        placeholder_complete(placeholder, completion);
}

/* Options are offered when one is begun, or when nothing else may stand there. */
static void complete_word(struct arguments *arguments, const char *word)
{
    struct completion completion = {.word = word};
    if (arguments->option || arguments->options_are_over) {
        complete_value(arguments, &completion);
    } else if (strncmp(word, "--", 2) == 0 && find_value(word)) {
        arguments->option = find_valued_option(arguments->argp, word);
        arguments->values = 0;
        completion = (struct completion){find_value(word), word, (size_t)(find_value(word) - word), NULL, 0};
        if (arguments->option)
            complete_value(arguments, &completion);
    } else {
        if (word[0] != '-')
            complete_value(arguments, &completion);
        if (!completion.offered)
            arguments_visit(arguments->argp, offer_option, &completion);
    }
}

static void complete_arguments(const struct argp *argp, char **words, int count)
{
    struct arguments arguments = {.argp = argp};
    for (int i = 0; i + 1 < count; i++)
        take_word(&arguments, words[i]);
    complete_word(&arguments, words[count - 1]);
}

static void complete_name(const char *word)
{
    struct completion completion = {.word = word};
    placeholder_complete("COMMAND", &completion);
    completion_offer(&completion, "--help", "what there is");
    completion_offer(&completion, "--version", "which gainsay this is");
}

int complete_command(int argc, char **argv)
{
    char *nothing[] = {""};
    const int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
    char **words = argc > first ? argv + first : nothing;
    const int count = argc > first ? argc - first : 1;
    const struct command *command = command_find(words[0]);
    if (count == 1)
        complete_name(words[0]);
    else if (command && command->argp)
        complete_arguments(command->argp, words + 1, count - 1);
    if (fflush(stdout) != 0) { /* nobody is there to be told */
        __fpurge(stdout);
        clearerr(stdout);
    }
    return 0;
}
