/* Lines: what is fit to print, how wide it is, where it breaks. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "traces/line.h"

static void expect_clean(const char *text, bool ascii, const char *expected)
{
    char copy[100];
    strcpy(copy, text);
    line_clean(copy, ascii);
    cr_expect(eq(str, copy, (char *)(uintptr_t)expected));
}

Test(line, cleans_what_is_no_text)
{
    expect_clean("plain -> text", false, "plain -> text");
    expect_clean("two\nlines\ttab\x7f\x1b[31m", false, "two?lines?tab??[31m");
    expect_clean("no \xff\xfe text, cut \xe6\x97", false, "no ?? text, cut ??");
    expect_clean("\xe6\x97\xa5 \xc3\xa9", false, "\xe6\x97\xa5 \xc3\xa9");
    expect_clean("\xc2\x85", false, "??"); /* a control character beyond ASCII */
    expect_clean("\xc3\xa9", true, "??");
}

Test(line, counts_columns)
{
    cr_expect(eq(sz, line_columns(""), 0));
    cr_expect(eq(sz, line_columns("abc"), 3));
    cr_expect(eq(sz, line_columns("\xe6\x97\xa5\xc3\xa9"), 3)); /* one wide, one narrow */
    cr_expect(eq(sz, line_columns("e\xcc\x81"), 1));            /* with a combining accent */
}

static void expect_break(const char *text, size_t room, bool forced, const char *first)
{
    cr_expect(eq(sz, line_break(text, room, forced), strlen(first)), "%s in %zu", text, room);
}

Test(line, breaks_at_commas_outside_of_brackets)
{
    expect_break("term 1, votes {a, b}", 20, false, "term 1, votes {a, b}");
    expect_break("term 1, votes {a, b}", 19, false, "term 1,");
    expect_break("votes {a, b}, term 1", 13, false, "votes {a, b},");
    expect_break("votes {a, b}, term 1", 12, false, "votes {a,");
    expect_break("abcdefgh, ij", 4, false, "abcdefgh,");
    expect_break("abcdefgh", 4, false, "abcdefgh");
}

Test(line, is_never_wider_than_the_room_if_forced)
{
    expect_break("abcdefgh", 4, true, "abcd");
    expect_break("ab cdefgh", 4, true, "ab");
    expect_break("reply {term 1, granted true} (sent at 3)", 34, true, "reply {term 1, granted true}");
    expect_break("a, bcdefgh ijkl", 12, true, "a, bcdefgh");
    expect_break("\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5", 5, true, "\xe6\x97\xa5\xe6\x97\xa5");
}
