/* The digest follows what states and messages mean, and nothing else. */
#include "tests/model_sample.h"

TestSuite(model_digest, .init = copy_model);

static void expect_digest_changed(bool changed, const char *what)
{
    cr_expect(eq(int, model_digest(model) != model_digest(&sound), changed), "%s", what);
    copy_model();
}

Test(model_digest, digest_stays_when_only_what_happens_changes)
{
    expect_digest_changed(false, "a copy");
    model->options[TERMS].preset = 7;
    expect_digest_changed(false, "an option");
    model->events[PROPOSE].name = "suggest";
    expect_digest_changed(false, "a local event");
    model->properties[0].name = "none";
    expect_digest_changed(false, "a property");
    model->network = GS_FIFO;
    expect_digest_changed(false, "the network");
}

Test(model_digest, digest_changes_when_states_or_messages_mean_something_else)
{
    model->roles[CLIENT].name = "user";
    expect_digest_changed(true, "a role's name");
    model->events[VOTE].name = "ballot";
    expect_digest_changed(true, "a message's name");
    model->events[VOTE].fields[1] = NULL;
    expect_digest_changed(true, "a message's fields");
    model->events[ELECTION].indices = 3;
    expect_digest_changed(true, "a timer's indices");
    model->events[ELECTION].role = CLIENT;
    expect_digest_changed(true, "a timer's role");
    const struct gs_event_type vote = model->events[VOTE];
    model->events[VOTE] = model->events[APPEND];
    model->events[APPEND] = vote;
    expect_digest_changed(true, "the numbers of messages");
}

/* The model with other tables for its servers; fields must describe `size` bytes. */
static uint64_t digest_with(const struct gs_field *fields, size_t size)
{
    copy_model();
    model->roles[SERVER].fields = fields;
    model->roles[SERVER].size = size;
    cr_assert(model_check(model, error, sizeof(error)), "%s", error);
    return model_digest(model);
}

Test(model_digest, digest_does_not_depend_on_the_order_of_members)
{
    struct reordered {
        uint16_t next[4];
        gs_node leader;
        uint8_t phase;
        uint16_t term;
    };
    static const struct gs_field fields[] = {
        GS_BY_NODE(struct reordered, next, SERVER),
        GS_ENUM(struct reordered, phase, phase_names),
        GS_FIELD(struct reordered, leader),
        GS_FIELD(struct reordered, term, GS_DURABLE),
        GS_FIELDS_END,
    };

    cr_expect(eq(u64, digest_with(fields, sizeof(struct reordered)), model_digest(&sound)));
}

Test(model_digest, digest_depends_on_the_meaning_of_members)
{
    struct one {
        uint8_t a[4];
        uint8_t n;
    };
    static const char *const other_names[] = {"leader", "follower"};
    static const struct gs_field tables[][3] = {
        {GS_FIELD(struct one, a), GS_FIELD(struct one, n), GS_FIELDS_END},
        {GS_LIST(struct one, a, n), GS_FIELD(struct one, n), GS_FIELDS_END},
        {GS_BY_NODE(struct one, a, SERVER), GS_FIELD(struct one, n), GS_FIELDS_END},
        {GS_BY_NODE(struct one, a, CLIENT), GS_FIELD(struct one, n), GS_FIELDS_END},
        {GS_FIELD(struct one, a), GS_ENUM(struct one, n, phase_names), GS_FIELDS_END},
        {GS_FIELD(struct one, a), GS_ENUM(struct one, n, other_names), GS_FIELDS_END},
        {{.name = "a", .size = 4, .kind = GS_KIND_U32}, GS_FIELD(struct one, n), GS_FIELDS_END},
        {{.name = "a", .size = 4, .kind = GS_KIND_I32}, GS_FIELD(struct one, n), GS_FIELDS_END},
        {{.name = "b", .size = 4, .kind = GS_KIND_I32}, GS_FIELD(struct one, n), GS_FIELDS_END},
    };
    enum { TABLES = sizeof(tables) / sizeof(tables[0]) };
    uint64_t digests[TABLES];

    for (size_t i = 0; i < TABLES; i++) {
        digests[i] = digest_with(tables[i], sizeof(struct one));
        for (size_t j = 0; j < i; j++)
            cr_expect(ne(u64, digests[i], digests[j]), "tables %zu and %zu", i, j);
    }
}
