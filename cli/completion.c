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

static const char *find_script(const char *shell)
{
    for (size_t i = 0; i < SCRIPTS; i++)
        if (strcmp(scripts[i].shell, shell) == 0)
            return scripts[i].script;
    return NULL;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    const char **script = state->input;
    if (key == ARGP_KEY_ARG && *script)
        complain("completion", "%s: one shell at a time", text);
    else if (key == ARGP_KEY_ARG && !(*script = find_script(text)))
        complain("completion", "%s: no such shell; there are bash and zsh", text);
    else if (key == ARGP_KEY_END && !*script)
        complain("completion", "which shell? gainsay completion bash or zsh");
    else
        return key == ARGP_KEY_ARG || key == ARGP_KEY_END ? 0 : ARGP_ERR_UNKNOWN;
    return EINVAL;
}

const struct argp completion_argp = {
    .parser = parse,
    .args_doc = "bash|zsh",
    .doc =
        "Prints a script that completes gainsay's commands, options, protocols and their presets, options, properties "
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
