/* What field tables make possible on values: reading, normal form, canonical bytes, text, renaming. */
#include "tests/fields_sample.h"

static char error[300];

/* ---- Reading ---- */

Test(fields, finds_members_by_name)
{
    cr_expect(fields_find(server_fields, "votes") == &server_fields[4]);
    cr_expect(fields_find(server_fields, "vote") == NULL);
    cr_expect(fields_find(NULL, "vote") == NULL);
}

Test(fields, visits_members_by_name)
{
    const struct gs_field *field = NULL;
    const char *previous = "";
    int count = 0;

    while ((field = fields_next_by_name(server_fields, field))) {
        cr_expect(strcmp(previous, field->name) < 0, "%s before %s", previous, field->name);
        previous = field->name;
        count++;
    }
    cr_expect(eq(int, count, 13));
}

Test(fields, counts_elements)
{
    struct gs_run *run = run_of("servers=3");
    struct server server = example();
    static const struct {
        const char *name;
        size_t element_size, capacity, count;
    } cases[] = {{"term", 4, 1, 1},    {"votes", 8, 1, 1},   {"log", 4, 3, 2}, {"next", 2, 5, 3},
                 {"friends", 1, 4, 3}, {"ballots", 2, 4, 3}, {"pad", 1, 5, 5}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct gs_field *field = fields_find(server_fields, cases[i].name);

        cr_expect(eq(sz, field_element_size(field), cases[i].element_size), "%s", cases[i].name);
        cr_expect(eq(sz, field_capacity(field), cases[i].capacity), "%s", cases[i].name);
        cr_expect(eq(sz, field_count(run, server_fields, field, &server), cases[i].count), "%s", cases[i].name);
    }
    server.log_length = 200;
    cr_expect(eq(sz, field_count(run, server_fields, fields_find(server_fields, "log"), &server), 3));
    run_free(run);
}

Test(fields, numbers_survive_writing_and_reading)
{
    static const uint8_t kinds[] = {GS_KIND_U8, GS_KIND_U16, GS_KIND_U32, GS_KIND_U64,
                                    GS_KIND_I8, GS_KIND_I16, GS_KIND_I32, GS_KIND_I64};
    static const int64_t numbers[] = {0, 1, -1, 127, -128, 255, 32767, -32768, 65535, INT32_MAX, INT32_MIN, INT64_MAX};

    for (size_t k = 0; k < sizeof(kinds); k++)
        for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
            const struct gs_field field = {.name = "a", .kind = kinds[k]};
            const unsigned unused = 64 - 8 * (unsigned)field_element_size(&field);
            uint8_t buffer[10];

            memset(buffer, 0xAA, sizeof(buffer));
            field_write_unsigned(&field, buffer + 1, (uint64_t)numbers[i]);
            cr_expect(eq(u64, field_read_unsigned(&field, buffer + 1), (uint64_t)numbers[i] << unused >> unused));
            if (field_is_signed(&field))
                cr_expect(eq(i64, field_read_signed(&field, buffer + 1),
                             (int64_t)((uint64_t)numbers[i] << unused) >> unused));
            cr_expect(eq(u8, buffer[0], 0xAA));
            cr_expect(eq(u8, buffer[1 + field_element_size(&field)], 0xAA));
        }
}

Test(fields, sets_are_not_read_as_numbers, .exit_code = 4)
{
    const struct gs_field field = {.name = "a", .kind = GS_KIND_NODE_SET};

    field_read_unsigned(&field, &GS_EMPTY_SET);
}

Test(fields, compares_single_members)
{
    const struct server a = example();
    struct server b = example();

    b.term = 9;
    for (const struct gs_field *field = server_fields; field->name; field++)
        cr_expect(eq(int, field_equal(field, &a, &b), strcmp(field->name, "term") != 0), "%s", field->name);
}

/* ---- Normal form ---- */

Test(fields, normalizing_zeroes_beyond_the_length_only)
{
    struct server server = example(), expected = example();

    server.log[2] = (struct entry){.term = 7, .by = {9}};
    fields_normalize(server_fields, &server);
    cr_expect(memcmp(&server, &expected, sizeof(server)) == 0);
    expected.log_length = server.log_length = 0;
    memset(expected.log, 0, sizeof(expected.log));
    fields_normalize(server_fields, &server);
    cr_expect(memcmp(&server, &expected, sizeof(server)) == 0);
}

Test(fields, normalizing_reaches_nested_lists)
{
    struct inner {
        uint8_t items[3], items_length;
    };
    struct outer {
        struct inner one, many[2];
        uint8_t many_length;
    };
    static const struct gs_field inner[] = {GS_LIST(struct inner, items, items_length),
                                            GS_FIELD(struct inner, items_length), GS_FIELDS_END};
    static const struct gs_field outer[] = {GS_STRUCT(struct outer, one, inner),
                                            GS_STRUCT_LIST(struct outer, many, many_length, inner),
                                            GS_FIELD(struct outer, many_length), GS_FIELDS_END};
    struct outer value = {.one = {{1, 2, 3}, 2}, .many = {{{4, 5, 6}, 1}, {{7, 8, 9}, 3}}, .many_length = 1};
    const struct outer expected = {.one = {{1, 2, 0}, 2}, .many = {{{4, 0, 0}, 1}}, .many_length = 1};

    cr_assert(fields_check(outer, sizeof(struct outer), 0, "struct outer", error, sizeof(error)), "%s", error);
    fields_normalize(outer, &value);
    cr_expect(memcmp(&value, &expected, sizeof(value)) == 0);
}

/* ---- Canonical bytes ---- */

static void expect_bytes(const struct bytes *bytes, const uint8_t *expected, size_t size)
{
    cr_assert(eq(sz, bytes->size, size));
    for (size_t i = 0; i < size; i++)
        cr_expect(eq(u8, bytes->data[i], expected[i]), "byte %zu", i);
}

Test(fields, serializes_by_name_little_endian_and_only_what_counts)
{
    static const uint8_t expected[] = {
        0xFB, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,    /* balance */
        5,    1,    0,    2,    1,    0,                   /* ballots */
        3,    0,    4,                                     /* friends */
        1,                                                 /* leads */
        2,    0,    0,    0,                               /* log: its length, then by, term, value of each */
        1,    1,    0,    2,    4,    2,    0,    3,    2, /* and log_length */
        10,   0,    20,   0,    30,   0,                   /* next */
        0,    0,    0,    0,    0,                         /* pad */
        2,                                                 /* phase */
        0xFF,                                              /* temperature */
        2,    0,    0,    0,                               /* term */
        4,                                                 /* voted_for */
        0x14, 0,    0,    0,    0,    0,    0,    0,       /* votes */
    };
    struct gs_run *run = run_of("servers=3");
    const struct server server = example();
    struct bytes bytes = {0};

    fields_serialize(run, server_fields, &server, &bytes);
    expect_bytes(&bytes, expected, sizeof(expected));
    bytes_free(&bytes);
    run_free(run);
}

Test(fields, serializes_the_same_whatever_the_order_in_the_source)
{
    struct a {
        uint16_t x;
        uint8_t y, z;
    };
    struct b {
        uint8_t z, y;
        uint16_t x;
    };
    static const struct gs_field as[] = {GS_FIELD(struct a, x), GS_FIELD(struct a, y), GS_FIELD(struct a, z),
                                         GS_FIELDS_END};
    static const struct gs_field bs[] = {GS_FIELD(struct b, z), GS_FIELD(struct b, y), GS_FIELD(struct b, x),
                                         GS_FIELDS_END};
    struct gs_run *run = run_of("servers=3");
    struct bytes bytes = {0};
    static const uint8_t expected[] = {0x34, 0x12, 5, 6, 0x34, 0x12, 5, 6};

    fields_serialize(run, as, &(struct a){.x = 0x1234, .y = 5, .z = 6}, &bytes);
    fields_serialize(run, bs, &(struct b){.x = 0x1234, .y = 5, .z = 6}, &bytes);
    expect_bytes(&bytes, expected, sizeof(expected));
    bytes_free(&bytes);
    run_free(run);
}

Test(fields, serializes_no_garbage_beyond_a_list)
{
    struct gs_run *run = run_of("servers=3");
    struct server clean = example(), garbage = example();
    struct bytes a = {0}, b = {0};

    garbage.log[2].value = 99;
    fields_serialize(run, server_fields, &clean, &a);
    fields_serialize(run, server_fields, &garbage, &b);
    expect_bytes(&b, a.data, a.size);
    bytes_free(&a);
    bytes_free(&b);
    run_free(run);
}

Test(fields, bytes_grow)
{
    struct bytes bytes = {0};

    bytes_append(&bytes, NULL, 0);
    cr_expect(eq(sz, bytes.size, 0));
    for (unsigned i = 0; i < 1000; i++)
        bytes_append(&bytes, &(uint8_t){(uint8_t)i}, 1);
    cr_assert(eq(sz, bytes.size, 1000));
    for (unsigned i = 0; i < 1000; i++)
        cr_assert(eq(u8, bytes.data[i], (uint8_t)i));
    bytes_free(&bytes);
    cr_expect(bytes.data == NULL);
}

/* ---- Text ---- */

static void expect_text(const struct server *server, char *text)
{
    struct gs_run *run = run_of("servers=3");
    char *written = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&written, &size);

    fields_print(run, server_fields, server, out);
    fclose(out);
    cr_expect(eq(str, written, text));
    free(written);
    run_free(run);
}

Test(fields, prints_values_for_people)
{
    const struct server server = example();

    expect_text(&server, "term 2, voted_for server1, leads true, phase leader, votes {server0, server2}, "
                         "log [(term 1, value 2, by client0), (term 2, value 3, by server1)], "
                         "next [server0: 10, server1: 20, server2: 30], "
                         "friends [server0: server0, server1: nobody, server2: server1], "
                         "ballots [server0: (choice server2, weight 1), server1: (choice nobody, weight 2), "
                         "server2: (choice client0, weight 0)], "
                         "balance -5, temperature -1, pad [0, 0, 0, 0, 0]");
}

Test(fields, prints_a_zeroed_value)
{
    const struct server server = {0};

    expect_text(&server, "term 0, voted_for nobody, leads false, phase follower, votes {}, log [], "
                         "next [server0: 0, server1: 0, server2: 0], "
                         "friends [server0: nobody, server1: nobody, server2: nobody], "
                         "ballots [server0: (choice nobody, weight 0), server1: (choice nobody, weight 0), "
                         "server2: (choice nobody, weight 0)], "
                         "balance 0, temperature 0, pad [0, 0, 0, 0, 0]");
}

Test(fields, prints_values_that_are_not_valid)
{
    struct gs_run *run = run_of("servers=3");
    struct server server = example();
    char text[2000] = "";
    FILE *out = fmemopen(text, sizeof(text) - 1, "w");

    memset(&server.leads, 7, 1);
    server.phase = 9;
    server.log_length = 255;
    server.voted_for.tag = 200;
    fields_print(run, server_fields, &server, out);
    fclose(out);
    cr_expect(strstr(text, "voted_for no-node(tag 200), leads 7, phase 9,") != NULL, "%s", text);
    cr_expect(strstr(text, "(term 0, value 0, by nobody)], next") != NULL, "%s", text);
    run_free(run);
}

Test(fields, prints_one_member_without_its_name)
{
    struct gs_run *run = run_of("servers=3");
    const struct server server = example();
    char text[100] = "";
    FILE *out = fmemopen(text, sizeof(text) - 1, "w");

    field_print(run, server_fields, fields_find(server_fields, "votes"), &server, out);
    fclose(out);
    cr_expect(eq(str, text, "{server0, server2}"));
    run_free(run);
}

Test(fields, tells_the_lengths_of_lists)
{
    for (const struct gs_field *field = server_fields; field->name; field++)
        cr_expect(eq(int, field_is_length(server_fields, field), strcmp(field->name, "log_length") == 0));
}

/* ---- Renaming ---- */

static uint64_t random_number(uint64_t *seed, unsigned below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (*seed >> 11) % below;
}

/* A random bijection of two clients and four servers that keeps roles. */
static void random_permutation(uint64_t *seed, uint8_t permutation[6])
{
    for (uint8_t i = 0; i < 6; i++)
        permutation[i] = i;
    for (unsigned i = 5; i > 2; i--) {
        const unsigned j = 2 + (unsigned)random_number(seed, i - 1);
        const uint8_t kept = permutation[i];
        permutation[i] = permutation[j];
        permutation[j] = kept;
    }
    if (random_number(seed, 2)) {
        permutation[0] = 1;
        permutation[1] = 0;
    }
}

static gs_node random_node(uint64_t *seed)
{
    return (gs_node){(uint8_t)random_number(seed, 7)};
}

static struct server random_server(uint64_t *seed)
{
    struct server server = {.term = (uint32_t)random_number(seed, 100), .voted_for = random_node(seed)};

    server.log_length = (uint8_t)random_number(seed, 4);
    for (unsigned i = 0; i < server.log_length; i++)
        server.log[i] = (struct entry){.term = (uint16_t)random_number(seed, 1000), .by = random_node(seed)};
    for (unsigned i = 0; i < 4; i++) {
        server.votes = gs_set_with(server.votes, random_node(seed));
        server.next[i] = (uint16_t)random_number(seed, 60000);
        server.friends[i] = random_node(seed);
        server.ballots[i] = (struct ballot){random_node(seed), (uint8_t)random_number(seed, 200)};
    }
    return server;
}

static gs_node renamed(gs_node node, const uint8_t *permutation)
{
    return gs_is_nobody(node) ? node : node_of(permutation[node_number(node)]);
}

/* What renaming means, said for this one struct. */
static struct server renamed_server(const struct server *server, const uint8_t *permutation)
{
    struct server result = *server;

    result.voted_for = renamed(server->voted_for, permutation);
    result.votes = GS_EMPTY_SET;
    for (GS_EACH(node, server->votes))
        result.votes = gs_set_with(result.votes, renamed(node, permutation));
    for (unsigned i = 0; i < server->log_length; i++)
        result.log[i].by = renamed(server->log[i].by, permutation);
    for (unsigned i = 0; i < 4; i++) {
        const unsigned to = permutation[2 + i] - 2u;
        result.next[to] = server->next[i];
        result.friends[to] = renamed(server->friends[i], permutation);
        result.ballots[to] =
            (struct ballot){renamed(server->ballots[i].choice, permutation), server->ballots[i].weight};
    }
    return result;
}

Test(fields, renames_nodes_sets_and_arrays_by_node)
{
    struct gs_run *run = run_of("servers=4");
    uint64_t seed = 20240229;

    for (int round = 0; round < 2000; round++) {
        struct server server = random_server(&seed);
        uint8_t permutation[6];

        random_permutation(&seed, permutation);
        const struct server expected = renamed_server(&server, permutation);
        fields_rename(run, server_fields, &server, permutation);
        cr_assert(memcmp(&server, &expected, sizeof(server)) == 0, "round %d", round);
        cr_assert(fields_valid(run, server_fields, &server, error, sizeof(error)), "%s", error);
    }
    run_free(run);
}

Test(fields, renaming_back_gives_the_same_value)
{
    struct gs_run *run = run_of("servers=4");
    uint64_t seed = 4711;

    for (int round = 0; round < 2000; round++) {
        const struct server before = random_server(&seed);
        struct server server = before;
        uint8_t permutation[6], inverse[6];

        random_permutation(&seed, permutation);
        for (uint8_t i = 0; i < 6; i++)
            inverse[permutation[i]] = i;
        fields_rename(run, server_fields, &server, permutation);
        fields_rename(run, server_fields, &server, inverse);
        cr_assert(memcmp(&server, &before, sizeof(server)) == 0, "round %d", round);
    }
    run_free(run);
}

Test(fields, renaming_twice_is_renaming_by_the_composition)
{
    struct gs_run *run = run_of("servers=4");
    uint64_t seed = 99;

    for (int round = 0; round < 1000; round++) {
        struct server twice = random_server(&seed), once = twice;
        uint8_t first[6], second[6], both[6];

        random_permutation(&seed, first);
        random_permutation(&seed, second);
        for (int i = 0; i < 6; i++)
            both[i] = second[first[i]];
        fields_rename(run, server_fields, &twice, first);
        fields_rename(run, server_fields, &twice, second);
        fields_rename(run, server_fields, &once, both);
        cr_assert(memcmp(&twice, &once, sizeof(once)) == 0, "round %d", round);
    }
    run_free(run);
}
