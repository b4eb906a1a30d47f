/* The same value, however a format writes it, is the same value; what is none is refused. */
#include "tests/bad_input.h"

struct history {
    const char *model, *text;
    int status;
    const char *said; /* NULL: nothing wrong */
};

static void expect_all(const struct history *histories, size_t count)
{
    char *directory = make_test_directory(), *path = text_of("%s/h", directory);
    for (size_t i = 0; i < count; i++) {
        write_file(path, histories[i].text);
        struct ran ran = GAINSAY_IN(directory, "lin", "--model", histories[i].model, "h");
        EXPECT_STATUS(ran, histories[i].status);
        if (histories[i].said)
            EXPECT_IN(ran.err, histories[i].said);
        else
            cr_expect(eq(str, ran.err, (char *)""), "%zu", i);
        forget(&ran);
    }
    remove_test_directory(directory);
    free(path);
}

#define EXPECT_ALL(histories) expect_all(histories, sizeof(histories) / sizeof(*(histories)))

/* A write, its return, and a read of what is given in two ways. */
#define WROTE_AND_READ(written, read)                                                                      \
    "{:process 0 :type :invoke :f :write :value " written "} {:process 0 :type :ok :f :write :value nil} " \
    "{:process 1 :type :invoke :f :read} {:process 1 :type :ok :f :read :value " read "}"

Test(history_formats, an_edn_value_is_the_same_however_it_is_written)
{
    static const struct history histories[] = {
        {"register", WROTE_AND_READ("{:a 1 :b 2}", "{:b 2, :a 1}"), 0, NULL},
        {"register", WROTE_AND_READ("{:a 1 :b 2}", "{:b 1, :a 2}"), 1, NULL},
        {"register", WROTE_AND_READ("#{1 [2] #{4 3}}", "#{#{3 4} 1 [2]}"), 0, NULL},
        {"register", WROTE_AND_READ("#{1 2}", "#{1 3}"), 1, NULL},
        {"register", WROTE_AND_READ("{}", "#{}"), 0, NULL},
        {"register",
         WROTE_AND_READ("\"\\u00e9\\u20ac\\ud83d\\uDE00\\u0041\"", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"
                                                                   "A\""),
         0, NULL},
        {"register", WROTE_AND_READ("\"\\u00e9\"", "\"u00e9\""), 1, NULL},
        {"register", WROTE_AND_READ("+5", "5N"), 0, NULL},
        {"set",
         "{:process 0 :type :invoke :f :add :value 2} {:process 0 :type :ok :f :add :value 2} "
         "{:process 1 :type :invoke :f :read} {:process 1 :type :ok :f :read :value #{2}}",
         0, NULL},
    };
    EXPECT_ALL(histories);
}

Test(history_formats, what_is_no_edn_is_refused)
{
    static const struct history histories[] = {
        {"register", "{:process 0 :process 1 :type :invoke :f :read}", 2, "h:1: not EDN: a map with a key twice"},
        {"register", "{:process 0 :type :invoke\n:f :write :value #{1 2 1}}", 2, "h:2: not EDN: a set with an element"},
        {"register", "{:process 0 :type :invoke :f :write :value \"\\q\"}", 2, "h:1: not EDN: a string with an escape"},
        {"register", "{:process 0 :type :invoke :f :write :value \"\\u00g1\"}", 2, "\\u without four digits"},
        {"register", "{:process 0 :type :invoke :f :write :value \"\\u00", 2, "\\u without four digits"},
        {"register", "{:process 0 :type :invoke :f :write :value \"\\", 2, "a string that does not end"},
    };
    EXPECT_ALL(histories);
}

Test(history_formats, both_shapes_of_jepsens_lines_are_read)
{
    static const struct history histories[] = {
        {"cas-register",
         "INFO  jepsen.util - 4\t:invoke\t:write\t2\nINFO  jepsen.util - 4\t:ok\t:write\t2\n"
         "INFO  jepsen.util - 5\t:invoke\t:read\tnil\nINFO  jepsen.util - 5\t:ok\t:read\t3\n",
         1, NULL},
        {"cas-register",
         "2021-02-08 14:35:54,218{GMT}\tINFO\t[jepsen worker 4] jepsen.util: 4\t:invoke\t:write\t2\r\n"
         "2021-02-08 14:35:54,219{GMT}\tINFO\t[jepsen nemesis] jepsen.util: :nemesis\t:info\t:start\tnil\r\n"
         "2021-02-08 14:35:54,220{GMT}\tINFO\t[jepsen worker 4] jepsen.util: 4\t:ok\t:write\t2\r\n"
         "2021-02-08 14:35:54,221{GMT}\tINFO\t[jepsen worker 5] jepsen.util: 5\t:invoke\t:read\tnil\r\n"
         "2021-02-08 14:35:54,222{GMT}\tINFO\t[jepsen worker 5] jepsen.util: 5\t:ok\t:read\t2\r\n",
         0, NULL},
        {"cas-register",
         "2021-02-08 14:35:54,218{GMT}\tINFO\t[jepsen worker 4] jepsen.util: 4\t:invoke\t:read\tnil\n"
         "2021-02-08 14:35:54,220{GMT}\tINFO\t[jepsen worker 4] jepsen.util: 4\t:ok\t:read\t2\n",
         1, NULL},
    };
    EXPECT_ALL(histories);
}
