/* A trace names a protocol that comes with gainsay, or the file of one, and the files of properties. */
#include "cli/trace_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/plugin.h"
#include "cli/protocols.h"
#include "core/die.h"

/* "FILE:1: MEMBER", to complain of what the header's member names. Owned by the caller. */
static char *name_member(const struct loaded_trace *loaded, const char *member)
{
    char *name;
    must(asprintf(&name, "%s:1: %s", loaded->path, member) >= 0);
    return name;
}

static const struct gs_model *find_model(const struct loaded_trace *loaded, const char *protocol, const char *plugin)
{
    if (loaded->protocol)
        return protocol_find(loaded->command, "--protocol", loaded->protocol);
    if (!plugin)
        return protocol_find(loaded->command, "", protocol);
    char *what = name_member(loaded, "plugin");
    const struct gs_model *model = plugin_load_model(loaded->command, what, plugin);
    free(what);
    return model;
}

static bool load_extensions(struct loaded_trace *loaded, const char *const *paths, const struct gs_model *model)
{
    char *what = name_member(loaded, "extensions");
    bool are_loaded = true;
    size_t count = 0;
    for (; paths[count] && are_loaded; count++) {
        if (count == EXTENSIONS_MAX)
            complain(loaded->command, "%s: at most %d files of properties", what, EXTENSIONS_MAX);
        else
            loaded->extensions[count] = plugin_load_extension(loaded->command, what, paths[count], model);
        are_loaded = count < EXTENSIONS_MAX && loaded->extensions[count];
    }
    if (are_loaded)
        loaded->extensions[count] = NULL;
    free(what);
    return are_loaded;
}

/* Complains itself, but for what the reader prefixes with file and line. */
static bool resolve(void *context, const char *protocol, const char *plugin, const char *const *extensions,
                    struct trace_sources *sources, char *error, size_t error_size)
{
    struct loaded_trace *loaded = context;
    error[0] = '\0';
    if (!loaded->protocol && !plugin && (plugin_is_file(protocol) || !protocol_builtin(protocol))) {
        struct name_list known = {0};
        protocol_names(&known);
        const char *nearest = nearest_name(protocol, &known);
        snprintf(error, error_size, "protocol '%s' does not come with gainsay%s%s%s (--protocol FILE.c gives it)",
                 protocol, nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
        name_list_free(&known);
        return false;
    }
    const struct gs_model *model = find_model(loaded, protocol, plugin);
    if (!model)
        return false;
    if (strcmp(model->name, protocol) != 0) {
        snprintf(error, error_size, "the trace is of protocol '%s', %s holds '%s'", protocol,
                 loaded->protocol ? loaded->protocol : plugin, model->name);
        return false;
    }
    sources->model = model;
    sources->property = loaded->property;
    sources->extensions = loaded->extensions;
    return load_extensions(loaded, extensions, model);
}

int trace_source_load(struct loaded_trace *loaded, const char *path)
{
    loaded->path = path;
    loaded->error[0] = '\0';
    loaded->file = trace_file_read(path, resolve, loaded, loaded->error, sizeof(loaded->error));
    if (loaded->file &&
        (loaded->takes_foreign || trace_file_is_known(loaded->file, loaded->error, sizeof(loaded->error))))
        return 0;
    trace_source_free(loaded);
    if (loaded->error[0])
        return complain(loaded->command, "%s", loaded->error);
    snprintf(loaded->error, sizeof(loaded->error),
             "%s: its protocol or a property file cannot be loaded (standard error says why)", path);
    return GS_BAD_INPUT;
}

struct trace_file_info trace_source_origin(const struct loaded_trace *loaded)
{
    struct trace_file_info info = *trace_file_origin(loaded->file);

    if (loaded->protocol)
        info.plugin = plugin_is_file(loaded->protocol) ? loaded->protocol : NULL;
    return info;
}

void trace_source_free(struct loaded_trace *loaded)
{
    if (loaded->file)
        trace_file_free(loaded->file);
    loaded->file = NULL;
}
