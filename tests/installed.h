/* The built program as it is installed, in a directory of the test's own, first in PATH: away from the checkout, as its
 * users have it. Included after tests/run_program.h. */
#ifndef INSTALLED_H
#define INSTALLED_H

/* `make test` runs the tests: its options are nothing for a make that a test starts. */
static inline void forget_outer_make(void)
{
    unsetenv("MAKEFLAGS");
    unsetenv("MFLAGS");
    unsetenv("MAKELEVEL");
}

/* From here on the program is the one installed under directory/installed, by the project's own rules but without the
 * libraries, which need not be built. */
static inline void install_program(const char *directory)
{
    char *prefix = text_of("PREFIX=%s/installed", directory), *program = text_of("PROGRAM=%s", program_path());
    char *path = text_of("%s/installed/bin:%s", directory, getenv("PATH"));
    forget_outer_make();
    struct ran ran =
        run_in(project_root(), (const char *const[]){"make", "-s", "install-files", prefix, program,
                                                     "LIB_STATIC=/dev/null", "LIB_SHARED=/dev/null", NULL});
    cr_assert(ran.status == 0, "%s%s", ran.out, ran.err);
    forget(&ran);
    setenv("PATH", path, 1);
    setenv("GAINSAY", "gainsay", 1);
    unsetenv("PKG_CONFIG_PATH");
    free(path);
    free(program);
    free(prefix);
}

#endif
