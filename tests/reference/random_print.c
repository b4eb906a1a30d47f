/* A random protocol as pseudo-code, for whoever has to find out why the engine and the reference disagree on it. */
#include <inttypes.h>
#include <string.h>

#include "tests/reference/random_spec.h"

/* Where names come from: the own struct, what is given, the announcement or event at hand. */
struct printer {
    const struct random_spec *spec;
    const struct shape *own, *given;
    FILE *out;
};

/* ---- Structs ---- */

static const char *const kind_names[] = {"?",   "bool", "u8",  "u16",  "u32",      "u64",   "i8",
                                         "i16", "i32",  "i64", "node", "node_set", "struct"};

static void print_shape(const struct printer *p, const char *title, const char *name, const struct shape *shape)
{
    fprintf(p->out, "%s %s {", title, name);
    for (unsigned f = 0; f < shape->field_count; f++) {
        const struct gs_field *field = &shape->fields[f];
        fprintf(p->out, "%s%s%s %s", f ? "; " : " ", field->flags & GS_DURABLE ? "durable " : "",
                kind_names[field->kind], field->name);
        if (field->is_array)
            fprintf(p->out, "[%u]",
                    field->size / (field->element_size               ? field->element_size
                                   : field->kind == GS_KIND_NODE_SET ? 8
                                                                     : 1));
        if (field->by_role)
            fprintf(p->out, " by %s", p->spec->model.roles[field->by_role - 1].name);
        if (field->length)
            fprintf(p->out, " of %s", field->length);
    }
    fprintf(p->out, " }\n");
}

/* "phase_0", or "pair_3+1" for what stands one byte into it. */
static void print_cell(const struct printer *p, const struct shape *shape, unsigned number)
{
    const struct cell *cell = &shape->cells[number];
    const struct gs_field *field = &shape->fields[cell->field];
    fputs(field->name, p->out);
    if (cell->what != CELL_LIST && cell->offset != field->offset)
        fprintf(p->out, "+%u", cell->offset - field->offset);
}

/* ---- Expressions ---- */

static void print_expression(const struct printer *p, const struct expression *e)
{
    static const char *const texts[] = {[NUMBER_CONSTANT] = "",
                                        [NUMBER_OWN] = "own ",
                                        [NUMBER_GIVEN] = "given ",
                                        [NUMBER_BEFORE] = "before ",
                                        [NUMBER_ARGUMENT] = "argument",
                                        [NUMBER_INDEX] = "index",
                                        [NUMBER_CHOICE] = "choose ",
                                        [NUMBER_SIZE] = "size of ",
                                        [NUMBER_LENGTH] = "length of ",
                                        [NUMBER_OPTION] = "limit",
                                        [NUMBER_RANK] = "rank of from",
                                        [NUMBER_FLAG] = "flag",
                                        [NODE_NOBODY] = "nobody",
                                        [NODE_SELF] = "self",
                                        [NODE_FROM] = "from",
                                        [NODE_OWN] = "own ",
                                        [NODE_GIVEN] = "given ",
                                        [NODE_ARGUMENT] = "argument",
                                        [NODE_CHOICE] = "choose of ",
                                        [NODE_CHOICE_SET] = "choose of own ",
                                        [NODE_AT] = ""};
    fputs(texts[e->source], p->out);
    switch ((enum source)e->source) {
    case NUMBER_CONSTANT:
    case NUMBER_CHOICE:
        fprintf(p->out, "%u", e->amount);
        break;
    case NUMBER_OWN:
    case NUMBER_SIZE:
    case NUMBER_LENGTH:
    case NODE_OWN:
    case NODE_CHOICE_SET:
        print_cell(p, p->own, e->cell);
        break;
    case NUMBER_GIVEN:
    case NUMBER_BEFORE:
    case NODE_GIVEN:
        print_cell(p, p->given, e->cell);
        break;
    case NODE_CHOICE:
        fputs(p->spec->model.roles[e->cell].name, p->out);
        break;
    case NODE_AT:
        fprintf(p->out, "%s%u", p->spec->model.roles[e->cell].name, e->amount % p->spec->nodes_of_role[e->cell]);
        break;
    default:
        break;
    }
    if ((e->source == NUMBER_OWN || e->source == NUMBER_GIVEN) && e->amount)
        fprintf(p->out, " + %u", e->amount);
}

/* ---- Conditions and statements ---- */

static void print_condition(const struct printer *p, const struct condition *condition)
{
    fputs(condition->negated ? "not(" : "(", p->out);
    switch ((enum condition_kind)condition->kind) {
    case IF_EQUAL:
    case IF_LESS:
    case IF_NODE:
        print_expression(p, &condition->left);
        fputs(condition->kind == IF_LESS ? " < " : " == ", p->out);
        print_expression(p, &condition->right);
        break;
    case IF_HAS:
        print_cell(p, p->own, condition->cell);
        fputs(" has ", p->out);
        print_expression(p, &condition->left);
        break;
    case IF_TIMER:
        fprintf(p->out, "%s %u is set", p->spec->model.events[condition->cell].name, condition->index);
        break;
    case IF_MUTANT:
        fprintf(p->out, "mutant %u", condition->cell);
        break;
    case IF_CHANGED:
        print_cell(p, p->given, condition->cell);
        fputs(" changed", p->out);
        break;
    }
    fputs(")", p->out);
}

static void print_values(const struct printer *p, const struct statement *statement)
{
    fputs(" {", p->out);
    for (unsigned j = 0; j < SPEC_VALUES; j++) {
        fputs(j ? ", " : "", p->out);
        print_expression(p, &statement->values[j]);
    }
    fputs("}", p->out);
}

static void print_target(const struct printer *p, const struct statement *statement)
{
    const struct gs_model *model = &p->spec->model;
    switch ((enum statement_kind)statement->kind) {
    case DO_ARM:
    case DO_CANCEL:
        fprintf(p->out, "%s %u", model->events[statement->type].name, statement->index);
        break;
    case DO_SEND:
    case DO_BROADCAST:
    case DO_MULTICAST:
        fprintf(p->out, "%s to ", model->events[statement->type].name);
        if (statement->kind == DO_SEND)
            print_expression(p, &statement->to);
        else if (statement->kind == DO_BROADCAST)
            fputs(model->roles[statement->index].name, p->out);
        else
            print_cell(p, p->own, statement->cell);
        print_values(p, statement);
        break;
    case DO_ANNOUNCE:
        fputs(model->announcements[statement->type].name, p->out);
        print_values(p, statement);
        break;
    case DO_FAIL:
        fprintf(p->out, "%u", statement->cell);
        break;
    default:
        print_cell(p, p->own, statement->cell);
        break;
    }
}

static void print_statement(const struct printer *p, const struct statement *statement)
{
    static const char *const verbs[] = {[DO_NUMBER] = "let ",
                                        [DO_RAISE] = "raise ",
                                        [DO_NODE] = "let ",
                                        [DO_SET_WITH] = "add to ",
                                        [DO_SET_WITHOUT] = "take from ",
                                        [DO_SET_CLEAR] = "clear ",
                                        [DO_LIST_PUSH] = "push to ",
                                        [DO_LIST_INSERT] = "insert into ",
                                        [DO_LIST_TRUNCATE] = "truncate ",
                                        [DO_SEND] = "send ",
                                        [DO_BROADCAST] = "send ",
                                        [DO_MULTICAST] = "send ",
                                        [DO_ARM] = "arm ",
                                        [DO_CANCEL] = "cancel ",
                                        [DO_ANNOUNCE] = "announce ",
                                        [DO_FAIL] = "misbehave "};
    fputs(verbs[statement->kind], p->out);
    print_target(p, statement);
    switch ((enum statement_kind)statement->kind) {
    case DO_NUMBER:
    case DO_NODE:
        fputs(" = ", p->out);
        print_expression(p, &statement->to);
        break;
    case DO_SET_WITH:
    case DO_SET_WITHOUT:
        fputs(": ", p->out);
        print_expression(p, &statement->to);
        break;
    case DO_LIST_PUSH:
    case DO_LIST_INSERT:
        print_values(p, statement);
        break;
    default:
        break;
    }
}

static const char *const ending_names[] = {"true", "false", "defer", "unhandled"};

static void print_clause(const struct printer *p, const struct clause *clause)
{
    fputs("        if ", p->out);
    for (unsigned i = 0; i < clause->condition_count; i++) {
        fputs(i ? " and " : "", p->out);
        print_condition(p, &clause->conditions[i]);
    }
    fputs(":", p->out);
    for (unsigned i = 0; i < clause->statement_count; i++) {
        fputs(i ? "; " : " ", p->out);
        print_statement(p, &clause->statements[i]);
    }
    fprintf(p->out, "; %s\n", ending_names[clause->ending]);
}

static void print_behaviour(const struct printer *p, const char *name, const struct behaviour *behaviour)
{
    fprintf(p->out, "    on %s:\n", name);
    for (unsigned i = 0; i < behaviour->clause_count; i++)
        print_clause(p, &behaviour->clauses[i]);
    fprintf(p->out, "        else: %s\n", ending_names[behaviour->ending]);
}

/* ---- The parts of a model ---- */

static void print_event(const struct printer *p, const struct gs_event_type *event)
{
    static const char *const kinds[] = {"message", "timer", "local event"};
    fprintf(p->out, "%s %s", kinds[event->kind], event->name);
    for (unsigned f = 0; f < GS_MESSAGE_FIELDS_MAX && event->fields[f]; f++)
        fprintf(p->out, " %s", event->fields[f]);
    if (event->kind == GS_TIMER)
        fprintf(p->out, ", %u indices", event->indices);
    for (unsigned a = 0; a < GS_ARGUMENTS_MAX && event->arguments[a].kind; a++)
        if (event->arguments[a].kind == GS_NODE)
            fprintf(p->out, " (a %s)", p->spec->model.roles[event->arguments[a].role].name);
        else
            fprintf(p->out, " (%" PRId64 " to %s)", event->arguments[a].min,
                    event->arguments[a].max_option ? "limit" : "1");
    fputs("\n", p->out);
}

static void print_role(const struct random_spec *spec, unsigned r, FILE *out)
{
    const struct role_spec *role = &spec->role[r];
    const struct gs_role *installed = &spec->model.roles[r];
    struct printer p = {spec, &role->shape, NULL, out};
    print_shape(&p, "role", installed->name, &role->shape);
    fprintf(out, "    %u nodes%s\n", spec->nodes_of_role[r], installed->starts ? ", starts" : "");
    if (role->within_modulus)
        fprintf(out, "    within: hash %% %u\n", role->within_modulus);
    if (role->has_init) {
        fputs("    init:\n", out);
        print_clause(&p, &role->init);
    }
    print_behaviour(&p, "START", &role->start);
    for (unsigned e = 0; e < spec->events; e++) {
        const struct gs_event_type *event = &spec->model.events[e];
        p.given = event->kind == GS_MESSAGE ? &spec->message : NULL;
        if (event->kind == GS_MESSAGE || event->role == r)
            print_behaviour(&p, event->name, &role->events[e]);
    }
}

static void print_monitor(const struct random_spec *spec, const struct monitor_spec *monitor, const char *name,
                          FILE *out)
{
    struct printer p = {spec, &monitor->shape, NULL, out};
    print_shape(&p, "monitor", name, &monitor->shape);
    if (monitor->has_init) {
        fputs("    init:\n", out);
        print_clause(&p, &monitor->init);
    }
    for (unsigned a = 0; a < spec->announcements && monitor->is_fed_announcements; a++) {
        p.given = &spec->announcement[a];
        print_behaviour(&p, spec->model.announcements[a].name, &monitor->announced[a]);
    }
    for (unsigned r = 0; r < spec->roles && monitor->is_fed_steps; r++) {
        p.given = &spec->role[r].shape;
        print_behaviour(&p, spec->model.roles[r].name, &monitor->stepped[r]);
    }
}

static void print_properties(const struct random_spec *spec, FILE *out)
{
    static const char *const kinds[] = {"always", "reachable", "quiescent"};
    static const char *const scopes[] = {"all nodes",        "node",    "pair",         "role", "message",
                                         "message receiver", "monitor", "monitor node", "step", "step role"};
    for (unsigned i = 0; i < spec->properties; i++) {
        const struct property_spec *property = &spec->property[i];
        const struct gs_property *installed = property->property;
        fprintf(out, "%s %s: %s, role %u, other %u, monitor %u, hash %% %u", kinds[installed->kind], installed->name,
                scopes[installed->scope], installed->role, installed->other_role, property->monitor, property->modulus);
        if (property->premise)
            fprintf(out, ", premise %% %u", property->premise);
        fprintf(out, "%s\n", installed->needs ? ", needs limit >= 2" : "");
    }
}

/* ---- How it is run ---- */

static void print_list(const char *title, const char *const *names, FILE *out)
{
    for (unsigned i = 0; names && names[i]; i++)
        fprintf(out, " %s %s", title, names[i]);
}

static void print_config(const struct random_protocol *protocol, FILE *out)
{
    const struct gs_config *config = &protocol->config;
    const struct gs_preset *preset = &protocol->model->presets[config->preset ? 1 : 0];
    const bool in_preset = preset->copies;
    const struct gs_budgets *b = in_preset ? &preset->budgets : &config->budgets;
    fprintf(out, "network %s, copies %d, capacity %d\n",
            network_names[in_preset ? preset->network : (uint8_t)config->network],
            in_preset ? preset->copies : config->copies, in_preset ? preset->capacity : config->capacity);
    fprintf(out, "budgets: drops %d duplicates %d crashes %d restarts %d reboots %d partitions %d timeouts %d\n",
            b->drops, b->duplicates, b->crashes, b->restarts, b->reboots, b->partitions, b->timeouts);
    fprintf(out, "run with:");
    print_list("--set", preset->settings, out);
    print_list("--set", config->settings, out);
    print_list("--mutant", config->mutants, out);
    print_list("--property", config->properties, out);
    print_list("--allow", config->allow, out);
    if (config->max_depth_set)
        fprintf(out, " --max-depth %" PRIu64, config->max_depth);
    fprintf(out, "%s%s\n", config->keep_going ? " --keep-going" : "", config->ignore_goals ? " (no goals)" : "");
    if (protocol->model->splits)
        fputs("only some splits\n", out);
    for (unsigned n = 0; protocol->model->host && n < protocol->spec->nodes; n++)
        fprintf(out, "node %u on host %u\n", n, protocol->spec->hosts[n]);
}

void random_protocol_print(const struct random_protocol *protocol, FILE *out)
{
    const struct random_spec *spec = protocol->spec;
    const struct printer p = {spec, NULL, NULL, out};
    fprintf(out, "\n==== random protocol %" PRIu64 ", attempt %u ====\n", protocol->seed, protocol->attempt);
    if (spec->messages)
        print_shape(&p, "message", "struct", &spec->message);
    for (unsigned e = 0; e < spec->events; e++)
        print_event(&p, &spec->model.events[e]);
    for (unsigned a = 0; a < spec->announcements; a++)
        print_shape(&p, "announcement", spec->model.announcements[a].name, &spec->announcement[a]);
    for (unsigned r = 0; r < spec->roles; r++)
        print_role(spec, r, out);
    for (unsigned m = 0; m < spec->monitors; m++)
        print_monitor(spec, &spec->monitor[m], spec->model.monitors[m].name, out);
    if (spec->extension.monitors[0].name)
        print_monitor(spec, &spec->monitor[SPEC_MONITORS - 1], spec->extension.monitors[0].name, out);
    print_properties(spec, out);
    print_config(protocol, out);
}
