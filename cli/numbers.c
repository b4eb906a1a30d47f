/* Strict numbers. strtoull is not used: it takes signs, blanks and wraps negatives. */
#include "cli/numbers.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads digits from *text on and moves *text behind them. False: none, or too large. */
static bool parse_digits(const char **text, uint64_t *number)
{
    const char *first = *text;
    uint64_t value = 0;
    for (; **text >= '0' && **text <= '9'; (*text)++) {
        const uint64_t digit = (uint64_t)(**text - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *number = value;
    return *text > first;
}

bool number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *number)
{
    uint64_t value;
    if (!parse_digits(&text, &value) || *text || value < min || value > max)
        return false;
    *number = value;
    return true;
}

bool number_parse_bytes(const char *text, uint64_t *bytes)
{
    static const char suffixes[] = "KMGT";
    uint64_t value;
    unsigned shift = 0;
    if (!parse_digits(&text, &value) || !value)
        return false;
    if (*text) {
        const char upper = (char)(*text & ~0x20);
        const char *suffix = strchr(suffixes, upper);
        if (!suffix || !*suffix || text[1])
            return false;
        shift = 10 * (unsigned)(suffix - suffixes + 1);
    }
    if (value > UINT64_MAX >> shift)
        return false;
    *bytes = value << shift;
    return true;
}

bool number_parse_seconds(const char *text, double *seconds)
{
    const char *rest = text;
    uint64_t whole, fraction;
    if (!parse_digits(&rest, &whole) || whole > 1000000000)
        return false;
    if (*rest == '.') {
        rest++;
        if (!parse_digits(&rest, &fraction))
            return false;
    }
    if (*rest)
        return false;
    *seconds = strtod(text, NULL);
    return *seconds > 0;
}

const char *number_bytes_text(uint64_t bytes, char text[NUMBER_TEXT_SIZE])
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double amount = (double)bytes;
    unsigned unit = 0;
    for (; amount >= 999.5 && unit + 1 < sizeof(units) / sizeof(*units); unit++)
        amount /= 1024;
    snprintf(text, NUMBER_TEXT_SIZE, "%.*f %s", unit ? 1 : 0, amount, units[unit]);
    return text;
}

const char *number_short_text(double number, unsigned step, char text[NUMBER_TEXT_SIZE])
{
    static const char *const units[] = {"", "k", "M", "G", "T"};
    unsigned unit = 0;
    for (; number >= 999.5 && unit + 1 < sizeof(units) / sizeof(*units); unit++)
        number /= step;
    snprintf(text, NUMBER_TEXT_SIZE, unit && number < 99.95 ? "%.1f%s" : "%.0f%s", number, units[unit]);
    return text;
}

const char *number_text(uint64_t number, char text[NUMBER_TEXT_SIZE])
{
    char digits[NUMBER_TEXT_SIZE];
    const int length = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
    size_t used = 0;
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            text[used++] = ',';
        text[used++] = digits[i];
    }
    text[used] = '\0';
    return text;
}
