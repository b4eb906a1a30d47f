/* A data type of a user's own, with its laws: a version vector, which says of two replicas whether one has seen all
 * that the other has, or each has seen something that the other has not.
 *
 *   cc -I. examples/version_vector.c build/release/libgainsay.a -lxxhash -ldl -pthread -o version_vector  (in a
 * checkout) cc examples/version_vector.c $(pkg-config --cflags --libs gainsay) -o version_vector (installed)
 *   ./version_vector
 *
 * With -DBUG a replica that merges takes the sender's newer entries up to the first that is older, and no further. */
#include "properties/law_join.h"

enum { REPLICAS_MAX = 8 };
enum { EQUAL, BEFORE, AFTER, CONCURRENT };

struct version {
    uint32_t seen[REPLICAS_MAX]; /* how many updates by each replica */
};

static const struct gs_field version_fields[] = {
    GS_BY_NODE(struct version, seen, 0),
    GS_FIELDS_END,
};

static int compare(const struct gs_run *run, const struct version *a, const struct version *b)
{
    bool less = false, more = false;
    for (int i = 0; i < gs_count(run, 0); i++) {
        less |= a->seen[i] < b->seen[i];
        more |= a->seen[i] > b->seen[i];
    }
    return less && more ? CONCURRENT : less ? BEFORE : more ? AFTER : EQUAL;
}

static void merge(const struct gs_run *run, void *into, const void *from)
{
    struct version *a = into;
    const struct version *b = from;
    for (int i = 0; i < gs_count(run, 0); i++) {
        if (a->seen[i] < b->seen[i])
            a->seen[i] = b->seen[i];
#ifdef BUG
        else if (a->seen[i] > b->seen[i])
            break;
#endif
    }
}

static bool is_at_most(const struct gs_run *run, const void *a, const void *b)
{
    const int order = compare(run, a, b);
    return order == EQUAL || order == BEFORE;
}

static void update(struct gs_law *l, void *value)
{
    struct version *version = value;
    version->seen[gs_index(gs_law_run(l), gs_law_node(l, "by"))]++;
}

/* The versions that arise: some updates, from none on. */
static void draw_version(struct gs_law *l, void *value)
{
    for (size_t i = 0; gs_law_more(l, i, 12); i++)
        update(l, value);
}

static const struct gs_join version_join = {
    .name = "version",
    .fields = version_fields,
    .size = sizeof(struct version),
    .draw = draw_version,
    .join = merge,
    .leq = is_at_most,
    .update = update,
};

/* A law of its own: two replicas that both go on from one version, each by itself, are concurrent. */
static void forks_are_concurrent(struct gs_law *l)
{
    const struct gs_run *run = gs_law_run(l);
    struct version base = {{0}};
    draw_version(l, &base);
    gs_law_show(l, "base", version_fields, &base);
    struct version here = base, there = base;
    const gs_node a = gs_law_node(l, "here"), b = gs_law_node(l, "there");
    gs_law_assume(l, !gs_same(a, b));
    here.seen[gs_index(run, a)]++;
    there.seen[gs_index(run, b)]++;
    gs_law_expect(l, compare(run, &here, &there) == CONCURRENT);
}

int main(void)
{
    const bool join = gs_join_laws(&version_join, .nodes = 4);
    const bool forks = gs_law(forks_are_concurrent, .nodes = 4);
    return join && forks ? 0 : 1;
}
