/* The child speaks through shared memory: a pipe could be held open by whatever the stranger's code starts. */
#include "cli/rehearse.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/die.h"

enum { CPU_SECONDS = 2, SECONDS = 10, NAP_NS = 500000, NAP_NS_MAX = 20000000 };

/* Signals and limits as any other program has them; nobody hears what it says, and no core is left. */
static void become_a_stranger(void)
{
    const struct rlimit no_core = {0, 0}, cpu = {CPU_SECONDS, CPU_SECONDS + 1};
    const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    sigset_t none;
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setrlimit(RLIMIT_CORE, &no_core);
    setrlimit(RLIMIT_CPU, &cpu);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
}

_Noreturn static void be_child(rehearsed_action *action, void *context, struct rehearsal *rehearsal)
{
    become_a_stranger();
    rehearsal->is_good = action(context, rehearsal);
    rehearsal->is_over = true;
    _exit(0);
}

/* Returns what waitpid says. */
static int await(pid_t child)
{
    struct timespec nap = {0, NAP_NS}, now, start;
    int status;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (pid_t ended = 0; ended != child;) {
        ended = waitpid(child, &status, WNOHANG);
        must(ended >= 0 || errno == EINTR);
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (ended == 0 && now.tv_sec - start.tv_sec > SECONDS)
            kill(child, SIGKILL);
        if (ended == 0)
            nanosleep(&nap, NULL);
        if (nap.tv_nsec < NAP_NS_MAX)
            nap.tv_nsec += NAP_NS;
    }
    return status;
}

static void explain(const struct rehearsal *rehearsal, int status, char error[REHEARSAL_ERROR_SIZE])
{
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (rehearsal->is_over)
        snprintf(error, REHEARSAL_ERROR_SIZE, "%s", rehearsal->error);
    else if (signal == SIGXCPU || signal == SIGKILL)
        snprintf(error, REHEARSAL_ERROR_SIZE, "does not return %s (stopped after a while)", rehearsal->stage);
    else if (signal)
        snprintf(error, REHEARSAL_ERROR_SIZE, "crashes %s: %s", rehearsal->stage, strsignal(signal));
    else
        snprintf(error, REHEARSAL_ERROR_SIZE, "ends the program %s (exit status %d)", rehearsal->stage,
                 WEXITSTATUS(status));
}

bool rehearse(rehearsed_action *action, void *context, char error[REHEARSAL_ERROR_SIZE])
{
    struct rehearsal *rehearsal =
        mmap(NULL, sizeof(*rehearsal), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(rehearsal != MAP_FAILED);
    rehearsal->stage = "";
    fflush(NULL); /* nothing is to be written twice */
    const pid_t child = fork();
    if (child == 0)
        be_child(action, context, rehearsal);
    if (child < 0)
        snprintf(error, REHEARSAL_ERROR_SIZE, "cannot be tried in another process: %s", strerror(errno));
    else
        explain(rehearsal, await(child), error);
    const bool is_good = child > 0 && rehearsal->is_over && rehearsal->is_good;
    munmap(rehearsal, sizeof(*rehearsal));
    return is_good;
}
