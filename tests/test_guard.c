/* Guarded calls: every way in which protocol code fails comes back as a line; what was there before is restored; faults
 * that are not protocol code's stay what they were. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "core/guard.h"

/* What a sanitizer would report before the signal comes. */
#define FAULTY __attribute__((noinline, no_sanitize("address", "undefined")))

static char explanation[200];

static bool call(void (*function)(void *), void *argument)
{
    memset(explanation, 0, sizeof(explanation));
    return guard_call(function, argument, explanation, sizeof(explanation));
}

static void expect_failure(void (*function)(void *), char *why)
{
    cr_expect(not(call(function, NULL)), "%s", why);
    cr_expect(eq(str, explanation, why));
}

static void do_nothing(void *argument)
{
    (void)argument;
}

static void increment(void *argument)
{
    ++*(int *)argument;
}

static void fail(void *argument)
{
    (void)argument;
    guard_fail("%s %d", "reason", 7);
}

static void fail_at_length(void *argument)
{
    (void)argument;
    guard_fail("%0300d", 7);
}

FAULTY static void write_nowhere(void *argument)
{
    (void)argument;
    volatile int *volatile nowhere = (volatile int *)16;
    *nowhere = 1;
}

FAULTY static void divide_by_zero(void *argument)
{
    (void)argument;
    volatile int zero = 0;
    volatile int result = 7 / zero;
    (void)result;
}

static void call_abort(void *argument)
{
    (void)argument;
    abort();
}

static void raise_signal(void *argument)
{
    raise(*(int *)argument);
}

FAULTY static int recurse(volatile int *depth)
{
    volatile char frame[4096];
    volatile int deeper = *depth + 1;

    frame[0] = (char)deeper;
    return deeper > 0 ? recurse(&deeper) + frame[0] : 0;
}

static void overflow_the_stack(void *argument)
{
    volatile int depth = 0;
    (void)argument;
    recurse(&depth);
}

static void loop(void *argument)
{
    volatile int *stop = argument;
    while (!stop || !*stop)
        ;
}

static void call_guarded(void *argument)
{
    (void)argument;
    guard_call(do_nothing, NULL, explanation, sizeof(explanation));
}

Test(guard, calls_the_function_with_its_argument)
{
    int count = 0;

    cr_expect(call(increment, &count));
    cr_expect(eq(int, count, 1));
    cr_expect(eq(str, explanation, ""));
}

Test(guard, returns_what_guard_fail_says_and_can_be_used_again)
{
    expect_failure(fail, "reason 7");
    expect_failure(fail, "reason 7");
    cr_expect(call(do_nothing, NULL));
}

Test(guard, cuts_an_explanation_to_its_buffer)
{
    char small[8] = "1234567";

    cr_expect(not(guard_call(fail_at_length, NULL, small, 4)));
    cr_expect(eq(str, small, "000"));
    cr_expect(eq(chr, small[4], '5'));
    guard_catch();
    cr_expect(not(guard_call(call_abort, NULL, small, 5)));
    cr_expect(eq(str, small, "SIGA"));
    cr_expect(eq(chr, small[5], '6'));
    guard_release();
}

Test(guard, does_not_nest, .exit_code = 4)
{
    call(call_guarded, NULL);
}

Test(guard, is_fatal_to_fail_outside_of_a_call, .exit_code = 4)
{
    guard_fail("no one listens");
}

Test(guard, is_fatal_to_fail_after_a_call, .exit_code = 4)
{
    call(do_nothing, NULL);
    guard_fail("no one listens any more");
}

static void call_exit(void *unused)
{
    (void)unused;
    exit(0);
}

/* Where the program itself does not forbid it (cli/forbidden.c), as in a program that links the library. */
Test(guard, ends_a_program_whose_protocol_exits_with_2, .exit_code = 2)
{
    guard_catch();
    call(call_exit, NULL);
}

/* ---- Signals ---- */

Test(guard, catches_use_of_memory_that_is_not_there)
{
    guard_catch();
    expect_failure(write_nowhere, "SIGSEGV: it used memory that is not its own");
    expect_failure(write_nowhere, "SIGSEGV: it used memory that is not its own");
    cr_expect(call(do_nothing, NULL));
    guard_release();
}

Test(guard, catches_a_division_by_zero)
{
    guard_catch();
    expect_failure(divide_by_zero, "SIGFPE: it divided by zero or overflowed");
    expect_failure(divide_by_zero, "SIGFPE: it divided by zero or overflowed");
    guard_release();
}

Test(guard, catches_abort)
{
    guard_catch();
    expect_failure(call_abort, "SIGABRT: it called abort or failed an assert");
    expect_failure(call_abort, "SIGABRT: it called abort or failed an assert");
    guard_release();
}

Test(guard, catches_the_other_signals_of_broken_code)
{
    int bus = SIGBUS, illegal = SIGILL;

    guard_catch();
    cr_expect(not(call(raise_signal, &bus)));
    cr_expect(eq(str, explanation, "SIGBUS: it used memory that is not its own"));
    cr_expect(not(call(raise_signal, &illegal)));
    cr_expect(eq(str, explanation, "SIGILL: it ran an illegal instruction"));
    guard_release();
}

Test(guard, catches_a_stack_overflow_more_than_once)
{
    guard_catch();
    expect_failure(overflow_the_stack, "SIGSEGV: it used memory that is not its own");
    expect_failure(overflow_the_stack, "SIGSEGV: it used memory that is not its own");
    cr_expect(call(do_nothing, NULL));
    guard_release();
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

Test(guard, stops_an_endless_loop_and_the_next_one_sooner, .timeout = 30)
{
    guard_catch();
    const double start = seconds();
    expect_failure(loop, "it did not return (stopped by the watchdog)");
    const double first = seconds() - start;
    expect_failure(loop, "it did not return (stopped by the watchdog)");
    const double second = seconds() - start - first;
    cr_expect(gt(dbl, first, 1.5));
    cr_expect(lt(dbl, second, first / 2));
    guard_release();
}

static void sleep_a_little(void *argument)
{
    const double start = seconds();
    (void)argument;
    while (seconds() - start < 0.25)
        ;
}

/* The watchdog's patience is for one call, not for all of them together. */
Test(guard, lets_many_slow_calls_return, .timeout = 30)
{
    guard_catch();
    for (int i = 0; i < 12; i++)
        cr_expect(call(sleep_a_little, NULL));
    guard_release();
}

/* ---- What was there before ---- */

static volatile sig_atomic_t met;

static void meet(int number)
{
    met = number;
}

static void handle_with_meet(int number)
{
    const struct sigaction action = {.sa_handler = meet};
    cr_assert(eq(int, sigaction(number, &action, NULL), 0));
}

static bool is_handled_by_meet(int number)
{
    struct sigaction now;
    sigaction(number, NULL, &now);
    return now.sa_handler == meet;
}

static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM};
enum { NUMBERS = sizeof(numbers) / sizeof(numbers[0]) };

Test(guard, restores_the_former_handlers_with_its_last_release)
{
    for (size_t i = 0; i < NUMBERS; i++)
        handle_with_meet(numbers[i]);
    guard_catch();
    guard_catch();
    for (size_t i = 0; i < NUMBERS; i++)
        cr_expect(not(is_handled_by_meet(numbers[i])), "signal %d", numbers[i]);
    guard_release();
    for (size_t i = 0; i < NUMBERS; i++)
        cr_expect(not(is_handled_by_meet(numbers[i])), "signal %d", numbers[i]);
    expect_failure(call_abort, "SIGABRT: it called abort or failed an assert");
    guard_release();
    for (size_t i = 0; i < NUMBERS; i++)
        cr_expect(is_handled_by_meet(numbers[i]), "signal %d", numbers[i]);
}

Test(guard, restores_the_former_signal_stack_and_timer)
{
    static char area[65536];
    const stack_t mine = {.ss_sp = area, .ss_size = sizeof(area)};
    const struct itimerval hour = {{0, 0}, {3600, 0}};
    stack_t stack;
    struct itimerval timer;

    sigaltstack(&mine, NULL);
    setitimer(ITIMER_REAL, &hour, NULL);
    guard_catch();
    sigaltstack(NULL, &stack);
    cr_expect(ne(ptr, stack.ss_sp, area));
    getitimer(ITIMER_REAL, &timer);
    cr_expect(lt(long, timer.it_value.tv_sec, 1));
    guard_release();
    sigaltstack(NULL, &stack);
    cr_expect(eq(ptr, stack.ss_sp, area));
    getitimer(ITIMER_REAL, &timer);
    cr_expect(gt(long, timer.it_value.tv_sec, 3500));
}

Test(guard, can_catch_again_after_a_release)
{
    for (int i = 0; i < 3; i++) {
        guard_catch();
        expect_failure(write_nowhere, "SIGSEGV: it used memory that is not its own");
        guard_release();
    }
}

Test(guard, refuses_a_release_without_a_catch, .exit_code = 4)
{
    guard_release();
}

/* ---- Faults that are the tool's own ---- */

static void restore_defaults(void)
{
    for (size_t i = 0; i < NUMBERS; i++)
        signal(numbers[i], SIG_DFL);
}

Test(guard, does_not_swallow_bad_memory_outside_of_a_call, .signal = SIGSEGV)
{
    restore_defaults();
    guard_catch();
    call(do_nothing, NULL);
    write_nowhere(NULL);
}

Test(guard, does_not_swallow_a_division_by_zero_outside_of_a_call, .signal = SIGFPE)
{
    restore_defaults();
    guard_catch();
    divide_by_zero(NULL);
}

Test(guard, does_not_swallow_abort_outside_of_a_call, .signal = SIGABRT)
{
    restore_defaults();
    guard_catch();
    expect_failure(write_nowhere, "SIGSEGV: it used memory that is not its own");
    abort();
}

Test(guard, does_not_catch_before_it_is_asked_to, .signal = SIGSEGV)
{
    restore_defaults();
    call(write_nowhere, NULL);
}

Test(guard, does_not_catch_after_its_release, .signal = SIGSEGV)
{
    restore_defaults();
    guard_catch();
    guard_release();
    call(write_nowhere, NULL);
}

Test(guard, hands_a_fault_outside_of_a_call_to_the_former_handler)
{
    handle_with_meet(SIGABRT);
    guard_catch();
    raise(SIGABRT);
    cr_expect(eq(int, met, SIGABRT));
    guard_release();
}

/* The watchdog looks at guarded calls only. */
Test(guard, lets_code_outside_of_a_call_take_its_time, .timeout = 30)
{
    const double start = seconds();

    guard_catch();
    call(do_nothing, NULL);
    while (seconds() - start < 2.5)
        ;
    guard_release();
}

/* ---- Poison ---- */

/* AddressSanitizer may put the poison's own array elsewhere than on the stack. */
#ifndef __SANITIZE_ADDRESS__
FAULTY static int below(void)
{
    volatile unsigned char never_written[512];
    int sum = 0;

    __asm__ volatile("" : : "r"(never_written) : "memory"); /* or the compiler warns, rightly */
    for (size_t i = 0; i < sizeof(never_written); i++)
        sum += never_written[i];
    return sum;
}

Test(guard, poisons_what_code_below_reads_without_writing)
{
    guard_poison_stack(1);
    const int first = below();
    guard_poison_stack(2);
    const int second = below();
    cr_expect(gt(int, first, 400));
    cr_expect(gt(int, second, first + 400));
}
#endif
