/* Alone in its file, so that the tests can link all the rest. */
#include "cli/commands.h"

int main(int argc, char **argv)
{
    return gainsay(argc, argv);
}
