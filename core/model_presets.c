/* Registration of a model's options, presets and mutants. */
#include <inttypes.h>
#include <string.h>

#include "core/judge.h"
#include "core/registration.h"
#include "core/run.h"

static bool check_option(const struct registration *registration, const struct gs_option *option)
{
    if (option->min > option->max)
        return registration_refuse(registration,
                                   "option %s has no value, since its min %" PRId64 " exceeds its max %" PRId64,
                                   option->name, option->min, option->max);
    if (option->preset < option->min || option->preset > option->max)
        return registration_refuse(registration,
                                   "option %s: its default %" PRId64 " is not between %" PRId64 " and %" PRId64,
                                   option->name, option->preset, option->min, option->max);
    for (int64_t value = option->min; option->names && value <= option->max; value++)
        if (!option->names[value - option->min])
            return registration_refuse(registration,
                                       "option %s has no name for value %" PRId64 ": name every value from min to max",
                                       option->name, value);
    return true;
}

bool registration_check_options(const struct registration *registration)
{
    if (!registration_check_names(registration, NAMES("option", registration->model->options)))
        return false;
    for (size_t i = 0; i < NAMES_COUNT(registration->model->options); i++)
        if (!check_option(registration, &registration->model->options[i]))
            return false;
    return true;
}

/* The option that "name=value" sets, or NULL. */
static const struct gs_option *option_of(const struct registration *registration, const char *setting)
{
    const size_t length = strcspn(setting, "=");

    for (size_t i = 0; i < NAMES_COUNT(registration->model->options); i++) {
        const struct gs_option *option = &registration->model->options[i];
        if (setting[length] && strlen(option->name) == length && strncmp(option->name, setting, length) == 0)
            return option;
    }
    return NULL;
}

static bool check_setting(const struct registration *registration, const struct gs_preset *preset, size_t index)
{
    const char *setting = preset->settings[index];
    const struct gs_option *option = option_of(registration, setting);
    int64_t value;

    if (index && !preset->settings[index - 1])
        return registration_refuse(registration, "preset %s: setting '%s' comes after an empty one: leave no gaps",
                                   preset->name, setting);
    if (!strchr(setting, '='))
        return registration_refuse(registration, "preset %s: setting '%s' is not of the form name=value", preset->name,
                                   setting);
    if (!option)
        return registration_refuse(registration, "preset %s: setting '%s' names no option", preset->name, setting);
    if (!run_option_parse(option, strchr(setting, '=') + 1, &value))
        return registration_refuse(
            registration, "preset %s: setting '%s' is no value of option %s (%" PRId64 " to %" PRId64 "%s)",
            preset->name, setting, option->name, option->min, option->max, option->names ? ", or a name" : "");
    for (size_t i = 0; i < index; i++)
        if (option_of(registration, preset->settings[i]) == option)
            return registration_refuse(registration, "preset %s sets option %s twice: drop one", preset->name,
                                       option->name);
    return true;
}

static bool check_budgets(const struct registration *registration, const struct gs_preset *preset)
{
    const struct gs_budgets *b = &preset->budgets;
    const int budgets[GS_FAULTS] = {b->drops,   b->duplicates, b->crashes, b->restarts,
                                    b->reboots, b->partitions, b->timeouts};
    const uint8_t network = preset->network ? preset->network : registration->model->network;

    for (int fault = 0; fault < GS_FAULTS; fault++)
        if (budgets[fault] < GS_NONE)
            return registration_refuse(registration, "preset %s: budget %s is %d: use a number from 0, or GS_NONE",
                                       preset->name, budget_names[fault], budgets[fault]);
    if ((!network || network == GS_SET) && (b->drops > 0 || b->duplicates > 0))
        return registration_refuse(
            registration,
            "preset %s: drops and duplicates mean nothing in network set, where messages stay: leave "
            "them out, or choose GS_BAG or GS_FIFO",
            preset->name);
    return true;
}

static bool check_preset(const struct registration *registration, const struct gs_preset *preset)
{
    if (preset->network > GS_FIFO)
        return registration_refuse(registration, "preset %s: network %d is none of GS_SET, GS_BAG and GS_FIFO",
                                   preset->name, preset->network);
    if (preset->copies < 0 || preset->capacity < 0)
        return registration_refuse(
            registration, "preset %s: copies and capacity cannot be negative (0 means the default)", preset->name);
    for (size_t i = 0; i < GS_SETTINGS_MAX; i++)
        if (preset->settings[i] && !check_setting(registration, preset, i))
            return false;
    return check_budgets(registration, preset);
}

bool registration_check_presets(const struct registration *registration)
{
    const struct names table = NAMES("preset", registration->model->presets);

    if (!registration_check_names(registration, table))
        return false;
    for (size_t i = 0; i < names_count(&table); i++)
        if (!check_preset(registration, &registration->model->presets[i]))
            return false;
    return names_have(&table, "quick") ||
           registration_refuse(registration, "there is no preset quick, which is the default one: add it");
}

static bool check_mutant(const struct registration *registration, const struct gs_mutant *mutant)
{
    const struct gs_model *model = registration->model;
    const struct names properties = NAMES("property", model->properties);
    const size_t property = mutant->property ? names_find(&properties, mutant->property) : 0;

    if (!mutant->property)
        return registration_refuse(registration, "mutant %s names no property that it must violate: set property",
                                   mutant->name);
    if (mutant->preset && !names_have(&NAMES("preset", model->presets), mutant->preset))
        return registration_refuse(registration, "mutant %s names preset %s, which does not exist", mutant->name,
                                   mutant->preset);
    if (strcmp(mutant->property, JUDGE_BEHAVIOUR) == 0)
        return true;
    if (property == names_count(&properties))
        return registration_refuse(registration, "mutant %s names property %s, which does not exist", mutant->name,
                                   mutant->property);
    if (model->properties[property].kind == GS_REACHABLE && !mutant->liveness)
        return registration_refuse(
            registration,
            "mutant %s is to be killed by %s, but a GS_REACHABLE property is never violated: name another",
            mutant->name, mutant->property);
    return true;
}

bool registration_check_mutants(const struct registration *registration)
{
    if (!registration_check_names(registration, NAMES("mutant", registration->model->mutants)))
        return false;
    for (size_t i = 0; i < NAMES_COUNT(registration->model->mutants); i++)
        if (!check_mutant(registration, &registration->model->mutants[i]))
            return false;
    return true;
}
