/* Widths are the C library's, in its own UTF-8 locale, so that a chart does not depend on the locale it is made in. */
#include "traces/line.h"

#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "core/die.h"

enum { COLUMNS = 120, DEEPER = 4 };

/* ---- Composing ---- */

void line_begin(struct line *line)
{
    line->stream = open_memstream(&line->text, &line->size);
    if (!line->stream)
        die("out of memory for a line of text");
}

char *line_take(struct line *line)
{
    if (fclose(line->stream) != 0)
        die("out of memory for a line of text");
    return line->text;
}

/* ---- Characters ---- */

static pthread_once_t utf8_once = PTHREAD_ONCE_INIT;
static locale_t utf8; /* null: the C library has none; then every byte beyond ASCII is no text */

static void make_utf8(void)
{
    utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

static locale_t begin_utf8(void)
{
    pthread_once(&utf8_once, make_utf8);
    return utf8 ? uselocale(utf8) : (locale_t)0;
}

static void end_utf8(locale_t former)
{
    if (former)
        uselocale(former);
}

/* Bytes of the character that text begins with, and its columns; 0 bytes: it is not one that can be shown. */
static size_t read_character(const char *text, size_t *columns)
{
    mbstate_t state = {0};
    wchar_t character;
    const size_t bytes = mbrtowc(&character, text, strlen(text), &state);

    if (bytes == 0 || bytes > strlen(text))
        return 0;
    const int width = wcwidth(character);
    *columns = width < 0 ? 0 : (size_t)width;
    return width < 0 ? 0 : bytes;
}

void line_clean(char *text, bool ascii)
{
    const locale_t former = begin_utf8();
    size_t columns;

    for (char *c = text; *c;) {
        const unsigned char byte = (unsigned char)*c;
        const size_t bytes = byte < 0x80 || ascii ? 0 : read_character(c, &columns);
        if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !bytes))
            *c = '?';
        c += bytes ? bytes : 1;
    }
    end_utf8(former);
}

/* The next character's bytes, never 0 before the end; what is not UTF-8 counts as a column a byte. */
static size_t next_character(const char *text, size_t *columns)
{
    const size_t bytes = read_character(text, columns);

    if (bytes)
        return bytes;
    *columns = 1;
    return 1;
}

size_t line_columns(const char *text)
{
    const locale_t former = begin_utf8();
    size_t all = 0, columns;

    while (*text) {
        text += next_character(text, &columns);
        all += columns;
    }
    end_utf8(former);
    return all;
}

/* ---- Breaking ---- */

/* Where a line may break, in bytes; 0: nowhere. */
struct breaks {
    size_t outer; /* behind the last comma outside of brackets that fits */
    size_t aside; /* before the last bracket "(" outside of others */
    size_t word;  /* before the last blank outside of brackets */
    size_t comma, blank, any;
    size_t beyond; /* behind the first comma that does not fit */
    bool is_whole; /* all of the text fits */
};

/* Notes what a character that ends at byte `end`, in the column `column`, allows. False: no more is to be found. */
static bool note_breaks(struct breaks *breaks, const char *c, size_t end, size_t column, size_t room, int depth)
{
    if (*c == ' ' && column <= room + 1 && end > 1) {
        breaks->blank = end - 1;
        breaks->word = depth == 0 ? end - 1 : breaks->word;
        breaks->aside = depth == 0 && c[1] == '(' ? end - 1 : breaks->aside;
    }
    if (column <= room)
        breaks->any = end;
    if (c[0] != ',' || c[1] != ' ')
        return true;
    if (column > room) {
        breaks->beyond = end;
        return false;
    }
    breaks->comma = end;
    breaks->outer = depth == 0 ? end : breaks->outer;
    return true;
}

static struct breaks find_breaks(const char *text, size_t room)
{
    struct breaks breaks = {0};
    size_t column = 0, columns, bytes;
    int depth = 0;

    for (const char *c = text; *c; c += bytes) {
        bytes = next_character(c, &columns);
        column += columns;
        depth += (*c == '[' || *c == '{' || *c == '(') - (*c == ']' || *c == '}' || *c == ')');
        if (!note_breaks(&breaks, c, (size_t)(c - text) + bytes, column, room, depth))
            return breaks;
    }
    breaks.is_whole = column <= room;
    return breaks;
}

/* The last place that is a good one; one that leaves most of the line empty only if there is no other. */
static size_t break_anywhere(const struct breaks *breaks, size_t room)
{
    const size_t best = breaks->aside > breaks->outer ? breaks->aside : breaks->outer;
    const size_t ranked[] = {best, breaks->word, breaks->comma, breaks->blank};

    for (size_t i = 0; i < sizeof(ranked) / sizeof(*ranked); i++)
        if (ranked[i] > room / (i ? 2 : 3))
            return ranked[i];
    for (size_t i = 0; i < sizeof(ranked) / sizeof(*ranked); i++)
        if (ranked[i])
            return ranked[i];
    return breaks->any;
}

size_t line_break(const char *text, size_t room, bool forced)
{
    const locale_t former = begin_utf8();
    const struct breaks breaks = find_breaks(text, room);
    size_t length = 0;

    end_utf8(former);
    if (breaks.is_whole)
        length = strlen(text);
    else if (forced)
        length = break_anywhere(&breaks, room);
    else if (breaks.outer || breaks.comma)
        length = breaks.outer ? breaks.outer : breaks.comma;
    else
        length = breaks.beyond;
    return length ? length : strlen(text);
}

void line_print(struct line *line, size_t indent, FILE *out)
{
    char *all = line_take(line);
    const size_t deeper = indent + DEEPER;

    line_clean(all, false);
    fprintf(out, "%*s", (int)indent, "");
    for (const char *rest = all; *rest;) {
        const size_t length = line_break(rest, COLUMNS - (rest == all ? indent : deeper), false);
        fprintf(out, "%.*s", (int)length, rest);
        rest += length;
        rest += strspn(rest, " ");
        if (*rest)
            fprintf(out, "\n%*s", (int)deeper, "");
    }
    fputc('\n', out);
    free(all);
}
