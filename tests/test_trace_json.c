/* Values as JSON and back, by their field tables. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test_trace_model.h"
#include "traces/json_event.h"
#include "traces/json_fields.h"

enum { ROUNDS = 2000 };

static char error[500];
static struct gs_run *run;

static void set_up(void)
{
    run = make_run(&rig, &(struct run_config){0});
}

static void tear_down(void)
{
    run_free(run);
}

static json_t *parse(const char *text)
{
    json_error_t reason;
    json_t *json = json_loads(text, JSON_DECODE_ANY, &reason);
    cr_assert(json != NULL, "%s: %s", text, reason.text);
    return json;
}

static struct json_reader reader_of(bool by_meaning)
{
    return (struct json_reader){.run = run, .by_meaning = by_meaning, .error = error, .error_size = sizeof(error)};
}

/* ---- Every kind of value ---- */

/* All kinds in one struct, two lists of one length among them. */
struct sample {
    uint64_t u64;
    int64_t i64;
    uint32_t u32;
    int32_t i32;
    uint16_t u16;
    int16_t i16;
    uint8_t u8;
    int8_t i8;
    bool flag;
    uint8_t mood;
    gs_node node;
    gs_node_set set;
    uint8_t count;
    uint8_t keys[3];
    gs_node values[3];
    uint16_t by_node[4];
    int8_t plain[2];
    uint8_t inner_count;
    struct {
        uint8_t length;
        int8_t items[2];
    } inner[2];
};

static const char *const moods[] = {"calm", "angry"};
static const struct gs_field inner_fields[] = {
    {.name = "length", .kind = GS_KIND_U8, .offset = 0, .size = 1},
    {.name = "items", .kind = GS_KIND_I8, .offset = 1, .size = 2, .is_array = 1, .length = "length"},
    GS_FIELDS_END,
};
static const struct gs_field sample_fields[] = {
    GS_FIELD(struct sample, u64),
    GS_FIELD(struct sample, i64),
    GS_FIELD(struct sample, u32),
    GS_FIELD(struct sample, i32),
    GS_FIELD(struct sample, u16),
    GS_FIELD(struct sample, i16),
    GS_FIELD(struct sample, u8),
    GS_FIELD(struct sample, i8),
    GS_FIELD(struct sample, flag),
    GS_ENUM(struct sample, mood, moods),
    GS_FIELD(struct sample, node),
    GS_FIELD(struct sample, set),
    GS_FIELD(struct sample, count),
    GS_LIST(struct sample, keys, count),
    GS_LIST(struct sample, values, count),
    GS_BY_NODE(struct sample, by_node, 0),
    GS_FIELD(struct sample, plain),
    GS_FIELD(struct sample, inner_count),
    GS_STRUCT_LIST(struct sample, inner, inner_count, inner_fields),
    GS_FIELDS_END,
};

static const char sample_text[] =
    "{\"u64\":\"18446744073709551615\",\"i64\":-9223372036854775808,\"u32\":4294967295,\"i32\":-2147483648,"
    "\"u16\":65535,\"i16\":-32768,\"u8\":255,\"i8\":-128,\"flag\":true,\"mood\":\"angry\",\"node\":\"server2\","
    "\"set\":[\"server0\",\"witness\"],\"keys\":[7,8],\"values\":[null,\"server1\"],"
    "\"by_node\":{\"server0\":1,\"server1\":2,\"server2\":3},\"plain\":[-1,1],\"inner\":[{\"items\":[-3]}]}";

static struct sample make_sample(void)
{
    struct sample sample;
    memset(&sample, 0, sizeof(sample));
    sample.u64 = UINT64_MAX;
    sample.i64 = INT64_MIN;
    sample.u32 = UINT32_MAX;
    sample.i32 = INT32_MIN;
    sample.u16 = UINT16_MAX;
    sample.i16 = INT16_MIN;
    sample.u8 = UINT8_MAX;
    sample.i8 = INT8_MIN;
    sample.flag = true;
    sample.mood = 1;
    sample.node = node_of(2);
    sample.set = gs_set_with(gs_set_of(node_of(0)), node_of(3));
    sample.count = 2;
    memcpy(sample.keys, (uint8_t[]){7, 8, 0}, 3);
    sample.values[1] = node_of(1);
    memcpy(sample.by_node, (uint16_t[]){1, 2, 3, 0}, 8);
    sample.plain[0] = -1;
    sample.plain[1] = 1;
    sample.inner_count = 1;
    sample.inner[0].length = 1;
    sample.inner[0].items[0] = -3;
    return sample;
}

static json_t *write_sample(const struct sample *sample)
{
    json_t *json = json_object();
    json_append_fields(json, run, sample_fields, NULL, sample);
    return json;
}

static bool read_sample(const json_t *json, struct sample *sample)
{
    const struct json_reader reader = reader_of(false);
    memset(sample, 0, sizeof(*sample));
    error[0] = '\0';
    return json_read_fields(&reader, NULL, json, sample_fields, NULL, NULL, sample);
}

Test(trace_json, writes_every_kind, .init = set_up, .fini = tear_down)
{
    const struct sample sample = make_sample();
    json_t *json = write_sample(&sample);
    char *text = json_dumps(json, JSON_COMPACT);
    cr_expect(eq(str, text, (char *)(uintptr_t)sample_text));
    free(text);
    json_decref(json);
}

Test(trace_json, reads_every_kind, .init = set_up, .fini = tear_down)
{
    const struct sample expected = make_sample();
    struct sample sample;
    json_t *json = parse(sample_text);
    cr_expect(read_sample(json, &sample), "%s", error);
    cr_expect(memcmp(&sample, &expected, sizeof(sample)) == 0);
    json_decref(json);
}

/* The member of the sample's text replaced by another, or taken out (NULL). */
static json_t *sample_with(const char *member, const char *value)
{
    json_t *json = parse(sample_text);
    if (value)
        json_object_set_new(json, member, parse(value));
    else
        json_object_del(json, member);
    return json;
}

Test(trace_json, refuses_what_is_not_a_value, .init = set_up, .fini = tear_down)
{
    static const struct {
        const char *member, *value, *reason;
    } cases[] = {
        {"u8", "256", "u8: 256 is not from 0 to 255"},
        {"u8", "-1", "u8: -1 is not from 0 to 255"},
        {"u8", "1.0", "u8: expected an integer, not a number with a fraction"},
        {"u8", "\"1\"", "u8: expected an integer, not a string"},
        {"u8", NULL, "u8: is missing (an integer)"},
        {"i8", "128", "i8: 128 is not from -128 to 127"},
        {"i16", "-32769", "i16: -32769 is not from -32768 to 32767"},
        {"u32", "4294967296", "u32: 4294967296 is not from 0 to 4294967295"},
        {"u64", "-1", "u64: -1 is not from 0 to 9223372036854775807"},
        {"u64", "\"1\"", "u64: a string stands for an integer only from 9223372036854775808 to 18446744073709551615"},
        {"u64", "\"018446744073709551615\"", "u64: a string stands for"},
        {"u64", "\"18446744073709551616\"", "u64: a string stands for"},
        {"u64", "true", "u64: expected an integer, not true"},
        {"flag", "1", "flag: expected true or false, not an integer"},
        {"mood", "\"happy\"", "mood: \"happy\" is not one of its names"},
        {"mood", "0", "mood: expected a name, not an integer"},
        {"node", "\"server3\"", "node: there is no node \"server3\""},
        {"node", "1", "node: expected a node's name or null, not an integer"},
        {"set", "{}", "set: expected an array of nodes' names, not an object"},
        {"set", "[null]", "set[0]: nobody is in no set"},
        {"set", "[\"server1\",\"server0\"]", "set[1]: nodes stand in their order, each once"},
        {"set", "[\"server1\",\"server1\"]", "set[1]: nodes stand in their order, each once"},
        {"keys", "[1,2,3,4]", "keys: has 4 elements; there is room for 3"},
        {"keys", "[1]", "values: has 2 elements, but another list with its length (count) has 1"},
        {"keys", "7", "keys: expected an array, not an integer"},
        {"values", "[null,9]", "values[1]: expected a node's name or null, not an integer"},
        {"by_node", "{\"server0\":1,\"server1\":2}", "by_node.server2: is missing (an integer)"},
        {"by_node", "{\"server0\":1,\"server1\":2,\"server2\":3,\"server3\":4}", "by_node: has 4 members, not one"},
        {"by_node", "[]", "by_node: expected an object keyed by nodes' names, not an array"},
        {"plain", "[1]", "plain: has 1 elements; there have to be 2"},
        {"inner", "[{\"items\":[1,2,3]}]", "inner[0].items: has 3 elements; there is room for 2"},
        {"inner", "[{\"items\":[],\"length\":0}]", "inner[0].length: there is no such member here"},
        {"inner", "[[]]", "inner[0]: expected an object, not an array"},
        {"count", "2", "count: there is no such member here"},
        {"colour", "2", "colour: there is no such member here"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sample sample;
        json_t *json = sample_with(cases[i].member, cases[i].value);
        cr_expect(not(read_sample(json, &sample)), "%s %s", cases[i].member, cases[i].value);
        cr_expect(strncmp(error, cases[i].reason, strlen(cases[i].reason)) == 0, "%s: %s", cases[i].reason, error);
        json_decref(json);
    }
}

/* Random bytes made valid: what a handler could have left. */
static struct sample random_sample(unsigned *seed)
{
    struct sample sample;
    memset(&sample, 0, sizeof(sample));
    uint8_t *bytes = (uint8_t *)&sample;
    for (const struct gs_field *field = sample_fields; field->name; field++)
        for (size_t i = 0; i < field->size; i++)
            bytes[field->offset + i] = (uint8_t)(rand_r(seed) >> 7);
    sample.flag = rand_r(seed) % 2;
    sample.mood = (uint8_t)(rand_r(seed) % 2);
    sample.node.tag = (uint8_t)(rand_r(seed) % 5);
    memset(&sample.set, 0, sizeof(sample.set));
    sample.set.bytes[0] = (uint8_t)(rand_r(seed) % 16);
    sample.count = (uint8_t)(rand_r(seed) % 4);
    for (int i = 0; i < 3; i++)
        sample.values[i].tag = (uint8_t)(rand_r(seed) % 5);
    sample.by_node[3] = 0;
    sample.inner_count = (uint8_t)(rand_r(seed) % 3);
    for (int i = 0; i < 2; i++)
        sample.inner[i].length = (uint8_t)(rand_r(seed) % 3);
    fields_normalize(sample_fields, &sample);
    return sample;
}

Test(trace_json, what_is_written_reads_back_to_the_same_bytes, .init = set_up, .fini = tear_down)
{
    unsigned seed = 1;
    for (int round = 0; round < ROUNDS; round++) {
        const struct sample expected = random_sample(&seed);
        struct sample sample;
        json_t *json = write_sample(&expected);
        char *text = json_dumps(json, 0);
        json_t *again = parse(text);
        cr_assert(fields_valid(run, sample_fields, &expected, error, sizeof(error)), "%s", error);
        cr_assert(read_sample(again, &sample), "%s: %s", error, text);
        cr_assert(memcmp(&sample, &expected, sizeof(sample)) == 0, "%s", text);
        json_decref(again);
        json_decref(json);
        free(text);
    }
}

Test(trace_json, text_that_is_not_utf8_is_written_all_the_same)
{
    json_t *json = json_text("caf\xe9");
    cr_expect(eq(str, (char *)(uintptr_t)json_string_value(json), "caf?"));
    json_decref(json);
}

/* ---- Messages ---- */

static bool read_message(const char *text, bool by_meaning, uint8_t *message)
{
    const struct json_reader reader = reader_of(by_meaning);
    json_t *json = parse(text);
    error[0] = '\0';
    const bool is_read = json_read_message(&reader, &(struct json_place){.name = "message"}, json, message);
    json_decref(json);
    return is_read;
}

Test(trace_json, a_message_has_the_members_of_its_type, .init = set_up, .fini = tear_down)
{
    static const char text[] = "{\"type\":\"entries\",\"entries\":[{\"value\":3,\"by\":\"server1\"}]}";
    uint8_t message[64];
    cr_assert(read_message(text, false, message), "%s", error);
    json_t *json = json_message(run, message);
    char *again = json_dumps(json, JSON_COMPACT);
    cr_expect(eq(str, again, (char *)(uintptr_t)text));
    free(again);
    json_decref(json);
    cr_expect(not(read_message("{\"type\":\"entries\",\"entries\":[],\"term\":1}", false, message)));
    cr_expect(eq(str, error, "message.term: there is no such member here"));
    cr_expect(not(read_message("{\"type\":\"reply\",\"term\":1}", false, message)));
    cr_expect(eq(str, error, "message.granted: is missing (true or false)"));
    cr_expect(not(read_message("{\"type\":\"election\"}", false, message)));
    cr_expect(eq(str, error, "message.type: there is no message \"election\""));
    cr_expect(not(read_message("{\"type\":7}", false, message)));
    cr_expect(not(read_message("[]", false, message)));
}

Test(trace_json, a_message_of_another_version_is_read_by_meaning, .init = set_up, .fini = tear_down)
{
    uint8_t message[64];
    cr_expect(read_message("{\"type\":\"reply\",\"term\":4,\"colour\":1}", true, message), "%s", error);
    cr_expect(eq(int, message[1], 4));
    cr_expect(eq(int, message[2], 0));
}

/* ---- Events ---- */

static bool read_event(const char *text, struct event *event, uint8_t *message)
{
    const struct json_reader reader = reader_of(false);
    json_t *json = parse(text);
    error[0] = '\0';
    const bool is_read = json_read_event(&reader, json, event, message);
    json_decref(json);
    return is_read;
}

static void expect_round_trip(const char *text)
{
    uint8_t message[64];
    struct event event;
    cr_assert(read_event(text, &event, message), "%s: %s", text, error);
    json_t *json = json_object();
    json_append_event(json, run, &event);
    char *again = json_dumps(json, JSON_COMPACT);
    cr_expect(eq(str, again, (char *)(uintptr_t)text));
    free(again);
    json_decref(json);
}

Test(trace_json, every_event_reads_back, .init = set_up, .fini = tear_down)
{
    expect_round_trip("{\"start\":\"server1\"}");
    expect_round_trip("{\"event\":\"deliver\",\"from\":\"server0\",\"to\":\"server1\","
                      "\"message\":{\"type\":\"request\",\"term\":3}}");
    expect_round_trip("{\"event\":\"drop\",\"from\":\"server0\",\"to\":\"server1\","
                      "\"message\":{\"type\":\"request\",\"term\":3}}");
    expect_round_trip("{\"event\":\"duplicate\",\"from\":\"witness\",\"to\":\"server1\","
                      "\"message\":{\"type\":\"reply\",\"term\":3,\"granted\":true}}");
    expect_round_trip("{\"event\":\"timer\",\"node\":\"server0\",\"timer\":\"election\"}");
    expect_round_trip("{\"event\":\"timer\",\"node\":\"server0\",\"timer\":\"heartbeat\",\"index\":1}");
    expect_round_trip("{\"event\":\"local\",\"node\":\"server2\",\"name\":\"break\"}");
    expect_round_trip("{\"event\":\"local\",\"node\":\"server2\",\"name\":\"propose\","
                      "\"arguments\":{\"value\":-2,\"to\":\"server0\"}}");
    expect_round_trip("{\"event\":\"crash\",\"node\":\"server0\"}");
    expect_round_trip("{\"event\":\"restart\",\"node\":\"server0\"}");
    expect_round_trip("{\"event\":\"reboot\",\"node\":\"witness\"}");
    expect_round_trip("{\"event\":\"partition\",\"groups\":[[\"server0\",\"witness\"],[\"server1\",\"server2\"]]}");
    expect_round_trip("{\"event\":\"heal\"}");
    run_free(run);
    run = make_run(&rig, &(struct run_config){.settings = (const char *const[]){"racks=1", NULL}});
    expect_round_trip("{\"event\":\"crash\",\"nodes\":[\"server0\",\"server1\"]}");
    expect_round_trip("{\"event\":\"crash\",\"node\":\"server2\"}");
}

Test(trace_json, refuses_what_is_not_an_event, .init = set_up, .fini = tear_down)
{
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {"{}", "event: is missing (a string)"},
        {"{\"event\":1}", "event: expected a string, not an integer"},
        {"{\"event\":\"start\"}", "event: there is no event \"start\""},
        {"{\"event\":\"heal\",\"node\":\"server0\"}", "node: a heal line has no such member"},
        {"{\"start\":\"server0\",\"step\":1}", "step: a start line has no such member"},
        {"{\"start\":null}", "start: has to be a node's name"},
        {"{\"event\":\"heal\",\"sent\":{}}", "sent: expected an array, not an object"},
        {"{\"event\":\"heal\",\"changes\":[]}", "changes: expected an object, not an array"},
        {"{\"event\":\"heal\",\"choices\":[]}", "choices: has 0 elements, not 1 to 16"},
        {"{\"event\":\"heal\",\"choices\":[70000]}", "choices[0]: 70000 is not from 0 to 65535"},
        {"{\"event\":\"deliver\",\"to\":\"server0\"}", "from: is missing (a node's name)"},
        {"{\"event\":\"deliver\",\"to\":\"server0\",\"from\":\"server1\"}", "message: is missing (an object)"},
        {"{\"event\":\"deliver\",\"to\":null,\"from\":\"server1\"}", "to: has to be a node's name"},
        {"{\"event\":\"timer\",\"node\":\"server0\",\"timer\":\"propose\"}", "timer: server0 has no timer \"propose\""},
        {"{\"event\":\"timer\",\"node\":\"witness\",\"timer\":\"election\"}",
         "timer: witness has no timer \"election\""},
        {"{\"event\":\"timer\",\"node\":\"server0\",\"timer\":\"election\",\"index\":0}",
         "index: the timer has only one"},
        {"{\"event\":\"timer\",\"node\":\"server0\",\"timer\":\"heartbeat\"}", "index: is missing (an integer)"},
        {"{\"event\":\"timer\",\"node\":\"server0\",\"timer\":\"heartbeat\",\"index\":2}",
         "index: 2 is not from 0 to 1"},
        {"{\"event\":\"local\",\"node\":\"server0\",\"name\":\"vanish\"}",
         "name: server0 has no local event \"vanish\""},
        {"{\"event\":\"local\",\"node\":\"server0\",\"name\":\"break\",\"arguments\":3}",
         "arguments: expected an object"},
        {"{\"event\":\"local\",\"node\":\"server0\",\"name\":\"break\",\"arguments\":{\"a\":1}}",
         "arguments: has 1 members; break takes 0"},
        {"{\"event\":\"local\",\"node\":\"server0\",\"name\":\"propose\",\"arguments\":{\"value\":2,\"to\":\"server0\"}}",
         "arguments.value: 2 is not from -2 to 1"},
        {"{\"event\":\"local\",\"node\":\"server0\",\"name\":\"propose\",\"arguments\":{\"value\":1,\"to\":\"witness\"}}",
         "arguments.to: has to be a node of role server"},
        {"{\"event\":\"local\",\"node\":\"server0\",\"name\":\"propose\",\"arguments\":{\"value\":1}}",
         "arguments.to: is missing (a node's name)"},
        {"{\"event\":\"crash\"}", "node: is missing (a node's name)"},
        {"{\"event\":\"crash\",\"nodes\":[\"server0\",\"server1\"]}", "nodes: these are not the nodes of a host"},
        {"{\"event\":\"crash\",\"nodes\":[\"server0\"],\"node\":\"server0\"}", "nodes: stands beside node"},
        {"{\"event\":\"partition\",\"groups\":[[\"server0\"]]}", "groups: expected an array of two groups"},
        {"{\"event\":\"partition\",\"groups\":[[\"server1\"],[\"server0\",\"server2\",\"witness\"]]}",
         "groups[0]: has to hold server0"},
        {"{\"event\":\"partition\",\"groups\":[[\"server0\"],[\"server2\",\"witness\"]]}",
         "groups[1]: has to hold exactly"},
        {"{\"event\":\"partition\",\"groups\":[[\"server0\"],3]}", "groups[1]: expected an array"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t message[64];
        struct event event;
        cr_expect(not(read_event(cases[i].text, &event, message)), "%s", cases[i].text);
        cr_expect(strncmp(error, cases[i].reason, strlen(cases[i].reason)) == 0, "%s: %s", cases[i].text, error);
    }
}
