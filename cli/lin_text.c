/* A violation as text: the operations that contradict each other as bars in real time, the longest order that works,
 * and what cannot come next. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/lin_file.h"
#include "cli/numbers.h"
#include "core/die.h"

enum { LABEL_MAX = 60, LISTED_MAX = 40, BAR_EVENTS_MAX = 60 };

/* A growing text. */
static char *printed(void (*print)(const void *, const void *, struct gs_buffer *), const void *a, const void *b)
{
    struct gs_buffer buffer = {NULL, 0, 0};
    print(a, b, &buffer);
    buffer = (struct gs_buffer){die_alloc(buffer.size + 1), 0, buffer.size};
    print(a, b, &buffer);
    buffer.bytes[buffer.size] = '\0';
    return (char *)buffer.bytes;
}

static void print_operation(const void *model, const void *operation, struct gs_buffer *text)
{
    gs_operation_print(model, operation, text);
}

static void print_state(const void *model, const void *state, struct gs_buffer *text)
{
    gs_sequential_print(model, *(const gs_span *)state, text);
}

static void print_key(const void *key, const void *unused, struct gs_buffer *text)
{
    (void)unused;
    gs_print_value(text, *(const gs_value *)key);
}

static char *operation_text(const struct lin_task *task, const struct gs_recorded *recorded)
{
    return printed(print_operation, task->model, &recorded->operation);
}

static char *state_text(const struct lin_task *task, gs_span state)
{
    return printed(print_state, task->model, &state);
}

/* "write 3", cut in the middle if it is long. */
static void shorten(char *text)
{
    const size_t length = strlen(text), half = (LABEL_MAX - 5) / 2;
    if (length <= LABEL_MAX)
        return;
    memcpy(text + half, " ... ", 5);
    memmove(text + half + 5, text + length - half, half + 1);
}

/* ---- Bars */

/* Column of a position: how many events of the shown operations come before it. */
static size_t column_of(const struct gs_history *history, uint64_t position)
{
    size_t column = 0;
    for (size_t i = 0; i < history->count; i++)
        column += (size_t)(history->operations[i].invoked < position) +
                  (size_t)(history->operations[i].returned != GS_NEVER && history->operations[i].returned < position);
    return column;
}

static size_t event_count(const struct gs_history *history)
{
    size_t count = 0;
    for (size_t i = 0; i < history->count; i++)
        count += 1 + (size_t)(history->operations[i].returned != GS_NEVER);
    return count;
}

static void print_bar(const struct gs_history *history, const struct gs_recorded *recorded, size_t events)
{
    const bool is_open = recorded->returned == GS_NEVER;
    const size_t begin = 2 * column_of(history, recorded->invoked);
    const size_t end = is_open ? 2 * events : 2 * column_of(history, recorded->returned);
    printf("  %*s|", (int)begin, "");
    for (size_t i = begin + 1; i < end; i++)
        putchar(recorded->is_in_play ? '.' : '-');
    putchar(is_open ? '>' : '|');
}

static int client_width(const struct gs_history *history)
{
    int width = 0;
    for (size_t i = 0; i < history->count; i++) {
        const int length = snprintf(NULL, 0, "%" PRId64, history->operations[i].client);
        width = length > width ? length : width;
    }
    return width;
}

static void print_timeline(const struct lin_task *task, const struct lin_file *file)
{
    const struct gs_history *history = &file->small;
    const size_t events = event_count(history), shown = history->count < LISTED_MAX ? history->count : LISTED_MAX;
    const int clients = client_width(history);
    size_t labels = 0;
    char *texts[LISTED_MAX];
    for (size_t i = 0; i < shown; i++) {
        texts[i] = operation_text(task, &history->operations[history->count - shown + i]);
        shorten(texts[i]);
        labels = strlen(texts[i]) > labels ? strlen(texts[i]) : labels;
    }
    if (shown < history->count)
        printf("    (%zu earlier ones: see --html or --json)\n", history->count - shown);
    for (size_t i = 0; i < shown; i++) {
        const size_t index = history->count - shown + i;
        const struct gs_recorded *recorded = &history->operations[index];
        printf("    client %-*" PRId64 "  %-*s", clients, recorded->client, (int)labels, texts[i]);
        if (events <= BAR_EVENTS_MAX)
            print_bar(history, recorded, events);
        printf("%s\n", index == file->decision.stuck ? "  <- cannot be placed" : "");
        free(texts[i]);
    }
}

/* ---- The order */

struct ordering {
    const struct lin_task *task;
    const struct lin_file *file;
    size_t seen;
    char *last_state;
};

static void print_lines(struct history_lines lines, bool is_open)
{
    if (is_open || lines.returned == 0)
        printf("line %zu", lines.invoked);
    else
        printf("lines %zu and %zu", lines.invoked, lines.returned);
}

static void print_placed(void *context, const struct gs_recorded *recorded, size_t index, gs_span state)
{
    struct ordering *ordering = context;
    char *after = state_text(ordering->task, state);
    const size_t hidden =
        ordering->file->decision.placed_count > LISTED_MAX ? ordering->file->decision.placed_count - LISTED_MAX : 0;
    shorten(after);
    if (recorded == NULL) {
        printf("    initially: %s\n", after);
        if (hidden > 0)
            printf("    (%zu operations)\n", hidden);
    } else if (ordering->seen++ >= hidden) {
        char *operation = operation_text(ordering->task, recorded);
        shorten(operation);
        printf("    client %" PRId64 "  %s: %s  (", recorded->client, operation, after);
        print_lines(lin_file_lines(ordering->file, index), recorded->returned == GS_NEVER);
        printf(")\n");
        free(operation);
    }
    free(ordering->last_state);
    ordering->last_state = after;
}

static void print_stuck(const struct lin_task *task, const struct lin_file *file)
{
    const struct gs_recorded *stuck = &file->small.operations[file->decision.stuck];
    char *operation = operation_text(task, stuck);
    shorten(operation);
    printf("  %s of client %" PRId64 " (", operation, stuck->client);
    print_lines(lin_file_lines(file, file->decision.stuck), stuck->returned == GS_NEVER);
    printf(") cannot be placed: %s.\n", task->consistency == GS_LINEARIZABLY
                                            ? "no order of what may come before its return explains it"
                                            : "no order of the clients' operations explains it");
    free(operation);
}

/* How many operations are shown that are not in play. */
static size_t kept_count(const struct lin_file *file)
{
    size_t count = 0;
    for (size_t i = 0; i < file->small.count; i++)
        count += !file->small.operations[i].is_in_play;
    return count;
}

static void print_violation(const struct lin_task *task, const struct lin_file *file)
{
    const struct gs_decision *decision = &file->decision;
    const size_t kept = kept_count(file);
    struct ordering ordering = {.task = task, .file = file};
    printf("\n  Of the %zu operation%s", file->object_operations, file->object_operations == 1 ? "" : "s");
    if (gs_value_kind(decision->key) > GS_VALUE_NIL) {
        char *key = printed(print_key, &decision->key, NULL);
        printf(" on key %s", key);
        free(key);
    }
    printf(" %s:\n\n", kept == 1 ? "this one cannot be explained" : "these contradict each other");
    print_timeline(task, file);
    if (kept < file->small.count)
        printf("\n    |..>  was left out: it may take effect at any time from there on, which is of no help\n");
    printf("\n  The longest order that was found, with the state after each:\n\n");
    gs_decision_visit_order(&file->decision, &file->small, task->model, task->initial, print_placed, &ordering);
    free(ordering.last_state);
    printf("\n");
    print_stuck(task, file);
    printf("\n");
}

void lin_print_text(const struct lin_task *task, const struct lin_file *file)
{
    char operations[NUMBER_TEXT_SIZE];
    printf("%s: %s (%s operation%s", file->path, lin_verdict(task->consistency, file->decision.decided),
           number_text(file->operations, operations), file->operations == 1 ? "" : "s");
    if (file->decision.objects > 1)
        printf(" on %zu keys", file->decision.objects);
    printf("%s)\n", file->decision.decided == GS_UNDECIDED ? "; a limit stopped it" : "");
    if (file->decision.decided == GS_INCONSISTENT)
        print_violation(task, file);
}
