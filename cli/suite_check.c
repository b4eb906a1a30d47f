/* The subcommand judges its own command line, in a child whose complaint is caught: it names a flag, and the flag is a
 * key with a line. */
#include "cli/suite_check.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checker/check.h"
#include "cli/plugin.h"
#include "core/die.h"

static bool has_plugin(const struct suite_run *run)
{
    for (size_t i = 1; i < run->arguments.count; i++)
        if (plugin_is_file(run->arguments.items[i]))
            return true;
    return false;
}

/* What the subcommand says of the run, without its prefix and line end; empty if nothing. False: no child. */
static bool ask(const struct suite_plan *plan, const struct suite_run *run, char *said, size_t size)
{
    FILE *errors = tmpfile();
    int status = 0;
    fflush(NULL);
    const pid_t child = errors ? fork() : -1;
    if (child == 0) {
        dup2(fileno(errors), STDERR_FILENO);
        if (chdir(plan->file->directory) != 0) /* where paths begin */
            _exit(complain("suite", "%s: %s", plan->file->directory, strerror(errno)));
        struct name_list arguments = {0};
        for (size_t i = 0; i < run->arguments.count; i++)
            name_list_add(&arguments, run->arguments.items[i]);
        for (size_t i = 0; i < run->violates.count; i++) { /* names of properties, too */
            name_list_add(&arguments, "--allow");
            name_list_add(&arguments, run->violates.items[i]);
        }
        const int answer = run->kind->check((int)arguments.count, (char **)arguments.items);
        fflush(NULL);
        _exit(answer);
    }
    if (child < 0) {
        complain("suite", "cannot start a child: %s", strerror(errno));
        if (errors)
            fclose(errors);
        return false;
    }
    while (waitpid(child, &status, 0) < 0)
        must(errno == EINTR);
    char line[1024] = "", *text = line;
    rewind(errors);
    if (status && fgets(line, sizeof(line), errors)) {
        char prefix[64];
        snprintf(prefix, sizeof(prefix), "gainsay: %s: ", run->kind->command);
        text += strncmp(line, prefix, strlen(prefix)) == 0 ? strlen(prefix) : 0;
        text[strcspn(text, "\n")] = '\0';
    }
    fclose(errors);
    snprintf(said, size, "%s", text);
    return true;
}

/* The option that a key's values were asked about as. */
static const char *option_of(const struct suite_entry *entry)
{
    return strcmp(entry->key, "violates") == 0 ? "allow" : entry->key;
}

/* "--set servers=x: ..." is of the key `set` whose value has "servers=x". */
static bool is_about(const char *said, const struct suite_entry *entry)
{
    const bool is_flag = strncmp(said, "--", 2) == 0;
    const char *word = is_flag ? said + 2 : said;
    const char *option = option_of(entry);
    const size_t length = strlen(option);
    if (is_flag) {
        if (strncmp(word, option, length) != 0 || word[length] != ' ')
            return false;
        word += length + 1;
    }
    const size_t end = strcspn(word, ":");
    char value[256];
    snprintf(value, sizeof(value), "%.*s", (int)end, word);
    return *value && strstr(entry->value, value) != NULL;
}

int suite_check_run(const struct suite_plan *plan, const struct suite_section *section, const struct suite_run *run)
{
    char said[1024];
    if (!run->kind->check || has_plugin(run))
        return 0;
    if (!ask(plan, run, said, sizeof(said)))
        return GS_BAD_INPUT;
    if (!*said)
        return 0;
    for (size_t i = 0; i < section->count; i++) {
        const struct suite_entry *entry = &section->entries[i];
        if (!is_about(said, entry))
            continue;
        const char *rest = strncmp(said, "--", 2) == 0 ? strchr(said, ' ') + 1 : said;
        return suite_complain(plan->file, entry->line, "[%s]: %s %s", section->name, entry->key, rest);
    }
    return suite_complain(plan->file, section->line, "[%s]: %s", section->name, said);
}
