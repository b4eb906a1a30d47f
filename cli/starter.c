/* The templates, and how a name gets into them. A file that is added to cli/starter/ takes two lines here. */
#include "cli/starter.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "core/embed.h"
#include "core/registration.h"

EMBED(starter_protocol, "cli/starter/lock-service.c");
EMBED(starter_header, "cli/starter/lock-service.h");
EMBED(starter_properties, "cli/starter/lock-service-properties.c");
EMBED(starter_suite, "cli/starter/suite.ini");
EMBED(starter_makefile, "cli/starter/Makefile");
EMBED(starter_readme, "cli/starter/README.md");
EMBED(starter_ignore, "cli/starter/gitignore");
EMBED(starter_workflow, "cli/starter/gainsay.yml");

const struct starter_file starter_files[] = {
    {"lock-service.c", starter_protocol, starter_protocol_end},
    {"lock-service.h", starter_header, starter_header_end},
    {"lock-service-properties.c", starter_properties, starter_properties_end},
    {"suite.ini", starter_suite, starter_suite_end},
    {"Makefile", starter_makefile, starter_makefile_end},
    {"README.md", starter_readme, starter_readme_end},
    {".gitignore", starter_ignore, starter_ignore_end},
    {".github/workflows/gainsay.yml", starter_workflow, starter_workflow_end},
    {0},
};

/* The template's name in each form, and what a character of a new name turns into in that form. */
enum form { HYPHENS, IDENTIFIER, CONSTANT, FORMS };
static const char *const template_names[FORMS] = {"lock-service", "lock_service", "LOCK_SERVICE"};

static int character_in(enum form form, char c)
{
    if (c == '-')
        return form == HYPHENS ? '-' : '_';
    return form == CONSTANT ? toupper((unsigned char)c) : c;
}

bool starter_name_is_good(const char *name)
{
    return strlen(name) <= STARTER_NAME_MAX && registration_name_is_kebab_case(name);
}

char *starter_mend_name(const char *name)
{
    char *mended = die_calloc(STARTER_NAME_MAX + 1, 1);
    size_t length = 0;
    for (const char *c = name; *c && length < STARTER_NAME_MAX; c++) {
        const char lower = (char)tolower((unsigned char)*c);
        const bool is_letter = lower >= 'a' && lower <= 'z', is_digit = lower >= '0' && lower <= '9';
        if (is_letter || (is_digit && length > 0))
            mended[length++] = lower;
        else if (length > 0 && mended[length - 1] != '-')
            mended[length++] = '-';
    }
    while (length > 0 && mended[length - 1] == '-')
        mended[--length] = '\0';
    return mended;
}

/* The form of the template's name that the text goes on with, FORMS if with none. */
static enum form form_at(const char *text, const char *end)
{
    enum form form = HYPHENS;
    for (; form < FORMS; form++) {
        const size_t length = strlen(template_names[form]);
        if ((size_t)(end - text) >= length && memcmp(text, template_names[form], length) == 0)
            return form;
    }
    return form;
}

char *starter_text(const char *begin, const char *end, const char *name, size_t *size)
{
    char *result = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&result, &length);
    must(out);
    for (const char *c = begin; c < end;) {
        const enum form form = form_at(c, end);
        if (form == FORMS) {
            fputc(*c++, out);
            continue;
        }
        for (const char *n = name; *n; n++)
            fputc(character_in(form, *n), out);
        c += strlen(template_names[form]);
    }
    must(fclose(out) == 0);
    if (size)
        *size = length;
    return result;
}
