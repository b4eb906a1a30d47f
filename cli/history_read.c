#include "cli/history_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/bytes.h"
#include "core/die.h"
#include "traces/input_file.h"

enum { READ_SIZE = 1 << 20 };

/* A named pipe that nobody writes into yet reads as if it were at its end: no history, where an empty one holds. */
static bool is_silent_pipe(FILE *in, const struct bytes *text)
{
    struct stat status;
    return in != stdin && text->size == 0 && fstat(fileno(in), &status) == 0 && S_ISFIFO(status.st_mode);
}

/* All of it, with a zero behind; false: errno says why, ENODATA of a pipe that was silent. */
static bool read_all(const char *path, struct bytes *text)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : input_file_open(path);
    size_t read = 1;
    if (in == NULL)
        return false;
    while (read > 0) {
        text->data = die_grow(text->data, &text->capacity, text->size + READ_SIZE + 1, 1);
        read = fread(text->data + text->size, 1, READ_SIZE, in);
        text->size += read;
    }
    const bool is_silent = is_silent_pipe(in, text), is_good = !ferror(in) && !is_silent;
    const int reason = is_silent ? ENODATA : errno;
    text->data[text->size] = '\0';
    if (in != stdin)
        fclose(in);
    errno = reason;
    return is_good;
}

/* The mark that some editors put in front of UTF-8. */
static size_t mark_of(const struct bytes *text)
{
    static const char mark[] = "\xef\xbb\xbf";
    return strncmp((const char *)text->data, mark, strlen(mark)) == 0 ? strlen(mark) : 0;
}

/* A map in JSON begins with a name in quotes, in EDN with a keyword; both may stand behind white space. */
static enum history_format format_of(const char *text)
{
    const char *at = text + strspn(text, " \t\r\n,");
    if (*at == ';' || *at == '[' || *at == '(' || *at == '#')
        return HISTORY_EDN;
    if (*at == '{')
        return at[1 + strspn(at + 1, " \t\r\n,")] == ':' ? HISTORY_EDN : HISTORY_JSONL;
    return history_is_jepsen(text) ? HISTORY_JEPSEN : HISTORY_JSONL;
}

bool history_read(const char *path, enum history_format format, struct recorded_file *file)
{
    static bool (*const readers[])(char *, size_t, struct recorded_file *) = {
        [HISTORY_JSONL] = history_read_jsonl, [HISTORY_JEPSEN] = history_read_jepsen, [HISTORY_EDN] = history_read_edn};
    struct bytes text = {0};
    bool is_good = read_all(path, &text);
    if (is_good) {
        const size_t mark = mark_of(&text);
        char *content = (char *)text.data + mark;
        is_good = readers[format != HISTORY_BY_CONTENT ? format : format_of(content)](content, text.size - mark, file);
    } else {
        recorded_file_refuse(file, 0, "%s",
                             errno == ENODATA ? "nothing came out of this pipe: is what writes into it running?"
                                              : strerror(errno));
    }
    bytes_free(&text);
    return is_good;
}
