/* Seeds are hashed, so that "1" and "2", or two commit ids, have nothing in common. */
#include "core/random_stream.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t random_seed(const char *text)
{
    return XXH3_64bits(text, strlen(text));
}

struct random_stream random_stream_of(uint64_t seed, uint64_t run)
{
    return (struct random_stream){.state = XXH3_64bits_withSeed(&run, sizeof(run), seed)};
}
