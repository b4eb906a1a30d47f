/* The HTML page of a trace: its data, and that nothing in the data gets out of it. Whether the page works, a browser
 * tells: tests/consumers/html.mjs. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test_trace_model.h"
#include "traces/html_file.h"
#include "traces/json_chart.h"
#include "traces/json_fields.h"

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

TestSuite(html, .fini = remove_temporary_files);

typedef struct trace *trace_maker(struct gs_run **run);

/* ---- Traces beside those that all tests share ---- */

static struct trace *make_zero_trace(struct gs_run **run)
{
    *run = make_run(&rig, &(struct run_config){.settings = LIST("servers=2", "mode=bold")});
    return make_trace(*run, TRACE_NO_PROPERTY, LIST("start server0 choosing 0", "start server1 choosing 1"));
}

static struct trace *make_one_trace(struct gs_run **run)
{
    *run = make_run(&rig, &(struct run_config){.settings = LIST("servers=2")});
    return make_trace(*run, RIG_TERM_STAYS, LIST("server1: timer election"));
}

static struct trace *make_twenty_trace(struct gs_run **run)
{
    *run =
        make_run(&two_phase_commit, &(struct run_config){.settings = LIST("resource-managers=7"), .network = GS_BAG});
    return make_trace(
        *run, TRACE_NO_PROPERTY,
        LIST("resource-manager0: prepare", "resource-manager1: prepare", "resource-manager2: prepare",
             "resource-manager3: prepare", "resource-manager4: prepare", "resource-manager5: prepare",
             "resource-manager6: prepare", "resource-manager3 -> transaction-manager: vote",
             "resource-manager0 -> transaction-manager: vote", "resource-manager1 -> transaction-manager: vote",
             "resource-manager6 -> transaction-manager: vote", "resource-manager5 -> transaction-manager: vote",
             "resource-manager2 -> transaction-manager: vote", "resource-manager4 -> transaction-manager: vote",
             "transaction-manager: decide", "transaction-manager -> resource-manager6: commit",
             "transaction-manager -> resource-manager0: commit", "transaction-manager -> resource-manager1: commit",
             "transaction-manager -> resource-manager5: commit", "transaction-manager -> resource-manager3: commit"));
}

/* ---- Reading what was made ---- */

static json_t *chart_json(trace_maker *make, struct chart **chart)
{
    struct gs_run *run;
    *chart = chart_new(make(&run));
    return json_chart(*chart, NULL);
}

static void print_line(FILE *out, json_t *json)
{
    json_dumpf(json, out, JSON_COMPACT | JSON_ENCODE_ANY);
}

/* One line for each member, and for each element of an array: so that a difference can be read. */
static char *lines_of(json_t *object)
{
    const char *key;
    json_t *value, *element;
    size_t i, size;
    char *text;
    FILE *out = open_memstream(&text, &size);
    json_object_foreach(object, key, value)
    {
        fprintf(out, "%s: ", key);
        if (!json_is_array(value))
            print_line(out, value);
        json_array_foreach(value, i, element)
        {
            fputs("\n  ", out);
            print_line(out, element);
        }
        fputc('\n', out);
    }
    fclose(out);
    return keep(text);
}

static void expect_data(trace_maker *make, const char *golden)
{
    struct chart *chart;
    json_t *json = chart_json(make, &chart);
    expect_golden(golden, lines_of(json));
    json_decref(json);
    chart_free(chart);
}

static char *page_of(const struct trace *trace)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    cr_assert(html_file_print(trace, out, NULL));
    fclose(out);
    return keep(text);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        count++;
    return count;
}

/* ---- The data ---- */

Test(html, has_the_data_of_a_trace_without_a_step)
{
    expect_data(make_zero_trace, "html-0.txt");
}

Test(html, has_the_data_of_a_trace_of_one_step)
{
    expect_data(make_one_trace, "html-1.txt");
}

Test(html, has_the_data_of_a_misbehaviour)
{
    expect_data(make_break_trace, "html-break.txt");
}

Test(html, has_the_data_of_a_violation)
{
    expect_data(make_commit_trace, "html-commit.txt");
}

Test(html, has_the_data_of_a_sample_of_twenty_steps)
{
    expect_data(make_twenty_trace, "html-20.txt");
}

Test(html, has_the_data_of_crashes_drops_and_duplicates)
{
    expect_data(make_bag_trace, "html-bag.txt");
}

Test(html, has_the_data_of_partitions_and_lost_mail)
{
    expect_data(make_fifo_trace, "html-fifo.txt");
}

/* Is it in flight after the row, by what the data says? */
static bool is_flying(const json_t *message, size_t row)
{
    const json_t *gone = json_object_get(message, "gone");
    return json_integer_value(json_object_get(message, "sent")) <= (json_int_t)row &&
           (!gone || json_integer_value(gone) > (json_int_t)row);
}

static void expect_mail_of_the_worlds(trace_maker *make)
{
    struct chart *chart;
    json_t *json = chart_json(make, &chart), *messages = json_object_get(json, "messages"), *message;
    cr_expect(gt(sz, chart->row_count, 0));
    for (size_t row = 0; row < chart->row_count; row++)
        for (unsigned n = 0; n < chart->run->node_count; n++) {
            size_t i, flying = 0;
            json_array_foreach(messages, i, message) flying +=
                is_flying(message, row) &&
                strcmp(json_string_value(json_object_get(message, "to")), chart->run->nodes[n].name) == 0;
            cr_expect(eq(sz, flying, inbox_count(chart->run, &chart->rows[row].after.inboxes[n])), "row %zu, node %u",
                      row, n);
        }
    json_decref(json);
    chart_free(chart);
}

Test(html, knows_at_every_row_what_is_in_flight)
{
    expect_mail_of_the_worlds(make_commit_trace);
    expect_mail_of_the_worlds(make_bag_trace);
    expect_mail_of_the_worlds(make_fifo_trace);
    expect_mail_of_the_worlds(make_break_trace);
    expect_mail_of_the_worlds(make_twenty_trace);
}

static json_t *fields_of(const struct chart *chart, const struct world *world, unsigned node)
{
    json_t *fields = json_object();
    json_append_fields(fields, chart->run, run_role_of(chart->run, node)->fields, NULL, world->locals[node].data);
    return fields;
}

/* States are written only where they change: applied one after the other they are those of the worlds. */
static void expect_states_of_the_worlds(trace_maker *make)
{
    struct chart *chart;
    json_t *json = chart_json(make, &chart);
    json_t *states = json_deep_copy(json_object_get(json_object_get(json, "initial"), "states"));
    for (size_t row = 0; row < chart->row_count; row++) {
        const struct world *world = &chart->rows[row].after;
        json_object_update(states, json_object_get(json_array_get(json_object_get(json, "rows"), row), "states"));
        for (unsigned n = 0; n < chart->run->node_count; n++) {
            const json_t *state = json_object_get(states, chart->run->nodes[n].name);
            json_t *fields = fields_of(chart, world, n);
            cr_expect(json_equal(json_object_get(state, "fields"), fields), "row %zu, node %u", row, n);
            cr_expect(
                eq(int, json_is_true(json_object_get(state, "up")), local_is_up(chart->run, n, world->locals[n].data)));
            json_decref(fields);
        }
    }
    json_decref(states);
    json_decref(json);
    chart_free(chart);
}

Test(html, gives_every_state_by_what_changes)
{
    expect_states_of_the_worlds(make_commit_trace);
    expect_states_of_the_worlds(make_bag_trace);
    expect_states_of_the_worlds(make_fifo_trace);
    expect_states_of_the_worlds(make_zero_trace);
}

Test(html, shows_where_a_trace_does_not_go_on)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    trace_append(trace, &trace->steps[0]); /* it has prepared already */
    struct chart *chart = chart_new(trace);
    json_t *json = json_chart(chart, NULL), *rows = json_object_get(json, "rows");
    const json_t *end = json_object_get(json, "end"), *last = json_array_get(rows, json_array_size(rows) - 1);
    cr_expect(eq(str, (char *)json_string_value(json_object_get(end, "result")), "diverged"));
    cr_expect(eq(sz, (size_t)json_integer_value(json_object_get(end, "step")), 6));
    cr_expect(eq(str, (char *)json_string_value(json_object_get(last, "result")), "not enabled"));
    json_decref(json);
    chart_free(chart);
}

/* ---- The page ---- */

Test(html, escapes_whatever_could_end_its_script)
{
    const char *const texts[] = {
        "</script>",        "<!--",         "<![CDATA[ ]]>", "&lt;",          "\xe2\x80\xa8\xe2\x80\xa9",
        "\xf0\x9f\x98\x80", "\x01\x1f\x7f", "\"\\\n\t\r",    "{{trace.json}}"};
    json_t *json = json_array();
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        json_array_append_new(json, json_text(texts[i]));
    json_array_append_new(json, json_text("\xff\xc3(")); /* not UTF-8 */
    char *text = html_file_json(json);
    for (const char *c = text; *c; c++)
        cr_expect(c[0] >= ' ' && !strchr("<>&", c[0]), "%d", *c);
    json_t *again = json_loads(text, 0, NULL);
    cr_expect(json_equal(json, again));
    json_decref(again);
    json_decref(json);
    free(text);
}

#define DATA_BEGINS "<script type=\"application/json\" id=\"trace\">"

Test(html, is_one_whole_page_with_the_trace_in_it)
{
    struct gs_run *run;
    struct trace *trace = make_bag_trace(&run);
    char *page = page_of(trace);
    struct chart *chart = chart_new(trace);
    json_t *json = json_chart(chart, NULL);
    cr_expect(strncmp(page, "<!DOCTYPE html>\n", 16) == 0);
    cr_expect(eq(sz, count_of(page, "<script"), 2));
    cr_expect(eq(sz, count_of(page, "</script>"), 2));
    cr_expect(eq(sz, count_of(page, "<style>"), 1));
    cr_expect(eq(sz, count_of(page, "{{"), 0));
    cr_expect(eq(sz, count_of(page, "innerHTML") + count_of(page, "document.write") + count_of(page, "eval("), 0));
    cr_expect(eq(str, page + strlen(page) - 8, "</html>\n"));
    char *begin = strstr(page, DATA_BEGINS);
    cr_assert(begin != NULL);
    begin += strlen(DATA_BEGINS);
    *strstr(begin, "</script>") = '\0';
    json_t *again = json_loads(begin, 0, NULL);
    cr_expect(json_equal(json, again));
    json_decref(again);
    json_decref(json);
    chart_free(chart);
}

/* The address of SVG's names is one that nothing is fetched from. */
Test(html, names_no_other_address)
{
    struct gs_run *run;
    char *page = page_of(make_commit_trace(&run));
    cr_expect(eq(sz, count_of(page, "://"), 1));
    cr_expect(eq(sz, count_of(page, "'http://www.w3.org/2000/svg'"), 1));
    cr_expect(eq(sz, count_of(page, " src=") + count_of(page, "@import") + count_of(page, "url("), 0));
    cr_expect(strstr(page, "default-src 'none'") != NULL);
}

Test(html, tells_when_it_cannot_be_written)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    FILE *full = fopen("/dev/full", "w");
    cr_assert(full != NULL);
    cr_expect(not(html_file_print(trace, full, NULL)));
    fclose(full);
}
