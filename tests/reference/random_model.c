/* A random model: roles, events, announcements, monitors, properties, options. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/reference/random_spec.h"

enum { LIMIT_MAX = 3 };

static const char *const role_names[SPEC_ROLES] = {"first", "second"};
static const char *const message_names[] = {"apple", "pear", "plum"};
static const char *const timer_names[] = {"tick", "tock"};
static const char *const local_names[] = {"sow", "water", "reap"};
static const char *const announcement_names[SPEC_ANNOUNCEMENTS] = {"seen", "done"};
static const char *const property_names[SPEC_PROPERTIES] = {"p-zero",  "p-one",  "p-two", "p-three",
                                                            "p-four",  "p-five", "p-six", "p-seven",
                                                            "p-eight", "p-nine", "p-ten", "p-last"};

static bool chance(struct random_spec *spec, unsigned percent)
{
    return random_chance(&spec->random, percent);
}

/* ---- Roles and their nodes ---- */

static void count_nodes(struct random_spec *spec)
{
    const unsigned most = spec->calm ? 3 : SPEC_NODES;
    spec->roles = chance(spec, 50) ? 1 : SPEC_ROLES;
    for (unsigned r = 0; r < spec->roles; r++) {
        const unsigned left = most - spec->nodes - (spec->roles - 1 - r);
        const unsigned cap = left < SPEC_ROLE_NODES ? left : SPEC_ROLE_NODES;
        spec->nodes_of_role[r] = random_between(&spec->random, 1, cap);
        spec->nodes += spec->nodes_of_role[r];
    }
    assert(spec->nodes <= SPEC_NODES);
}

static void make_options(struct random_spec *spec)
{
    struct gs_option *options = spec->model.options;
    options[SPEC_LIMIT] = (struct gs_option){"limit", "a number that handlers read", 1, 0, LIMIT_MAX, NULL};
    unsigned count = 1;
    for (unsigned r = 0; r < spec->roles; r++) {
        struct gs_role *role = &spec->model.roles[r];
        role->name = role_names[r];
        if (chance(spec, 60)) {
            role->count = (int)spec->nodes_of_role[r];
            continue;
        }
        role->count_option = (uint8_t)count;
        options[count++] =
            (struct gs_option){r ? "seconds" : "firsts", "how many there are", 1, 0, SPEC_ROLE_NODES, NULL};
    }
}

static void make_role(struct random_spec *spec, unsigned r)
{
    struct role_spec *role = &spec->role[r];
    struct gs_role *installed = &spec->model.roles[r];
    const struct shape_wish wish = {.fields = random_between(&spec->random, 0, spec->calm ? 2 : 4),
                                    .durable = true,
                                    .phase = true,
                                    .role_count = spec->roles,
                                    .nodes_of_role = spec->nodes_of_role};
    if (r > 0 && chance(spec, 8))
        role->shape = (struct shape){0}; /* a role without state */
    else
        random_shape_make(&role->shape, &wish, &spec->random);
    installed->starts = chance(spec, 60);
    if (role->shape.size && chance(spec, 22)) {
        role->within_modulus = random_between(&spec->random, 5, 40);
        role->within_salt = random_below(&spec->random, 1u << 30);
    }
    if (chance(spec, 40)) {
        random_behaviour_fill_init(spec, &role->shape, &role->init);
        role->has_init = role->init.statement_count > 0;
    }
    random_install_role(spec, r, installed);
}

/* ---- Events ---- */

static struct gs_event_type *add_event(struct random_spec *spec, const char *name, uint8_t kind)
{
    assert(spec->events < SPEC_EVENTS);
    struct gs_event_type *event = &spec->model.events[spec->events++];
    event->name = name;
    event->kind = kind;
    event->role = kind == GS_MESSAGE ? 0 : (uint8_t)random_below(&spec->random, spec->roles);
    return event;
}

/* Uses some of the message struct's members; a list comes with its length. */
static void add_message(struct random_spec *spec, const char *name)
{
    struct gs_event_type *event = add_event(spec, name, GS_MESSAGE);
    const struct shape *shape = &spec->message;
    unsigned used = 0;
    for (unsigned f = 0; f < shape->field_count && used + 2 < GS_MESSAGE_FIELDS_MAX; f++) {
        const bool is_length = f + 1 < shape->field_count && shape->fields[f + 1].length;
        if (!chance(spec, 70))
            f += is_length;
        else {
            event->fields[used++] = shape->names[f];
            if (is_length)
                event->fields[used++] = shape->names[++f];
        }
    }
}

static void add_timer(struct random_spec *spec, const char *name)
{
    struct gs_event_type *event = add_event(spec, name, GS_TIMER);
    event->indices = (uint8_t)random_below(&spec->random, 3);
}

static void add_local(struct random_spec *spec, const char *name)
{
    struct gs_event_type *event = add_event(spec, name, GS_LOCAL);
    const unsigned choice = random_below(&spec->random, 100);
    unsigned a = 0;
    if (choice < 30) {
        event->arguments[a] = (struct gs_argument){.name = "amount", .kind = GS_RANGE, .max = 1};
        if (chance(spec, 40))
            event->arguments[a].max_option = SPEC_LIMIT + 1;
        if (chance(spec, 20))
            event->arguments[a].min = -1;
        a++;
    }
    if (choice >= 20 && choice < 45)
        event->arguments[a] = (struct gs_argument){
            .name = "target", .kind = GS_NODE, .role = (uint8_t)random_below(&spec->random, spec->roles)};
}

static void make_events(struct random_spec *spec)
{
    const struct shape_wish wish = {.fields = random_between(&spec->random, 0, spec->calm ? 1 : 2),
                                    .message = true,
                                    .role_count = spec->roles,
                                    .nodes_of_role = spec->nodes_of_role};
    spec->messages = chance(spec, 3) ? 0 : random_between(&spec->random, 1, spec->calm ? 2 : 3);
    if (spec->messages) {
        random_shape_make(&spec->message, &wish, &spec->random);
        spec->model.message_size = spec->message.size;
        spec->model.message_fields = spec->message.fields;
    }
    for (unsigned m = 0; m < spec->messages; m++)
        add_message(spec, message_names[m]);
    const unsigned timers = random_below(&spec->random, 3);
    const unsigned locals = random_between(&spec->random, 1, spec->calm ? 2 : 3);
    for (unsigned t = 0; t < timers; t++)
        add_timer(spec, timer_names[t]);
    for (unsigned l = 0; l < locals; l++)
        add_local(spec, local_names[l]);
}

/* ---- Announcements and monitors ---- */

static void make_announcements(struct random_spec *spec)
{
    spec->announcements = random_below(&spec->random, SPEC_ANNOUNCEMENTS + 1);
    for (unsigned a = 0; a < spec->announcements; a++) {
        const struct shape_wish wish = {.fields = random_between(&spec->random, 1, 2),
                                        .role_count = spec->roles,
                                        .nodes_of_role = spec->nodes_of_role};
        random_shape_make(&spec->announcement[a], &wish, &spec->random);
        spec->model.announcements[a] =
            (struct gs_announcement){announcement_names[a], spec->announcement[a].size, spec->announcement[a].fields};
    }
}

static void make_monitor(struct random_spec *spec, unsigned m, struct gs_monitor *installed)
{
    struct monitor_spec *monitor = &spec->monitor[m];
    const struct shape_wish wish = {
        .fields = random_between(&spec->random, 1, 2), .role_count = spec->roles, .nodes_of_role = spec->nodes_of_role};
    random_shape_make(&monitor->shape, &wish, &spec->random);
    monitor->is_fed_announcements = spec->announcements && chance(spec, 85);
    monitor->is_fed_steps = !monitor->is_fed_announcements || chance(spec, 35);
    random_behaviour_fill_monitor(spec, monitor);
    if (chance(spec, 30)) {
        random_behaviour_fill_init(spec, &monitor->shape, &monitor->init);
        monitor->has_init = monitor->init.statement_count > 0;
    }
    random_install_monitor(spec, m, installed);
}

/* ---- Properties ---- */

/* Scopes with few values are hit by larger fractions of them. 0: never. */
static unsigned pick_modulus(struct random_spec *spec, uint8_t kind, uint8_t scope)
{
    static const unsigned of_few[] = {4, 10, 25, 60}, of_some[] = {20, 60, 150, 400},
                          of_many[] = {100, 400, 1500, 6000};
    const unsigned choice = random_below(&spec->random, 4);
    const bool few = scope == GS_SCOPE_MESSAGE || scope == GS_SCOPE_MONITOR;
    const bool many = scope == GS_SCOPE_ALL_NODES || scope == GS_SCOPE_ROLE || scope == GS_SCOPE_STEP_ROLE;
    if (chance(spec, kind == GS_REACHABLE ? 10 : 30))
        return 0;
    if (kind == GS_QUIESCENT)
        return 2 + choice; /* few states are */
    return few || kind == GS_REACHABLE ? of_few[choice] : many ? of_many[choice] : of_some[choice];
}

/* A scope that the model has something for. */
static uint8_t pick_scope(struct random_spec *spec, uint8_t kind, unsigned monitors)
{
    for (;;) {
        const uint8_t scope = (uint8_t)random_below(&spec->random, GS_SCOPE_STEP_ROLE + 1);
        const bool is_message = scope == GS_SCOPE_MESSAGE || scope == GS_SCOPE_MESSAGE_RECEIVER;
        const bool is_monitor = scope == GS_SCOPE_MONITOR || scope == GS_SCOPE_MONITOR_NODE;
        const bool is_step = scope == GS_SCOPE_STEP || scope == GS_SCOPE_STEP_ROLE;
        if ((is_message && (!spec->messages || chance(spec, 50))) || (is_monitor && !monitors) ||
            (is_step && kind == GS_QUIESCENT))
            continue;
        return scope;
    }
}

static void make_property(struct random_spec *spec, uint8_t kind, struct gs_property *installed, unsigned first_monitor,
                          unsigned monitors)
{
    assert(spec->properties < SPEC_PROPERTIES);
    struct property_spec *property = &spec->property[spec->properties];
    *installed = (struct gs_property){.name = property_names[spec->properties],
                                      .claim = "its hash is no multiple",
                                      .kind = kind,
                                      .scope = pick_scope(spec, kind, monitors),
                                      .holds = random_predicates[spec->properties]};
    installed->role = (uint8_t)random_below(&spec->random, spec->roles);
    installed->other_role = (uint8_t)random_below(&spec->random, spec->roles);
    installed->monitor = (uint8_t)random_below(&spec->random, monitors ? monitors : 1);
    if (chance(spec, 10)) {
        installed->needs = random_needs;
        installed->needs_text = "limit >= 2";
    }
    property->property = installed;
    property->monitor = first_monitor + installed->monitor;
    property->modulus = pick_modulus(spec, kind, installed->scope);
    property->premise = kind != GS_REACHABLE && chance(spec, 30) ? random_between(&spec->random, 1, 60) : 0;
    property->salt = random_below(&spec->random, 1u << 30);
    spec->properties++;
}

static void make_properties(struct random_spec *spec)
{
    struct gs_property *next = spec->model.properties;
    const unsigned goals = random_between(&spec->random, 1, 2), invariants = random_between(&spec->random, 1, 4);
    for (unsigned p = 0; p < goals; p++)
        make_property(spec, GS_REACHABLE, next++, 0, spec->monitors);
    for (unsigned p = 0; p < invariants; p++)
        make_property(spec, GS_ALWAYS, next++, 0, spec->monitors);
    if (chance(spec, 25))
        make_property(spec, GS_QUIESCENT, next++, 0, spec->monitors);
}

/* Properties from outside, maybe with a monitor of their own. */
static void make_extension(struct random_spec *spec)
{
    const unsigned monitors = random_below(&spec->random, 2);
    spec->extension.protocol = spec->model.name;
    if (monitors)
        make_monitor(spec, SPEC_MONITORS - 1, &spec->extension.monitors[0]);
    make_property(spec, GS_ALWAYS, &spec->extension.properties[0], SPEC_MONITORS - 1, monitors);
    make_property(spec, GS_REACHABLE, &spec->extension.properties[1], SPEC_MONITORS - 1, monitors);
    spec->extensions[0] = &spec->extension;
}

/* ---- The whole ---- */

static void make_places(struct random_spec *spec)
{
    for (unsigned n = 0; n < spec->nodes; n++)
        spec->hosts[n] = (uint8_t)(7 * random_below(&spec->random, 2));
    spec->split_salt = random_below(&spec->random, 1u << 30);
    if (chance(spec, 25))
        spec->model.host = random_host;
    if (chance(spec, 40))
        spec->model.splits = random_splits;
}

static void make_model(struct random_spec *spec)
{
    spec->model.name = "random";
    spec->model.title = "a random protocol";
    spec->model.source = "tests/reference";
    spec->calm = chance(spec, 40);
    spec->may_choose = chance(spec, 60);
    spec->may_fail = chance(spec, 30);
    count_nodes(spec);
    make_options(spec);
    for (unsigned r = 0; r < spec->roles; r++)
        make_role(spec, r);
    spec->mutants = random_below(&spec->random, SPEC_MUTANTS + 1);
    make_announcements(spec);
    make_events(spec);
    random_behaviour_fill_roles(spec);
    spec->monitors = random_below(&spec->random, SPEC_MONITORS);
    for (unsigned m = 0; m < spec->monitors; m++)
        make_monitor(spec, m, &spec->model.monitors[m]);
    make_properties(spec);
    if (chance(spec, 12))
        make_extension(spec);
    make_places(spec);
}

struct random_protocol random_protocol_make(uint64_t seed, unsigned attempt)
{
    struct random_spec *spec = calloc(1, sizeof(*spec));
    assert(spec);
    spec->random.state = random_mix(random_mix(seed + 1) + attempt);
    struct random_protocol protocol = {.seed = seed, .attempt = attempt, .model = &spec->model, .spec = spec};
    make_model(spec);
    random_config_make(spec, &protocol.config);
    return protocol;
}

void random_protocol_free(struct random_protocol *protocol)
{
    free(protocol->spec);
    *protocol = (struct random_protocol){0};
}
