/* Reading a suite file. inih parses the lines, and this file hands them to it one by one, because inih tells neither a
 * key's line nor where a section begins: behind each heading it is given a line of ours, whose key no file can have.
 * Indentation is taken off, which inih would read as the continuation of the line before. What would not fit inih's
 * buffers, and be cut silently, is refused. */
#include "cli/suite_file.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/check.h"
#include "cli/complain.h"
#include "core/die.h"
#include "traces/input_file.h"

#define SECTION_BEGINS "\001section"

struct reader {
    struct suite_file *file;
    FILE *in;
    unsigned line; /* of the file; from 1 */
    unsigned *fed; /* per line given to inih: the file's line */
    size_t fed_count, fed_capacity;
    bool heading; /* the line given last was one */
    bool refused; /* a line, and it has been said why */
};

int suite_complain(const struct suite_file *file, unsigned line, const char *format, ...)
{
    struct texts texts = {0};
    va_list arguments;
    va_start(arguments, format);
    const char *text = texts_add_v(&texts, format, arguments);
    va_end(arguments);
    complain("suite", "%s:%u: %s", file->path, line, text);
    texts_free(&texts);
    return GS_BAD_INPUT;
}

/* ---- Lines ---- */

/* Reads one line into text, without its end; at most `max` bytes. False: the file has ended, or it has been refused. */
static bool take_line(struct reader *reader, char *text, size_t max)
{
    size_t length = 0;
    int byte = getc(reader->in);
    if (byte == EOF)
        return false;
    reader->line++;
    for (; byte != EOF && byte != '\n'; byte = getc(reader->in)) {
        if (byte == '\r')
            continue;
        if ((byte < ' ' && byte != '\t') || byte == 0x7f) {
            suite_complain(reader->file, reader->line, "byte 0x%02x: a suite file is text", (unsigned)byte);
            reader->refused = true;
            return false;
        }
        if (length == max) {
            suite_complain(reader->file, reader->line,
                           "the line is longer than the %zu bytes that inih takes; give a key that may repeat several "
                           "lines",
                           max);
            reader->refused = true;
            return false;
        }
        text[length++] = (char)byte;
    }
    text[length] = '\0';
    if (reader->line <= SUITE_LINES_MAX)
        return true;
    suite_complain(reader->file, reader->line, "more than %d lines", SUITE_LINES_MAX);
    reader->refused = true;
    return false;
}

/* What inih calls for its next line, as it would fgets. It wants room for a line end of two characters. */
static char *feed(char *text, int size, void *stream)
{
    struct reader *reader = stream;
    if (reader->heading) {
        snprintf(text, (size_t)size, SECTION_BEGINS "=%u\n", reader->line);
        reader->heading = false;
    } else {
        if (reader->refused || !take_line(reader, text, (size_t)size - 3))
            return NULL;
        const bool has_mark = reader->line == 1 && strncmp(text, "\xef\xbb\xbf", 3) == 0; /* UTF-8's */
        const size_t mark = has_mark ? 3 : 0, indent = mark + strspn(text + mark, " \t");
        memmove(text, text + indent, strlen(text + indent) + 1);
        reader->heading = text[0] == '[';
        strcat(text, "\n");
    }
    reader->fed = die_grow(reader->fed, &reader->fed_capacity, reader->fed_count + 1, sizeof(*reader->fed));
    reader->fed[reader->fed_count++] = reader->line;
    return text;
}

/* ---- Sections ---- */

static void add_section(struct suite_file *file, const char *name, unsigned line)
{
    file->sections = die_grow(file->sections, &file->capacity, file->count + 1, sizeof(*file->sections));
    file->sections[file->count++] = (struct suite_section){.name = texts_add(&file->texts, "%s", name), .line = line};
}

static int take_entry(void *context, const char *section_name, const char *key, const char *value)
{
    struct reader *reader = context;
    struct suite_file *file = reader->file;
    if (strcmp(key, SECTION_BEGINS) == 0) {
        add_section(file, section_name, reader->line);
        return 1;
    }
    if (!file->count)
        add_section(file, "", reader->line);
    struct suite_section *section = &file->sections[file->count - 1];
    section->entries = die_grow(section->entries, &section->capacity, section->count + 1, sizeof(*section->entries));
    section->entries[section->count++] = (struct suite_entry){
        .key = texts_add(&file->texts, "%s", key),
        .value = texts_add(&file->texts, "%s", value),
        .line = reader->line,
    };
    return 1;
}

/* Lower-case words joined by hyphens, dots and slashes. Such a name may be a file's path, and never leads upwards. */
static bool is_name(const char *name)
{
    bool in_word = false;
    for (; *name; name++) {
        const bool is_joint = *name == '-' || *name == '.' || *name == '/';
        const bool is_letter = (*name >= 'a' && *name <= 'z') || (*name >= '0' && *name <= '9');
        if (!is_letter && !(is_joint && in_word))
            return false;
        in_word = is_letter;
    }
    return in_word;
}

static int check_name(const struct suite_file *file, const struct suite_section *section)
{
    if (strlen(section->name) > SUITE_NAME_MAX)
        return suite_complain(file, section->line, "[%s...]: a section's name has at most %d bytes", section->name,
                              SUITE_NAME_MAX);
    if (!is_name(section->name))
        return suite_complain(file, section->line,
                              "[%s]: a section's name is made of lower-case words and digits, joined by single "
                              "hyphens, dots or slashes",
                              section->name);
    for (const struct suite_section *other = file->sections; other < section; other++)
        if (strcmp(other->name, section->name) == 0)
            return suite_complain(file, section->line, "[%s]: line %u begins a section of this name already",
                                  section->name, other->line);
    return 0;
}

static int check_section(const struct suite_file *file, const struct suite_section *section)
{
    if (!*section->name && section->count && section->entries[0].line == section->line)
        return suite_complain(file, section->line, "%s: no [section] has begun", section->entries[0].key);
    if (check_name(file, section))
        return GS_BAD_INPUT;
    for (size_t i = 0; i < section->count; i++) {
        const struct suite_entry *entry = &section->entries[i];
        if (!*entry->key)
            return suite_complain(file, entry->line, "no key before the '='");
        if (!*entry->value)
            return suite_complain(file, entry->line, "%s: no value behind the '='", entry->key);
    }
    return 0;
}

/* ---- The file ---- */

static bool parse(struct suite_file *file, FILE *in)
{
    struct reader reader = {.file = file, .in = in};
    const int wrong = ini_parse_stream(feed, &reader, take_entry, &reader);
    bool done = !wrong && !reader.refused;
    if (ferror(in)) {
        complain("suite", "%s: %s", file->path, strerror(errno));
        done = false;
    } else if (wrong < 0) {
        complain("suite", "%s: inih: out of memory", file->path);
    } else if (wrong && !reader.refused) {
        suite_complain(file, reader.fed[wrong - 1], "expected [section], KEY = VALUE, or a comment after ';'");
    }
    free(reader.fed);
    return done;
}

bool suite_file_read(struct suite_file *file, const char *path)
{
    const char *slash = strrchr(path, '/');
    *file = (struct suite_file){.path = path};
    file->directory = !slash          ? texts_add(&file->texts, ".")
                      : slash == path ? texts_add(&file->texts, "/")
                                      : texts_add(&file->texts, "%.*s", (int)(slash - path), path);
    FILE *in = input_file_open(path);
    bool done = in && parse(file, in);
    if (!in)
        complain("suite", "%s: %s", path, strerror(errno));
    if (in)
        fclose(in);
    for (size_t i = 0; i < file->count && done; i++)
        done = check_section(file, &file->sections[i]) == 0;
    return done;
}

void suite_file_free(struct suite_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        free(file->sections[i].entries);
    free(file->sections);
    texts_free(&file->texts);
    *file = (struct suite_file){0};
}
