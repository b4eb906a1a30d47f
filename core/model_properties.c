/* Registration of announcements, monitors and properties, of a model or of an extension of it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/judge.h"
#include "core/registration.h"

bool registration_check_announcements(const struct registration *registration)
{
    const struct gs_announcement *announcements = registration->model->announcements;
    char what[REGISTRATION_WHAT_SIZE];

    if (!registration_check_names(registration, NAMES("announcement", registration->model->announcements)))
        return false;
    for (size_t i = 0; i < NAMES_COUNT(registration->model->announcements); i++) {
        snprintf(what, sizeof(what), "the struct of announcement %s", announcements[i].name);
        if (!registration_check_struct(registration, announcements[i].fields, announcements[i].size, 0, what, false))
            return false;
    }
    return true;
}

/* ---- Monitors ---- */

static struct names monitor_table(const struct registration *registration)
{
    return registration->extension ? NAMES("monitor", registration->extension->monitors)
                                   : NAMES("monitor", registration->model->monitors);
}

static bool check_monitor(const struct registration *registration, const struct gs_monitor *monitor)
{
    char what[REGISTRATION_WHAT_SIZE];

    if (monitor->ready && (monitor->announced || monitor->stepped || monitor->init))
        return registration_refuse(registration,
                                   "monitor %s is a ready-made one, which has its own functions: leave out init, "
                                   "announced and stepped",
                                   monitor->name);
    if (!monitor->announced && !monitor->stepped && !monitor->ready)
        return registration_refuse(registration, "monitor %s is never fed: set announced or stepped", monitor->name);
    if (!monitor->stepped && !registration->model->announcements[0].name)
        return registration_refuse(
            registration, "monitor %s is never fed: the model has no announcements, so set stepped", monitor->name);
    snprintf(what, sizeof(what), "the struct of monitor %s", monitor->name);
    return registration_check_struct(registration, monitor->fields, monitor->size, 0, what, false);
}

bool registration_check_monitors(const struct registration *registration)
{
    const struct names table = monitor_table(registration);
    const struct gs_monitor *monitors = table.entries;

    if (!registration_check_names(registration, table))
        return false;
    for (size_t i = 0; i < names_count(&table); i++) {
        if (registration->extension && names_have(&NAMES("monitor", registration->model->monitors), monitors[i].name))
            return registration_refuse(registration, "the model has a monitor %s already: rename this one",
                                       monitors[i].name);
        if (!check_monitor(registration, &monitors[i]))
            return false;
    }
    return true;
}

/* ---- Properties ---- */

/* What each scope takes from a property's description. */
static const struct {
    bool role, other_role, monitor, message, step;
} scopes[] = {
    [GS_SCOPE_ALL_NODES] = {0},
    [GS_SCOPE_NODE] = {.role = true},
    [GS_SCOPE_PAIR] = {.role = true, .other_role = true},
    [GS_SCOPE_ROLE] = {.role = true},
    [GS_SCOPE_MESSAGE] = {.message = true},
    [GS_SCOPE_MESSAGE_RECEIVER] = {.message = true},
    [GS_SCOPE_MONITOR] = {.monitor = true},
    [GS_SCOPE_MONITOR_NODE] = {.monitor = true, .role = true},
    [GS_SCOPE_STEP] = {.step = true, .role = true},
    [GS_SCOPE_STEP_ROLE] = {.step = true, .role = true, .other_role = true},
};

/* Each value of the option that chooses a property's monitor has to be the number of one, from .monitor on. */
static bool check_monitor_option(const struct registration *registration, const struct gs_property *property,
                                 size_t monitors)
{
    if (!property->monitor_option)
        return true;
    const size_t options = NAMES_COUNT(registration->model->options);
    if (property->monitor_option > options)
        return registration_refuse(registration, "property %s: option %d chooses its monitor, but there are only %zu",
                                   property->name, property->monitor_option - 1, options);
    const struct gs_option *option = &registration->model->options[property->monitor_option - 1];
    if (option->min < 0 || option->max >= (int64_t)monitors - property->monitor)
        return registration_refuse(registration,
                                   "property %s: option %s chooses among monitors %" PRId64 " to %" PRId64
                                   ", but they are 0 to %zu: narrow its range",
                                   property->name, option->name, option->min + property->monitor,
                                   option->max + property->monitor, monitors - 1);
    return true;
}

static bool check_scope(const struct registration *registration, const struct gs_property *property)
{
    const size_t roles = NAMES_COUNT(registration->model->roles);
    const struct names monitors = monitor_table(registration);

    if (property->scope >= sizeof(scopes) / sizeof(scopes[0]))
        return registration_refuse(registration, "property %s: scope %d is no GS_SCOPE_...", property->name,
                                   property->scope);
    if (scopes[property->scope].role && property->role >= roles)
        return registration_refuse(registration, "property %s is about role %d, but there are only %zu roles",
                                   property->name, property->role, roles);
    if (scopes[property->scope].other_role && property->other_role >= roles)
        return registration_refuse(registration, "property %s is about other_role %d, but there are only %zu roles",
                                   property->name, property->other_role, roles);
    if (scopes[property->scope].monitor && property->monitor >= names_count(&monitors))
        return registration_refuse(registration, "property %s reads monitor %d, but there are only %zu monitors",
                                   property->name, property->monitor, names_count(&monitors));
    if (scopes[property->scope].monitor && !check_monitor_option(registration, property, names_count(&monitors)))
        return false;
    if (scopes[property->scope].message && !registration->model->message_size)
        return registration_refuse(registration,
                                   "property %s is about messages, but the model has none: choose another "
                                   "scope",
                                   property->name);
    return true;
}

/* Its monitor decides: whichever the option chooses. check_scope has found them all to exist. */
static bool check_linearizable(const struct registration *registration, const struct gs_property *property)
{
    const struct gs_monitor *monitors = monitor_table(registration).entries;
    const int64_t more = property->monitor_option ? registration->model->options[property->monitor_option - 1].max : 0;
    if (property->scope != GS_SCOPE_MONITOR)
        return registration_refuse(registration,
                                   "property %s: GS_LINEARIZABLE is judged over a monitor: set scope to "
                                   "GS_SCOPE_MONITOR",
                                   property->name);
    for (int64_t m = property->monitor; m <= property->monitor + more; m++)
        if (!monitors[m].ready || !monitors[m].ready->linearizable)
            return registration_refuse(registration,
                                       "property %s: monitor %s does not keep a history: list GS_LINEARIZATIONS or "
                                       "GS_HISTORY (properties/client.h)",
                                       property->name, monitors[m].name);
    return true;
}

static bool check_kind(const struct registration *registration, const struct gs_property *property)
{
    if (property->kind == GS_LINEARIZABLE)
        return check_linearizable(registration, property);
    if (property->kind > GS_LINEARIZABLE)
        return registration_refuse(registration,
                                   "property %s: kind %d is none of GS_ALWAYS, GS_REACHABLE, GS_QUIESCENT, "
                                   "GS_LINEARIZABLE",
                                   property->name, property->kind);
    if (scopes[property->scope].step && property->kind == GS_QUIESCENT)
        return registration_refuse(registration,
                                   "property %s: a scope of steps goes with GS_ALWAYS or GS_REACHABLE only, since a "
                                   "GS_QUIESCENT property is about a state",
                                   property->name);
    return true;
}

static bool check_property(const struct registration *registration, const struct gs_property *property)
{
    if (strcmp(property->name, JUDGE_BEHAVIOUR) == 0)
        return registration_refuse(registration, "property %s has the name of a built-in one: rename it",
                                   property->name);
    if (property->kind == GS_LINEARIZABLE && property->holds)
        return registration_refuse(registration,
                                   "property %s: GS_LINEARIZABLE has no predicate, its monitor decides: leave out "
                                   "holds",
                                   property->name);
    if (!property->holds && property->kind != GS_LINEARIZABLE)
        return registration_refuse(registration, "property %s has no predicate: set holds", property->name);
    if (!property->needs != !property->needs_text)
        return registration_refuse(registration,
                                   "property %s: needs and needs_text come together: the text says in reports why a "
                                   "property is not checked",
                                   property->name);
    return check_scope(registration, property) && check_kind(registration, property);
}

/* Without a goal nothing shows that the states searched include those that matter. */
static bool check_goal(const struct registration *registration)
{
    for (size_t i = 0; i < NAMES_COUNT(registration->model->properties); i++)
        if (registration->model->properties[i].kind == GS_REACHABLE)
            return true;
    return registration_refuse(registration, "no property is GS_REACHABLE: add one that says what a good run achieves");
}

bool registration_check_properties(const struct registration *registration)
{
    const struct gs_model *model = registration->model;
    const struct names table = registration->extension ? NAMES("property", registration->extension->properties)
                                                       : NAMES("property", model->properties);
    const struct gs_property *properties = table.entries;

    if (!registration_check_names(registration, table))
        return false;
    for (size_t i = 0; i < names_count(&table); i++) {
        if (registration->extension && names_have(&NAMES("property", model->properties), properties[i].name))
            return registration_refuse(registration, "the model has a property %s already: rename this one",
                                       properties[i].name);
        if (!check_property(registration, &properties[i]))
            return false;
    }
    if (registration->extension && !names_count(&table))
        return registration_refuse(registration, "there is none: fill in properties");
    return registration->extension || check_goal(registration);
}
