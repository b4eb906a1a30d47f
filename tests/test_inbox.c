/* The three networks on one receiver's mail: what is added, absorbed, lost or too much; the order; what can be
 * delivered. */
#include "tests/core_sample.h"

TestSuite(inbox, .init = sample_setup, .fini = sample_teardown);

enum { INBOX = 0, ENTRY_SIZE = 1 + sizeof(struct message) };

static void make(int network, int copies, int capacity)
{
    const struct run_config config = {.network = (uint8_t)network, .copies = copies, .capacity = capacity};

    sample_make(&config);
    cr_expect(eq(sz, inbox_stride(sample.run), ENTRY_SIZE));
}

static const uint8_t *entry(unsigned from, unsigned number)
{
    static uint8_t bytes[ENTRY_SIZE];
    const struct message message = {.type = PING, .number = (uint8_t)number};

    bytes[0] = node_of(from).tag;
    memcpy(bytes + 1, &message, sizeof(message));
    return bytes;
}

static struct bytes *mail(void)
{
    return &sample.world.inboxes[INBOX];
}

static enum inbox_result add(unsigned from, unsigned number)
{
    return inbox_add(sample.run, mail(), entry(from, number), true);
}

static void expect_mail(char *text)
{
    cr_expect(eq(str, mail_text(INBOX), text));
}

/* "+" for each position that can be delivered, "-" for the others. */
static char *deliverable(void)
{
    static char text[40];
    const size_t count = inbox_count(sample.run, mail());

    cr_assert(lt(sz, count, sizeof(text)));
    memset(text, 0, sizeof(text));
    for (size_t i = 0; i < count; i++)
        text[i] = inbox_is_deliverable(sample.run, mail(), i) ? '+' : '-';
    return text;
}

Test(inbox, starts_empty)
{
    make(GS_BAG, 1, 1);
    cr_expect(eq(sz, inbox_count(sample.run, mail()), 0));
    cr_expect(eq(sz, inbox_find(sample.run, mail(), entry(1, 2)), SIZE_MAX));
}

Test(inbox, in_set_absorbs_an_equal_message)
{
    make(GS_SET, 5, 1); /* copies do not matter in set */
    cr_expect(eq(int, add(1, 4), INBOX_ADDED));
    cr_expect(eq(int, add(1, 4), INBOX_ABSORBED));
    cr_expect(eq(int, add(0, 4), INBOX_ADDED)); /* another sender */
    cr_expect(eq(int, add(1, 3), INBOX_ADDED)); /* other content */
    expect_mail("server0 ping {number 4}; server1 ping {number 3}; server1 ping {number 4}");
    cr_expect(eq(str, deliverable(), "+++"));
}

Test(inbox, in_bag_holds_as_many_copies_as_the_run_allows)
{
    make(GS_BAG, 2, 1);
    cr_expect(eq(int, add(1, 4), INBOX_ADDED));
    cr_expect(eq(int, add(0, 5), INBOX_ADDED));
    cr_expect(eq(int, add(1, 4), INBOX_ADDED));
    cr_expect(eq(int, add(1, 4), INBOX_ABSORBED));
    expect_mail("server0 ping {number 5}; server1 ping {number 4}; server1 ping {number 4}");
    inbox_remove(sample.run, mail(), 1);
    cr_expect(eq(int, add(1, 4), INBOX_ADDED));
}

Test(inbox, in_bag_delivers_the_first_of_equal_copies)
{
    make(GS_BAG, 3, 1);
    add(1, 4);
    add(1, 5);
    add(1, 4);
    add(1, 4);
    cr_expect(eq(str, deliverable(), "+--+"));
    cr_expect(eq(sz, inbox_find(sample.run, mail(), entry(1, 4)), 0));
    cr_expect(eq(sz, inbox_find(sample.run, mail(), entry(1, 5)), 3));
    cr_expect(eq(sz, inbox_find(sample.run, mail(), entry(0, 5)), SIZE_MAX));
    cr_expect(eq(sz, inbox_find(sample.run, mail(), entry(1, 6)), SIZE_MAX));
}

/* Whatever the order in which things were sent, the same mail is the same bytes. */
Test(inbox, in_set_and_bag_is_the_same_bytes_for_every_order_of_sending)
{
    static const unsigned orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    static const int networks[] = {GS_SET, GS_BAG};
    for (size_t n = 0; n < 2; n++)
        for (size_t o = 0; o < 6; o++) {
            make(networks[n], 1, 1);
            for (size_t i = 0; i < 3; i++)
                cr_expect(eq(int, add(orders[o][i] % 2, 9 - orders[o][i]), INBOX_ADDED));
            expect_mail("server0 ping {number 7}; server0 ping {number 9}; server1 ping {number 8}");
        }
}

Test(inbox, in_set_and_bag_takes_mail_for_a_node_that_is_down)
{
    make(GS_SET, 1, 1);
    cr_expect(eq(int, inbox_add(sample.run, mail(), entry(1, 4), false), INBOX_ADDED));
    make(GS_BAG, 1, 1);
    cr_expect(eq(int, inbox_add(sample.run, mail(), entry(1, 4), false), INBOX_ADDED));
}

Test(inbox, in_fifo_keeps_each_senders_order_and_forgets_the_order_across_senders)
{
    make(GS_FIFO, 1, 8);
    add(1, 9);
    add(0, 8);
    add(1, 3);
    add(2, 5);
    add(0, 2);
    add(1, 9);
    expect_mail("server0 ping {number 8}; server0 ping {number 2}; server1 ping {number 9}; server1 ping {number 3}; "
                "server1 ping {number 9}; client ping {number 5}");
}

Test(inbox, in_fifo_delivers_the_head_of_each_channel_only)
{
    make(GS_FIFO, 1, 8);
    add(1, 9);
    add(1, 9);
    add(1, 3);
    add(2, 3);
    cr_expect(eq(str, deliverable(), "+--+"));
    cr_expect(eq(sz, inbox_find(sample.run, mail(), entry(1, 3)), SIZE_MAX));
    cr_expect(eq(sz, inbox_find(sample.run, mail(), entry(2, 3)), 3));
    inbox_remove(sample.run, mail(), 0);
    inbox_remove(sample.run, mail(), 0);
    cr_expect(eq(sz, inbox_find(sample.run, mail(), entry(1, 3)), 0));
}

Test(inbox, in_fifo_overflows_when_one_channel_is_full)
{
    make(GS_FIFO, 1, 2);
    cr_expect(eq(int, add(1, 4), INBOX_ADDED));
    cr_expect(eq(int, add(1, 4), INBOX_ADDED)); /* equal ones are two */
    cr_expect(eq(int, add(1, 5), INBOX_OVERFLOW));
    cr_expect(eq(int, add(0, 5), INBOX_ADDED)); /* another channel */
    expect_mail("server0 ping {number 5}; server1 ping {number 4}; server1 ping {number 4}");
}

Test(inbox, in_fifo_loses_mail_for_a_node_that_is_down)
{
    make(GS_FIFO, 1, 1);
    cr_expect(eq(int, inbox_add(sample.run, mail(), entry(1, 4), false), INBOX_LOST));
    expect_mail("");
    add(1, 4);
    cr_expect(eq(int, inbox_add(sample.run, mail(), entry(1, 4), false), INBOX_LOST)); /* even when it is full */
}

Test(inbox, removes_one_entry_and_keeps_the_others)
{
    make(GS_BAG, 2, 1);
    add(0, 4);
    add(0, 5);
    add(0, 6);
    inbox_remove(sample.run, mail(), 1);
    expect_mail("server0 ping {number 4}; server0 ping {number 6}");
    inbox_remove(sample.run, mail(), 1);
    expect_mail("server0 ping {number 4}");
    inbox_remove(sample.run, mail(), 0);
    cr_expect(eq(sz, inbox_count(sample.run, mail()), 0));
}

Test(inbox, refuses_a_position_that_does_not_exist, .exit_code = 4)
{
    make(GS_BAG, 1, 1);
    add(0, 4);
    inbox_entry(sample.run, mail(), 1);
}

Test(inbox, refuses_to_remove_what_is_not_there, .exit_code = 4)
{
    make(GS_BAG, 1, 1);
    add(0, 4);
    inbox_remove(sample.run, mail(), 1);
}
