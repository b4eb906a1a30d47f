/* Registration of monitors and properties, of a model and of an extension: what is refused, and how it is said. */
#include "tests/model_sample.h"

TestSuite(model_properties, .init = copy_model);

/* ---- Monitors and properties ---- */

Test(model_properties, refuses_monitors_that_are_never_fed)
{
    model->monitors[LEADERS].announced = NULL;
    expect_refused("model small-raft: monitor leaders is never fed: set announced or stepped");
    model->monitors[LEADERS].stepped = stepped;
    expect_sound();
    copy_model();
    memset(model->announcements, 0, sizeof(model->announcements));
    expect_refused("model small-raft: monitor leaders is never fed: the model has no announcements, so set stepped");
}

Test(model_properties, refuses_a_model_without_a_goal)
{
    model->properties[1].kind = GS_ALWAYS;
    expect_refused("model small-raft: no property is GS_REACHABLE: add one that says what a good run achieves");
}

Test(model_properties, refuses_a_property_named_like_the_built_in_one)
{
    model->properties[2].name = "well-behaved";
    expect_refused("model small-raft: property well-behaved has the name of a built-in one: rename it");
}

Test(model_properties, refuses_a_property_without_a_predicate)
{
    model->properties[2].holds = NULL;
    expect_refused("model small-raft: property quiet has no predicate: set holds");
}

Test(model_properties, refuses_needs_without_text_or_text_without_needs)
{
    char *const expected =
        "model small-raft: property one-leader: needs and needs_text come together: the text says in "
        "reports why a property is not checked";

    model->properties[0].needs = NULL;
    expect_refused(expected);
    model->properties[0].needs = needs;
    model->properties[0].needs_text = NULL;
    expect_refused(expected);
}

Test(model_properties, refuses_kinds_that_do_not_exist)
{
    model->properties[0].kind = 4;
    expect_refused("model small-raft: property one-leader: kind 4 is none of GS_ALWAYS, GS_REACHABLE, GS_QUIESCENT, "
                   "GS_LINEARIZABLE");
}

Test(model_properties, refuses_linearizable_properties_that_no_monitor_decides)
{
    struct gs_property *property = &model->properties[4];

    property->kind = GS_LINEARIZABLE;
    expect_refused("model small-raft: property history: GS_LINEARIZABLE has no predicate, its monitor decides: leave "
                   "out holds");
    property->holds = NULL;
    expect_refused("model small-raft: property history: monitor leaders does not keep a history: list "
                   "GS_LINEARIZATIONS or GS_HISTORY (properties/client.h)");
    property->scope = GS_SCOPE_NODE;
    expect_refused("model small-raft: property history: GS_LINEARIZABLE is judged over a monitor: set scope to "
                   "GS_SCOPE_MONITOR");
}

Test(model_properties, refuses_options_that_choose_a_monitor_that_does_not_exist)
{
    model->properties[4].monitor_option = GS_OPTIONS_MAX;
    expect_refused("model small-raft: property history: option 31 chooses its monitor, but there are only 3");
    model->properties[4].monitor_option = 1;
    expect_refused("model small-raft: property history: option servers chooses among monitors 1 to 4, but they are 0 "
                   "to 0: narrow its range");
}

static void ready_announced(const struct gs_run *run, const struct gs_monitor *self, void *value, int announcement,
                            const void *announced)
{
    (void)run;
    (void)self;
    (void)value;
    (void)announcement;
    (void)announced;
}

Test(model_properties, refuses_ready_made_monitors_with_functions_of_their_own)
{
    static const struct gs_ready_monitor ready = {.announced = ready_announced};

    model->monitors[0].ready = &ready;
    expect_refused("model small-raft: monitor leaders is a ready-made one, which has its own functions: leave out "
                   "init, announced and stepped");
}

Test(model_properties, refuses_scopes_that_do_not_exist)
{
    model->properties[0].scope = GS_SCOPE_STEP_ROLE + 1;
    expect_refused("model small-raft: property one-leader: scope 10 is no GS_SCOPE_...");
}

Test(model_properties, refuses_scopes_whose_role_does_not_exist)
{
    static const uint8_t scopes[] = {GS_SCOPE_NODE,         GS_SCOPE_PAIR, GS_SCOPE_ROLE,
                                     GS_SCOPE_MONITOR_NODE, GS_SCOPE_STEP, GS_SCOPE_STEP_ROLE};

    for (size_t i = 0; i < sizeof(scopes); i++) {
        model->properties[0].scope = scopes[i];
        model->properties[0].role = CLIENT;
        expect_sound();
        model->properties[0].role = 2;
        expect_refused("model small-raft: property one-leader is about role 2, but there are only 2 roles");
    }
}

Test(model_properties, refuses_scopes_whose_other_role_does_not_exist)
{
    static const uint8_t scopes[] = {GS_SCOPE_PAIR, GS_SCOPE_STEP_ROLE};

    model->properties[0].other_role = 2;
    for (size_t i = 0; i < sizeof(scopes); i++) {
        model->properties[0].scope = scopes[i];
        expect_refused("model small-raft: property one-leader is about other_role 2, but there are only 2 roles");
    }
}

Test(model_properties, ignores_what_a_scope_does_not_use)
{
    model->properties[0].scope = GS_SCOPE_ALL_NODES;
    model->properties[0].role = model->properties[0].other_role = model->properties[0].monitor = 99;
    expect_sound();
    model->properties[0].scope = GS_SCOPE_MESSAGE_RECEIVER;
    expect_sound();
}

Test(model_properties, refuses_scopes_whose_monitor_does_not_exist)
{
    static const uint8_t scopes[] = {GS_SCOPE_MONITOR, GS_SCOPE_MONITOR_NODE};

    model->properties[4].monitor = 1;
    for (size_t i = 0; i < sizeof(scopes); i++) {
        model->properties[4].scope = scopes[i];
        expect_refused("model small-raft: property history reads monitor 1, but there are only 1 monitors");
    }
}

Test(model_properties, refuses_message_scopes_in_a_model_without_messages)
{
    static const uint8_t scopes[] = {GS_SCOPE_MESSAGE, GS_SCOPE_MESSAGE_RECEIVER};

    model->message_size = 0;
    model->message_fields = NULL;
    memset(&model->events[0], 0, sizeof(model->events));
    for (size_t i = 0; i < sizeof(scopes); i++) {
        model->properties[0].scope = scopes[i];
        expect_refused(
            "model small-raft: property one-leader is about messages, but the model has none: choose another "
            "scope");
    }
}

Test(model_properties, refuses_step_scopes_of_quiescent_properties)
{
    static const uint8_t scopes[] = {GS_SCOPE_STEP, GS_SCOPE_STEP_ROLE};

    for (size_t i = 0; i < sizeof(scopes); i++) {
        model->properties[2].scope = scopes[i];
        model->properties[2].kind = GS_REACHABLE;
        expect_sound();
        model->properties[2].kind = GS_QUIESCENT;
        expect_refused("model small-raft: property quiet: a scope of steps goes with GS_ALWAYS or GS_REACHABLE only, "
                       "since a GS_QUIESCENT property is about a state");
    }
}

/* ---- Extensions ---- */

static struct gs_extension extension_of(void)
{
    return (struct gs_extension){
        .protocol = "small-raft",
        .monitors = {{.name = "mine", .size = sizeof(struct elected), .fields = elected_fields, .stepped = stepped}},
        .properties = {{.name = "my-own", .scope = GS_SCOPE_MONITOR, .monitor = 0, .holds = holds}},
    };
}

static void expect_extension_refused(const struct gs_extension *extension, char *text)
{
    cr_expect(not(extension_check(model, extension, error, sizeof(error))));
    cr_expect(eq(str, error, text));
}

Test(model_properties, accepts_a_sound_extension)
{
    const struct gs_extension extension = extension_of();

    cr_expect(extension_check(model, &extension, error, sizeof(error)), "%s", error);
}

Test(model_properties, refuses_an_extension_of_another_protocol)
{
    struct gs_extension extension = extension_of();

    extension.protocol = "paxos";
    expect_extension_refused(&extension, "properties for small-raft: these are properties for protocol 'paxos': set "
                                         "protocol to 'small-raft', or give them with it");
    extension.protocol = NULL;
    expect_extension_refused(&extension,
                             "properties for small-raft: these are properties for protocol '': set protocol "
                             "to 'small-raft', or give them with it");
}

Test(model_properties, refuses_extensions_that_take_names_of_the_model)
{
    struct gs_extension extension = extension_of();

    extension.properties[0].name = "quiet";
    expect_extension_refused(&extension,
                             "properties for small-raft: the model has a property quiet already: rename this one");
    extension.properties[0].name = "well-behaved";
    expect_extension_refused(
        &extension, "properties for small-raft: property well-behaved has the name of a built-in one: rename it");
    extension.monitors[0].name = "leaders";
    expect_extension_refused(&extension,
                             "properties for small-raft: the model has a monitor leaders already: rename this one");
}

Test(model_properties, refuses_an_extension_without_properties)
{
    struct gs_extension extension = extension_of();

    memset(extension.properties, 0, sizeof(extension.properties));
    expect_extension_refused(&extension, "properties for small-raft: there is none: fill in properties");
}

Test(model_properties, checks_the_monitors_and_properties_of_an_extension)
{
    struct gs_extension extension = extension_of();

    extension.properties[0].monitor = 1;
    expect_extension_refused(
        &extension, "properties for small-raft: property my-own reads monitor 1, but there are only 1 monitors");
    extension.monitors[0].size = 3;
    expect_extension_refused(&extension, "properties for small-raft: byte 2 of the struct of monitor mine is not "
                                         "described: reorder its members or add a described one");
}
