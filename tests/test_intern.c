/* Interning: one number for each distinct byte string, whose bytes stay where they are. */
#include "checker/intern.h"

#include <pthread.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Test(intern, numbers_distinct_values_densely_in_the_order_met)
{
    struct interner interner = {0};
    cr_expect(eq(u32, intern(&interner, "one", 3), 0));
    cr_expect(eq(u32, intern(&interner, "two", 3), 1));
    cr_expect(eq(u32, intern(&interner, "one", 3), 0));
    cr_expect(eq(u32, intern(&interner, "three", 5), 2));
    cr_expect(eq(u32, intern(&interner, "two", 3), 1));
    cr_expect(eq(u32, interner.count, 3));
    interner_free(&interner);
}

Test(intern, tells_a_value_from_its_beginning_and_from_the_empty_one)
{
    struct interner interner = {0};
    static const uint8_t zeros[20];
    for (uint32_t size = 0; size <= sizeof(zeros); size++)
        cr_expect(eq(u32, intern(&interner, zeros, size), size));
    cr_expect(eq(u32, intern(&interner, NULL, 0), 0));
    cr_expect(eq(u32, interned_value(&interner, 0).size, 0));
    cr_expect(interned_value(&interner, 0).data != NULL);
    interner_free(&interner);
}

Test(intern, keeps_every_value_while_it_grows)
{
    enum { VALUES = 200000 };
    struct interner interner = {0};
    for (int round = 0; round < 2; round++)
        for (uint32_t n = 0; n < VALUES; n++)
            cr_assert(intern(&interner, &n, sizeof(n)) == n, "%u", n);
    cr_expect(eq(u32, interner.count, VALUES));
    for (uint32_t n = 0; n < VALUES; n++) {
        const struct interned value = interned_value(&interner, n);
        cr_assert(value.size == sizeof(n) && memcmp(value.data, &n, sizeof(n)) == 0, "%u", n);
    }
    cr_expect(ge(sz, interner.memory, VALUES * (16 + sizeof(struct interned) + 2 * sizeof(uint32_t))));
    interner_free(&interner);
    cr_expect(eq(sz, interner.memory, 0));
}

Test(intern, copies_bytes_aligned_and_never_moves_them)
{
    struct interner interner = {0};
    const uint8_t *data[3000];
    char text[20] = "value";
    for (uint32_t n = 0; n < 3000; n++) {
        const size_t size = (size_t)snprintf(text, sizeof(text), "value %u", n);
        cr_assert(intern(&interner, text, size) == n);
        data[n] = interned_value(&interner, n).data;
        cr_assert(eq(u64, (uintptr_t)data[n] % 16, 0), "value %u stands at %p", n, (const void *)data[n]);
    }
    for (uint32_t n = 0; n < 3000; n++) {
        snprintf(text, sizeof(text), "value %u", n);
        cr_assert(interned_value(&interner, n).data == data[n] && memcmp(data[n], text, strlen(text)) == 0, "%u", n);
    }
    interner_free(&interner);
}

Test(intern, takes_values_larger_than_its_blocks)
{
    enum { LARGE = 200000 };
    struct interner interner = {0};
    uint8_t *large = calloc(1, LARGE);
    for (uint32_t n = 0; n < 5; n++) {
        large[LARGE - 1] = (uint8_t)n;
        cr_expect(eq(u32, intern(&interner, large, LARGE), 2 * n));
        cr_expect(eq(u32, intern(&interner, &n, sizeof(n)), 2 * n + 1));
    }
    for (uint32_t n = 0; n < 5; n++) {
        large[LARGE - 1] = (uint8_t)n;
        cr_expect(eq(u32, intern(&interner, large, LARGE), 2 * n));
        cr_expect(memcmp(interned_value(&interner, 2 * n).data, large, LARGE) == 0);
    }
    free(large);
    interner_free(&interner);
}

/* One thread interns even numbers while another looks for odd ones, which nobody interns: the place of one that is
 * absent may be taken by another value at any moment. */
enum { SOUGHT = 2000000 };
struct seeking {
    const struct interner *interner;
    _Atomic bool ends;
    uint64_t found;
};

static void *seek(void *argument)
{
    struct seeking *seeking = argument;
    for (uint32_t odd = 1; !seeking->ends; odd += 2)
        seeking->found += intern_find(seeking->interner, &odd, sizeof(odd)) != INTERN_ABSENT;
    return NULL;
}

Test(intern, finds_nothing_that_is_not_there_while_another_thread_interns)
{
    struct retired retired = {.memory = 0};
    struct interner interner = {.index = {.retired = &retired}};
    struct seeking seeking = {.interner = &interner};
    pthread_t thread;
    cr_assert(eq(int, pthread_create(&thread, NULL, seek, &seeking), 0));
    for (uint32_t even = 0; even < SOUGHT; even += 2)
        intern(&interner, &even, sizeof(even));
    seeking.ends = true;
    pthread_join(thread, NULL);
    cr_expect(eq(u64, seeking.found, 0));
    cr_expect(eq(u32, interner.count, SOUGHT / 2));
    interner_free(&interner);
    retired_free(&retired);
}
