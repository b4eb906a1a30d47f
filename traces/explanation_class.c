/* One pass over the words: a node's name is replaced by its role's, a number (or null) by "#"; what repeats the one
 * before it is left out together with the comma or the "and" between them, since how many nodes or values are named is
 * a value too. Particulars are left out. */
#include "traces/explanation_class.h"

#include <string.h>

#include "core/local.h"

struct classifying {
    char *out;
    size_t length;
    const char *last;   /* the placeholder written last; NULL: none */
    size_t last_length; /* how long the output was behind it */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

static size_t word_length(const char *text)
{
    size_t length = 0;

    while (is_word(text[length]))
        length++;
    return length;
}

static void put(struct classifying *c, const char *text, size_t length)
{
    for (size_t i = 0; i < length && c->length + 1 < EXPLANATION_SIZE; i++)
        c->out[c->length++] = text[i];
    c->out[c->length] = '\0';
}

static bool is_separator(const char *text)
{
    static const char *const separators[] = {"", " ", ",", ", ", " and ", ", and ", " or ", ", or "};

    for (size_t i = 0; i < sizeof(separators) / sizeof(*separators); i++)
        if (strcmp(text, separators[i]) == 0)
            return true;
    return false;
}

static void put_placeholder(struct classifying *c, const char *placeholder)
{
    if (c->last && strcmp(c->last, placeholder) == 0 && is_separator(c->out + c->last_length)) {
        c->length = c->last_length;
        c->out[c->length] = '\0';
        return;
    }
    put(c, placeholder, strlen(placeholder));
    c->last = placeholder;
    c->last_length = c->length;
}

/* The role of the node of that name; NULL: it is no node's. */
static const char *role_named(const struct gs_run *run, const char *word, size_t length)
{
    for (unsigned n = 0; n < run->node_count; n++)
        if (strlen(run->nodes[n].name) == length && strncmp(run->nodes[n].name, word, length) == 0)
            return run_role_of(run, n)->name;
    return NULL;
}

/* "null" is how a client's value is printed that is none (properties/value.h): a value as any other. */
static bool is_no_value(const char *word, size_t length)
{
    return length == strlen("null") && strncmp(word, "null", length) == 0;
}

/* A word that is no node's: its digits become "#". */
static void put_word(struct classifying *c, const char *word, size_t length)
{
    if (is_no_value(word, length)) {
        put_placeholder(c, "#");
        return;
    }
    for (size_t i = 0; i < length;) {
        const bool is_minus = i == 0 && word[0] == '-' && length > 1 && is_digit(word[1]);
        if (!is_minus && !is_digit(word[i])) {
            put(c, word + i++, 1);
            continue;
        }
        i += is_minus;
        while (i < length && is_digit(word[i]))
            i++;
        put_placeholder(c, "#");
    }
}

void explanation_class(const struct gs_run *run, const char *explanation, char *class)
{
    struct classifying c = {.out = class};

    const char *particulars = strstr(explanation, GS_PARTICULARS);
    const char *end = particulars ? particulars : explanation + strlen(explanation);

    class[0] = '\0';
    for (const char *at = explanation; at < end;) {
        const size_t length = word_length(at);
        const char *role = role_named(run, at, length);
        if (!length)
            put(&c, at++, 1);
        else if (role)
            put_placeholder(&c, role);
        else
            put_word(&c, at, length);
        at += length;
    }
}

bool explanation_is_like(const struct gs_run *run, const char *explanation, const char *class)
{
    char own[EXPLANATION_SIZE];

    explanation_class(run, explanation, own);
    return strcmp(own, class) == 0;
}
