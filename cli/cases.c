/* Cases and their lists. */
#include "cli/cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"

struct test_case *cases_add(struct case_group *group, const char *name)
{
    group->items = die_grow(group->items, &group->capacity, group->count + 1, sizeof(*group->items));
    struct test_case *added = &group->items[group->count++];
    *added = (struct test_case){.name = cases_text(group, name), .type = "", .message = "", .seconds = -1};
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

const char *json_text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static const char *word_of(const json_t *item, const char *member)
{
    return member ? json_text_of(item, member) : cases_trace_word(item);
}

void cases_count(const json_t *items, const char *member, char *text, size_t size)
{
    size_t i, j, used = 0;
    json_t *item, *other;
    text[0] = '\0';
    json_array_foreach(items, i, item)
    {
        const char *name = word_of(item, member);
        size_t count = 0;
        bool is_new = true;
        json_array_foreach(items, j, other)
        {
            const bool same = strcmp(word_of(other, member), name) == 0;
            is_new &= !same || j >= i;
            count += same;
        }
        if (is_new && used < size)
            used += (size_t)snprintf(text + used, size - used, "%s%zu %s", used ? ", " : "", count, name);
    }
}
