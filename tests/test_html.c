/* The HTML page of a trace: its data, and that nothing in the data gets out of it. Whether the page works, a browser
 * tells: tests/consumers/html.mjs. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/golden_traces.h"
#include "traces/html_file.h"
#include "traces/json_chart.h"
#include "traces/json_fields.h"

TestSuite(html, .fini = remove_temporary_files);

/* ---- Reading what was made ---- */

static json_t *chart_json(const struct golden_trace *golden, struct chart **chart)
{
    struct gs_run *run;
    *chart = chart_new(golden->make(&run));
    return json_chart(*chart, NULL);
}

static void print_line(FILE *out, json_t *json)
{
    json_dumpf(json, out, JSON_COMPACT | JSON_ENCODE_ANY);
}

/* One line for each member, and for each element of an array: so that a difference can be read. */
static void print_lines(json_t *object, FILE *out)
{
    const char *key;
    json_t *value, *element;
    size_t i;
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
}

static void write_page(const struct trace *trace, FILE *out)
{
    html_file_print(trace, out, NULL);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        count++;
    return count;
}

/* ---- The data ---- */

static void write_data(const struct trace *trace, FILE *out)
{
    struct chart *chart = chart_new(trace);
    json_t *json = json_chart(chart, NULL);
    print_lines(json, out);
    json_decref(json);
    chart_free(chart);
}

Test(html, has_the_data_of_every_kind_of_trace)
{
    expect_golden_traces("html.txt", write_data);
}

/* Is it in flight after the row, by what the data says? */
static bool is_flying(const json_t *message, size_t row)
{
    const json_t *gone = json_object_get(message, "gone");
    return json_integer_value(json_object_get(message, "sent")) <= (json_int_t)row &&
           (!gone || json_integer_value(gone) > (json_int_t)row);
}

static void expect_mail_of_the_worlds(const struct golden_trace *golden)
{
    struct chart *chart;
    json_t *json = chart_json(golden, &chart), *messages = json_object_get(json, "messages"), *message;
    for (size_t row = 0; row < chart->row_count; row++)
        for (unsigned n = 0; n < chart->run->node_count; n++) {
            size_t i, flying = 0;
            json_array_foreach(messages, i, message) flying +=
                is_flying(message, row) &&
                strcmp(json_string_value(json_object_get(message, "to")), chart->run->nodes[n].name) == 0;
            cr_expect(eq(sz, flying, inbox_count(chart->run, &chart->rows[row].after.inboxes[n])),
                      "%s: row %zu, node %u", golden->name, row, n);
        }
    json_decref(json);
    chart_free(chart);
}

Test(html, knows_at_every_row_what_is_in_flight)
{
    for (size_t i = 0; i < GOLDEN_TRACES; i++)
        expect_mail_of_the_worlds(&golden_traces[i]);
}

static json_t *fields_of(const struct chart *chart, const struct world *world, unsigned node)
{
    json_t *fields = json_object();
    json_append_fields(fields, chart->run, run_role_of(chart->run, node)->fields, NULL, world->locals[node].data);
    return fields;
}

/* States are written only where they change: applied one after the other they are those of the worlds. */
static void expect_states_of_the_worlds(const struct golden_trace *golden)
{
    struct chart *chart;
    json_t *json = chart_json(golden, &chart);
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
    for (size_t i = 0; i < GOLDEN_TRACES; i++)
        expect_states_of_the_worlds(&golden_traces[i]);
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
    char *page = text_of_trace(trace, write_page);
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
    char *page = text_of_trace(make_commit_trace(&run), write_page);
    cr_expect(eq(sz, count_of(page, "://"), 1));
    cr_expect(eq(sz, count_of(page, "'http://www.w3.org/2000/svg'"), 1));
    cr_expect(eq(sz, count_of(page, " src=") + count_of(page, "@import") + count_of(page, "url("), 0));
    cr_expect(strstr(page, "default-src 'none'") != NULL);
}

/* It is passed on to others. */
Test(html, does_not_tell_where_the_protocol_is_on_this_machine)
{
    struct gs_run *run;
    const char *const extensions[] = {"/home/somebody/extra.c", NULL};
    const struct trace_file_info info = {.plugin = "/home/somebody/mine.c", .extensions = extensions};
    char *page = NULL;
    size_t size;
    FILE *out = open_memstream(&page, &size);
    html_file_print(make_commit_trace(&run), out, &info);
    fclose(out);
    cr_expect(strstr(page, "\"plugin\":\"mine.c\"") != NULL);
    cr_expect(eq(sz, count_of(page, "somebody"), 0));
    free(page);
}
