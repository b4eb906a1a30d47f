/* Shrinking: passes that take choices out or lower them, each tried by running the law on what is left, until none of
 * them makes the failing case simpler. Deterministic, but for a limit in seconds that keeps slow laws bearable. */
#include <string.h>

#include "core/clock.h"
#include "core/guard.h"
#include "properties/law_case.h"

enum {
    TRIALS_MAX = 20000,
    TIMEOUTS_MAX = 30, /* trials that do not return: a third of a second each */
    SECONDS_MAX = 30,
    CHUNK_MAX = 16,
    ELEMENTS_MAX = 12, /* deleted at once */
    LARGE = 255,
    PARTNERS_MAX = 48 /* pairs of choices: how far apart */
};

struct shrinking {
    struct gs_law *l;
    struct law_choices *best, candidate;
    const char *failure;
    uint64_t trials, timeouts;
    double start;
    size_t marks[LAW_MARKS_MAX], mark_count; /* of the best */
};

static bool is_over(const struct shrinking *s)
{
    return s->trials >= TRIALS_MAX || s->timeouts >= TIMEOUTS_MAX || clock_seconds() - s->start >= SECONDS_MAX;
}

static void keep_marks(struct shrinking *s)
{
    s->mark_count = s->l->mark_count;
    memcpy(s->marks, s->l->marks, s->mark_count * sizeof(s->marks[0]));
}

/* Tries the candidate. What it took, which is what counts, becomes the best if it fails alike and is simpler. */
static bool try_candidate(struct shrinking *s)
{
    if (is_over(s) || !law_simpler(&s->candidate, s->best))
        return false;
    s->trials++;
    const struct law_ending ending = law_run(s->l, &s->candidate, 0, NULL);
    s->timeouts += ending.timed_out;
    if (ending.outcome != LAW_FAILED || strcmp(ending.failure, s->failure) != 0 || !law_simpler(&s->l->taken, s->best))
        return false;
    law_choices_copy(s->best, &s->l->taken);
    keep_marks(s);
    return true;
}

static bool try_without(struct shrinking *s, size_t first, size_t end)
{
    const size_t behind = s->best->count - end;
    memcpy(s->candidate.values, s->best->values, first * sizeof(uint64_t));
    memcpy(s->candidate.values + first, s->best->values + end, behind * sizeof(uint64_t));
    s->candidate.count = first + behind;
    return try_candidate(s);
}

static bool try_with(struct shrinking *s, size_t i, uint64_t value)
{
    if (value == s->best->values[i])
        return false;
    law_choices_copy(&s->candidate, s->best);
    s->candidate.values[i] = value;
    return try_candidate(s);
}

static bool try_with_two(struct shrinking *s, size_t i, uint64_t first, size_t j, uint64_t second)
{
    law_choices_copy(&s->candidate, s->best);
    s->candidate.values[i] = first;
    s->candidate.values[j] = second;
    return try_candidate(s);
}

/* ---- Passes: each true if it made the case simpler ---- */

/* Elements of lists, several at once first, from the end on. */
static bool delete_elements(struct shrinking *s)
{
    bool any = false;
    for (size_t n = ELEMENTS_MAX; n >= 1; n--)
        for (size_t i = s->mark_count; i-- > 0 && !is_over(s);)
            while (i + n < s->mark_count && s->marks[i] < s->marks[i + n] && s->marks[i + n] <= s->best->count &&
                   try_without(s, s->marks[i], s->marks[i + n]))
                any = true;
    return any;
}

static bool delete_chunks(struct shrinking *s)
{
    bool any = false;
    for (size_t n = CHUNK_MAX; n >= 1; n = n > 4 ? n / 2 : n - 1)
        for (size_t i = s->best->count; i-- > 0 && !is_over(s);)
            while (i + n <= s->best->count && try_without(s, i, i + n))
                any = true;
    return any;
}

static bool zero_chunks(struct shrinking *s)
{
    bool any = false;
    for (size_t n = CHUNK_MAX; n >= 2; n /= 2)
        for (size_t i = 0; i + n <= s->best->count && !is_over(s); i += n) {
            law_choices_copy(&s->candidate, s->best);
            memset(s->candidate.values + i, 0, n * sizeof(uint64_t));
            any |= try_candidate(s);
        }
    return any;
}

/* To the least of some few that fails, from below: those that pass are fast, also where failing is not to return. */
static bool raise_from_zero(struct shrinking *s, size_t i)
{
    for (unsigned bit = 1; bit < 64 && i < s->best->count && UINT64_C(1) << bit < s->best->values[i]; bit++)
        if (try_with(s, i, (UINT64_C(1) << bit) - 1) || try_with(s, i, UINT64_C(1) << bit))
            return true;
    return false;
}

/* To 0 at once, else by ever smaller powers of two, which finds the least where failing is monotone and takes node
 * after node out of a set; then by the small steps that powers of two pass over. */
static bool lower_one(struct shrinking *s, size_t i)
{
    if (s->best->values[i] == 0)
        return false;
    bool any = try_with(s, i, 0);
    if (i < s->best->count && s->best->values[i] > LARGE)
        any |= raise_from_zero(s, i);
    for (unsigned bit = 64; bit-- > 0 && i < s->best->count && !is_over(s);)
        while (i < s->best->count && s->best->values[i] >> bit &&
               try_with(s, i, s->best->values[i] - (UINT64_C(1) << bit)))
            any = true;
    if (i < s->best->count && s->best->values[i] >= 3)
        any |= try_with(s, i, s->best->values[i] - 3);
    return any;
}

static bool lower_each(struct shrinking *s)
{
    bool any = false;
    for (size_t i = 0; i < s->best->count && !is_over(s); i++)
        any |= lower_one(s, i);
    return any;
}

/* Two choices that have to stay equal are lowered together. */
static bool lower_both(struct shrinking *s, size_t i, size_t j)
{
    const uint64_t value = s->best->values[i];
    if (value == 0 || s->best->values[j] != value)
        return false;
    bool any = try_with_two(s, i, 0, j, 0);
    for (unsigned bit = 64; bit-- > 0 && j < s->best->count;)
        while (j < s->best->count && s->best->values[i] == s->best->values[j] && s->best->values[i] >> bit) {
            const uint64_t lower = s->best->values[i] - (UINT64_C(1) << bit);
            if (!try_with_two(s, i, lower, j, lower))
                break;
            any = true;
        }
    return any;
}

/* What the first loses, the second wins: where only their sum counts. */
static bool move_to_second(struct shrinking *s, size_t i, size_t j)
{
    bool any = false;
    for (unsigned bit = 64; bit-- > 0 && j < s->best->count;)
        while (j < s->best->count && s->best->values[i] >> bit) {
            const uint64_t part = UINT64_C(1) << bit;
            if (s->best->values[j] > UINT64_MAX - part ||
                !try_with_two(s, i, s->best->values[i] - part, j, s->best->values[j] + part))
                break;
            any = true;
        }
    return any;
}

static bool swap_both(struct shrinking *s, size_t i, size_t j)
{
    return s->best->values[i] > s->best->values[j] && try_with_two(s, i, s->best->values[j], j, s->best->values[i]);
}

static bool change_pairs(struct shrinking *s)
{
    bool any = false;
    for (size_t i = 0; i < s->best->count; i++)
        for (size_t j = i + 1; j < s->best->count && j <= i + PARTNERS_MAX && !is_over(s); j++) {
            any |= swap_both(s, i, j);
            any |= j < s->best->count && lower_both(s, i, j);
            any |= j < s->best->count && move_to_second(s, i, j);
        }
    return any;
}

/* A choice fewer where a number says how many follow: it is lowered and a chunk behind it is taken out. */
static bool lower_and_delete(struct shrinking *s)
{
    bool any = false;
    for (size_t i = 0; i < s->best->count && !is_over(s); i++)
        for (size_t n = 1; n <= 4; n++)
            for (size_t j = i + 1; j + n <= s->best->count && j <= i + CHUNK_MAX && s->best->values[i] > 0; j++) {
                law_choices_copy(&s->candidate, s->best);
                s->candidate.values[i]--;
                memmove(s->candidate.values + j, s->candidate.values + j + n,
                        (s->candidate.count - j - n) * sizeof(uint64_t));
                s->candidate.count -= n;
                any |= try_candidate(s);
            }
    return any;
}

static bool (*const passes[])(struct shrinking *s) = {delete_elements, delete_chunks, zero_chunks,
                                                      lower_each,      change_pairs,  lower_and_delete};

/* Cheap passes first, again and again while they get anywhere; the costly ones then. */
static void run_passes(struct shrinking *s)
{
    for (size_t pass = 0; pass < sizeof(passes) / sizeof(passes[0]) && !is_over(s);)
        pass = passes[pass](s) ? 0 : pass + 1;
}

void law_shrink(struct gs_law *l, struct law_choices *best, const char *failure, struct gs_law_result *result)
{
    static struct shrinking s; /* large for a stack; of laws only one runs at a time */
    s.l = l;
    s.best = best;
    s.failure = failure;
    s.trials = s.timeouts = 0;
    s.start = clock_seconds();
    guard_catch();
    law_run(l, best, 0, NULL);
    keep_marks(&s);
    run_passes(&s);
    guard_release();
    result->trials = s.trials;
    result->is_minimal = !is_over(&s);
    result->choices = best->count;
}
