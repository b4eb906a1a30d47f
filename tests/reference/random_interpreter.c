/* Runs a random protocol's tables: as handlers, init functions, bounds, monitors and predicates. */
#include <assert.h>
#include <string.h>

#include "tests/reference/random_spec.h"
#include "tests/reference/reference.h"

enum { STRUCT_MAX = 512 };

static const struct random_spec *selected;

void random_protocol_select(const struct random_protocol *protocol)
{
    selected = protocol->spec;
}

const struct random_spec *random_selected(void)
{
    return selected;
}

/* Who runs, on what, given what. Members that a caller does not have are NULL. */
struct context {
    const struct gs_run *run;
    struct gs_step *s; /* handlers */
    const struct gs_event *e;
    const struct shape *own_shape, *given_shape;
    uint8_t *own;
    const uint8_t *given, *before;
    gs_node self, from;
    unsigned flag;
};

/* ---- Expressions ---- */

static gs_node read_node(const uint8_t *value, const struct cell *cell)
{
    assert(cell->what == CELL_NODE);
    return (gs_node){value[cell->offset]};
}

static gs_node_set read_set(const uint8_t *value, const struct cell *cell)
{
    gs_node_set set;
    assert(cell->what == CELL_SET);
    memcpy(&set, value + cell->offset, sizeof(set));
    return set;
}

static uint64_t number_of(const struct context *c, const struct expression *expression)
{
    switch ((enum source)expression->source) {
    case NUMBER_OWN:
        return random_cell_read_number(&c->own_shape->cells[expression->cell], c->own) + expression->amount;
    case NUMBER_GIVEN:
        return random_cell_read_number(&c->given_shape->cells[expression->cell], c->given) + expression->amount;
    case NUMBER_BEFORE:
        return random_cell_read_number(&c->given_shape->cells[expression->cell], c->before);
    case NUMBER_ARGUMENT:
        return (uint64_t)c->e->arguments[expression->cell];
    case NUMBER_INDEX:
        return c->e->index;
    case NUMBER_CHOICE:
        return gs_choose(c->s, expression->amount);
    case NUMBER_SIZE:
        return (uint64_t)gs_set_size(read_set(c->own, &c->own_shape->cells[expression->cell]));
    case NUMBER_LENGTH:
        return random_cell_read_length(&c->own_shape->cells[expression->cell], c->own);
    case NUMBER_OPTION:
        return (uint64_t)gs_option(c->run, SPEC_LIMIT);
    case NUMBER_RANK:
        return (uint64_t)gs_node_rank(c->run, gs_is_nobody(c->from) ? c->self : c->from);
    case NUMBER_FLAG:
        return c->flag;
    default:
        return expression->amount;
    }
}

static gs_node node_of_expression(const struct context *c, const struct expression *expression)
{
    switch ((enum source)expression->source) {
    case NODE_SELF:
        return c->self;
    case NODE_FROM:
        return c->from;
    case NODE_OWN:
        return read_node(c->own, &c->own_shape->cells[expression->cell]);
    case NODE_GIVEN:
        return read_node(c->given, &c->given_shape->cells[expression->cell]);
    case NODE_ARGUMENT:
        return c->e->nodes[expression->cell];
    case NODE_CHOICE:
        return gs_choose_node(c->s, gs_nodes(c->run, expression->cell));
    case NODE_CHOICE_SET:
        return gs_choose_node(c->s, read_set(c->own, &c->own_shape->cells[expression->cell]));
    case NODE_AT:
        return gs_node_at(c->run, expression->cell, expression->amount % gs_count(c->run, expression->cell));
    default:
        return GS_NOBODY;
    }
}

/* ---- Conditions ---- */

static bool holds(const struct context *c, const struct condition *condition)
{
    const struct cell *own = &c->own_shape->cells[condition->cell];
    switch ((enum condition_kind)condition->kind) {
    case IF_EQUAL:
        return number_of(c, &condition->left) == number_of(c, &condition->right);
    case IF_LESS:
        return number_of(c, &condition->left) < number_of(c, &condition->right);
    case IF_NODE:
        return gs_same(node_of_expression(c, &condition->left), node_of_expression(c, &condition->right));
    case IF_HAS:
        return gs_set_has(read_set(c->own, own), node_of_expression(c, &condition->left));
    case IF_TIMER:
        return gs_timer_is_set(c->s, condition->cell, condition->index);
    case IF_MUTANT:
        return gs_mutant(c->run, condition->cell);
    case IF_CHANGED:
        return random_cell_read_number(&c->given_shape->cells[condition->cell], c->before) !=
               random_cell_read_number(&c->given_shape->cells[condition->cell], c->given);
    }
    return false;
}

static bool all_hold(const struct context *c, const struct clause *clause)
{
    for (unsigned i = 0; i < clause->condition_count; i++)
        if (holds(c, &clause->conditions[i]) == clause->conditions[i].negated)
            return false;
    return true;
}

/* ---- Statements ---- */

static void fill_item(const struct context *c, const struct cell *cells, unsigned count, uint8_t *item,
                      const struct expression *values)
{
    for (unsigned i = 0; i < count; i++)
        if (cells[i].what == CELL_NODE)
            item[cells[i].offset] = node_of_expression(c, &values[2 * i + 1]).tag;
        else
            random_cell_write_number(&cells[i], item, number_of(c, &values[2 * i]));
}

/* push, or insert: a list of at most 255, whose length has zero upper bytes. */
static void extend_list(const struct context *c, const struct statement *statement, bool sorted)
{
    const struct cell *list = &c->own_shape->cells[statement->cell];
    uint8_t item[2] = {0}, *items = c->own + list->items;
    fill_item(c, c->own_shape->items[statement->cell], list->item_cells, item, statement->values);
    if (sorted)
        gs_list_insert(items, (size_t)list->capacity * list->item_size, list->item_size, c->own + list->offset,
                       list->width, item);
    else
        gs_list_push(items, (size_t)list->capacity * list->item_size, list->item_size, c->own + list->offset,
                     list->width, item);
}

static void truncate_list(const struct context *c, const struct statement *statement)
{
    const struct cell *list = &c->own_shape->cells[statement->cell];
    const unsigned length = random_cell_read_length(list, c->own);
    gs_list_truncate(c->own + list->items, (size_t)list->capacity * list->item_size, list->item_size,
                     c->own + list->offset, list->width, length ? length - 1 : 0);
}

static void change_set(const struct context *c, const struct statement *statement)
{
    const struct cell *cell = &c->own_shape->cells[statement->cell];
    gs_node_set set = read_set(c->own, cell);
    if (statement->kind == DO_SET_CLEAR)
        set = GS_EMPTY_SET;
    else if (statement->kind == DO_SET_WITH)
        set = gs_set_with(set, node_of_expression(c, &statement->to));
    else
        set = gs_set_without(set, node_of_expression(c, &statement->to));
    memcpy(c->own + cell->offset, &set, sizeof(set));
}

static void raise_number(const struct context *c, const struct cell *cell)
{
    const unsigned k = random_cell_read_number(cell, c->own);
    if (k + 1 < cell->range)
        random_cell_write_number(cell, c->own, k + 1);
}

/* Cell k takes the 2j-th value as a number or the (2j+1)-th as a node, j being k modulo what there are; sets take a
 * node, lists an item of zeros if the number is odd. */
static void fill_struct(const struct context *c, const struct shape *shape, uint8_t *value,
                        const struct statement *statement)
{
    uint64_t given_numbers[SPEC_VALUES / 2];
    gs_node given_nodes[SPEC_VALUES / 2];
    for (unsigned j = 0; j < SPEC_VALUES / 2; j++) {
        given_numbers[j] = number_of(c, &statement->values[2 * j]);
        given_nodes[j] = node_of_expression(c, &statement->values[2 * j + 1]);
    }
    for (unsigned k = 0; k < shape->cell_count; k++) {
        const struct cell *cell = &shape->cells[k];
        const unsigned j = k % (SPEC_VALUES / 2);
        const gs_node_set set = gs_set_of(given_nodes[j]);
        if (cell->what == CELL_NUMBER)
            random_cell_write_number(cell, value, given_numbers[j]);
        else if (cell->what == CELL_NODE)
            value[cell->offset] = given_nodes[j].tag;
        else if (cell->what == CELL_SET)
            memcpy(value + cell->offset, &set, sizeof(set));
        else
            value[cell->offset] = (uint8_t)(given_numbers[j] % 2);
    }
}

static void send(const struct context *c, const struct statement *statement)
{
    uint8_t message[STRUCT_MAX] = {statement->type};
    assert(selected->message.size <= sizeof(message));
    fill_struct(c, &selected->message, message, statement);
    if (statement->kind == DO_BROADCAST) {
        gs_broadcast(c->s, statement->index, message);
    } else if (statement->kind == DO_MULTICAST) {
        gs_multicast(c->s, read_set(c->own, &c->own_shape->cells[statement->cell]), message);
    } else {
        const gs_node to = node_of_expression(c, &statement->to);
        if (!gs_is_nobody(to))
            gs_send(c->s, to, message);
    }
}

static void announce(const struct context *c, const struct statement *statement)
{
    uint8_t announced[STRUCT_MAX] = {0};
    assert(selected->announcement[statement->type].size <= sizeof(announced));
    fill_struct(c, &selected->announcement[statement->type], announced, statement);
    gs_announce(c->s, statement->type, announced);
}

static void fail(const struct context *c, enum failure failure)
{
    const uint8_t message[STRUCT_MAX] = {0}; /* the first event is a message */
    if (!c->s) {
        reference_monitor_assert(c->run, false);
        return;
    }
    switch (failure) {
    case FAIL_ASSERT:
        gs_assert(c->s, c->own == NULL);
        break;
    case FAIL_UNHANDLED:
        gs_unhandled(c->s, c->e);
        break;
    case FAIL_SEND_NOBODY:
        gs_send(c->s, GS_NOBODY, message);
        break;
    case FAIL_DEFER_TRUE:
        gs_defer(c->s);
        break;
    case FAIL_ENUM:
    case FAILURES:
        for (unsigned f = 0; f < c->own_shape->field_count; f++)
            if (c->own_shape->fields[f].names)
                c->own[c->own_shape->fields[f].offset] = 200;
        break;
    }
}

static void run_statement(const struct context *c, const struct statement *statement)
{
    const struct cell *own = &c->own_shape->cells[statement->cell];
    switch ((enum statement_kind)statement->kind) {
    case DO_NUMBER:
        random_cell_write_number(own, c->own, number_of(c, &statement->to));
        break;
    case DO_RAISE:
        raise_number(c, own);
        break;
    case DO_NODE:
        c->own[own->offset] = node_of_expression(c, &statement->to).tag;
        break;
    case DO_SET_WITH:
    case DO_SET_WITHOUT:
    case DO_SET_CLEAR:
        change_set(c, statement);
        break;
    case DO_LIST_PUSH:
    case DO_LIST_INSERT:
        extend_list(c, statement, statement->kind == DO_LIST_INSERT);
        break;
    case DO_LIST_TRUNCATE:
        truncate_list(c, statement);
        break;
    case DO_SEND:
    case DO_BROADCAST:
    case DO_MULTICAST:
        send(c, statement);
        break;
    case DO_ARM:
        gs_set_timer(c->s, statement->type, statement->index);
        break;
    case DO_CANCEL:
        gs_cancel_timer(c->s, statement->type, statement->index);
        break;
    case DO_ANNOUNCE:
        announce(c, statement);
        break;
    case DO_FAIL:
        fail(c, statement->cell);
        break;
    }
}

static bool end(const struct context *c, enum ending ending)
{
    if (ending == END_DEFER)
        return gs_defer(c->s);
    if (ending == END_UNHANDLED)
        return gs_unhandled(c->s, c->e);
    return ending == END_TRUE;
}

static void run_statements(const struct context *c, const struct clause *clause)
{
    for (unsigned i = 0; i < clause->statement_count; i++)
        run_statement(c, &clause->statements[i]);
}

static bool run_behaviour(const struct context *c, const struct behaviour *behaviour)
{
    for (unsigned i = 0; i < behaviour->clause_count; i++)
        if (all_hold(c, &behaviour->clauses[i])) {
            run_statements(c, &behaviour->clauses[i]);
            return end(c, behaviour->clauses[i].ending);
        }
    return end(c, behaviour->ending);
}

/* ---- Roles ---- */

static bool step(struct gs_step *s, void *self, const struct gs_event *e)
{
    const struct random_spec *spec = selected;
    const int role = gs_role(s, gs_self(s));
    const struct context c = {.run = gs_step_run(s),
                              .s = s,
                              .e = e,
                              .own_shape = &spec->role[role].shape,
                              .given_shape = &spec->message,
                              .own = self,
                              .given = e->message,
                              .self = gs_self(s),
                              .from = e->from,
                              .flag = e->restarted};
    return run_behaviour(&c, e->type == GS_START ? &spec->role[role].start : &spec->role[role].events[e->type]);
}

static void init(const struct gs_run *run, gs_node self, void *state)
{
    const struct role_spec *role = &selected->role[gs_role(run, self)];
    const struct context c = {.run = run, .own_shape = &role->shape, .own = state, .self = self};
    run_statements(&c, &role->init);
}

static bool within(const struct gs_run *run, gs_node self, const void *state)
{
    const struct role_spec *role = &selected->role[gs_role(run, self)];
    return random_hash(role->within_salt, state, role->shape.size) % role->within_modulus != 0;
}

void random_install_role(struct random_spec *spec, unsigned role, struct gs_role *installed)
{
    installed->step = step;
    installed->size = spec->role[role].shape.size;
    installed->fields = spec->role[role].shape.fields;
    if (spec->role[role].has_init)
        installed->init = init;
    if (spec->role[role].within_modulus) {
        installed->within = within;
        installed->within_text = role ? "second <= few" : "first <= few";
    }
}

unsigned random_host(const struct gs_run *run, gs_node node)
{
    (void)run;
    return selected->hosts[node.tag - 1];
}

/* Not the same for both sides of a split. */
bool random_splits(const struct gs_run *run, gs_node_set side)
{
    (void)run;
    return random_hash(selected->split_salt, &side, sizeof(side)) % 3 == 0;
}

bool random_needs(const struct gs_run *run)
{
    return gs_option(run, SPEC_LIMIT) >= 2;
}

/* ---- Monitors: each has its own functions, since they are told nothing but their value ---- */

static void monitor_init(unsigned m, const struct gs_run *run, void *value)
{
    const struct monitor_spec *monitor = &selected->monitor[m];
    const struct context c = {.run = run, .own_shape = &monitor->shape, .own = value};
    run_statements(&c, &monitor->init);
}

static void monitor_announced(unsigned m, const struct gs_run *run, void *value, gs_node by, int announcement,
                              const void *announced)
{
    const struct monitor_spec *monitor = &selected->monitor[m];
    const struct context c = {.run = run,
                              .own_shape = &monitor->shape,
                              .given_shape = &selected->announcement[announcement],
                              .own = value,
                              .given = announced,
                              .self = by,
                              .from = by};
    run_behaviour(&c, &monitor->announced[announcement]);
}

static void monitor_stepped(unsigned m, const struct gs_run *run, void *value, struct gs_view *v)
{
    const struct monitor_spec *monitor = &selected->monitor[m];
    const gs_node mover = gs_this_node(v);
    const int role = gs_role(run, mover);
    const struct context c = {.run = run,
                              .own_shape = &monitor->shape,
                              .given_shape = &selected->role[role].shape,
                              .own = value,
                              .given = gs_this(v),
                              .before = gs_before(v),
                              .self = mover,
                              .from = mover,
                              .flag = (gs_was_up(v) ? 2u : 0u) + (gs_is_up(v, mover) ? 1u : 0u)};
    run_behaviour(&c, &monitor->stepped[role]);
}

#define MONITOR_FUNCTIONS(m)                                                                                      \
    static void init_##m(const struct gs_run *run, void *value)                                                   \
    {                                                                                                             \
        monitor_init(m, run, value);                                                                              \
    }                                                                                                             \
    static void announced_##m(const struct gs_run *run, void *value, gs_node by, int type, const void *announced) \
    {                                                                                                             \
        monitor_announced(m, run, value, by, type, announced);                                                    \
    }                                                                                                             \
    static void stepped_##m(const struct gs_run *run, void *value, struct gs_view *v)                             \
    {                                                                                                             \
        monitor_stepped(m, run, value, v);                                                                        \
    }
MONITOR_FUNCTIONS(0)
MONITOR_FUNCTIONS(1)
MONITOR_FUNCTIONS(2)

static const struct gs_monitor functions[SPEC_MONITORS] = {
    {.name = "watch-zero", .init = init_0, .announced = announced_0, .stepped = stepped_0},
    {.name = "watch-one", .init = init_1, .announced = announced_1, .stepped = stepped_1},
    {.name = "watch-two", .init = init_2, .announced = announced_2, .stepped = stepped_2},
};

void random_install_monitor(const struct random_spec *spec, unsigned monitor, struct gs_monitor *installed)
{
    const struct monitor_spec *table = &spec->monitor[monitor];
    *installed = functions[monitor];
    installed->size = table->shape.size;
    installed->fields = table->shape.fields;
    if (!table->has_init)
        installed->init = NULL;
    if (!table->is_fed_announcements)
        installed->announced = NULL;
    if (!table->is_fed_steps)
        installed->stepped = NULL;
}
