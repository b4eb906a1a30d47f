/* Files are opened exclusively: should somebody else write into the directory meanwhile, theirs is not overwritten. */
#include "cli/fresh_directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/die.h"

static bool refuse(const char *path, const char *reason, char *error, size_t error_size)
{
    snprintf(error, error_size, "%s: %s", path, reason);
    return false;
}

/* Takes over the path. */
static void remember(struct fresh_directory *directory, char *path)
{
    directory->made = die_grow(directory->made, &directory->capacity, directory->count + 1, sizeof(*directory->made));
    directory->made[directory->count++] = path;
}

static bool is_expected(const char *entry)
{
    return strcmp(entry, ".") == 0 || strcmp(entry, "..") == 0 || strcmp(entry, ".git") == 0;
}

/* Is what exists there a directory with nothing in it? */
static bool check_empty(const char *path, char *error, size_t error_size)
{
    char reason[400] = "";
    DIR *stream = opendir(path);
    if (!stream)
        return refuse(path, errno == ENOTDIR ? "exists, and is not a directory: name a new one" : strerror(errno),
                      error, error_size);
    errno = 0;
    for (const struct dirent *entry; !reason[0] && (entry = readdir(stream));)
        if (!is_expected(entry->d_name))
            snprintf(reason, sizeof(reason), "is not empty (there is %.255s): name a new directory, or an empty one",
                     entry->d_name);
    if (!reason[0] && errno)
        snprintf(reason, sizeof(reason), "%s", strerror(errno));
    closedir(stream);
    return !reason[0] || refuse(path, reason, error, error_size);
}

bool fresh_directory_make(struct fresh_directory *directory, const char *path, char *error, size_t error_size)
{
    *directory = (struct fresh_directory){.path = path};
    if (mkdir(path, 0777) == 0) {
        char *copy = strdup(path);
        must(copy);
        remember(directory, copy);
        return true;
    }
    return errno == EEXIST ? check_empty(path, error, error_size) : refuse(path, strerror(errno), error, error_size);
}

/* Makes the directories in front of the last component, those that are not there. */
static bool make_parents(struct fresh_directory *directory, const char *name, char *error, size_t error_size)
{
    for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
        char *path;
        must(asprintf(&path, "%s/%.*s", directory->path, (int)(slash - name), name) >= 0);
        if (mkdir(path, 0777) == 0) {
            remember(directory, path);
            continue;
        }
        const bool exists = errno == EEXIST || refuse(path, strerror(errno), error, error_size);
        free(path);
        if (!exists)
            return false;
    }
    return true;
}

const char *fresh_directory_entry(struct fresh_directory *directory, const char *name, char *error, size_t error_size)
{
    char *path;
    if (!make_parents(directory, name, error, error_size))
        return NULL;
    must(asprintf(&path, "%s/%s", directory->path, name) >= 0);
    remember(directory, path);
    return path;
}

bool fresh_directory_write(struct fresh_directory *directory, const char *name, const char *text, size_t size,
                           char *error, size_t error_size)
{
    const char *path = fresh_directory_entry(directory, name, error, error_size);
    if (!path)
        return false;
    FILE *file = fopen(path, "wxe");
    if (!file) {
        refuse(path, strerror(errno), error, error_size);
        free(directory->made[--directory->count]); /* not ours to remove */
        return false;
    }
    bool written = fwrite(text, 1, size, file) == size;
    int reason = errno;
    if (fclose(file) != 0 && written) {
        written = false;
        reason = errno;
    }
    return written || refuse(path, strerror(reason), error, error_size);
}

void fresh_directory_remove(struct fresh_directory *directory)
{
    for (size_t i = directory->count; i-- > 0;)
        remove(directory->made[i]); /* what is not there, or not empty, stays as it is */
    fresh_directory_free(directory);
}

void fresh_directory_free(struct fresh_directory *directory)
{
    for (size_t i = 0; i < directory->count; i++)
        free(directory->made[i]);
    free(directory->made);
    *directory = (struct fresh_directory){0};
}
