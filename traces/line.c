/* Widths are the C library's, in its own UTF-8 locale, so that a chart does not depend on the locale it is made in. */
#include "traces/line.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

#include "core/die.h"

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

static locale_t begin_utf8(void)
{
    static locale_t utf8;

    if (!utf8)
        utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
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
        if (byte < 0x20 || byte == 0x7f)
            *c = ' ';
        else if (byte >= 0x80 && !bytes)
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
    size_t outer, comma, blank, any; /* the last of each that fits */
    size_t beyond;                   /* the first comma that does not */
    bool is_whole;                   /* all of the text fits */
};

static struct breaks find_breaks(const char *text, size_t room)
{
    struct breaks breaks = {0};
    size_t column = 0, columns, bytes;
    int depth = 0;

    for (const char *c = text; *c; c += bytes) {
        bytes = next_character(c, &columns);
        column += columns;
        depth += (*c == '[' || *c == '{' || *c == '(') - (*c == ']' || *c == '}' || *c == ')');
        const size_t end = (size_t)(c - text) + bytes;
        if (*c == ' ' && column <= room + 1 && end > 1)
            breaks.blank = end - 1;
        if (column <= room)
            breaks.any = end;
        if (c[0] != ',' || c[1] != ' ')
            continue;
        if (column > room) {
            breaks.beyond = end;
            return breaks;
        }
        breaks.comma = end;
        breaks.outer = depth == 0 ? end : breaks.outer;
    }
    breaks.is_whole = column <= room;
    return breaks;
}

size_t line_break(const char *text, size_t room, bool forced)
{
    const locale_t former = begin_utf8();
    const struct breaks breaks = find_breaks(text, room);
    const size_t all = strlen(text);

    end_utf8(former);
    if (breaks.is_whole)
        return all;
    if (breaks.outer || breaks.comma)
        return breaks.outer ? breaks.outer : breaks.comma;
    if (forced)
        return breaks.blank ? breaks.blank : breaks.any ? breaks.any : all;
    return breaks.beyond ? breaks.beyond : all;
}
