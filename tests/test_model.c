/* Registration of a model: a small sound one is accepted; each change that spoils it is refused by one line that says
 * what, where and how to mend it. */
#include "tests/model_sample.h"

TestSuite(model, .init = copy_model);

Test(model, accepts_a_sound_model)
{
    expect_sound();
}

/* ---- Names ---- */

Test(model, refuses_a_model_without_a_proper_name)
{
    model->name = NULL;
    expect_refused("model without a name: its name is lower-case words joined by hyphens, like 'two-phase-commit'");
    model->name = "Small Raft";
    expect_refused("model Small Raft: its name is lower-case words joined by hyphens, like 'two-phase-commit'");
}

Test(model, refuses_names_that_are_not_kebab_case)
{
    static const char *const bad[] = {"Vote", "vote_twice", "vote-", "-vote", "vote--twice", "2vote", "vote twice", ""};
    static const char *const good[] = {"v", "vote", "vote2", "vote-2", "vote-twice-more"};
    char expected[200];

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        model->mutants[0].name = bad[i];
        snprintf(expected, sizeof(expected),
                 "model small-raft: mutant '%s': a name is lower-case words joined by hyphens, like 'append-entries'",
                 bad[i]);
        expect_refused(expected);
    }
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        model->mutants[0].name = good[i];
        expect_sound();
    }
}

Test(model, refuses_two_entries_of_one_name)
{
    model->events[APPEND].name = "vote";
    expect_refused("model small-raft: event 0 and event 1 are both named 'vote': rename one");
    copy_model();
    model->roles[CLIENT].name = "server";
    expect_refused("model small-raft: role 0 and role 1 are both named 'server': rename one");
    copy_model();
    model->options[TERMS].name = "servers";
    expect_refused("model small-raft: option 0 and option 1 are both named 'servers': rename one");
    copy_model();
    model->presets[1].name = "quick";
    expect_refused("model small-raft: preset 0 and preset 1 are both named 'quick': rename one");
    copy_model();
    model->mutants[1].name = "vote-twice";
    expect_refused("model small-raft: mutant 0 and mutant 1 are both named 'vote-twice': rename one");
    copy_model();
    model->announcements[1] = model->announcements[0];
    expect_refused("model small-raft: announcement 0 and announcement 1 are both named 'elected': rename one");
    copy_model();
    model->monitors[1] = model->monitors[0];
    expect_refused("model small-raft: monitor 0 and monitor 1 are both named 'leaders': rename one");
    copy_model();
    model->properties[2].name = "one-leader";
    expect_refused("model small-raft: property 0 and property 2 are both named 'one-leader': rename one");
}

Test(model, refuses_gaps_in_tables)
{
    memset(&model->events[APPEND], 0, sizeof(model->events[APPEND]));
    expect_refused(
        "model small-raft: event 2 (election) comes after event 1, which has no name: leave no gaps in the table");
    copy_model();
    model->options[GS_OPTIONS_MAX - 1].name = "last";
    expect_refused(
        "model small-raft: option 31 (last) comes after option 3, which has no name: leave no gaps in the table");
}

Test(model, refuses_entries_without_a_name)
{
    model->properties[4].name = NULL;
    expect_refused("model small-raft: property 4 is filled in but has no name: name it or leave it out");
    copy_model();
    model->events[PROPOSE].arguments[1].name = NULL;
    expect_refused("model small-raft: local event propose: argument 1 is filled in but has no name: name it or leave "
                   "it out");
}

Test(model, accepts_a_full_table)
{
    static char names[GS_MUTANTS_MAX][24];

    for (int i = 0; i < GS_MUTANTS_MAX; i++) {
        snprintf(names[i], sizeof(names[i]), "mutant-%d", i);
        model->mutants[i] = (struct gs_mutant){.name = names[i], .property = "one-leader"};
    }
    expect_sound();
}

/* ---- Roles ---- */

Test(model, refuses_a_model_without_roles)
{
    memset(model->roles, 0, sizeof(model->roles));
    expect_refused("model small-raft: there is no role: fill in roles");
}

Test(model, refuses_role_names_that_confuse_nodes)
{
    model->roles[CLIENT].name = "client2";
    expect_refused(
        "model small-raft: role client2: nodes are named after roles, so a role is not 'nobody' and ends with no digit");
    model->roles[CLIENT].name = "nobody";
    expect_refused(
        "model small-raft: role nobody: nodes are named after roles, so a role is not 'nobody' and ends with no digit");
    model->roles[CLIENT].name = "client-whose-name-does-not-seem-to-end";
    expect_refused("model small-raft: role client-whose-name-does-not-seem-to-end: its name is longer than 32 bytes");
}

Test(model, refuses_a_role_without_a_step_function)
{
    model->roles[CLIENT].step = NULL;
    expect_refused("model small-raft: role client has no step function: set step");
}

Test(model, refuses_node_counts_that_make_no_sense)
{
    model->roles[CLIENT].count = -1;
    expect_refused("model small-raft: role client: a count of -1 nodes is not between 0 (the option count_option says) "
                   "and 64");
    model->roles[CLIENT].count = 65;
    expect_refused("model small-raft: role client: a count of 65 nodes is not between 0 (the option count_option says) "
                   "and 64");
    model->roles[CLIENT].count = 1;
    model->roles[CLIENT].count_option = TERMS;
    expect_refused("model small-raft: role client has both a count and a count_option: leave one of them out");
    model->roles[CLIENT].count = 0;
    model->roles[CLIENT].count_option = 3;
    expect_refused("model small-raft: role client: its count is to come from option 3, but there are only 3 options: "
                   "set count or count_option");
    model->roles[CLIENT].count_option = 200;
    expect_refused("model small-raft: role client: its count is to come from option 200, but there are only 3 options: "
                   "set count or count_option");
    model->roles[CLIENT].count_option = FLAVOUR;
    expect_refused("model small-raft: option flavour is the number of nodes of role client: make it a number between 0 "
                   "and 64");
}

Test(model, refuses_count_options_out_of_range)
{
    model->options[SERVERS].max = 65;
    expect_refused("model small-raft: option servers is the number of nodes of role server: make it a number between 0 "
                   "and 64");
    model->options[SERVERS].max = 5;
    model->options[SERVERS].min = -1;
    expect_refused("model small-raft: option servers is the number of nodes of role server: make it a number between 0 "
                   "and 64");
}

Test(model, refuses_a_bound_without_text_or_text_without_a_bound)
{
    char *const expected = "model small-raft: role server: within and within_text come together: the text names the "
                           "bound in reports";

    model->roles[SERVER].within_text = NULL;
    expect_refused(expected);
    model->roles[SERVER].within_text = "term <= 2";
    model->roles[SERVER].within = NULL;
    expect_refused(expected);
}

/* ---- Structs ---- */

Test(model, refuses_bytes_that_are_not_described)
{
    model->roles[SERVER].size++;
    expect_refused(
        "model small-raft: byte 12 of the struct of role server is not described: reorder its members or add "
        "a described one");
    copy_model();
    model->message_fields = message_fields + 1;
    expect_refused("model small-raft: byte 1 of the message struct is not described: reorder its members or add a "
                   "described one");
    copy_model();
    model->announcements[ELECTED].fields = NULL;
    expect_refused(
        "model small-raft: bytes 0 to 1 of the struct of announcement elected are not described: reorder its "
        "members or add described ones");
    copy_model();
    model->monitors[LEADERS].fields = NULL;
    expect_refused("model small-raft: bytes 0 to 1 of the struct of monitor leaders are not described: reorder its "
                   "members or add described ones");
}

Test(model, refuses_fields_of_a_role_without_state)
{
    model->roles[CLIENT].fields = elected_fields;
    expect_refused(
        "model small-raft: member term of the struct of role client ends at byte 2, but the struct has only 0 "
        "bytes: its table is that of another struct");
}

Test(model, refuses_a_described_message_type)
{
    static const struct gs_field fields[] = {GS_FIELD(struct message, type), GS_FIELDS_END};

    model->message_fields = fields;
    model->message_size = 1;
    expect_refused(
        "model small-raft: byte 0 of the message struct is its type, which type describes: leave that out of "
        "the table");
}

Test(model, refuses_arrays_by_the_nodes_of_an_unknown_role)
{
    struct two {
        uint8_t a[2];
    };
    static const struct gs_field fields[] = {GS_BY_NODE(struct two, a, 2), GS_FIELDS_END};

    model->announcements[ELECTED].fields = fields;
    expect_refused("model small-raft: the struct of announcement elected: member a is indexed by the nodes of role 2, "
                   "but there are only 2 roles");
}

Test(model, refuses_durable_members_elsewhere_than_in_roles)
{
    static const struct gs_field durable[] = {GS_FIELD(struct elected, term, GS_DURABLE), GS_FIELDS_END};
    struct outer {
        struct elected last;
    };
    static const struct gs_field nested[] = {GS_STRUCT(struct outer, last, durable), GS_FIELDS_END};

    model->announcements[ELECTED].fields = durable;
    expect_refused("model small-raft: the struct of announcement elected: member term cannot be durable: only a "
                   "top-level member of a role's struct survives crashes; drop its GS_DURABLE");
    copy_model();
    model->monitors[LEADERS].fields = durable;
    expect_refused("model small-raft: the struct of monitor leaders: member term cannot be durable: only a top-level "
                   "member of a role's struct survives crashes; drop its GS_DURABLE");
    copy_model();
    model->roles[CLIENT].size = sizeof(struct outer);
    model->roles[CLIENT].fields = nested;
    expect_refused(
        "model small-raft: the struct of role client: member term cannot be durable: only a top-level member "
        "of a role's struct survives crashes; drop its GS_DURABLE");
}

/* ---- Events ---- */

Test(model, refuses_unknown_kinds_of_events)
{
    model->events[VOTE].kind = 3;
    expect_refused("model small-raft: event vote is of no known kind: make it GS_MESSAGE, GS_TIMER or GS_LOCAL");
}

Test(model, refuses_message_fields_that_do_not_exist)
{
    model->events[VOTE].fields[1] = "terms";
    expect_refused("model small-raft: message vote uses field terms, which message_fields does not have: correct its "
                   "name or add it");
}

Test(model, refuses_message_fields_twice_or_after_a_gap)
{
    model->events[VOTE].fields[1] = "granted";
    expect_refused("model small-raft: message vote lists field granted twice: drop one");
    model->events[VOTE].fields[1] = NULL;
    model->events[VOTE].fields[2] = "term";
    expect_refused("model small-raft: message vote: field term comes after an empty one: leave no gaps");
}

Test(model, refuses_a_list_in_a_message_without_its_length)
{
    model->events[APPEND].fields[2] = NULL;
    expect_refused("model small-raft: message append uses list entries without its length entries_length, which would "
                   "be zeroed: add it to fields");
}

Test(model, refuses_messages_without_a_message_struct)
{
    model->message_size = 0;
    model->message_fields = NULL;
    expect_refused("model small-raft: message vote: the model has no message struct: set message_size and "
                   "message_fields");
}

Test(model, refuses_what_only_other_kinds_of_events_have)
{
    model->events[VOTE].indices = 2;
    expect_refused("model small-raft: message vote has indices or arguments, which only timers and local events have");
    copy_model();
    model->events[VOTE].arguments[0] = model->events[PROPOSE].arguments[0];
    expect_refused("model small-raft: message vote has indices or arguments, which only timers and local events have");
    copy_model();
    model->events[ELECTION].fields[0] = "term";
    expect_refused("model small-raft: timer election lists message fields, which only messages have");
    copy_model();
    model->events[ELECTION].arguments[0] = model->events[PROPOSE].arguments[0];
    expect_refused("model small-raft: timer election has arguments, which only local events have: use indices");
    copy_model();
    model->events[PROPOSE].indices = 1;
    expect_refused("model small-raft: local event propose has indices, which only timers have: use an argument");
}

Test(model, refuses_events_of_unknown_roles)
{
    model->events[ELECTION].role = 2;
    expect_refused("model small-raft: timer election belongs to role 2, but there are only 2 roles");
    copy_model();
    model->events[PROPOSE].role = 7;
    expect_refused("model small-raft: local event propose belongs to role 7, but there are only 2 roles");
}

Test(model, refuses_more_timers_than_a_role_can_have)
{
    model->events[ELECTION].indices = 64;
    expect_sound();
    model->events[4] = (struct gs_event_type){.name = "heartbeat", .kind = GS_TIMER, .role = CLIENT};
    expect_sound();
    model->events[4].role = SERVER;
    expect_refused("model small-raft: role server has more than 64 timers, counting each index (timer heartbeat is the "
                   "one too many)");
}

Test(model, refuses_arguments_without_values)
{
    struct gs_argument *argument = &model->events[PROPOSE].arguments[0];

    argument->min = 10;
    expect_refused(
        "model small-raft: local event propose: argument value has no value, since its min 10 exceeds its max "
        "9");
    argument->max_option = 0;
    argument->max = 2;
    expect_refused(
        "model small-raft: local event propose: argument value has no value, since its min 10 exceeds its max "
        "2");
    argument->max_option = 4;
    expect_refused("model small-raft: local event propose: argument value ends at option 3, but there are only 3 "
                   "options");
    argument->kind = GS_NO_ARGUMENT;
    expect_refused("model small-raft: local event propose: the kind of argument value is neither GS_RANGE nor GS_NODE");
}

Test(model, refuses_arguments_of_bad_names_and_unknown_roles)
{
    model->events[PROPOSE].arguments[1].role = 2;
    expect_refused(
        "model small-raft: local event propose: argument to is a node of role 2, but there are only 2 roles");
    model->events[PROPOSE].arguments[1].name = "value";
    expect_refused(
        "model small-raft: local event propose: argument 0 and local event propose: argument 1 are both named "
        "'value': rename one");
}
