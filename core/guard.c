/* Guarded calls: a non-local jump out of protocol code that fails. */
#include "core/guard.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "core/die.h"

enum {
    TICK_US = 100000,
    TICKS_FIRST = 20, /* a handler takes microseconds: two seconds are an endless loop */
    TICKS_LATER = 3,  /* once one was met, the next are likely the same: the search is not to take for ever */
    POISON_BYTES = 16384,
    ALTERNATE_STACK_BYTES = 65536,
    EXIT_BAD_INPUT = 2
};

struct guard {
    sigjmp_buf jump;
    char *explanation;
    size_t size;
    volatile sig_atomic_t active, ticks;
};
static _Thread_local struct guard guard;
static _Atomic pthread_t guarded_thread; /* whose call is guarded, while any_active */
static _Atomic int any_active;

static const struct {
    int number;
    const char *text;
} caught[] = {
    {SIGSEGV, "SIGSEGV: it used memory that is not its own"},
    {SIGBUS, "SIGBUS: it used memory that is not its own"},
    {SIGFPE, "SIGFPE: it divided by zero or overflowed"},
    {SIGILL, "SIGILL: it ran an illegal instruction"},
    {SIGTRAP, "SIGTRAP: it ran into a trap"},
    {SIGSYS, "SIGSYS: it made a system call that does not exist"},
    {SIGABRT, "SIGABRT: it called abort or failed an assert"},
    {SIGALRM, "it did not return (stopped by the watchdog)"},
};
enum { CAUGHT = sizeof(caught) / sizeof(caught[0]) };

static struct sigaction former[CAUGHT];
static stack_t former_stack;
static struct itimerval former_timer;
static _Thread_local void *alternate_stack; /* a handler that overflows the stack leaves none for signal handlers */
static int catching;
static pid_t process; /* that catches */
static volatile sig_atomic_t ticks_allowed = TICKS_FIRST;

bool guard_call(void (*function)(void *), void *argument, char *explanation, size_t size)
{
    must(!guard.active);
    guard.explanation = explanation;
    guard.size = size;
    if (sigsetjmp(guard.jump, 0)) {
        any_active = guard.active = 0;
        return false;
    }
    guard.ticks = 0;
    guarded_thread = pthread_self();
    any_active = guard.active = 1;
    function(argument);
    any_active = guard.active = 0;
    return true;
}

bool guard_is_running(void)
{
    return guard.active && !die_has_begun() && (!catching || getpid() == process);
}

void guard_clean(char *text)
{
    for (unsigned char *c = (unsigned char *)text; *c; c++)
        if (*c < ' ')
            *c = ' ';
        else if (*c >= 0x7f)
            *c = '?';
}

void guard_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (!guard.active) {
        char text[200];
        vsnprintf(text, sizeof(text), format, arguments);
        die("protocol code failed outside of a guarded call: %s", text);
    }
    vsnprintf(guard.explanation, guard.size, format, arguments);
    va_end(arguments);
    guard_clean(guard.explanation);
    siglongjmp(guard.jump, 1);
}

void __attribute__((noinline, no_sanitize("address"))) guard_poison_stack(int byte)
{
    volatile unsigned char area[POISON_BYTES];
    memset((void *)area, byte, sizeof(area));
    __asm__ volatile("" : : "r"(area) : "memory");
}

/* A fault outside guarded code is the tool's own: back to the former handling, which the instruction meets again. */
static void not_ours(int number, size_t which, bool was_sent)
{
    sigaction(number, &former[which], NULL);
    if (number == SIGABRT || was_sent)
        raise(number);
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    (void)context;
    size_t which = 0;
    while (caught[which].number != number)
        which++;
    if (number == SIGALRM && !guard.active) {
        if (any_active && !pthread_equal(guarded_thread, pthread_self()))
            pthread_kill(guarded_thread, SIGALRM); /* a tick is for the thread that is in protocol code */
        return;
    }
    if (number == SIGALRM) {
        if (++guard.ticks < ticks_allowed)
            return;
        ticks_allowed = TICKS_LATER;
    }
    if (!guard.active) {
        not_ours(number, which, info->si_code <= 0);
        return;
    }
    const size_t length = strlen(caught[which].text);
    const size_t copied = length < guard.size ? length : guard.size - 1;
    memcpy(guard.explanation, caught[which].text, copied);
    guard.explanation[copied] = '\0';
    siglongjmp(guard.jump, 1);
}

/* Protocol code that calls exit would end the tool in the middle of its work, and with the code for "holds". */
static void on_exit_in_guarded_code(void)
{
    if (!catching || !guard_is_running())
        return;
    guard.active = 0;
    fprintf(stderr, "gainsay: protocol code called exit: a handler or predicate must return\n");
    _exit(EXIT_BAD_INPUT);
}

static void use_alternate_stack(stack_t *before)
{
    alternate_stack = die_alloc(ALTERNATE_STACK_BYTES);
    const stack_t stack = {.ss_sp = alternate_stack, .ss_size = ALTERNATE_STACK_BYTES};
    sigaltstack(&stack, before);
}

void guard_begin_thread(void)
{
    use_alternate_stack(NULL);
}

void guard_end_thread(void)
{
    const stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    free(alternate_stack);
}

void guard_catch(void)
{
    static bool registered;
    if (catching++)
        return;
    process = getpid();
    if (!registered)
        registered = atexit(on_exit_in_guarded_code) == 0 && at_quick_exit(on_exit_in_guarded_code) == 0;
    use_alternate_stack(&former_stack);
    for (size_t i = 0; i < CAUGHT; i++) {
        /* SA_NODEFER: we leave by a jump, which would keep the signal blocked. */
        struct sigaction action = {.sa_sigaction = on_signal,
                                   .sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK | SA_RESTART};
        sigemptyset(&action.sa_mask);
        sigaction(caught[i].number, &action, &former[i]);
    }
    ticks_allowed = TICKS_FIRST;
    const struct itimerval tick = {{0, TICK_US}, {0, TICK_US}};
    setitimer(ITIMER_REAL, &tick, &former_timer);
}

void guard_release(void)
{
    must(catching > 0);
    if (--catching)
        return;
    setitimer(ITIMER_REAL, &former_timer, NULL);
    for (size_t i = 0; i < CAUGHT; i++)
        sigaction(caught[i].number, &former[i], NULL);
    sigaltstack(&former_stack, NULL);
    free(alternate_stack);
}
