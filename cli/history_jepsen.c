/* The lines that Jepsen logs: "INFO  jepsen.util - PROCESS :TYPE :F VALUE" (newer ones: "jepsen.util: PROCESS ..."),
 * among others of the same log, which are passed over. VALUE is EDN; nil read is a value there: absent. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/edn.h"
#include "cli/history_read.h"

static const char marker[] = "jepsen.util - ", newer_marker[] = "jepsen.util: ";

enum { FIELDS = 3, FIELD_SIZE = 64 };

/* PROCESS, TYPE and F; what is left of the line is VALUE. */
static bool split(const char *line, const char *end, char fields[FIELDS][FIELD_SIZE], const char **value)
{
    for (int i = 0; i < FIELDS; i++) {
        size_t length = 0;
        while (line < end && isspace((unsigned char)*line))
            line++;
        for (; line < end && !isspace((unsigned char)*line); line++)
            if (length + 1 < FIELD_SIZE)
                fields[i][length++] = *line;
        fields[i][length] = '\0';
        if (length == 0)
            return false;
    }
    *value = line;
    return true;
}

static bool read_value(struct recorded_file *file, size_t line, const char *text, const char *end,
                       struct bytes *encoded)
{
    struct edn edn = {.at = text, .end = end, .line = line};
    encoded->size = 0;
    if (!edn_skip_space(&edn)) {
        bytes_append(encoded, GS_NIL.bytes, GS_NIL.size);
        return true;
    }
    if (!edn_read(&edn, encoded))
        return recorded_file_refuse(file, line, "the value is not EDN: %s", edn.fault);
    return !edn_skip_space(&edn) || recorded_file_refuse(file, line, "more after the value");
}

static bool read_event(struct recorded_file *file, size_t line, const char *text, const char *end,
                       struct bytes *encoded)
{
    char fields[FIELDS][FIELD_SIZE], *rest;
    const char *value;
    struct history_event event = {.line = line, .key = GS_NIL};
    if (!split(text, end, fields, &value))
        return recorded_file_refuse(file, line, "after '%s' come PROCESS, :TYPE, :F and a value", marker);
    errno = 0;
    event.client = strtoll(fields[0], &rest, 10);
    if (errno != 0)
        return recorded_file_refuse(file, line, "process '%s' is too large a number", fields[0]);
    if (*rest != '\0')
        return fields[0][0] == ':' || recorded_file_refuse(file, line, "process '%s' is not a number", fields[0]);
    while (event.type < EVENT_TYPES &&
           (fields[1][0] != ':' || strcmp(fields[1] + 1, event_type_names[event.type]) != 0))
        event.type++;
    if (event.type == EVENT_TYPES)
        return recorded_file_refuse(file, line, "'%s' is none of :invoke, :ok, :fail, :info", fields[1]);
    event.function = fields[2] + (fields[2][0] == ':');
    if (!read_value(file, line, value, end, encoded))
        return false;
    event.value = (gs_value){encoded->data, encoded->size};
    return recorded_file_add(file, &event);
}

/* Where the event begins, NULL: the line has none. */
static const char *event_of(const char *line, const char *end)
{
    const char *event = memmem(line, (size_t)(end - line), marker, sizeof(marker) - 1);
    if (event != NULL)
        return event + sizeof(marker) - 1;
    event = memmem(line, (size_t)(end - line), newer_marker, sizeof(newer_marker) - 1);
    return event != NULL ? event + sizeof(newer_marker) - 1 : NULL;
}

bool history_is_jepsen(const char *text)
{
    return strstr(text, marker) != NULL || strstr(text, newer_marker) != NULL;
}

/* A log has other lines too: of other loggers, which begin with their level or the time, and of what those print. */
static bool is_of_the_log(const char *line, const char *end)
{
    static const char *const levels[] = {"INFO", "WARN", "ERROR", "DEBUG", "TRACE", "FATAL"};
    for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
        if ((size_t)(end - line) >= strlen(levels[i]) && strncmp(line, levels[i], strlen(levels[i])) == 0)
            return true;
    return line == end || isspace((unsigned char)*line) || isdigit((unsigned char)*line);
}

bool history_read_jepsen(char *text, size_t size, struct recorded_file *file)
{
    struct bytes encoded = {0};
    bool is_good = true;
    size_t number = 1;
    for (const char *line = text, *limit = text + size; line < limit && is_good; number++) {
        const char *newline = memchr(line, '\n', (size_t)(limit - line));
        const char *end = newline != NULL ? newline : limit;
        const char *event = event_of(line, end);
        if (event != NULL)
            is_good = read_event(file, number, event, end, &encoded);
        else if (!is_of_the_log(line, end))
            is_good = recorded_file_refuse(file, number,
                                           "neither a line of Jepsen's ('%sPROCESS :TYPE :F VALUE') nor "
                                           "another one of its log",
                                           marker);
        line = end + 1;
    }
    bytes_free(&encoded);
    return is_good;
}
