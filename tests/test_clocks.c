/* Lamport, vector and hybrid clocks: their laws over histories drawn at random, with shrinking, against what happened
 * before what by the edges alone; and that a wrong clock is found out. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "properties/hybrid_clock.h"
#include "properties/lamport_clock.h"
#include "properties/law_join.h"
#include "properties/vector_clock.h"

/* ---- Vector clocks are a join ---- */

static const struct gs_field vector_fields[] = GS_VECTOR_CLOCK_FIELDS(0);

static void join_vectors(const struct gs_run *run, void *into, const void *from)
{
    (void)run;
    gs_vector_clock_join(into, from);
}

static bool is_at_most(const struct gs_run *run, const void *a, const void *b)
{
    (void)run;
    return gs_vector_clock_includes(b, a);
}

static void tick_one(struct gs_law *l, void *clock)
{
    const gs_node node = gs_law_node(l, "by");
    gs_law_assume(l, ((struct gs_vector_clock *)clock)->of[gs_index(gs_law_run(l), node)] < UINT16_MAX);
    gs_vector_clock_tick(clock, gs_index(gs_law_run(l), node));
}

Test(clocks, vector_clocks_are_a_join)
{
    static const struct gs_join join = {.name = "vector-clock",
                                        .fields = vector_fields,
                                        .size = sizeof(struct gs_vector_clock),
                                        .join = join_vectors,
                                        .leq = is_at_most,
                                        .update = tick_one};
    cr_expect(gs_join_laws(&join, .nodes = GS_CLOCK_NODES_MAX));
}

static void orders_are_mirrored(struct gs_law *l)
{
    static const enum gs_order mirrored[] = {GS_EQUAL, GS_AFTER, GS_BEFORE, GS_CONCURRENT};
    struct gs_vector_clock a, b;
    gs_law_struct(l, "a", vector_fields, &a);
    gs_law_struct(l, "b", vector_fields, &b);
    const enum gs_order order = gs_vector_clock_compare(&a, &b);
    gs_law_expect(l, gs_vector_clock_compare(&b, &a) == mirrored[order]);
    gs_law_expect(l, (order == GS_EQUAL) == (memcmp(&a, &b, sizeof(a)) == 0));
    gs_law_expect(l, gs_vector_clock_includes(&a, &b) == (order == GS_EQUAL || order == GS_AFTER));
    gs_vector_clock_join(&a, &b);
    gs_law_expect(l, gs_vector_clock_includes(&a, &b));
}

Test(clocks, two_vector_clocks_stand_in_one_of_four_orders)
{
    cr_expect(gs_law(orders_are_mirrored));
    cr_expect(gs_law(orders_are_mirrored, .integers_max = 2));
}

/* ---- Clocks against a history ---- */

enum { MOMENTS_MAX = 1000, WORDS = (MOMENTS_MAX + 63) / 64, NOT_SENT = -1 };

struct moment {
    int node, sending; /* of a receipt: which moment sent it */
    uint16_t physical, lamport;
    struct gs_hybrid_time hybrid;
    struct gs_vector_clock vector;
    uint64_t past[WORDS]; /* by edges alone */
};
struct history {
    int count, last[GS_CLOCK_NODES_MAX]; /* the node's last moment, -1 */
    uint16_t physical[GS_CLOCK_NODES_MAX];
    bool is_sending[MOMENTS_MAX];
    struct moment moments[MOMENTS_MAX];
};
static struct history history; /* large, and one case at a time */

/* What a test may break. */
enum flaw { NONE, NO_MERGE, NO_TICK, NO_LOGICAL, NO_LAMPORT_MAX };

static bool is_in_past(const struct moment *moment, int of)
{
    return (moment->past[of / 64] >> of % 64 & 1) != 0;
}

static void add_cause(struct moment *moment, int cause)
{
    for (int w = 0; w < WORDS; w++)
        moment->past[w] |= history.moments[cause].past[w];
    moment->past[cause / 64] |= UINT64_C(1) << cause % 64;
}

static void stamp(struct moment *moment, const struct moment *last, const struct moment *sent, enum flaw flaw)
{
    static const struct moment none = {0};
    last = last ? last : &none;
    moment->vector = last->vector;
    if (sent && flaw != NO_MERGE)
        gs_vector_clock_join(&moment->vector, &sent->vector);
    if (!sent || flaw != NO_TICK)
        gs_vector_clock_tick(&moment->vector, moment->node);
    moment->lamport = sent && flaw != NO_LAMPORT_MAX ? gs_lamport_receive(last->lamport, sent->lamport)
                                                     : gs_lamport_tick(last->lamport);
    moment->hybrid = sent ? gs_hybrid_receive(last->hybrid, moment->physical, sent->hybrid)
                          : gs_hybrid_tick(last->hybrid, moment->physical);
    if (flaw == NO_LOGICAL)
        moment->hybrid.c = 0;
}

static void draw_moment(struct gs_law *l, enum flaw flaw)
{
    const int place = history.count++;
    struct moment *moment = &history.moments[place];
    *moment = (struct moment){.node = gs_index(gs_law_run(l), gs_law_node(l, NULL)), .sending = NOT_SENT};
    const uint64_t kind = gs_law_unsigned(l, NULL, 0, 5); /* of its own or sending, a receipt; the clock may tick */
    const int last = history.last[moment->node];
    history.physical[moment->node] = (uint16_t)(history.physical[moment->node] + kind % 2);
    moment->physical = history.physical[moment->node];
    if (kind >= 2 && place > 0) {
        const int from = (int)gs_law_unsigned(l, NULL, 0, (uint64_t)place - 1);
        moment->sending = history.moments[from].node == moment->node ? NOT_SENT : from;
    }
    stamp(moment, last < 0 ? NULL : &history.moments[last],
          moment->sending < 0 ? NULL : &history.moments[moment->sending], flaw);
    if (last >= 0)
        add_cause(moment, last);
    if (moment->sending >= 0)
        add_cause(moment, moment->sending);
    history.last[moment->node] = place;
    gs_law_note(l, "moment %d at node%d, of moment %d, physical %d", place, moment->node, moment->sending,
                moment->physical);
}

static void expect_order(struct gs_law *l, int early, int late)
{
    const struct moment *a = &history.moments[early], *b = &history.moments[late];
    const bool happened_before = is_in_past(b, early);
    const enum gs_order order = gs_vector_clock_compare(&a->vector, &b->vector);
    gs_law_expect(l, order == (happened_before ? GS_BEFORE : GS_CONCURRENT));
    if (happened_before) {
        gs_law_expect(l, a->lamport < b->lamport);
        gs_law_expect(l, gs_hybrid_compare(a->hybrid, b->hybrid) < 0);
    }
}

/* l is the greatest physical time heard of; c counts no more than the moments heard of with it. */
static void expect_bounds(struct gs_law *l, int place)
{
    const struct moment *moment = &history.moments[place];
    int greatest = moment->physical, with_it = moment->hybrid.l == 0;
    for (int k = 0; k < place; k++)
        if (is_in_past(moment, k)) {
            greatest = history.moments[k].physical > greatest ? history.moments[k].physical : greatest;
            with_it += history.moments[k].hybrid.l == moment->hybrid.l;
        }
    gs_law_expect(l, moment->hybrid.l == greatest);
    gs_law_expect(l, moment->hybrid.c <= with_it);
}

static void begin_history(void)
{
    history.count = 0;
    for (int k = 0; k < GS_CLOCK_NODES_MAX; k++) {
        history.last[k] = -1;
        history.physical[k] = 0;
    }
}

static void expect_all(struct gs_law *l)
{
    for (int late = 0; late < history.count; late++) {
        expect_bounds(l, late);
        for (int early = 0; early < late; early++)
            expect_order(l, early, late);
    }
}

static void clocks_tell_causes(struct gs_law *l)
{
    const enum flaw *flaw = gs_law_context(l);
    begin_history();
    while (gs_law_more(l, (size_t)history.count, 40))
        draw_moment(l, flaw ? *flaw : NONE);
    expect_all(l);
}

static void clocks_tell_causes_of_a_thousand(struct gs_law *l)
{
    begin_history();
    while (history.count < MOMENTS_MAX)
        draw_moment(l, NONE);
    expect_all(l);
}

Test(clocks, tell_what_happened_before_what)
{
    cr_expect(gs_law(clocks_tell_causes));
    cr_expect(gs_law(clocks_tell_causes, .nodes = GS_CLOCK_NODES_MAX));
}

Test(clocks, tell_it_of_a_thousand_events, .timeout = 100)
{
    cr_expect(gs_law(clocks_tell_causes_of_a_thousand, .nodes = 5, .cases = 5));
}

Test(clocks, that_break_a_rule_are_found_out)
{
    for (int i = NO_MERGE; i <= NO_LAMPORT_MAX; i++) {
        const enum flaw flaw = (enum flaw)i;
        struct gs_law_result result;
        FILE *report = tmpfile();
        cr_expect(not(gs_law(clocks_tell_causes, .context = &flaw, .report = report, .result = &result)), "%d", i);
        cr_expect(eq(int, (int)result.verdict, GS_LAW_VIOLATED), "%d", i);
        cr_expect(result.choices <= 9, "two moments are enough for %d, and %zu choices are left", i, result.choices);
        fclose(report);
    }
}

/* ---- Hybrid clocks ---- */

/* Figure 5 of the paper, as it is printed. */
static struct gs_hybrid_time as_printed(struct gs_hybrid_time last, uint16_t physical, const struct gs_hybrid_time *m)
{
    struct gs_hybrid_time next = {.l = last.l > physical ? last.l : physical};
    if (!m) {
        next.c = next.l == last.l ? (uint16_t)(last.c + 1) : 0;
        return next;
    }
    if (m->l > next.l)
        next.l = m->l;
    if (next.l == last.l && next.l == m->l)
        next.c = (uint16_t)((last.c > m->c ? last.c : m->c) + 1);
    else if (next.l == last.l)
        next.c = (uint16_t)(last.c + 1);
    else if (next.l == m->l)
        next.c = (uint16_t)(m->c + 1);
    return next;
}

static void hybrid_clock_is_as_printed(struct gs_law *l)
{
    struct gs_hybrid_time last, message;
    gs_law_struct(l, "last", gs_hybrid_time_fields, &last);
    gs_law_struct(l, "message", gs_hybrid_time_fields, &message);
    const uint16_t physical = (uint16_t)gs_law_unsigned(l, "physical", 0, 5);
    gs_law_expect(l, gs_hybrid_compare(gs_hybrid_tick(last, physical), as_printed(last, physical, NULL)) == 0);
    gs_law_expect(
        l, gs_hybrid_compare(gs_hybrid_receive(last, physical, message), as_printed(last, physical, &message)) == 0);
}

Test(clocks, a_hybrid_clock_does_what_the_paper_prints)
{
    cr_expect(gs_law(hybrid_clock_is_as_printed, .integers_max = 4));
}

/* ---- Ends ---- */

enum ending { VECTOR_FULL, VECTOR_TOO_SMALL, LAMPORT_FULL, HYBRID_FULL, ENDINGS };

static void tick_beyond(struct gs_law *l)
{
    struct gs_vector_clock vector = {.of = {[1] = UINT16_MAX}};
    switch (*(const enum ending *)gs_law_context(l)) {
    case VECTOR_FULL:
        gs_vector_clock_tick(&vector, 1);
        break;
    case VECTOR_TOO_SMALL:
        gs_vector_clock_tick(&vector, GS_CLOCK_NODES_MAX);
        break;
    case LAMPORT_FULL:
        gs_lamport_receive(3, UINT16_MAX);
        break;
    default:
        gs_hybrid_tick((struct gs_hybrid_time){.l = 3, .c = UINT16_MAX}, 3);
    }
}

Test(clocks, do_not_wrap)
{
    static const char *const said[ENDINGS] = {
        "a vector clock counts to 65535, and node 1 of a role has had so many events",
        "a vector clock has no entry for node 8 of a role: it has 8",
        "a Lamport clock counts to 65535, and is there",
        "a hybrid clock counts 65535 events while physical time stands still, and is there",
    };
    for (int i = 0; i < ENDINGS; i++) {
        const enum ending ending = (enum ending)i;
        char *text = NULL;
        size_t size = 0;
        FILE *report = open_memstream(&text, &size);
        cr_expect(not(gs_law(tick_beyond, .report = report, .context = &ending)));
        fclose(report);
        cr_expect(strstr(text, said[i]) != NULL, "%s", text);
        free(text);
    }
}

Test(clocks, compare_entries_that_both_know_when_asked_to)
{
    const struct gs_vector_clock a = {.of = {1, 0, 2}}, b = {.of = {0, 1, 3}};
    cr_expect(eq(int, (int)gs_vector_clock_compare(&a, &b), GS_CONCURRENT));
    cr_expect(eq(int, (int)gs_vector_clock_compare_common(&a, &b), GS_BEFORE));
}
