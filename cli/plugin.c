/* Loading plugins. Everything that a stranger's object file may get wrong is looked at before its tables are read, and
 * tried in another process first. */
#include "cli/plugin.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/compile.h"
#include "cli/complain.h"
#include "cli/object_file.h"
#include "cli/rehearse.h"
#include "core/model.h"

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), end_length = strlen(end);
    return length > end_length && strcmp(text + length - end_length, end) == 0;
}

bool plugin_is_file(const char *argument)
{
    return ends_with(argument, ".c") || ends_with(argument, ".so");
}

/* A plugin while it is loaded: as a sequential model, as properties for `model`, or, NULL, as a protocol. */
struct loading {
    const char *command, *path; /* as it was given, for what is said */
    const char *object;         /* absolute: dlopen looks along the library path for a name without a slash */
    const struct gs_model *model;
    void *handle;
    const struct gs_plugin *plugin;
    bool is_sequential;
    const struct gs_sequential_plugin *sequential;
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct rehearsal *rehearsal, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(rehearsal->error, sizeof(rehearsal->error), format, arguments);
    va_end(arguments);
    return false;
}

/* How large the object file says the symbol is. */
static size_t symbol_size(const void *symbol)
{
    Dl_info info;
    void *entry = NULL;
    if (!dladdr1(symbol, &info, &entry, RTLD_DL_SYMENT) || !entry)
        return 0;
    return (size_t)((const ElfW(Sym) *)entry)->st_size;
}

static bool check_plugin(const struct gs_plugin *plugin, struct rehearsal *rehearsal)
{
    if (!plugin)
        return refuse(rehearsal, "exports no gainsay_plugin; end it with GS_EXPORT_MODEL(model) or "
                                 "GS_EXPORT_PROPERTIES(properties)");
    if (symbol_size(plugin) < sizeof(*plugin))
        return refuse(rehearsal,
                      "gainsay_plugin is not a struct gs_plugin; use GS_EXPORT_MODEL or GS_EXPORT_PROPERTIES");
    if (plugin->interface_version != GS_INTERFACE)
        return refuse(rehearsal,
                      "made for interface version %u, this gainsay has version %d: compile it again with its headers",
                      (unsigned)plugin->interface_version, GS_INTERFACE);
    if (plugin->model_size != sizeof(struct gs_model))
        return refuse(
            rehearsal,
            "its struct gs_model has %u bytes, gainsay's has %zu: compile it again with this gainsay's headers",
            (unsigned)plugin->model_size, sizeof(struct gs_model));
    return !plugin->model != !plugin->extension ||
           refuse(rehearsal, "gainsay_plugin exports neither a model nor properties, or both; it must be one of them");
}

static bool check_model(const struct loading *loading, struct rehearsal *rehearsal)
{
    const struct gs_plugin *plugin = loading->plugin;
    if (plugin->model)
        return model_check(plugin->model, rehearsal->error, sizeof(rehearsal->error));
    const char *protocol = plugin->extension->protocol;
    return refuse(rehearsal, "holds properties, not a protocol: gainsay check %s --property %s",
                  protocol ? protocol : "PROTOCOL", loading->path);
}

static bool check_extension(const struct loading *loading, struct rehearsal *rehearsal)
{
    const struct gs_extension *extension = loading->plugin->extension;
    if (!extension)
        return refuse(rehearsal, "holds a protocol, not properties: gainsay check %s", loading->path);
    if (!extension->protocol || strcmp(extension->protocol, loading->model->name) != 0)
        return refuse(rehearsal, "its properties are for protocol '%s', this is '%s'",
                      extension->protocol ? extension->protocol : "", loading->model->name);
    return extension_check(loading->model, extension, rehearsal->error, sizeof(rehearsal->error));
}

static bool check_sequential(const struct gs_sequential_plugin *plugin, struct rehearsal *rehearsal)
{
    struct gs_buffer nowhere = {NULL, 0, 0};
    if (!plugin || symbol_size(plugin) < sizeof(*plugin))
        return refuse(rehearsal, "exports no gainsay_sequential; end it with GS_EXPORT_SEQUENTIAL(model)");
    if (plugin->interface_version != GS_SEQUENTIAL_INTERFACE || plugin->model_size != sizeof(struct gs_sequential))
        return refuse(rehearsal, "made for another version of gainsay: compile it again with this one's headers");
    const struct gs_sequential *model = plugin->model;
    if (!model || !model->name || !model->functions || !model->functions[0] || !model->init || !model->apply)
        return refuse(rehearsal, "its model lacks a name, functions, init or apply");
    return model->init(GS_UNKNOWN, &nowhere) ||
           refuse(rehearsal, "init of its model refuses GS_UNKNOWN, with which it begins where nothing is given");
}

static bool load(void *context, struct rehearsal *rehearsal)
{
    struct loading *loading = context;
    rehearsal->stage = "when it is loaded";
    loading->handle = dlopen(loading->object, RTLD_NOW | RTLD_LOCAL);
    if (!loading->handle)
        return refuse(rehearsal, "cannot be loaded: %s", dlerror());
    rehearsal->stage = "when its tables are read";
    if (loading->is_sequential) {
        loading->sequential = dlsym(loading->handle, "gainsay_sequential");
        return check_sequential(loading->sequential, rehearsal);
    }
    loading->plugin = dlsym(loading->handle, "gainsay_plugin");
    return check_plugin(loading->plugin, rehearsal) &&
           (loading->model ? check_extension(loading, rehearsal) : check_model(loading, rehearsal));
}

static bool load_and_unload(void *context, struct rehearsal *rehearsal)
{
    const struct loading *loading = context;
    if (!load(context, rehearsal))
        return false;
    rehearsal->stage = "when it is unloaded";
    dlclose(loading->handle);
    return true;
}

/* In a child first: what crashes there is complained of here. */
static bool load_object(struct loading *loading, struct rehearsal *rehearsal)
{
    char *object = realpath(loading->object, NULL);
    loading->object = object;
    const bool is_loaded = object ? object_file_is_whole(object, rehearsal->error, sizeof(rehearsal->error)) &&
                                        rehearse(load_and_unload, loading, rehearsal->error) && load(loading, rehearsal)
                                  : refuse(rehearsal, "%s", strerror(errno));
    free(object);
    return is_loaded;
}

static bool compile_and_load(struct loading *loading, struct rehearsal *rehearsal)
{
    struct compiled compiled;
    if (!compile_plugin(loading->command, loading->path, &compiled))
        return false; /* it has been said why */
    loading->object = compiled.object;
    const bool is_loaded = load_object(loading, rehearsal);
    compiled_remove(&compiled);
    return is_loaded;
}

static bool is_readable_file(const char *path, struct rehearsal *rehearsal)
{
    struct stat status;
    if (stat(path, &status) != 0 || access(path, R_OK) != 0)
        return refuse(rehearsal, "%s", strerror(errno));
    return S_ISREG(status.st_mode) || refuse(rehearsal, "not a file");
}

/* False: it has been complained of. */
static bool load_file(const char *what, struct loading *loading)
{
    struct rehearsal rehearsal = {.stage = ""};
    loading->object = loading->path;
    const bool is_loaded =
        is_readable_file(loading->path, &rehearsal) &&
        (ends_with(loading->path, ".c") ? compile_and_load(loading, &rehearsal) : load_object(loading, &rehearsal));
    if (rehearsal.error[0])
        complain(loading->command, "%s%s%s: %s", what, *what ? " " : "", loading->path, rehearsal.error);
    return is_loaded;
}

const struct gs_model *plugin_load_model(const char *command, const char *what, const char *path)
{
    struct loading loading = {.command = command, .path = path};
    return load_file(what, &loading) ? loading.plugin->model : NULL;
}

const struct gs_extension *plugin_load_extension(const char *command, const char *what, const char *path,
                                                 const struct gs_model *model)
{
    struct loading loading = {.command = command, .path = path, .model = model};
    return load_file(what, &loading) ? loading.plugin->extension : NULL;
}

const struct gs_sequential *plugin_load_sequential(const char *command, const char *what, const char *path)
{
    struct loading loading = {.command = command, .path = path, .is_sequential = true};
    return load_file(what, &loading) ? loading.sequential->model : NULL;
}
