/* Children and their time. The parent waits in poll for a signal (through a descriptor, so that none is lost between a
 * look and a sleep) or for the next moment at which a child's patience ends: it is told to end with SIGTERM, which a
 * search answers with a report of what it has seen, and killed when it does not. */
#include "cli/suite_jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checker/check.h"
#include "cli/commands.h"
#include "core/clock.h"
#include "core/die.h"

static const double grace_seconds = 2;    /* from the end of the time to SIGTERM: a search ends by itself before */
static const double patience_seconds = 2; /* from SIGTERM to SIGKILL */
static const double least_seconds = 0.05; /* that a run is begun with */

struct waiting {
    int signals; /* descriptor */
    sigset_t former;
    double began;
};

static size_t count_state(const struct suite_jobs *jobs, enum suite_job_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < jobs->count; i++)
        count += jobs->items[i].state == state;
    return count;
}

/* ---- The child ---- */

static void redirect(int descriptor, int to)
{
    if (descriptor < 0 || dup2(descriptor, to) < 0)
        _exit(GS_INTERNAL_ERROR);
}

/* GITHUB_ACTIONS: what the child finds is annotated by the suite. */
static _Noreturn void run_child(const struct suite_jobs *jobs, const struct suite_job *job, const char *limit,
                                const struct waiting *waiting)
{
    struct name_list arguments = {0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
    close(waiting->signals);
    sigprocmask(SIG_SETMASK, &waiting->former, NULL);
    __fpurge(stdout); /* what the parent could not write is not the child's */
    clearerr(stdout);
    redirect(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
    redirect(open(job->out_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), STDOUT_FILENO);
    redirect(open(job->err_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), STDERR_FILENO);
    if (chdir(jobs->directory) != 0)
        _exit(complain("suite", "%s: %s", jobs->directory, strerror(errno)));
    setenv("TMPDIR", jobs->temporary, 1);
    unsetenv("GITHUB_ACTIONS");
    name_list_add(&arguments, "gainsay");
    for (size_t i = 0; i < job->arguments->count; i++)
        name_list_add(&arguments, job->arguments->items[i]);
    if (*limit) {
        name_list_add(&arguments, "--max-seconds");
        name_list_add(&arguments, limit);
    }
    const int status = gainsay((int)arguments.count, (char **)arguments.items);
    fflush(NULL);
    _exit(status);
}

static void start(struct suite_jobs *jobs, struct suite_job *job, const struct waiting *waiting)
{
    char limit[32] = "";
    double seconds = job->max_seconds;
    job->started = clock_seconds();
    if (jobs->max_seconds > 0) {
        const double left = jobs->max_seconds - (job->started - waiting->began);
        job->was_shortened = seconds <= 0 || left < seconds;
        seconds = job->was_shortened ? left : seconds;
    }
    if (job->takes_max_seconds && seconds > 0)
        snprintf(limit, sizeof(limit), "%.3f", seconds);
    fflush(NULL);
    job->pid = fork();
    if (job->pid == 0)
        run_child(jobs, job, limit, waiting);
    if (job->pid < 0)
        die("cannot start a child: %s", strerror(errno));
    setpgid(job->pid, job->pid); /* here too: whichever comes first */
    job->state = JOB_RUNNING;
}

/* ---- The parent ---- */

static void stop(struct suite_job *job, double now)
{
    const bool again = job->told > 0;
    if (again && now < job->told + patience_seconds)
        return;
    kill(-job->pid, again ? SIGKILL : SIGTERM);
    job->told = now;
    job->was_stopped = true;
}

static void stop_late(struct suite_jobs *jobs, const struct waiting *waiting)
{
    const double now = clock_seconds();
    const bool is_late = jobs->max_seconds > 0 && now >= waiting->began + jobs->max_seconds + grace_seconds;
    for (size_t i = 0; i < jobs->count; i++)
        if (jobs->items[i].state == JOB_RUNNING && (is_late || jobs->interrupted))
            stop(&jobs->items[i], now);
}

/* Did one end? */
static bool reap(struct suite_jobs *jobs)
{
    bool any = false;
    for (size_t i = 0; i < jobs->count; i++) {
        struct suite_job *job = &jobs->items[i];
        if (job->state != JOB_RUNNING || waitpid(job->pid, &job->status, WNOHANG) != job->pid)
            continue;
        if (job->was_stopped)
            kill(-job->pid, SIGKILL); /* what it started may not have heard */
        job->state = JOB_ENDED;
        job->seconds = clock_seconds() - job->started;
        any = true;
    }
    return any;
}

/* Starts what there is room for. Did one become hopeless? */
static bool start_next(struct suite_jobs *jobs, const struct waiting *waiting)
{
    bool any = false;
    for (size_t i = 0; i < jobs->count && count_state(jobs, JOB_RUNNING) < jobs->parallel; i++) {
        struct suite_job *job = &jobs->items[i];
        if (job->state != JOB_WAITING)
            continue;
        const double left = jobs->max_seconds - (clock_seconds() - waiting->began);
        if (jobs->interrupted || (jobs->max_seconds > 0 && left < least_seconds)) {
            job->state = JOB_NOT_RUN;
            any = true;
        } else {
            start(jobs, job, waiting);
        }
    }
    return any;
}

/* Until a signal comes or a tenth of a second is over, which is how exactly times are kept. */
static void wait_for_signal(struct suite_jobs *jobs, const struct waiting *waiting)
{
    struct pollfd descriptor = {.fd = waiting->signals, .events = POLLIN};
    struct signalfd_siginfo signal;
    if (poll(&descriptor, 1, 100) <= 0)
        return;
    while (read(waiting->signals, &signal, sizeof(signal)) == (ssize_t)sizeof(signal))
        jobs->interrupted |= signal.ssi_signo != SIGCHLD;
}

void suite_jobs_run(struct suite_jobs *jobs)
{
    static const int awaited[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP};
    struct waiting waiting = {.began = clock_seconds()};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof(awaited) / sizeof(*awaited); i++)
        sigaddset(&set, awaited[i]);
    must(sigprocmask(SIG_BLOCK, &set, &waiting.former) == 0);
    waiting.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    must(waiting.signals >= 0);
    for (;;) {
        const bool ended = reap(jobs), hopeless = start_next(jobs, &waiting);
        if ((ended || hopeless) && jobs->ended)
            jobs->ended(jobs->context);
        if (!count_state(jobs, JOB_RUNNING))
            break;
        stop_late(jobs, &waiting);
        wait_for_signal(jobs, &waiting);
    }
    close(waiting.signals);
    sigprocmask(SIG_SETMASK, &waiting.former, NULL);
}
