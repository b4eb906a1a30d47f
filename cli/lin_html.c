/* The page of --html: the JSON of --json inside of a page that draws it. Whatever comes from a file stands only in the
 * JSON, which the page shows as text and never as markup. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/lin_file.h"
#include "core/bytes.h"
#include "core/die.h"
#include "core/embed.h"
#include "traces/html_file.h"

EMBED(lin_page, "cli/lin/page.html");
EMBED(lin_style, "cli/lin/style.css");
EMBED(lin_script, "cli/lin/page.js");

char *lin_html(const struct lin_task *task, const struct lin_file *files, size_t count)
{
    json_t *object = lin_json(task, files, count);
    char *json = html_file_json(object);
    const struct html_part parts[] = {{"style.css", lin_style},
                                      {"history.json", json},
                                      {"page.js", lin_script},
                                      {"version", GAINSAY_VERSION},
                                      {NULL, NULL}};
    char *page = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&page, &size);
    must(out != NULL);
    html_file_fill(lin_page, parts, out);
    must(fclose(out) == 0);
    json_decref(object);
    free(json);
    return page;
}
