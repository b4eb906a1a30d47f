#include "tests/reference/random_spec.h"
void random_protocol_print(const struct random_protocol *protocol, FILE *out)
{
    (void)protocol;
    (void)out;
}
