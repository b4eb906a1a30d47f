/* Nodes first: what they are is asked for most. */
#include "traces/world_text.h"

#include <string.h>

#include "traces/line.h"
#include "traces/local_text.h"

enum { DEEPER = 2 };

static void print_node(const struct world *world, unsigned node, size_t indent, FILE *out)
{
    const uint8_t *local = world->locals[node].data;
    struct line line;

    line_begin(&line);
    fprintf(line.stream, "%s%s: ", world->run->nodes[node].name, local_is_up(world->run, node, local) ? "" : " (down)");
    local_print(world->run, node, local, line.stream);
    line_print(&line, indent, out);
}

/* ---- Messages ---- */

static bool is_equal(const struct gs_run *run, const struct bytes *inbox, size_t a, size_t b)
{
    return memcmp(inbox_entry(run, inbox, a), inbox_entry(run, inbox, b), inbox_stride(run)) == 0;
}

/* How many of the messages from `first` on are the same copy: neighbours, where order says nothing. */
static size_t count_copies(const struct gs_run *run, const struct bytes *inbox, size_t first)
{
    size_t count = 1;

    while (run->network == GS_BAG && first + count < inbox_count(run, inbox) &&
           is_equal(run, inbox, first, first + count))
        count++;
    return count;
}

static const char *why_not_now(const struct world *world, unsigned to, const uint8_t *entry, size_t position)
{
    if (!local_is_up(world->run, to, world->locals[to].data))
        return " (the receiver is down)";
    if (world_link_is_cut(world->side, entry[0] - 1u, to))
        return " (the link is cut)";
    return inbox_is_deliverable(world->run, &world->inboxes[to], position) ? "" : " (others stand before it)";
}

static size_t print_inbox(const struct world *world, unsigned to, size_t indent, FILE *out)
{
    const struct gs_run *run = world->run;
    const struct bytes *inbox = &world->inboxes[to];
    size_t lines = 0;

    for (size_t i = 0; i < inbox_count(run, inbox); lines++) {
        const size_t copies = count_copies(run, inbox, i);
        const uint8_t *entry = inbox_entry(run, inbox, i);
        struct line line;
        line_begin(&line);
        fprintf(line.stream, "%s -> %s: ", gs_run_name(run, (gs_node){entry[0]}), run->nodes[to].name);
        message_print(run, entry + 1, line.stream);
        if (copies > 1)
            fprintf(line.stream, ", %zu copies", copies);
        fputs(why_not_now(world, to, entry, i), line.stream);
        line_print(&line, indent, out);
        i += copies;
    }
    return lines;
}

size_t world_print_in_flight(const struct world *world, size_t indent, FILE *out)
{
    size_t lines = 0;

    for (unsigned node = 0; node < world->run->node_count; node++)
        lines += print_inbox(world, node, indent, out);
    return lines;
}

static bool has_mail(const struct world *world)
{
    for (unsigned node = 0; node < world->run->node_count; node++)
        if (inbox_count(world->run, &world->inboxes[node]))
            return true;
    return false;
}

/* ---- Links and monitors ---- */

static void print_side(const struct world *world, bool with_first, FILE *out)
{
    const char *separator = "{";

    for (unsigned node = 0; node < world->run->node_count; node++)
        if ((world->side >> node & 1) == with_first) {
            fprintf(out, "%s%s", separator, world->run->nodes[node].name);
            separator = ", ";
        }
    fputc('}', out);
}

static void print_cut(const struct world *world, size_t indent, FILE *out)
{
    struct line line;

    line_begin(&line);
    fputs("cut: ", line.stream);
    print_side(world, true, line.stream);
    fputs(" | ", line.stream);
    print_side(world, false, line.stream);
    line_print(&line, indent, out);
}

static void print_monitor(const struct world *world, unsigned monitor, size_t indent, FILE *out)
{
    struct line line;

    line_begin(&line);
    fprintf(line.stream, "monitor %s: ", run_monitor(world->run, monitor)->name);
    fields_print(world->run, run_monitor(world->run, monitor)->fields, world->monitors[monitor].data, line.stream);
    line_print(&line, indent, out);
}

void world_print(const struct world *world, size_t indent, FILE *out)
{
    for (unsigned node = 0; node < world->run->node_count; node++)
        print_node(world, node, indent, out);
    if (has_mail(world)) {
        fprintf(out, "%*sin flight\n", (int)indent, "");
        world_print_in_flight(world, indent + DEEPER, out);
    }
    if (world->side)
        print_cut(world, indent, out);
    for (unsigned m = 0; m < run_monitor_count(world->run); m++)
        if (world->monitors_on >> m & 1)
            print_monitor(world, m, indent, out);
}
