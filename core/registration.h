/* What the checks of a model's registration share: where to complain, the model's tables by name, structs. */
#ifndef GAINSAY_REGISTRATION_H
#define GAINSAY_REGISTRATION_H

#include "core/gainsay.h"

enum { REGISTRATION_STRUCT_MAX = 1 << 16, REGISTRATION_WHAT_SIZE = 120 };

/* A model (and, if checked, an extension of it) and where to complain. */
struct registration {
    const struct gs_model *model;
    const struct gs_extension *extension; /* NULL: the model itself is checked */
    char *error;
    size_t error_size;
};

/* Writes "model NAME: ..." (or "properties for NAME: ...") and returns false. */
bool registration_refuse(const struct registration *registration, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Any of the model's tables: each entry is a struct that begins with its name. */
struct names {
    const char *noun;
    const void *entries;
    size_t entry_size, capacity;
};

#define NAMES(noun, array) ((struct names){noun, array, sizeof((array)[0]), sizeof(array) / sizeof((array)[0])})
#define NAMES_COUNT(array) names_count(&NAMES("", array))

const char *names_at(const struct names *table, size_t index);
size_t names_count(const struct names *table);
/* The place of that name, or the table's length. */
size_t names_find(const struct names *table, const char *name);
bool names_have(const struct names *table, const char *name);

/* Lower case words of letters and digits, joined by hyphens, the first beginning with a letter? */
bool registration_name_is_kebab_case(const char *name);

/* Are the names kebab-case and unique, with no entry after one without a name? */
bool registration_check_names(const struct registration *registration, struct names table);

/* Does the table describe the struct (called `what`), and name roles that exist? */
bool registration_check_struct(const struct registration *registration, const struct gs_field *fields, size_t size,
                               size_t skip, const char *what, bool may_be_durable);

/* The parts of model_check that stand in files of their own. */
bool registration_check_options(const struct registration *registration);
bool registration_check_presets(const struct registration *registration);
bool registration_check_mutants(const struct registration *registration);
bool registration_check_announcements(const struct registration *registration);
/* Monitors and properties are the extension's if there is one, else the model's. */
bool registration_check_monitors(const struct registration *registration);
bool registration_check_properties(const struct registration *registration);

#endif
