/* Is the fault that was planted into the engine caught? Searches random protocols until the reference and gs_check
 * disagree, which is to happen within a thousand: exit 0. Exit 1: they agree on all. The search is a process of its
 * own, since a faulty engine may also die of its fault, or not end. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/reference/compare.h"

enum { PROTOCOLS = 1000, SECONDS_MAX = 120, NOT_CAUGHT = 1 };

static int search(void)
{
    static struct reference_result result;
    char difference[COMPARE_TEXT];
    for (uint64_t seed = 0; seed < PROTOCOLS; seed++) {
        struct random_protocol protocol = compare_fit(seed, &result);
        const bool agree = compare_protocol(&protocol, &result, difference);
        random_protocol_free(&protocol);
        if (agree)
            continue;
        printf("random protocol %" PRIu64 ": %s\n", seed, difference);
        fflush(stdout);
        return EXIT_SUCCESS;
    }
    return NOT_CAUGHT;
}

int main(void)
{
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS_MAX);
        _exit(search());
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("plant");
        return 2;
    }
    if (WIFSIGNALED(status))
        printf("the engine died of signal %d\n", WTERMSIG(status));
    else if (WEXITSTATUS(status) > NOT_CAUGHT)
        printf("the engine gave up with exit status %d\n", WEXITSTATUS(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == NOT_CAUGHT;
}
