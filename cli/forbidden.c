/* What no handler or predicate may call: it would end or replace the program, with a status that could read as a
 * verdict, or take the watchdog's signals away. There it is a failure like any other, found with a trace.
 *
 * The program exports its names (-rdynamic), so these come before libc's for every object that is loaded. What libc
 * calls of its own (the end of main, posix_spawn, abort) does not come here. A raw system call does not either. */
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "core/die.h"
#include "core/guard.h"

extern char **environ;

static void refuse_in_protocol_code(const char *name)
{
    if (guard_is_running())
        guard_fail("it called %s: a handler or predicate must return, and leave the process alone", name);
}

/* Puts libc's own function of that name into the pointer. */
static void find_next(const char *name, void *pointer)
{
    void *function = dlsym(RTLD_NEXT, name);
    must(function != NULL);
    memcpy(pointer, &function, sizeof(function));
}

/* Defines name(parameters) as libc's, refused in protocol code. */
#define FORBID(type, name, parameters, arguments) \
    type name parameters                          \
    {                                             \
        type(*next) parameters;                   \
        refuse_in_protocol_code(#name);           \
        find_next(#name, &next);                  \
        return next arguments;                    \
    }

/* ---- Ends of the process ---- */

#define FORBID_END(name)                \
    _Noreturn void name(int status)     \
    {                                   \
        void (*next)(int);              \
        refuse_in_protocol_code(#name); \
        find_next(#name, &next);        \
        next(status);                   \
        abort();                        \
    }

FORBID_END(exit)
FORBID_END(quick_exit)

_Noreturn void _exit(int status)
{
    refuse_in_protocol_code("_exit");
    for (;;)
        syscall(SYS_exit_group, status);
}

_Noreturn void _Exit(int status)
{
    refuse_in_protocol_code("_Exit");
    for (;;)
        syscall(SYS_exit_group, status);
}

_Noreturn void pthread_exit(void *value)
{
    void (*next)(void *);
    refuse_in_protocol_code("pthread_exit");
    find_next("pthread_exit", &next);
    next(value);
    abort();
}

/* ---- Other programs in its place, or beside it ---- */

FORBID(pid_t, fork, (void), ())
FORBID(int, system, (const char *command), (command))
FORBID(FILE *, popen, (const char *command, const char *mode), (command, mode))

/* What libc's own does cannot be done from within a function that returns. */
pid_t vfork(void)
{
    refuse_in_protocol_code("vfork");
    return fork();
}

FORBID(int, execve, (const char *path, char *const arguments[], char *const variables[]), (path, arguments, variables))
FORBID(int, execv, (const char *path, char *const arguments[]), (path, arguments))
FORBID(int, execvp, (const char *file, char *const arguments[]), (file, arguments))
FORBID(int, execvpe, (const char *file, char *const arguments[], char *const variables[]), (file, arguments, variables))
FORBID(int, fexecve, (int descriptor, char *const arguments[], char *const variables[]),
       (descriptor, arguments, variables))

/* The arguments up to NULL, as an array that the caller owns. */
static char **collect(const char *first, va_list *rest)
{
    size_t capacity = 0, count = 0;
    char **arguments = NULL;
    for (const char *argument = first;; argument = va_arg(*rest, const char *)) {
        arguments = die_grow(arguments, &capacity, count + 1, sizeof(*arguments));
        arguments[count++] = (char *)(uintptr_t)argument;
        if (!argument)
            return arguments;
    }
}

/* Calls `call` with `arguments` and, of execle, `variables`. */
#define FORBID_LIST(name, is_with_variables, call)                              \
    int name(const char *path, const char *argument, ...)                       \
    {                                                                           \
        va_list rest;                                                           \
        refuse_in_protocol_code(#name);                                         \
        va_start(rest, argument);                                               \
        char **arguments = collect(argument, &rest);                            \
        char **variables = is_with_variables ? va_arg(rest, char **) : environ; \
        va_end(rest);                                                           \
        const int status = call(path, arguments, variables);                    \
        free(arguments);                                                        \
        return status;                                                          \
    }

FORBID_LIST(execl, false, execve)
FORBID_LIST(execle, true, execve)
FORBID_LIST(execlp, false, execvpe)

/* ---- Signals to the process: without dlsym, since the watchdog's own handlers raise them ---- */

int raise(int number)
{
    refuse_in_protocol_code("raise");
    return (int)syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
}

int kill(pid_t process, int number)
{
    refuse_in_protocol_code("kill");
    return (int)syscall(SYS_kill, process, number);
}

int killpg(int group, int number)
{
    refuse_in_protocol_code("killpg");
    return kill(-group, number);
}

/* ---- The watchdog's signals ---- */

FORBID(int, sigprocmask, (int how, const sigset_t *set, sigset_t *old), (how, set, old))
FORBID(int, pthread_sigmask, (int how, const sigset_t *set, sigset_t *old), (how, set, old))
FORBID(int, sigaction, (int number, const struct sigaction *action, struct sigaction *old), (number, action, old))
FORBID(sighandler_t, signal, (int number, sighandler_t handler), (number, handler))

/* What `signal` is called in an object that was compiled with -std=c11. */
sighandler_t __sysv_signal(int number, sighandler_t handler)
{
    sighandler_t (*next)(int, sighandler_t);
    refuse_in_protocol_code("signal");
    find_next("__sysv_signal", &next);
    return next(number, handler);
}

FORBID(int, setitimer, (__itimer_which_t which, const struct itimerval *value, struct itimerval *old),
       (which, value, old))
FORBID(unsigned, alarm, (unsigned seconds), (seconds))
