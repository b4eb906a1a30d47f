/* What random handlers and monitors do. Most clauses wait for one phase and lead to the next, so that state spaces end.
 */
#include <assert.h>

#include "tests/reference/random_spec.h"

/* Whose behaviour is being made: a role's on an event (NULL: START), or a monitor's (event NULL, without handler). */
struct maker {
    struct random_spec *spec;
    struct random_stream *random;
    const struct shape *own, *given; /* given: the message, the announcement, a step's local states, or NULL */
    const struct gs_event_type *event;
    unsigned role, choices_left;
    bool is_handler, is_step;
};

/* Each draw is a statement of its own below: C does not say in which order an initializer's expressions are run, and a
 * seed is to mean the same protocol with every compiler. */
static bool chance(const struct maker *m, unsigned percent)
{
    return random_chance(m->random, percent);
}

static unsigned below(const struct maker *m, unsigned bound)
{
    return random_below(m->random, bound);
}

/* The number of an argument of this kind that the event has, or -1. */
static int argument_of(const struct maker *m, uint8_t kind)
{
    for (int i = 0; m->event && i < GS_ARGUMENTS_MAX; i++)
        if (m->event->arguments[i].kind == kind)
            return i;
    return -1;
}

/* ---- Expressions ---- */

static struct expression constant(unsigned amount)
{
    return (struct expression){.source = NUMBER_CONSTANT, .amount = (uint8_t)amount};
}

/* A source that fits, or a constant where there is no such cell. */
static struct expression of_cell(uint8_t source, int cell, unsigned amount)
{
    if (cell < 0)
        return constant(amount);
    return (struct expression){.source = source, .cell = (uint8_t)cell, .amount = (uint8_t)amount};
}

static struct expression choose_number(struct maker *m)
{
    if (!m->is_handler || !m->spec->may_choose || !m->choices_left)
        return constant(1);
    m->choices_left--;
    return (struct expression){.source = NUMBER_CHOICE, .amount = (uint8_t)random_between(m->random, 1, 2)};
}

static struct expression number(struct maker *m)
{
    const unsigned choice = below(m, 100);
    const unsigned more = below(m, 2);
    if (choice < 25)
        return of_cell(NUMBER_OWN, random_shape_pick(m->own, CELL_NUMBER, m->random), more);
    if (choice < 45 && m->given)
        return of_cell(NUMBER_GIVEN, random_shape_pick(m->given, CELL_NUMBER, m->random), more);
    if (choice < 50 && m->is_step)
        return of_cell(NUMBER_BEFORE, random_shape_pick(m->given, CELL_NUMBER, m->random), 0);
    if (choice < 65 && argument_of(m, GS_RANGE) >= 0)
        return of_cell(NUMBER_ARGUMENT, argument_of(m, GS_RANGE), 0);
    if (choice < 60 && m->event && m->event->kind == GS_TIMER)
        return (struct expression){.source = NUMBER_INDEX};
    if (choice < 68)
        return choose_number(m);
    if (choice < 72)
        return of_cell(NUMBER_SIZE, random_shape_pick(m->own, CELL_SET, m->random), 1);
    if (choice < 75)
        return of_cell(NUMBER_LENGTH, random_shape_pick(m->own, CELL_LIST, m->random), 1);
    if (choice < 78)
        return (struct expression){.source = NUMBER_OPTION};
    if (choice < 84)
        return (struct expression){.source = NUMBER_RANK};
    if (choice < 88)
        return (struct expression){.source = NUMBER_FLAG};
    return constant(below(m, 4));
}

static struct expression node_at(const struct maker *m)
{
    struct expression expression = {.source = NODE_AT, .cell = (uint8_t)below(m, m->spec->roles)};
    expression.amount = (uint8_t)below(m, SPEC_ROLE_NODES);
    return expression;
}

static struct expression node_of_cell(const struct maker *m, uint8_t source, int cell)
{
    if (cell < 0)
        return node_at(m);
    return (struct expression){.source = source, .cell = (uint8_t)cell};
}

static struct expression choose_node(struct maker *m)
{
    if (!m->is_handler || !m->spec->may_choose || !m->choices_left)
        return (struct expression){.source = NODE_SELF};
    m->choices_left--;
    if (chance(m, 50))
        return node_of_cell(m, NODE_CHOICE_SET, random_shape_pick(m->own, CELL_SET, m->random));
    return (struct expression){.source = NODE_CHOICE, .cell = (uint8_t)below(m, m->spec->roles)};
}

static struct expression node(struct maker *m)
{
    const unsigned choice = below(m, 100);
    const bool has_sender = m->is_handler ? m->event && m->event->kind == GS_MESSAGE : true;
    if (choice < 30 && has_sender)
        return (struct expression){.source = NODE_FROM};
    if (choice < 40 && argument_of(m, GS_NODE) >= 0)
        return node_of_cell(m, NODE_ARGUMENT, argument_of(m, GS_NODE));
    if (choice < 50)
        return node_of_cell(m, NODE_OWN, random_shape_pick(m->own, CELL_NODE, m->random));
    if (choice < 60 && m->given)
        return node_of_cell(m, NODE_GIVEN, random_shape_pick(m->given, CELL_NODE, m->random));
    if (choice < 66)
        return choose_node(m);
    if (choice < 76)
        return (struct expression){.source = NODE_SELF};
    if (choice < 79)
        return (struct expression){.source = NODE_NOBODY};
    return node_at(m);
}

/* ---- Conditions ---- */

/* A timer of the role, or -1. */
static int timer_of(const struct maker *m)
{
    unsigned found[SPEC_EVENTS], count = 0;
    for (unsigned t = 0; t < m->spec->events; t++)
        if (m->spec->model.events[t].kind == GS_TIMER && m->spec->model.events[t].role == m->role)
            found[count++] = t;
    return m->is_handler && count ? (int)found[below(m, count)] : -1;
}

static uint8_t timer_index(const struct maker *m, int timer)
{
    const uint8_t indices = m->spec->model.events[timer].indices;
    return (uint8_t)below(m, indices ? indices : 1);
}

static struct condition compare_numbers(struct maker *m)
{
    struct condition condition = {.kind = chance(m, 70) ? IF_EQUAL : IF_LESS};
    condition.negated = chance(m, 40);
    condition.left = number(m);
    condition.right = chance(m, 60) ? constant(below(m, 3)) : number(m);
    return condition;
}

static struct condition any_condition(struct maker *m)
{
    const unsigned choice = below(m, 100);
    const int set = random_shape_pick(m->own, CELL_SET, m->random);
    const int timer = timer_of(m);
    const int watched = m->is_step ? random_shape_pick(m->given, CELL_NUMBER, m->random) : -1;
    struct condition condition = {.negated = chance(m, 50)};
    if (choice < 20) {
        condition.kind = IF_NODE;
        condition.left = node(m);
        condition.right = node(m);
    } else if (choice < 35 && set >= 0) {
        condition.kind = IF_HAS;
        condition.cell = (uint8_t)set;
        condition.left = node(m);
    } else if (choice < 45 && timer >= 0) {
        condition.kind = IF_TIMER;
        condition.cell = (uint8_t)timer;
        condition.index = timer_index(m, timer);
    } else if (choice < 52 && m->spec->mutants) {
        condition.kind = IF_MUTANT;
        condition.cell = (uint8_t)below(m, m->spec->mutants);
    } else if (choice < 75 && watched >= 0) {
        condition.kind = IF_CHANGED;
        condition.cell = (uint8_t)watched;
    } else {
        condition = compare_numbers(m);
    }
    return condition;
}

/* ---- Statements ---- */

static void add_condition(struct clause *clause, struct condition condition)
{
    if (clause->condition_count < SPEC_CONDITIONS)
        clause->conditions[clause->condition_count++] = condition;
}

static void add_statement(struct clause *clause, struct statement statement)
{
    if (clause->statement_count < SPEC_STATEMENTS)
        clause->statements[clause->statement_count++] = statement;
}

static void fill_values(struct maker *m, struct statement *statement)
{
    for (unsigned j = 0; j < SPEC_VALUES; j += 2) {
        statement->values[j] = number(m);
        statement->values[j + 1] = node(m);
    }
}

static void add_send(struct maker *m, struct clause *clause)
{
    if (!m->spec->messages)
        return;
    const unsigned choice = below(m, 100);
    const int set = random_shape_pick(m->own, CELL_SET, m->random);
    struct statement statement = {.kind = DO_SEND, .type = (uint8_t)below(m, m->spec->messages)};
    if (choice < 25) {
        statement.kind = DO_BROADCAST;
        statement.index = (uint8_t)below(m, m->spec->roles);
    } else if (choice < 35 && set >= 0) {
        statement.kind = DO_MULTICAST;
        statement.cell = (uint8_t)set;
    }
    statement.to = node(m);
    fill_values(m, &statement);
    add_statement(clause, statement);
}

static void add_announcement(struct maker *m, struct clause *clause)
{
    if (!m->spec->announcements)
        return;
    struct statement statement = {.kind = DO_ANNOUNCE, .type = (uint8_t)below(m, m->spec->announcements)};
    fill_values(m, &statement);
    add_statement(clause, statement);
}

static void add_timer(struct maker *m, struct clause *clause, unsigned percent_armed)
{
    const int timer = timer_of(m);
    if (timer < 0)
        return;
    struct statement statement = {.kind = chance(m, percent_armed) ? DO_ARM : DO_CANCEL, .type = (uint8_t)timer};
    statement.index = timer_index(m, timer);
    add_statement(clause, statement);
}

/* Changes some cell; handlers leave the first, their phase, alone. */
static void add_change(struct maker *m, struct clause *clause)
{
    static const uint8_t for_sets[] = {DO_SET_WITH, DO_SET_WITH, DO_SET_WITHOUT, DO_SET_CLEAR};
    static const uint8_t for_lists[] = {DO_LIST_PUSH, DO_LIST_INSERT, DO_LIST_TRUNCATE};
    const unsigned first = m->is_handler ? 1 : 0;
    if (m->own->cell_count <= first)
        return;
    const unsigned cell = random_between(m->random, first, m->own->cell_count - 1);
    struct statement statement = {.cell = (uint8_t)cell};
    switch ((enum cell_kind)m->own->cells[cell].what) {
    case CELL_NUMBER:
        statement.kind = chance(m, 50) ? DO_RAISE : DO_NUMBER;
        statement.to = number(m);
        break;
    case CELL_NODE:
        statement.kind = DO_NODE;
        statement.to = node(m);
        break;
    case CELL_SET:
        statement.kind = for_sets[below(m, 4)];
        statement.to = node(m);
        break;
    case CELL_LIST:
        statement.kind = for_lists[below(m, 3)];
        fill_values(m, &statement);
        break;
    }
    add_statement(clause, statement);
}

/* ---- Clauses ---- */

/* Waits for a phase, and mostly moves on to the next. */
static void add_phase(struct maker *m, struct clause *clause, unsigned percent_guard, unsigned percent_move)
{
    if (!m->own->cell_count)
        return;
    const unsigned range = m->own->cells[0].range, phase = below(m, range - 1);
    if (chance(m, percent_guard))
        add_condition(clause, (struct condition){.kind = IF_EQUAL,
                                                 .negated = chance(m, 8),
                                                 .left = of_cell(NUMBER_OWN, 0, 0),
                                                 .right = constant(phase)});
    if (!chance(m, percent_move))
        return;
    if (chance(m, 70))
        add_statement(clause, (struct statement){.kind = DO_RAISE});
    else
        add_statement(
            clause, (struct statement){.kind = DO_NUMBER, .to = chance(m, 70) ? constant(below(m, range)) : number(m)});
}

/* How likely a clause on each kind of event does what, in percent. */
struct habits {
    uint8_t guard, move, condition, change, second_change, send, second_send, arm, armed, announce;
};
static const struct habits on_message = {55, 35, 35, 65, 20, 30, 5, 12, 50, 30};
static const struct habits on_timer = {50, 40, 30, 50, 10, 50, 8, 30, 80, 25};
static const struct habits on_local = {88, 80, 20, 45, 12, 55, 10, 30, 85, 30};
static const struct habits on_start = {0, 15, 25, 60, 25, 35, 10, 60, 95, 35};

static void make_clause(struct maker *m, const struct habits *habits, struct clause *clause)
{
    add_phase(m, clause, habits->guard, habits->move);
    if (chance(m, habits->condition))
        add_condition(clause, any_condition(m));
    if (chance(m, habits->change))
        add_change(m, clause);
    if (chance(m, habits->second_change))
        add_change(m, clause);
    if (chance(m, habits->send))
        add_send(m, clause);
    if (chance(m, habits->second_send))
        add_send(m, clause);
    if (chance(m, habits->arm))
        add_timer(m, clause, habits->armed);
    if (chance(m, habits->announce))
        add_announcement(m, clause);
    clause->ending = END_TRUE;
    /* Says no without doing anything. */
    if (m->event && chance(m, 8)) {
        clause->statement_count = 0;
        clause->ending = m->event->kind == GS_MESSAGE && chance(m, 50) ? END_DEFER : END_FALSE;
    }
}

static uint8_t last_ending(const struct maker *m)
{
    if (!m->event)
        return chance(m, 70) ? END_TRUE : END_FALSE;
    if (m->event->kind == GS_MESSAGE)
        return chance(m, 70) ? END_FALSE : chance(m, 50) ? END_DEFER : END_TRUE;
    return m->event->kind == GS_TIMER && chance(m, 15) ? END_TRUE : END_FALSE;
}

static void make_behaviour(struct maker *m, const struct habits *habits, struct behaviour *behaviour)
{
    behaviour->clause_count = (uint8_t)(chance(m, 60) ? 1 : 2);
    for (unsigned i = 0; i < behaviour->clause_count; i++) {
        m->choices_left = chance(m, 40) ? 1 : 0;
        make_clause(m, habits, &behaviour->clauses[i]);
    }
    behaviour->ending = last_ending(m);
}

/* One clause somewhere misbehaves, when a further condition holds. */
static void plant_failure(struct maker *m, struct behaviour *behaviour)
{
    const unsigned how = below(m, FAILURES + 2);
    m->choices_left = 0;
    if (!behaviour->clause_count || how == FAILURES + 1) {
        behaviour->ending = END_UNHANDLED;
        return;
    }
    struct clause *clause = &behaviour->clauses[below(m, behaviour->clause_count)];
    add_condition(clause, any_condition(m));
    if (how == FAILURES)
        clause->ending = END_FALSE; /* having changed something */
    else if (how != FAIL_SEND_NOBODY || m->spec->messages)
        add_statement(clause, (struct statement){.kind = DO_FAIL, .cell = (uint8_t)how});
}

void random_behaviour_fill_roles(struct random_spec *spec)
{
    const unsigned failing_role = random_below(&spec->random, spec->roles);
    const unsigned failing_event = random_below(&spec->random, spec->events + 1);
    for (unsigned r = 0; r < spec->roles; r++) {
        struct maker m = {.spec = spec, .random = &spec->random, .own = &spec->role[r].shape, .role = r};
        m.is_handler = true;
        make_behaviour(&m, &on_start, &spec->role[r].start);
        if (spec->may_fail && r == failing_role && failing_event == spec->events)
            plant_failure(&m, &spec->role[r].start);
        for (unsigned e = 0; e < spec->events; e++) {
            m.event = &spec->model.events[e];
            m.given = m.event->kind == GS_MESSAGE ? &spec->message : NULL;
            if (m.event->kind != GS_MESSAGE && m.event->role != r)
                continue;
            make_behaviour(&m,
                           m.event->kind == GS_MESSAGE ? &on_message
                           : m.event->kind == GS_TIMER ? &on_timer
                                                       : &on_local,
                           &spec->role[r].events[e]);
            if (spec->may_fail && r == failing_role && e == failing_event)
                plant_failure(&m, &spec->role[r].events[e]);
        }
    }
}

/* ---- Monitors ---- */

static void make_watching(struct maker *m, struct behaviour *behaviour)
{
    behaviour->clause_count = (uint8_t)below(m, 3);
    for (unsigned i = 0; i < behaviour->clause_count; i++) {
        struct clause *clause = &behaviour->clauses[i];
        clause->ending = END_TRUE;
        if (chance(m, 60))
            add_condition(clause, any_condition(m));
        add_change(m, clause);
        if (m->spec->may_fail && chance(m, 15)) {
            add_condition(clause, any_condition(m));
            add_statement(clause, (struct statement){.kind = DO_FAIL});
        }
    }
    behaviour->ending = END_TRUE;
}

void random_behaviour_fill_monitor(struct random_spec *spec, struct monitor_spec *monitor)
{
    struct maker m = {.spec = spec, .random = &spec->random, .own = &monitor->shape};
    for (unsigned a = 0; a < spec->announcements; a++) {
        m.given = &spec->announcement[a];
        make_watching(&m, &monitor->announced[a]);
    }
    m.is_step = true;
    for (unsigned r = 0; r < spec->roles; r++) {
        m.given = &spec->role[r].shape;
        make_watching(&m, &monitor->stepped[r]);
    }
}

void random_behaviour_fill_init(struct random_spec *spec, const struct shape *shape, struct clause *init)
{
    const unsigned count = random_between(&spec->random, 1, 2);
    for (unsigned i = 0; i < count; i++) {
        const int cell = random_shape_pick(shape, CELL_NUMBER, &spec->random);
        struct statement statement = {.kind = DO_NUMBER, .cell = (uint8_t)cell, .to = constant(1)};
        if (cell > 0)
            add_statement(init, statement);
    }
}
