/* Registration: is a model well formed? Everything that can be checked without a configuration is refused here, in one
 * line that says what is wrong, where, and how to mend it; what runs the model later relies on it. */
#include "core/model.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/fields.h"
#include "core/registration.h"

enum { ROLE_NAME_MAX = 32 };

/* ---- Roles ---- */

static bool check_role_count(const struct registration *registration, const struct gs_role *role)
{
    const size_t option_count = NAMES_COUNT(registration->model->options);
    const struct gs_option *option = &registration->model->options[role->count_option % GS_OPTIONS_MAX];

    if (role->count < 0 || role->count > GS_NODES_MAX)
        return registration_refuse(
            registration, "role %s: a count of %d nodes is not between 0 (the option count_option says) and %d",
            role->name, role->count, GS_NODES_MAX);
    if (role->count && role->count_option)
        return registration_refuse(registration, "role %s has both a count and a count_option: leave one of them out",
                                   role->name);
    if (role->count)
        return true;
    if (role->count_option >= option_count)
        return registration_refuse(
            registration,
            "role %s: its count is to come from option %d, but there are only %zu options: set count or "
            "count_option",
            role->name, role->count_option, option_count);
    if (option->names || option->min < 0 || option->max > GS_NODES_MAX)
        return registration_refuse(registration,
                                   "option %s is the number of nodes of role %s: make it a number between 0 and %d",
                                   option->name, role->name, GS_NODES_MAX);
    return true;
}

/* Nodes are called after their role and number, so "server1" must not be a role's own name. */
static bool check_role_name(const struct registration *registration, const char *name)
{
    const size_t length = strlen(name);

    if (isdigit((unsigned char)name[length - 1]) || strcmp(name, "nobody") == 0)
        return registration_refuse(
            registration, "role %s: nodes are named after roles, so a role is not 'nobody' and ends with no digit",
            name);
    if (length > ROLE_NAME_MAX)
        return registration_refuse(registration, "role %s: its name is longer than %d bytes", name, ROLE_NAME_MAX);
    return true;
}

static bool check_role(const struct registration *registration, const struct gs_role *role)
{
    char what[REGISTRATION_WHAT_SIZE];

    snprintf(what, sizeof(what), "the struct of role %s", role->name);
    if (!check_role_name(registration, role->name) || !check_role_count(registration, role))
        return false;
    if (!role->step)
        return registration_refuse(registration, "role %s has no step function: set step", role->name);
    if (!role->within != !role->within_text)
        return registration_refuse(registration,
                                   "role %s: within and within_text come together: the text names the bound in reports",
                                   role->name);
    return registration_check_struct(registration, role->fields, role->size, 0, what, true);
}

static bool check_roles(const struct registration *registration)
{
    if (!registration_check_names(registration, NAMES("role", registration->model->roles)))
        return false;
    if (!registration->model->roles[0].name)
        return registration_refuse(registration, "there is no role: fill in roles");
    for (size_t i = 0; i < NAMES_COUNT(registration->model->roles); i++)
        if (!check_role(registration, &registration->model->roles[i]))
            return false;
    return true;
}

/* ---- Events ---- */

/* Unlisted members are zeroed, so a list without its length would always be empty. */
static bool check_list_is_whole(const struct registration *registration, const struct gs_event_type *type,
                                const struct gs_field *list)
{
    bool has_list = false, has_length = false;

    for (size_t i = 0; i < GS_MESSAGE_FIELDS_MAX && type->fields[i]; i++) {
        has_list |= strcmp(type->fields[i], list->name) == 0;
        has_length |= strcmp(type->fields[i], list->length) == 0;
    }
    if (has_list && !has_length)
        return registration_refuse(
            registration, "message %s uses list %s without its length %s, which would be zeroed: add it to fields",
            type->name, list->name, list->length);
    return true;
}

static bool check_message_field(const struct registration *registration, const struct gs_event_type *type, size_t index)
{
    const char *name = type->fields[index];
    const struct gs_field *field;

    if (index && !type->fields[index - 1])
        return registration_refuse(registration, "message %s: field %s comes after an empty one: leave no gaps",
                                   type->name, name);
    field = fields_find(registration->model->message_fields, name);
    if (!field)
        return registration_refuse(
            registration, "message %s uses field %s, which message_fields does not have: correct its name or add it",
            type->name, name);
    for (size_t i = 0; i < index; i++)
        if (strcmp(type->fields[i], name) == 0)
            return registration_refuse(registration, "message %s lists field %s twice: drop one", type->name, name);
    return !field->length || check_list_is_whole(registration, type, field);
}

static bool check_message_type(const struct registration *registration, const struct gs_event_type *type)
{
    if (!registration->model->message_size)
        return registration_refuse(registration,
                                   "message %s: the model has no message struct: set message_size and message_fields",
                                   type->name);
    if (type->indices || type->arguments[0].name)
        return registration_refuse(
            registration, "message %s has indices or arguments, which only timers and local events have", type->name);
    for (size_t i = 0; i < GS_MESSAGE_FIELDS_MAX; i++)
        if (type->fields[i] && !check_message_field(registration, type, i))
            return false;
    return true;
}

static bool check_range(const struct registration *registration, const struct gs_event_type *type,
                        const struct gs_argument *argument)
{
    const size_t option_count = NAMES_COUNT(registration->model->options);
    int64_t max = argument->max;

    if (argument->max_option > option_count)
        return registration_refuse(registration,
                                   "local event %s: argument %s ends at option %d, but there are only %zu options",
                                   type->name, argument->name, argument->max_option - 1, option_count);
    if (argument->max_option)
        max = registration->model->options[argument->max_option - 1].max;
    if (argument->min > max)
        return registration_refuse(registration,
                                   "local event %s: argument %s has no value, since its min %" PRId64
                                   " exceeds its max %" PRId64,
                                   type->name, argument->name, argument->min, max);
    return true;
}

static bool check_argument(const struct registration *registration, const struct gs_event_type *type,
                           const struct gs_argument *argument)
{
    const size_t role_count = NAMES_COUNT(registration->model->roles);

    if (argument->kind == GS_RANGE)
        return check_range(registration, type, argument);
    if (argument->kind != GS_NODE)
        return registration_refuse(registration,
                                   "local event %s: the kind of argument %s is neither GS_RANGE nor GS_NODE",
                                   type->name, argument->name);
    if (argument->role >= role_count)
        return registration_refuse(registration,
                                   "local event %s: argument %s is a node of role %d, but there are only %zu roles",
                                   type->name, argument->name, argument->role, role_count);
    return true;
}

static bool check_arguments(const struct registration *registration, const struct gs_event_type *type)
{
    char noun[REGISTRATION_WHAT_SIZE];

    snprintf(noun, sizeof(noun), "local event %s: argument", type->name);
    if (!registration_check_names(registration, NAMES(noun, type->arguments)))
        return false;
    for (size_t i = 0; i < GS_ARGUMENTS_MAX; i++) {
        if (type->arguments[i].name && !check_argument(registration, type, &type->arguments[i]))
            return false;
    }
    return true;
}

/* A timer or local event. */
static bool check_own_event(const struct registration *registration, const struct gs_event_type *type)
{
    const char *noun = type->kind == GS_TIMER ? "timer" : "local event";

    if (type->role >= NAMES_COUNT(registration->model->roles))
        return registration_refuse(registration, "%s %s belongs to role %d, but there are only %zu roles", noun,
                                   type->name, type->role, NAMES_COUNT(registration->model->roles));
    if (type->fields[0])
        return registration_refuse(registration, "%s %s lists message fields, which only messages have", noun,
                                   type->name);
    if (type->kind == GS_LOCAL && type->indices)
        return registration_refuse(registration, "local event %s has indices, which only timers have: use an argument",
                                   type->name);
    if (type->kind == GS_TIMER && type->arguments[0].name)
        return registration_refuse(registration, "timer %s has arguments, which only local events have: use indices",
                                   type->name);
    return check_arguments(registration, type);
}

static bool check_event(const struct registration *registration, const struct gs_event_type *type)
{
    if (type->kind > GS_LOCAL)
        return registration_refuse(
            registration, "event %s is of no known kind: make it GS_MESSAGE, GS_TIMER or GS_LOCAL", type->name);
    return type->kind == GS_MESSAGE ? check_message_type(registration, type) : check_own_event(registration, type);
}

static bool check_timer_count(const struct registration *registration)
{
    unsigned counts[GS_ROLES_MAX] = {0};

    for (size_t i = 0; i < NAMES_COUNT(registration->model->events); i++) {
        const struct gs_event_type *type = &registration->model->events[i];

        if (type->kind != GS_TIMER)
            continue;
        counts[type->role] += type->indices ? type->indices : 1;
        if (counts[type->role] > GS_TIMERS_MAX)
            return registration_refuse(
                registration, "role %s has more than %d timers, counting each index (timer %s is the one too many)",
                registration->model->roles[type->role].name, GS_TIMERS_MAX, type->name);
    }
    return true;
}

static bool check_events(const struct registration *registration)
{
    if (!registration_check_names(registration, NAMES("event", registration->model->events)))
        return false;
    for (size_t i = 0; i < NAMES_COUNT(registration->model->events); i++)
        if (!check_event(registration, &registration->model->events[i]))
            return false;
    return check_timer_count(registration);
}

static bool check_message_struct(const struct registration *registration)
{
    const struct gs_model *model = registration->model;
    const size_t skip = model->message_size ? 1 : 0; /* the type */

    return registration_check_struct(registration, model->message_fields, model->message_size, skip,
                                     "the message struct", false);
}

/* ---- The whole ---- */

static bool check_model(const struct registration *registration)
{
    const struct gs_model *model = registration->model;

    if (!model->name || !registration_name_is_kebab_case(model->name))
        return registration_refuse(registration,
                                   "its name is lower-case words joined by hyphens, like 'two-phase-commit'");
    if (model->network > GS_FIFO)
        return registration_refuse(registration, "network %d is none of GS_SET, GS_BAG and GS_FIFO", model->network);
    return true;
}

bool model_check(const struct gs_model *model, char *error, size_t error_size)
{
    const struct registration all = {.model = model, .error = error, .error_size = error_size};
    const struct registration *registration = &all;

    /* Later checks rely on the names of the tables that earlier ones have found sound. */
    return check_model(registration) && registration_check_options(registration) && check_roles(registration) &&
           check_message_struct(registration) && check_events(registration) &&
           registration_check_announcements(registration) && registration_check_monitors(registration) &&
           registration_check_properties(registration) && registration_check_presets(registration) &&
           registration_check_mutants(registration);
}

bool extension_check(const struct gs_model *model, const struct gs_extension *extension, char *error, size_t error_size)
{
    const struct registration all = {model, extension, error, error_size};

    if (!extension->protocol || strcmp(extension->protocol, model->name) != 0)
        return registration_refuse(&all,
                                   "these are properties for protocol '%s': set protocol to '%s', or give them with it",
                                   extension->protocol ? extension->protocol : "", model->name);
    return registration_check_monitors(&all) && registration_check_properties(&all);
}
