/* Puts the parts of the page and the trace together. Whatever comes from a protocol (names, texts) stands only in the
 * JSON, which the page shows as text and never as markup. */
#include "traces/html_file.h"

#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "core/die.h"
#include "core/embed.h"
#include "traces/json_chart.h"

EMBED(html_page, "traces/html/page.html");
EMBED(html_style, "traces/html/style.css");
EMBED(html_trace_script, "traces/html/trace.js");
EMBED(html_diagram_script, "traces/html/diagram.js");
EMBED(html_panel_script, "traces/html/panel.js");
EMBED(html_search_script, "traces/html/search.js");
EMBED(html_page_script, "traces/html/page.js");

char *html_file_json(const json_t *json)
{
    struct bytes escaped = {0};
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII);

    if (!text)
        die("a trace cannot be printed as JSON");
    for (const char *c = text; *c;) { /* these stand only in strings */
        const size_t plain = strcspn(c, "<>&");
        char escape[8];
        bytes_append(&escaped, c, plain);
        c += plain;
        if (*c)
            bytes_append(&escaped, escape, (size_t)snprintf(escape, sizeof(escape), "\\u%04x", (unsigned)*c++));
    }
    bytes_append(&escaped, "", 1);
    free(text);
    return (char *)escaped.data;
}

/* A page is passed on: it names the protocol's file, but not where that is on this machine. */
static struct trace_file_info without_places(const struct trace_file_info *info)
{
    struct trace_file_info plain = {0};

    if (info) {
        const char *slash = info->plugin ? strrchr(info->plugin, '/') : NULL;
        plain = (struct trace_file_info){.has_seed = info->has_seed, .seed = info->seed};
        plain.plugin = slash ? slash + 1 : info->plugin;
    }
    return plain;
}

static char *make_json(const struct trace *trace, const struct trace_file_info *info)
{
    const struct trace_file_info plain = without_places(info);
    struct chart *chart = chart_new(trace);
    json_t *json = json_chart(chart, &plain);
    char *text = html_file_json(json);

    json_decref(json);
    chart_free(chart);
    return text;
}

static const char *part_text(const struct html_part *parts, const char *name, size_t length)
{
    while (strlen(parts->name) != length || strncmp(parts->name, name, length) != 0)
        must((++parts)->name != NULL);
    return parts->text;
}

void html_file_fill(const char *page, const struct html_part *parts, FILE *out)
{
    const char *rest = page;

    for (const char *slot; (slot = strstr(rest, "{{")) != NULL; rest = strstr(slot, "}}") + 2) {
        fwrite(rest, 1, (size_t)(slot - rest), out);
        fputs(part_text(parts, slot + 2, (size_t)(strstr(slot, "}}") - slot - 2)), out);
    }
    fputs(rest, out);
}

void html_file_print(const struct trace *trace, FILE *out, const struct trace_file_info *info)
{
    char *json = make_json(trace, info);
    const struct html_part parts[] = {{"style.css", html_style},
                                      {"trace.json", json},
                                      {"trace.js", html_trace_script},
                                      {"diagram.js", html_diagram_script},
                                      {"panel.js", html_panel_script},
                                      {"search.js", html_search_script},
                                      {"page.js", html_page_script},
                                      {"version", GAINSAY_VERSION},
                                      {NULL, NULL}};

    html_file_fill(html_page, parts, out);
    free(json);
}
