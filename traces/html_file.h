/* A trace as one HTML page that needs nothing else: a space-time diagram to step through, with the states of all nodes.
 * The page is traces/html/, where each part is a file of its own kind; the trace is JSON in it (traces/json_chart.h).
 */
#ifndef GAINSAY_HTML_FILE_H
#define GAINSAY_HTML_FILE_H

#include <jansson.h>

#include "traces/trace_file.h"

/* Writes the page. info: where the trace comes from; NULL: nothing is known. */
void html_file_print(const struct trace *trace, FILE *out, const struct trace_file_info *info);

/* The JSON as it stands in the page's script element, which nothing in it can end: plain ASCII without < > &. Owned by
 * the caller. */
char *html_file_json(const json_t *json);

/* What stands for "{{name}}" in a page; a table ends with a line without a name. */
struct html_part {
    const char *name, *text;
};

/* Writes a page with its parts in their places. Every name in it must be among the parts. */
void html_file_fill(const char *page, const struct html_part *parts, FILE *out);

#endif
