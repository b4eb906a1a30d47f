/* The live line as a terminal gets it. */
#include <sys/ioctl.h>

#include "tests/run_program.h"

/* A pseudo-terminal of so many columns. Returns the master; *slave: its other end. */
static int open_terminal(unsigned short columns, int *slave)
{
    const int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    cr_assert(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    *slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    cr_assert(ge(int, *slave, 0));
    cr_assert(ioctl(*slave, TIOCSWINSZ, &(struct winsize){.ws_row = 24, .ws_col = columns}) == 0);
    return master;
}

/* All that the program writes to a terminal as its standard error. */
static void watch(const char *const *arguments, unsigned short columns, char *seen, size_t size)
{
    int slave, status;
    size_t used = 0;
    ssize_t got;
    const int master = open_terminal(columns, &slave);
    const pid_t child = fork();
    cr_assert(child >= 0);
    if (child == 0) {
        dup2(open("/dev/null", O_RDWR), 1);
        dup2(slave, 2);
        execv(arguments[0], (char *const *)arguments);
        _exit(127);
    }
    close(slave);
    while (used + 1 < size && (got = read(master, seen + used, size - 1 - used)) > 0)
        used += (size_t)got;
    seen[used] = '\0';
    cr_assert(waitpid(child, &status, 0) == child && WIFEXITED(status));
    cr_expect(eq(int, WEXITSTATUS(status), 3), "%s", seen);
    close(master);
}

/* No line is as wide as the terminal, which would break it and leave its first part behind. */
static void expect_narrower(char *seen, size_t columns)
{
    char *state = NULL;
    for (char *line = strtok_r(seen, "\r\n", &state); line; line = strtok_r(NULL, "\r\n", &state)) {
        if (strstr(line, "\033[K"))
            *strstr(line, "\033[K") = '\0';
        cr_expect(lt(sz, strlen(line), columns), "%s", line);
    }
}

Test(progress_terminal, is_one_live_line_that_is_wiped_at_the_end)
{
    static char seen[1 << 20];
    const char *const arguments[] = {program_path(), "check", "two-phase-commit", "--preset", "full", "--max-seconds",
                                     "1.2",          NULL};
    static const unsigned short columns[] = {130, 80, 50};
    for (size_t i = 0; i < 3; i++) {
        watch(arguments, columns[i], seen, sizeof(seen));
        EXPECT_IN(seen, "\r1 s, depth ");
        EXPECT_IN(seen, " states");
        if (columns[i] > 50) {
            EXPECT_IN(seen, "/s, ");
            EXPECT_IN(seen, " transitions/s, ");
            EXPECT_IN(seen, " growing");
        }
        EXPECT_NOT_IN(seen, "\n");
        const size_t length = strlen(seen);
        cr_expect(length > 4 && strcmp(seen + length - 4, "\r\033[K") == 0, "the line is wiped");
        expect_narrower(seen, columns[i]);
    }
}

Test(progress_terminal, is_silent_when_asked)
{
    static char seen[1 << 16];
    watch((const char *const[]){program_path(), "check", "two-phase-commit", "--preset", "full", "--max-seconds", "0.4",
                                "--quiet", NULL},
          80, seen, sizeof(seen));
    cr_expect(eq(str, seen, ""));
}

Test(progress_terminal, is_lines_now_and_then_elsewhere_if_asked)
{
    struct ran ran = GAINSAY("check", "two-phase-commit", "--preset", "full", "--max-seconds", "0.5", "--progress");
    EXPECT_STATUS(ran, 3);
    EXPECT_IN(ran.err, "gainsay: 0 s, depth ");
    EXPECT_IN(ran.err, " transitions/s, frontier ");
    EXPECT_NOT_IN(ran.err, "\r");
    forget(&ran);
}
