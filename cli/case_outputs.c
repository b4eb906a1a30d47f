/* The files of --junit and --sarif, and where files are in a repository. */
#include "cli/case_outputs.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/whole_file.h"

enum { ERROR_SIZE = 4096 };

static int write_text(const char *command, const char *flag, const char *path, const char *text, size_t size)
{
    char error[ERROR_SIZE];
    return whole_file_write(path, text, size, error, sizeof(error)) ? 0 : complain(command, "%s %s", flag, error);
}

static int write_junit(const char *command, const char *path, const struct case_report *report)
{
    size_t size;
    char *text = junit_text(report, &size);
    const int status = write_text(command, "--junit", path, text, size);
    free(text);
    return status;
}

static int write_sarif(const char *command, const char *path, const struct case_report *report)
{
    json_t *object = sarif_object(report);
    char *dumped = json_dumps(object, JSON_INDENT(2)), *text;
    must(dumped && asprintf(&text, "%s\n", dumped) >= 0);
    const int status = write_text(command, "--sarif", path, text, strlen(text));
    free(text);
    free(dumped);
    json_decref(object);
    return status;
}

bool case_outputs_are_wanted(const struct case_outputs *outputs)
{
    return outputs->junit_path || outputs->sarif_path || (outputs->annotations && annotations_are_read());
}

int case_outputs_write(const char *command, const struct case_outputs *outputs, const struct case_report *report)
{
    int status = 0;
    if (outputs->annotations && annotations_are_read())
        annotations_print(report, outputs->annotations);
    if (outputs->junit_path)
        status = write_junit(command, outputs->junit_path, report);
    if (outputs->sarif_path && write_sarif(command, outputs->sarif_path, report))
        status = 2;
    return status;
}

const char *repository_path(const char *path, struct texts *texts)
{
    const char *root = getenv("GITHUB_WORKSPACE");
    char *full = root && *root ? realpath(path, NULL) : NULL;
    char *full_root = full ? realpath(root, NULL) : NULL;
    const size_t length = full_root ? strlen(full_root) : 0;
    while (path[0] == '.' && path[1] == '/')
        path += 2;
    if (length && strncmp(full, full_root, length) == 0 && full[length] == '/')
        path = full + length + 1;
    const char *result = texts_add(texts, "%s", path);
    free(full);
    free(full_root);
    return result;
}
