/* gainsay completion: the scripts that complete gainsay's arguments in a shell, which ask `gainsay complete`. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/complain.h"
#include "core/embed.h"

EMBED(bash_completion, "cli/completion/gainsay.bash");
EMBED(zsh_completion, "cli/completion/gainsay.zsh");

static const struct {
    const char *shell, *script;
} scripts[] = {{"bash", bash_completion}, {"zsh", zsh_completion}};
enum { SCRIPTS = sizeof(scripts) / sizeof(*scripts) };

static error_t complain_of_shell(const char *shell)
{
    struct name_list known = {0};
    for (size_t i = 0; i < SCRIPTS; i++)
        name_list_add(&known, scripts[i].shell);
    complain_unknown("completion", "", shell, "shell", &known);
    name_list_free(&known);
    return EINVAL;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    const char **script = state->input;
    if (key == ARGP_KEY_ARG && *script) {
        complain("completion", "%s: one shell at a time", text);
        return EINVAL;
    }
    if (key == ARGP_KEY_ARG) {
        for (size_t i = 0; i < SCRIPTS; i++)
            if (strcmp(scripts[i].shell, text) == 0)
                *script = scripts[i].script;
        return *script ? 0 : complain_of_shell(text);
    }
    if (key != ARGP_KEY_END)
        return ARGP_ERR_UNKNOWN;
    if (*script)
        return 0;
    complain("completion", "which shell? gainsay completion bash, or zsh");
    return EINVAL;
}

const struct argp completion_argp = {
    .parser = parse,
    .args_doc = "bash|zsh",
    .doc = "Prints a script that completes gainsay's commands, options, protocols and their presets, options, properties "
           "and mutants in your shell. 'make install' puts it where bash-completion and zsh look for it.\v"
           "Exit codes: 0 printed, 2 bad usage.\n"
           "\n"
           "Examples:\n"
           "  source <(gainsay completion bash)     in ~/.bashrc\n"
           "  source <(gainsay completion zsh)      in ~/.zshrc, behind compinit\n",
};

int completion_command(int argc, char **argv)
{
    const char *script = NULL;
    const int status = arguments_parse("completion", &completion_argp, argc, argv, &script);
    if (!status)
        fputs(script, stdout);
    return status;
}
