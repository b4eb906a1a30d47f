/* Loading plugins. Everything that a stranger's object file may get wrong is looked at before its tables are read. */
#include "cli/plugin.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/compile.h"
#include "cli/complain.h"
#include "core/model.h"

/* Who asks, for complaints. */
struct asker {
    const char *command, *what, *gap, *path;
};

#define COMPLAIN(asker, format, ...) \
    complain((asker)->command, "%s%s%s: " format, (asker)->what, (asker)->gap, (asker)->path, __VA_ARGS__)

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), end_length = strlen(end);
    return length > end_length && strcmp(text + length - end_length, end) == 0;
}

bool plugin_is_file(const char *argument)
{
    return ends_with(argument, ".c") || ends_with(argument, ".so");
}

static bool is_readable_file(const struct asker *asker)
{
    struct stat status;
    if (stat(asker->path, &status) != 0 || access(asker->path, R_OK) != 0) {
        COMPLAIN(asker, "%s", strerror(errno));
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        COMPLAIN(asker, "%s", "not a file");
        return false;
    }
    return true;
}

/* dlopen looks along the library path for a name without a slash: give it none such. */
static void *open_object(const struct asker *asker, const char *object)
{
    char *path = realpath(object, NULL);
    void *handle = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
    if (!handle) {
        const char *reason = path ? dlerror() : strerror(errno);
        COMPLAIN(asker, "cannot be loaded: %s", reason);
    }
    free(path);
    return handle;
}

static void *load_object(const struct asker *asker)
{
    struct compiled compiled;
    if (!is_readable_file(asker))
        return NULL;
    if (!ends_with(asker->path, ".c"))
        return open_object(asker, asker->path);
    if (!compile_plugin(asker->command, asker->path, &compiled))
        return NULL;
    void *handle = open_object(asker, compiled.object);
    compiled_remove(&compiled);
    return handle;
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

static const struct gs_plugin *find_plugin(const struct asker *asker, void *handle)
{
    const struct gs_plugin *plugin = dlsym(handle, "gainsay_plugin");
    if (!plugin)
        COMPLAIN(asker, "%s",
                 "exports no gainsay_plugin; end it with GS_EXPORT_MODEL(model) or GS_EXPORT_PROPERTIES(properties)");
    else if (symbol_size(plugin) < sizeof(*plugin))
        COMPLAIN(asker, "%s", "gainsay_plugin is not a struct gs_plugin; use GS_EXPORT_MODEL or GS_EXPORT_PROPERTIES");
    else if (plugin->interface_version != GS_INTERFACE)
        COMPLAIN(asker, "made for interface version %u, this gainsay has version %d: compile it again with its headers",
                 (unsigned)plugin->interface_version, GS_INTERFACE);
    else if (plugin->model_size != sizeof(struct gs_model))
        COMPLAIN(asker,
                 "its struct gs_model has %u bytes, gainsay's has %zu: compile it again with this gainsay's headers",
                 (unsigned)plugin->model_size, sizeof(struct gs_model));
    else if (!plugin->model == !plugin->extension)
        COMPLAIN(asker, "%s", "gainsay_plugin exports neither a model nor properties, or both; it must be one of them");
    else
        return plugin;
    return NULL;
}

static const struct gs_plugin *load(const struct asker *asker)
{
    void *handle = load_object(asker);
    return handle ? find_plugin(asker, handle) : NULL;
}

const struct gs_model *plugin_load_model(const char *command, const char *what, const char *path)
{
    const struct asker asker = {command, what, *what ? " " : "", path};
    char error[512];
    const struct gs_plugin *plugin = load(&asker);
    if (!plugin)
        return NULL;
    if (plugin->model) {
        if (model_check(plugin->model, error, sizeof(error)))
            return plugin->model;
        COMPLAIN(&asker, "%s", error);
    } else {
        const char *protocol = plugin->extension->protocol;
        COMPLAIN(&asker, "holds properties, not a protocol: gainsay check %s --property %s",
                 protocol ? protocol : "PROTOCOL", path);
    }
    return NULL;
}

const struct gs_extension *plugin_load_extension(const char *command, const char *what, const char *path,
                                                 const struct gs_model *model)
{
    const struct asker asker = {command, what, *what ? " " : "", path};
    char error[512];
    const struct gs_plugin *plugin = load(&asker);
    if (!plugin)
        return NULL;
    const struct gs_extension *extension = plugin->extension;
    if (!extension)
        COMPLAIN(&asker, "holds a protocol, not properties: gainsay check %s", path);
    else if (!extension->protocol || strcmp(extension->protocol, model->name) != 0)
        COMPLAIN(&asker, "its properties are for protocol '%s', this is '%s'",
                 extension->protocol ? extension->protocol : "", model->name);
    else if (!extension_check(model, extension, error, sizeof(error)))
        COMPLAIN(&asker, "%s", error);
    else
        return extension;
    return NULL;
}
