/* A file is written beside its place, under a name that no other process takes, and renamed into it. */
#include "traces/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/die.h"

enum { TEMPORARY_TRIES = 100, PATH_SHOWN = 1000 };

static bool fail(const char *path, char *error, size_t error_size)
{
    const char *cut = strlen(path) > PATH_SHOWN ? "[...]" : "";

    snprintf(error, error_size, "%.*s%s: cannot write: %s", PATH_SHOWN, path, cut, strerror(errno));
    return false;
}

/* A device or a pipe is written in place; what else is there is replaced, a link's target rather than the link. */
struct destination {
    char *path;
    bool is_replaced;
};

static struct destination find_destination(const char *path)
{
    struct stat status;
    char target[PATH_MAX];
    const bool exists = stat(path, &status) == 0;

    if (exists && !S_ISREG(status.st_mode))
        return (struct destination){strdup(path), false};
    return (struct destination){strdup(exists && realpath(path, target) ? target : path), true};
}

char *whole_file_target(const char *path)
{
    return find_destination(path).path;
}

/* Creates a file beside `path`, as open to others as the one that is there; its name in *name. -1: errno says why, also
 * that the one there may not be written. */
static int create_temporary(const char *path, char **name)
{
    const size_t size = strlen(path) + 40;
    struct stat status;
    int descriptor = -1;

    *name = die_alloc(size);
    const bool exists = stat(path, &status) == 0;
    if (exists && access(path, W_OK) != 0)
        return -1;
    for (int i = 0; descriptor < 0 && i < TEMPORARY_TRIES; i++) {
        snprintf(*name, size, "%s.%ld-%d.tmp", path, (long)getpid(), i);
        descriptor = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor < 0 && errno != EEXIST)
            break;
    }
    if (exists && descriptor >= 0)
        (void)!fchmod(descriptor, status.st_mode & 0777); /* not every file system has modes */
    return descriptor;
}

static bool write_all(int descriptor, const void *data, size_t size)
{
    FILE *file = fdopen(descriptor, "w");

    if (!file) {
        close(descriptor);
        return false;
    }
    const bool is_written = fwrite(data, 1, size, file) == size && fflush(file) == 0 &&
                            (fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS);
    const int reason = errno;
    const bool is_closed = fclose(file) == 0;
    if (!is_written)
        errno = reason;
    return is_written && is_closed;
}

static bool write_in_place(const char *path, const void *data, size_t size)
{
    const int descriptor = open(path, O_WRONLY | O_CLOEXEC);

    return descriptor >= 0 && write_all(descriptor, data, size);
}

static bool replace(const char *path, const void *data, size_t size)
{
    char *temporary;
    const int descriptor = create_temporary(path, &temporary);
    const bool is_written = descriptor >= 0 && write_all(descriptor, data, size) && rename(temporary, path) == 0;
    const int reason = errno;

    if (descriptor >= 0 && !is_written)
        unlink(temporary);
    free(temporary);
    errno = reason;
    return is_written;
}

bool whole_file_is_writable(const char *path, char *error, size_t error_size)
{
    const struct destination to = find_destination(path);
    char *temporary = NULL;
    int descriptor;

    if (to.is_replaced) {
        descriptor = create_temporary(to.path, &temporary);
        if (descriptor >= 0)
            unlink(temporary);
    } else {
        descriptor = open(to.path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    }
    const bool is_writable = descriptor >= 0 || (!to.is_replaced && errno == ENXIO); /* a pipe without a reader yet */
    if (!is_writable)
        fail(path, error, error_size);
    if (descriptor >= 0)
        close(descriptor);
    free(temporary);
    free(to.path);
    return is_writable;
}

bool whole_file_write(const char *path, const void *data, size_t size, char *error, size_t error_size)
{
    const struct destination to = find_destination(path);
    const bool is_written = to.is_replaced ? replace(to.path, data, size) : write_in_place(to.path, data, size);

    if (!is_written)
        fail(path, error, error_size);
    free(to.path);
    return is_written;
}
