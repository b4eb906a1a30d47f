/* Never waits to open. */
#include "traces/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

FILE *input_file_open(const char *path)
{
    struct stat status;
    const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode))
        errno = EISDIR;
    else if (fcntl(descriptor, F_SETFL, O_RDONLY) == 0)
        return fdopen(descriptor, "r");
    const int reason = errno;
    close(descriptor);
    errno = reason;
    return NULL;
}
