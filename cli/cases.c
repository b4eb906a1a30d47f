/* Cases and their lists. */
#include "cli/cases.h"

#include <stdlib.h>

#include "core/die.h"

struct test_case *cases_add(struct case_group *group, const char *name)
{
    group->items = die_grow(group->items, &group->capacity, group->count + 1, sizeof(*group->items));
    struct test_case *added = &group->items[group->count++];
    *added = (struct test_case){.name = cases_text(group, name), .type = "", .message = ""};
    return added;
}

const char *cases_text(struct case_group *group, const char *text)
{
    return text ? texts_add(&group->texts, "%s", text) : NULL;
}

size_t cases_failed(const struct case_group *group)
{
    size_t failed = 0;
    for (size_t i = 0; i < group->count; i++)
        failed += group->items[i].outcome >= CASE_FAILED;
    return failed;
}

void cases_free(struct case_group *group)
{
    free(group->items);
    texts_free(&group->texts);
    *group = (struct case_group){0};
}
