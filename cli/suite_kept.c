/* A trace file names its plugin relative to itself, so a trace is written where it will stay, under a name of its own,
 * and renamed. */
#include "cli/suite_kept.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/die.h"

const char *suite_kept_directory(const char *directory, struct texts *texts)
{
    if (mkdir(directory, 0777) != 0 && errno != EEXIST) {
        complain("suite", "--traces %s: %s", directory, strerror(errno));
        return NULL;
    }
    struct stat status;
    char *path = realpath(directory, NULL);
    const bool is_directory = path && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    const char *result = NULL;
    if (path && !is_directory)
        complain("suite", "--traces %s: not a directory", directory);
    else if (!path || access(path, W_OK | X_OK) != 0)
        complain("suite", "--traces %s: %s", directory, strerror(errno));
    else
        result = texts_add(texts, "%s", path);
    free(path);
    return result;
}

/* A run's name as part of a file's: no name of a run has an underscore. */
static const char *file_name(const struct suite_run *run, struct texts *texts)
{
    char *name = texts_add(texts, "%s", run->name);
    for (char *c = name; *c; c++)
        if (*c == '/')
            *c = '_';
    return name;
}

const char *suite_kept_stage(const char *directory, const struct suite_run *run, struct texts *texts)
{
    return texts_add(texts, "%s/.%s.%ld.trace", directory, file_name(run, texts), (long)getpid());
}

static struct test_case *find_case(struct case_group *group, const char *name)
{
    for (size_t i = 0; i < group->count; i++)
        if (strcmp(group->items[i].name, name) == 0)
            return &group->items[i];
    return NULL;
}

/* What was staged of this case: kept under a name of its own if the run failed. */
static void sort_one(struct suite_result *result, const char *name, const char *staged, const char *directory,
                     const char *shown)
{
    struct texts *texts = &result->group.texts;
    const char *file = texts_add(texts, "%s.%s.trace", file_name(result->run, texts), name);
    struct test_case *item = find_case(&result->group, name);
    if (!*staged)
        return;
    if (!cases_failed(&result->group) || !item)
        unlink(staged);
    else if (rename(staged, texts_add(texts, "%s/%s", directory, file)) == 0)
        item->trace = texts_add(texts, "%s/%s", shown, file);
    else
        complain("suite", "--traces %s: %s: %s", shown, file, strerror(errno));
}

void suite_kept_sort(struct suite_result *result, const char *directory, const char *shown)
{
    size_t i;
    json_t *found;
    json_array_foreach(json_object_get(result->report, "properties"), i, found)
        sort_one(result, json_text_of(found, "name"), json_text_of(found, "trace"), directory, shown);
    json_array_foreach(json_object_get(result->report, "failures"), i, found)
        sort_one(result, cases_failure_name(result->report, i, &result->group.texts), json_text_of(found, "trace"),
                 directory, shown);
}
