/* Checks of field tables and of values: every refusal, word for word. */
#include "tests/fields_sample.h"

/* ---- Tables ---- */

static char error[1000];

#define expect_refused(table, type, text)                                                           \
    do {                                                                                            \
        cr_expect(not(fields_check(table, sizeof(type), 0, "struct thing", error, sizeof(error)))); \
        cr_expect(eq(str, error, text));                                                            \
    } while (0)

Test(fields_check, accepts_a_table_that_describes_every_byte)
{
    cr_expect(fields_check(server_fields, sizeof(struct server), 0, "struct server", error, sizeof(error)), "%s",
              error);
}

Test(fields_check, accepts_nothing_for_an_empty_struct)
{
    static const struct gs_field none[] = {GS_FIELDS_END};

    cr_expect(fields_check(NULL, 0, 0, "struct thing", error, sizeof(error)));
    cr_expect(fields_check(none, 0, 0, "struct thing", error, sizeof(error)));
}

Test(fields_check, refuses_a_struct_without_a_table)
{
    expect_refused(NULL, uint16_t,
                   "bytes 0 to 1 of struct thing are not described: reorder its members or add described ones");
}

Test(fields_check, refuses_padding)
{
    struct thing {
        uint8_t a, b, c;
        uint32_t d;
    };
    static const struct gs_field table[] = {
        GS_FIELD(struct thing, a),
        GS_FIELD(struct thing, b),
        GS_FIELD(struct thing, c),
        GS_FIELD(struct thing, d),
        GS_FIELDS_END,
    };

    expect_refused(table, struct thing,
                   "byte 3 of struct thing is not described: reorder its members or add a described one");
}

Test(fields_check, refuses_padding_in_nested_structs)
{
    struct inner {
        uint16_t a;
        uint8_t b;
    };
    struct thing {
        struct inner inner, many[2];
    };
    static const struct gs_field inner[] = {GS_FIELD(struct inner, a), GS_FIELD(struct inner, b), GS_FIELDS_END};
    static const struct gs_field one[] = {
        GS_STRUCT(struct thing, inner, inner),
        GS_STRUCT_ARRAY(struct thing, many, inner),
        GS_FIELDS_END,
    };
    static const struct gs_field array[] = {
        GS_STRUCT_ARRAY(struct thing, many, inner),
        GS_STRUCT(struct thing, inner, inner),
        GS_FIELDS_END,
    };

    expect_refused(
        one, struct thing,
        "byte 3 of member inner of struct thing is not described: reorder its members or add a described one");
    expect_refused(array, struct thing,
                   "byte 3 of an element of many of struct thing is not described: reorder its members or add a "
                   "described one");
}

Test(fields_check, refuses_a_byte_described_twice)
{
    struct thing {
        uint8_t a, b;
    };
    static const struct gs_field table[] = {
        GS_FIELD(struct thing, a),
        GS_FIELD(struct thing, b),
        {.name = "both", .offset = 1, .size = 1, .kind = GS_KIND_U8},
        GS_FIELDS_END,
    };

    expect_refused(table, struct thing,
                   "byte 1 of struct thing is described twice, by b and by both: leave one of them out of the table");
}

Test(fields_check, refuses_two_members_of_one_name)
{
    static const struct gs_field table[] = {
        {.name = "a", .offset = 0, .size = 1, .kind = GS_KIND_U8},
        {.name = "a", .offset = 1, .size = 1, .kind = GS_KIND_U8},
        GS_FIELDS_END,
    };

    expect_refused(table, uint16_t, "struct thing has two members named a in its table: rename one");
}

Test(fields_check, skips_the_type_of_a_message)
{
    struct message {
        uint8_t type, a;
    };
    static const struct gs_field good[] = {GS_FIELD(struct message, a), GS_FIELDS_END};
    static const struct gs_field bad[] = {GS_FIELD(struct message, type), GS_FIELD(struct message, a), GS_FIELDS_END};

    cr_expect(fields_check(good, sizeof(struct message), 1, "struct message", error, sizeof(error)));
    cr_expect(not(fields_check(bad, sizeof(struct message), 1, "struct message", error, sizeof(error))));
    cr_expect(
        eq(str, error, "byte 0 of struct message is its type, which type describes: leave that out of the table"));
}

#define UNDESCRIBABLE                                                                                                 \
    "member a of struct thing has a type that cannot be described (a pointer, a floating-point number, an array of "  \
    "arrays, a struct without GS_STRUCT): make it a bool, a fixed-width integer, a gs_node, a gs_node_set, a struct " \
    "with a table of its own, or a one-dimensional array of these"

#define expect_undescribable(declaration)                                                  \
    do {                                                                                   \
        struct thing {                                                                     \
            declaration;                                                                   \
        };                                                                                 \
        static const struct gs_field table[] = {GS_FIELD(struct thing, a), GS_FIELDS_END}; \
        expect_refused(table, struct thing, UNDESCRIBABLE);                                \
    } while (0)

Test(fields_check, refuses_types_that_cannot_be_described)
{
    expect_undescribable(char *a);
    expect_undescribable(void *a);
    expect_undescribable(uint8_t * a);
    expect_undescribable(gs_node * a);
    expect_undescribable(uint64_t * a);
    expect_undescribable(float a);
    expect_undescribable(double a[2]);
    expect_undescribable(uint8_t a[2][3]);
    expect_undescribable(struct entry a);
    expect_undescribable(struct entry a[2]);
}

Test(fields_check, refuses_pointers_as_lists_and_by_node)
{
    struct thing {
        uint16_t *a;
    };
    static const struct gs_field list[] = {GS_LIST(struct thing, a, n), GS_FIELDS_END};
    static const struct gs_field by_node[] = {GS_BY_NODE(struct thing, a, SERVER), GS_FIELDS_END};

    expect_refused(list, struct thing, UNDESCRIBABLE);
    expect_refused(by_node, struct thing, UNDESCRIBABLE);
}

Test(fields_check, refuses_unknown_flags)
{
    static const struct gs_field table[] = {{.name = "a", .size = 1, .kind = GS_KIND_U8, .flags = 2}, GS_FIELDS_END};

    expect_refused(table, uint8_t, "member a of struct thing has unknown flags 2: the only flag is GS_DURABLE");
}

Test(fields_check, refuses_a_nested_struct_without_a_table)
{
    static const struct gs_field table[] = {{.name = "a", .size = 4, .kind = GS_KIND_STRUCT}, GS_FIELDS_END};

    expect_refused(table, uint32_t,
                   "member a of struct thing is a struct without a table: give GS_STRUCT the table of its fields");
}

Test(fields_check, refuses_a_table_that_contains_itself)
{
    static const struct gs_field table[] = {{.name = "a", .size = 4, .kind = GS_KIND_STRUCT, .fields = table},
                                            GS_FIELDS_END};

    cr_expect(not(fields_check(table, 4, 0, "struct thing", error, sizeof(error))));
    cr_expect(strstr(error, "nested deeper than 8 structs: does a table contain itself?") != NULL, "%s", error);
}

Test(fields_check, refuses_the_table_of_another_struct)
{
    expect_refused(entry_fields, uint16_t,
                   "member value of struct thing ends at byte 3, but the struct has only 2 bytes: its table is that of "
                   "another struct");
}

Test(fields_check, refuses_sizes_that_do_not_fit_the_kind)
{
    static const struct gs_field scalar[] = {{.name = "a", .size = 4, .kind = GS_KIND_U8}, GS_FIELDS_END};
    static const struct gs_field array[] = {{.name = "a", .size = 4, .kind = GS_KIND_U64, .is_array = 1},
                                            GS_FIELDS_END};

    expect_refused(scalar, uint32_t,
                   "member a of struct thing is a scalar of 1 bytes, but takes 4 (is it an array, or a pointer?): "
                   "describe it with the macro for its type");
    expect_refused(array, uint32_t,
                   "member a of struct thing takes 4 bytes, which is not a number of elements of 8 bytes each");
}

Test(fields_check, refuses_enums_that_are_not_unsigned)
{
    struct thing {
        int8_t a;
    };
    struct truth {
        bool a;
    };
    static const struct gs_field table[] = {GS_ENUM(struct thing, a, phase_names), GS_FIELDS_END};
    static const struct gs_field truth[] = {GS_ENUM(struct truth, a, phase_names), GS_FIELDS_END};

    expect_refused(table, struct thing, "enum a of struct thing is not kept in an unsigned integer: make it uint8_t");
    expect_refused(truth, struct truth, "enum a of struct thing is not kept in an unsigned integer: make it uint8_t");
}

Test(fields_check, refuses_enums_without_names)
{
    static const struct gs_field table[] = {{.name = "a", .size = 1, .kind = GS_KIND_U8, .names = phase_names},
                                            GS_FIELDS_END};
    static const struct gs_field other[] = {{.name = "a", .size = 1, .kind = GS_KIND_U8, .name_count = 1},
                                            GS_FIELDS_END};

    expect_refused(table, uint8_t,
                   "enum a of struct thing has no names: give GS_ENUM a static array of strings, one per value from 0");
    expect_refused(other, uint8_t,
                   "enum a of struct thing has no names: give GS_ENUM a static array of strings, one per value from 0");
}

Test(fields_check, refuses_enums_with_missing_or_equal_names)
{
    struct thing {
        uint8_t a;
    };
    static const char *const gap[] = {[0] = "zero", [2] = "two"}, *const equal[] = {"zero", "one", "zero"};
    static const struct gs_field missing[] = {GS_ENUM(struct thing, a, gap), GS_FIELDS_END};
    static const struct gs_field twice[] = {GS_ENUM(struct thing, a, equal), GS_FIELDS_END};

    expect_refused(missing, struct thing, "enum a of struct thing has no name for value 1: name every value from 0");
    expect_refused(twice, struct thing, "enum a of struct thing has the name zero for both 0 and 2: rename one");
}

Test(fields_check, refuses_a_list_without_its_length)
{
    struct thing {
        uint8_t a[2];
    };
    static const struct gs_field table[] = {GS_LIST(struct thing, a, a_length), GS_FIELDS_END};

    expect_refused(table, struct thing,
                   "list a of struct thing has no length member a_length: describe a_length with GS_FIELD in the same "
                   "table");
}

#define expect_bad_length(declaration, entry)                                                                        \
    do {                                                                                                             \
        struct thing {                                                                                               \
            uint64_t a[2];                                                                                           \
            declaration;                                                                                             \
        };                                                                                                           \
        static const struct gs_field table[] = {GS_LIST(struct thing, a, n), entry, GS_FIELDS_END};                  \
        expect_refused(table, struct thing,                                                                          \
                       "length member n of list a in struct thing is not a plain unsigned number: make it uint8_t, " \
                       "uint16_t or uint32_t");                                                                      \
    } while (0)
#define ONE(...) __VA_ARGS__

Test(fields_check, refuses_a_length_that_is_no_plain_unsigned_number)
{
    expect_bad_length(int64_t n, GS_FIELD(struct thing, n));
    expect_bad_length(uint64_t n, GS_FIELD(struct thing, n));
    expect_bad_length(uint8_t n[8], GS_FIELD(struct thing, n));
    expect_bad_length(gs_node_set n, GS_FIELD(struct thing, n));
    expect_bad_length(uint32_t n, ONE(GS_ENUM(struct thing, n, phase_names)));
    expect_bad_length(bool n, GS_FIELD(struct thing, n));
}

Test(fields_check, refuses_lists_that_are_no_arrays_or_by_node)
{
    static const struct gs_field scalar[] = {{.name = "a", .size = 1, .kind = GS_KIND_U8, .length = "n"},
                                             {.name = "n", .offset = 1, .size = 1, .kind = GS_KIND_U8},
                                             GS_FIELDS_END};
    static const struct gs_field both[] = {
        {.name = "a", .size = 1, .kind = GS_KIND_U8, .is_array = 1, .by_role = 1, .length = "n"},
        {.name = "n", .offset = 1, .size = 1, .kind = GS_KIND_U8},
        GS_FIELDS_END};

    expect_refused(scalar, uint16_t,
                   "list a of struct thing has to be an array that is not indexed by node: use GS_LIST or GS_BY_NODE");
    expect_refused(both, uint16_t,
                   "list a of struct thing has to be an array that is not indexed by node: use GS_LIST or GS_BY_NODE");
}

Test(fields_check, refuses_by_node_on_scalars_and_unknown_roles)
{
    static const struct gs_field scalar[] = {{.name = "a", .size = 1, .kind = GS_KIND_U8, .by_role = 1}, GS_FIELDS_END};
    static const struct gs_field role[] = {{.name = "a", .size = 1, .kind = GS_KIND_U8, .is_array = 1, .by_role = 9},
                                           GS_FIELDS_END};

    expect_refused(scalar, uint8_t,
                   "member a of struct thing is indexed by node but no array: use GS_BY_NODE on an array");
    expect_refused(role, uint8_t,
                   "member a of struct thing is indexed by the nodes of role 8, but roles are numbered from 0 to 7");
}

Test(fields_check, reads_every_kind_from_its_c_type)
{
    struct thing {
        uint64_t u64;
        int64_t i64;
        unsigned long long ull;
        uint32_t u32;
        int32_t i32;
        uint16_t u16[2];
        int16_t i16[2];
        uint8_t u8;
        int8_t i8;
        bool b;
        gs_node node;
        gs_node_set set;
        uint8_t rest[4];
    };
    static const struct gs_field table[] = {
        GS_FIELD(struct thing, u64),  GS_FIELD(struct thing, i64),
        GS_FIELD(struct thing, ull),  GS_FIELD(struct thing, u32),
        GS_FIELD(struct thing, i32),  GS_FIELD(struct thing, u16),
        GS_FIELD(struct thing, i16),  GS_FIELD(struct thing, u8),
        GS_FIELD(struct thing, i8),   GS_FIELD(struct thing, b),
        GS_FIELD(struct thing, node), GS_FIELD(struct thing, set),
        GS_FIELD(struct thing, rest), GS_FIELDS_END,
    };
    static const uint8_t kinds[] = {GS_KIND_U64,  GS_KIND_I64,      GS_KIND_U64, GS_KIND_U32, GS_KIND_I32,
                                    GS_KIND_U16,  GS_KIND_I16,      GS_KIND_U8,  GS_KIND_I8,  GS_KIND_BOOL,
                                    GS_KIND_NODE, GS_KIND_NODE_SET, GS_KIND_U8};

    cr_assert(fields_check(table, sizeof(struct thing), 0, "struct thing", error, sizeof(error)), "%s", error);
    for (size_t i = 0; i < sizeof(kinds); i++) {
        cr_expect(eq(u8, table[i].kind, kinds[i]), "%s", table[i].name);
        cr_expect(eq(int, table[i].is_array, i == 5 || i == 6 || i == 12), "%s", table[i].name);
    }
}

/* ---- Tables in a run ---- */

Test(fields_check, fit_a_run_whose_nodes_have_room)
{
    struct gs_run *run = run_of("servers=4");

    cr_expect(fields_fit(run, server_fields, error, sizeof(error)));
    run_free(run);
}

Test(fields_check, do_not_fit_a_run_with_more_nodes_than_room)
{
    struct gs_run *run = run_of("servers=4");

    run->count[SERVER] = 5;
    cr_expect(not(fields_fit(run, server_fields, error, sizeof(error))));
    cr_expect(eq(str, error,
                 "test: member friends has room for 4 nodes of role server, but this run has 5: enlarge the array or "
                 "ask for fewer"));
    run_free(run);
}

Test(fields_check, do_not_fit_when_a_nested_array_lacks_room)
{
    struct outer {
        struct server server;
    };
    static const struct gs_field table[] = {GS_STRUCT(struct outer, server, server_fields), GS_FIELDS_END};
    struct gs_run *run = run_of("servers=4");

    run->count[SERVER] = 6;
    cr_expect(not(fields_fit(run, table, error, sizeof(error))));
    cr_expect(eq(str, error,
                 "test: member next has room for 5 nodes of role server, but this run has 6: enlarge the array or ask "
                 "for fewer"));
    run_free(run);
}

/* ---- Values ---- */

static void expect_invalid(const struct server *server, char *text)
{
    struct gs_run *run = run_of("servers=3");

    cr_expect(not(fields_valid(run, server_fields, server, error, sizeof(error))));
    cr_expect(eq(str, error, text));
    run_free(run);
}

Test(fields_check, accepts_valid_values)
{
    struct gs_run *run = run_of("servers=3");
    const struct server server = example(), zero = {0};

    cr_expect(fields_valid(run, server_fields, &server, error, sizeof(error)), "%s", error);
    cr_expect(fields_valid(run, server_fields, &zero, error, sizeof(error)), "%s", error);
    run_free(run);
}

Test(fields_check, refuses_bools_beyond_one)
{
    struct server server = example();

    memset(&server.leads, 2, 1);
    expect_invalid(&server, "leads is a bool of value 2: it must be 0 or 1");
}

Test(fields_check, refuses_enum_values_without_a_name)
{
    struct server server = example();

    server.phase = 3;
    expect_invalid(&server, "phase is 3, but the enum has names for 0 to 2 only");
}

Test(fields_check, refuses_lengths_beyond_the_list)
{
    struct server server = example();

    server.log_length = 4;
    expect_invalid(&server, "log_length is 4, but log has room for 3");
}

Test(fields_check, refuses_nodes_that_do_not_exist)
{
    struct server server = example();

    server.voted_for.tag = 6;
    expect_invalid(&server, "voted_for is a node with tag 6, but the run has only 5 nodes");
    server = example();
    server.votes = gs_set_with(server.votes, (gs_node){64});
    expect_invalid(&server, "votes holds a node with tag 64, but the run has only 5 nodes");
}

Test(fields_check, names_the_place_in_nested_structs)
{
    struct server server = example();

    server.log[1].by.tag = 99;
    expect_invalid(&server, "log[1].by is a node with tag 99, but the run has only 5 nodes");
    server = example();
    server.ballots[2].choice.tag = 77;
    expect_invalid(&server, "ballots[2].choice is a node with tag 77, but the run has only 5 nodes");
}

Test(fields_check, refuses_elements_of_nodes_that_do_not_exist)
{
    struct server server = example();

    server.next[4] = 1;
    expect_invalid(&server, "next[4] is not zero, but the run has only 3 nodes of role server");
    server = example();
    server.ballots[3].weight = 1;
    expect_invalid(&server, "ballots[3] is not zero, but the run has only 3 nodes of role server");
}

Test(fields_check, ignores_what_stands_beyond_a_list)
{
    struct gs_run *run = run_of("servers=3");
    struct server server = example();

    server.log[2].by.tag = 99;
    cr_expect(fields_valid(run, server_fields, &server, error, sizeof(error)), "%s", error);
    run_free(run);
}
