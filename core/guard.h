/* Running protocol code so that its failures come back as a line of text: failed gs_assert, misuse of the interface,
 * and, while signals are caught, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT and code that does not return. */
#ifndef GAINSAY_GUARD_H
#define GAINSAY_GUARD_H

#include <stdbool.h>
#include <stddef.h>

/* Calls function(argument). False: it failed, and explanation (size bytes) says how. Does not nest. */
bool guard_call(void (*function)(void *), void *argument, char *explanation, size_t size);

/* Ends the guarded call that is running with this explanation; outside of one it is fatal. */
_Noreturn void guard_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Is protocol code running: in a guarded call, of this process and not of one that it forked, and the tool is not about
 * to end by itself? */
bool guard_is_running(void);

/* Makes text of protocol code's a line that any terminal and file can take: control characters become blanks, bytes
 * beyond ASCII question marks. */
void guard_clean(char *text);

/* Fills the stack below with a byte, so that code that reads what it never wrote shows itself. */
void guard_poison_stack(int byte);

/* Catches signals from now on, in this process; guard_release restores what was there. Calls nest. */
void guard_catch(void);
void guard_release(void);

/* By a thread that will make guarded calls while signals are caught by another: so that it has a stack for its signal
 * handlers. Of guarded calls only one may run at a time. */
void guard_begin_thread(void);
void guard_end_thread(void);

#endif
