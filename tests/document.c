/* Commands of documents. The script prints a record separator before each command and before its exit code, by which
 * its output is taken apart again. */
#include "tests/document.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#define SEPARATOR '\036'
#define MARK "printf '\\036%s\\n' "

static char *copy_of(const char *text, size_t length)
{
    char *copy = strndup(text, length);
    cr_assert(copy != NULL);
    return copy;
}

/* Adds length bytes at the end of a string. */
static void append(char **text, const char *more, size_t length)
{
    const size_t old = *text ? strlen(*text) : 0;
    *text = realloc(*text, old + length + 1);
    cr_assert(*text != NULL);
    memcpy(*text + old, more, length);
    (*text)[old + length] = '\0';
}

/* ---- Reading ---- */

struct reading {
    struct document document;
    const char *next; /* rest of the text */
    size_t line;      /* of what was taken last */
};

/* The next line with its newline; its length, 0 at the end. */
static size_t take_line(struct reading *r, const char **line)
{
    const size_t length = strcspn(r->next, "\n");
    const size_t taken = length + (r->next[length] == '\n');
    *line = r->next;
    r->next += taken;
    r->line += taken > 0;
    return taken;
}

static bool is_fence(const char *line)
{
    return strncmp(line, "```", 3) == 0;
}

static struct document_command *add_command(struct reading *r)
{
    struct document *document = &r->document;
    document->commands = realloc(document->commands, (document->count + 1) * sizeof(*document->commands));
    cr_assert(document->commands != NULL);
    struct document_command *command = &document->commands[document->count++];
    *command = (struct document_command){.line = r->line, .shown = copy_of("", 0), .status_max = 1};
    return command;
}

/* The word that ends a here-document which the line begins, NULL if it begins none. Owned by the caller. */
static char *word_of_here_document(const char *line, size_t length)
{
    const char *mark = memmem(line, length, "<<", 2);
    if (!mark)
        return NULL;
    mark += 2 + strspn(mark + 2, "-'\"");
    return copy_of(mark, strcspn(mark, "'\" \n"));
}

static bool is_line(const char *line, size_t taken, const char *word)
{
    return taken == strlen(word) + 1 && strncmp(line, word, strlen(word)) == 0;
}

/* A command that begins with the line, and the lines that it goes on with. */
static void read_command(struct reading *r, const char *line, size_t taken)
{
    struct document_command *command = add_command(r);
    char *word = word_of_here_document(line, taken);
    bool goes_on;
    line += 2;
    taken -= 2;
    do {
        append(&command->text, line, taken);
        const bool is_word = word && is_line(line, taken, word);
        goes_on = (word && !is_word) || (taken > 1 && line[taken - 2] == '\\');
    } while (goes_on && (taken = take_line(r, &line)) > 0);
    free(word);
}

static void read_console(struct reading *r)
{
    const char *line;
    const size_t first = r->line;
    for (size_t taken; (taken = take_line(r, &line)) > 0 && !is_fence(line);) {
        if (strncmp(line, "$ ", 2) == 0) {
            read_command(r, line, taken);
            continue;
        }
        cr_assert(r->document.count > 0, "line %zu: output without a command", first);
        append(&r->document.commands[r->document.count - 1].shown, line, taken);
    }
}

/* A block that becomes the input of a command. */
static void read_input(struct reading *r, const char *command_line, size_t length)
{
    static const char end[] = "END_OF_BLOCK\n";
    const char *line;
    struct document_command *command = add_command(r);
    command->status_max = 0;
    append(&command->text, command_line, length);
    append(&command->text, " <<'END_OF_BLOCK'\n", strlen(" <<'END_OF_BLOCK'\n"));
    for (size_t taken; (taken = take_line(r, &line)) > 0 && !is_fence(line);)
        append(&command->text, line, taken);
    append(&command->text, end, strlen(end));
}

static void read_block(struct reading *r, const char *info, size_t length)
{
    const char *line, *file = memmem(info, length, " file=", 6);
    const size_t first = r->line;
    if (strncmp(info, "console\n", 8) == 0) {
        read_console(r);
    } else if (strncmp(info, "diff\n", 5) == 0) {
        read_input(r, "patch -p1", strlen("patch -p1"));
    } else if (file) {
        char *command;
        cr_assert(asprintf(&command, "cat >> %.*s", (int)strcspn(file + 6, " \n"), file + 6) >= 0);
        read_input(r, command, strlen(command));
        free(command);
    } else {
        while (take_line(r, &line) > 0 && !is_fence(line))
            ;
    }
    cr_assert(*r->next || is_fence(r->next - 4), "line %zu: this block does not end", first);
}

struct document document_read(const char *text)
{
    struct reading r = {.next = text};
    const char *line;
    for (size_t taken; (taken = take_line(&r, &line)) > 0;)
        if (is_fence(line))
            read_block(&r, line + 3, taken - 3);
    return r.document;
}

void document_free(struct document *document)
{
    for (size_t i = 0; i < document->count; i++) {
        free(document->commands[i].text);
        free(document->commands[i].shown);
        free(document->commands[i].printed);
    }
    free(document->commands);
    *document = (struct document){0};
}

/* ---- Running ---- */

char *document_script(const struct document *document)
{
    char *script = copy_of("exec 2>&1\n", 10);
    for (size_t i = 0; i < document->count; i++) {
        append(&script, MARK "''\n", strlen(MARK "''\n"));
        append(&script, document->commands[i].text, strlen(document->commands[i].text));
        append(&script, MARK "$?\n", strlen(MARK "$?\n"));
    }
    return script;
}

bool document_take_output(struct document *document, const char *printed)
{
    for (size_t i = 0; i < document->count; i++) {
        const char *begin = strchr(printed, SEPARATOR), *end = begin ? strchr(begin + 1, SEPARATOR) : NULL;
        if (!end)
            return false;
        begin += 2; /* the separator and its newline */
        document->commands[i].printed = copy_of(begin, (size_t)(end - begin));
        document->commands[i].status = (int)strtol(end + 1, NULL, 10);
        printed = end + 1;
    }
    return true;
}

/* ---- Comparing ---- */

static size_t length_of_line(const char *text)
{
    const size_t length = strcspn(text, "\n");
    return length + (text[length] == '\n');
}

/* The length of a number with a decimal point, 0 if there is none at this place. */
static size_t length_of_decimal(const char *text, size_t size)
{
    size_t digits = 0, after = 0;
    while (digits < size && isdigit((unsigned char)text[digits]))
        digits++;
    if (!digits || digits == size || text[digits] != '.')
        return 0;
    while (digits + 1 + after < size && isdigit((unsigned char)text[digits + 1 + after]))
        after++;
    return after ? digits + 1 + after : 0;
}

static size_t length_without_blanks_at_end(const char *line, size_t length)
{
    while (length > 0 && isspace((unsigned char)line[length - 1]))
        length--;
    return length;
}

static bool is_line_as_shown(const char *shown, size_t shown_size, const char *printed, size_t printed_size)
{
    while (shown_size > 0) {
        if (shown_size >= 3 && strncmp(shown, "...", 3) == 0) {
            for (size_t skipped = 0; skipped <= printed_size; skipped++)
                if (is_line_as_shown(shown + 3, shown_size - 3, printed + skipped, printed_size - skipped))
                    return true;
            return false;
        }
        size_t one = length_of_decimal(shown, shown_size), other = length_of_decimal(printed, printed_size);
        if (!one || !other) {
            if (printed_size == 0 || *shown != *printed)
                return false;
            one = other = 1;
        }
        shown += one;
        shown_size -= one;
        printed += other;
        printed_size -= other;
    }
    return printed_size == 0;
}

bool document_is_as_shown(const char *shown, const char *printed)
{
    while (*shown) {
        const size_t shown_taken = length_of_line(shown);
        if (is_line(shown, shown_taken, "...")) {
            for (const char *rest = printed;; rest += length_of_line(rest)) {
                if (document_is_as_shown(shown + shown_taken, rest))
                    return true;
                if (!*rest)
                    return false;
            }
        }
        const size_t taken = length_of_line(printed);
        if (!taken || !is_line_as_shown(shown, length_without_blanks_at_end(shown, shown_taken), printed,
                                        length_without_blanks_at_end(printed, taken)))
            return false;
        shown += shown_taken;
        printed += taken;
    }
    return !*printed;
}
