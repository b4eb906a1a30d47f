/* Monitors and properties: which count, feeding them, judging every value of every scope, and the verdicts. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/reference/reference_search.h"

/* ---- What the run looks at ---- */

static bool is_named(const char *const *names, const char *name)
{
    for (size_t i = 0; names && names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool is_judged(const struct search *search, const struct gs_property *property)
{
    const struct gs_config *config = search->config;
    if (config->properties && !is_named(config->properties, property->name))
        return false;
    if (config->ignore_goals && property->kind == GS_REACHABLE)
        return false;
    return !property->needs || property->needs(search->run);
}

static bool scope_has_monitor(uint8_t scope)
{
    return scope == GS_SCOPE_MONITOR || scope == GS_SCOPE_MONITOR_NODE;
}

static bool scope_has_message(uint8_t scope)
{
    return scope == GS_SCOPE_MESSAGE || scope == GS_SCOPE_MESSAGE_RECEIVER;
}

static bool scope_has_step(uint8_t scope)
{
    return scope == GS_SCOPE_STEP || scope == GS_SCOPE_STEP_ROLE;
}

/* Leaving out ignored deliveries is exact for what is neither about steps themselves nor about what is in flight. That
 * a step which moves nothing decides no property over a step is gs_check's to find out. */
static bool forbids_leaving_out(const struct search *search, const struct judged *judged)
{
    const struct gs_property *property = judged->property;
    return property->kind == GS_QUIESCENT || scope_has_message(property->scope) ||
           property->scope == GS_SCOPE_STEP_ROLE ||
           (scope_has_monitor(property->scope) && run_monitor(search->run, judged->monitor)->stepped);
}

void ref_judge_choose(struct search *search)
{
    search->property_count = run_property_count(search->run);
    search->monitor_count = run_monitor_count(search->run);
    search->leaves_out_ignored = search->run->network == GS_BAG && !search->config->no_reductions;
    for (unsigned p = 0; p < search->property_count; p++) {
        struct judged *judged = &search->judged[p];
        judged->property = run_property(search->run, p);
        judged->on = is_judged(search, judged->property);
        if (!judged->on)
            continue;
        if (scope_has_monitor(judged->property->scope)) {
            judged->monitor = run_property_monitor(search->run, p);
            search->monitor_on[judged->monitor] = true;
        }
        search->judges_quiescence |= judged->property->kind == GS_QUIESCENT;
        search->leaves_out_ignored &= !forbids_leaving_out(search, judged);
    }
    search->result->reduced = search->leaves_out_ignored;
}

/* ---- Monitors ---- */

/* While the reference calls a monitor: whether an assertion of it has failed. */
static bool calling_monitor, assertion_failed;

void reference_monitor_assert(const struct gs_run *run, bool condition)
{
    if (!calling_monitor)
        gs_assert(run, condition);
    else if (!condition)
        assertion_failed = true;
}

void ref_monitors_init(struct search *search, struct vector *state)
{
    for (unsigned m = 0; m < search->monitor_count; m++) {
        const struct gs_monitor *monitor = run_monitor(search->run, m);
        if (search->monitor_on[m] && monitor->init)
            monitor->init(search->run, state->bytes + search->monitor_at[m]);
    }
}

static void feed_announcements(struct attempt *attempt, const struct gs_monitor *monitor, uint8_t *value)
{
    const struct gs_run *run = attempt->search->run;
    const struct vector *all = &attempt->announced;
    for (size_t at = 0, size; at < all->size; at += 2 + size) {
        size = run->model->announcements[all->bytes[at + 1]].size;
        struct vector announced = {0};
        ref_vector_append(&announced, all->bytes + at + 2, size);
        monitor->announced(run, value, (gs_node){all->bytes[at]}, all->bytes[at + 1], announced.bytes);
        ref_vector_free(&announced);
    }
}

static void feed_steps(struct attempt *attempt, const struct gs_monitor *monitor, uint8_t *value)
{
    const struct search *search = attempt->search;
    for (unsigned n = 0; n < search->run->node_count; n++) {
        if (!(attempt->movers >> n & 1))
            continue;
        struct gs_view view = {.run = search->run, .this_node = node_of(n)};
        view.locals[n] = ref_state_local(search, &attempt->state, n);
        view.before = ref_state_local(search, attempt->old, n);
        monitor->stepped(search->run, value, &view);
    }
}

bool ref_monitors_feed(struct attempt *attempt)
{
    const struct search *search = attempt->search;
    calling_monitor = true;
    assertion_failed = false;
    for (unsigned m = 0; m < search->monitor_count; m++) {
        const struct gs_monitor *monitor = run_monitor(search->run, m);
        uint8_t *value = attempt->state.bytes + search->monitor_at[m];
        if (search->monitor_on[m] && monitor->announced)
            feed_announcements(attempt, monitor, value);
        if (search->monitor_on[m] && monitor->stepped && attempt->old)
            feed_steps(attempt, monitor, value);
    }
    calling_monitor = false;
    return !assertion_failed;
}

/* ---- One value of a scope ---- */

static void note_found(struct search *search, struct judged *judged, uint64_t steps)
{
    if (!judged->found || steps < judged->steps)
        judged->steps = steps;
    judged->found = true;
    search->violated |=
        judged->property->kind != GS_REACHABLE && !is_named(search->config->allow, judged->property->name);
}

static void append_local(const struct search *search, struct vector *key, unsigned node, const uint8_t *local)
{
    const uint8_t tag = (uint8_t)(node + 1);
    ref_vector_append(key, &tag, 1);
    ref_vector_append(key, local, ref_node_local_size(search, node));
}

/* All that the view holds, as bytes. Views of one scope have the same members, so these never run together. */
static void remember_value(const struct search *search, struct judged *judged, const struct gs_view *view)
{
    struct vector key = {0};
    const uint8_t tags[] = {view->this_node.tag, view->that_node.tag, view->sender.tag, view->receiver.tag};
    ref_vector_append(&key, tags, sizeof(tags));
    for (unsigned n = 0; n < search->run->node_count; n++)
        if (view->locals[n])
            append_local(search, &key, n, view->locals[n]);
    if (view->before)
        append_local(search, &key, node_number(view->this_node), view->before);
    if (view->message)
        ref_vector_append(&key, view->message, search->run->model->message_size);
    if (view->monitor)
        ref_vector_append(&key, view->monitor, run_monitor(search->run, judged->monitor)->size);
    ref_value_set_insert(&judged->values, &key);
    ref_vector_free(&key);
}

static void judge_value(struct search *search, struct judged *judged, struct gs_view *view, uint64_t steps)
{
    view->run = search->run;
    const bool result = judged->property->holds(view);
    remember_value(search, judged, view);
    judged->premise_used |= view->premise_used;
    judged->premise_met |= view->premise_met;
    if (result == (judged->property->kind == GS_REACHABLE))
        note_found(search, judged, steps);
}

/* ---- All values of a scope in a state ---- */

static void show(const struct search *search, const struct vector *state, struct gs_view *view, unsigned node)
{
    view->locals[node] = ref_state_local(search, state, node);
}

static void show_role(const struct search *search, const struct vector *state, struct gs_view *view, unsigned role)
{
    for (unsigned n = 0; n < search->run->node_count; n++)
        if (search->run->nodes[n].role == role)
            show(search, state, view, n);
}

static void show_monitor(const struct search *search, const struct vector *state, const struct judged *judged,
                         struct gs_view *view)
{
    view->monitor = state->bytes + search->monitor_at[judged->monitor];
}

static void judge_whole(struct search *search, struct judged *judged, const struct vector *state, uint64_t steps)
{
    struct gs_view view = {0};
    if (judged->property->scope == GS_SCOPE_MONITOR)
        show_monitor(search, state, judged, &view);
    for (unsigned r = 0; r < search->run->role_count; r++)
        if (judged->property->scope == GS_SCOPE_ALL_NODES ||
            (judged->property->scope == GS_SCOPE_ROLE && judged->property->role == r))
            show_role(search, state, &view, r);
    judge_value(search, judged, &view, steps);
}

static void judge_nodes(struct search *search, struct judged *judged, const struct vector *state, uint64_t steps)
{
    for (unsigned n = 0; n < search->run->node_count; n++) {
        if (search->run->nodes[n].role != judged->property->role)
            continue;
        struct gs_view view = {.this_node = node_of(n)};
        show(search, state, &view, n);
        if (judged->property->scope == GS_SCOPE_MONITOR_NODE)
            show_monitor(search, state, judged, &view);
        judge_value(search, judged, &view, steps);
    }
}

static void judge_pairs(struct search *search, struct judged *judged, const struct vector *state, uint64_t steps)
{
    const struct run_node *nodes = search->run->nodes;
    for (unsigned a = 0; a < search->run->node_count; a++)
        for (unsigned b = 0; b < search->run->node_count; b++) {
            if (a == b || nodes[a].role != judged->property->role || nodes[b].role != judged->property->other_role)
                continue;
            struct gs_view view = {.this_node = node_of(a), .that_node = node_of(b)};
            show(search, state, &view, a);
            show(search, state, &view, b);
            judge_value(search, judged, &view, steps);
        }
}

static void judge_messages(struct search *search, struct judged *judged, const struct vector *state, uint64_t steps)
{
    for (size_t i = 0; i < ref_mail_count(search, state); i++) {
        const uint8_t *entry = ref_mail_entry(search, state, i);
        struct vector message = {0}; /* aligned */
        ref_vector_append(&message, mail_message(entry), search->run->model->message_size);
        struct gs_view view = {
            .message = message.bytes, .sender = node_of(mail_sender(entry)), .receiver = node_of(mail_receiver(entry))};
        if (judged->property->scope == GS_SCOPE_MESSAGE_RECEIVER) {
            view.this_node = view.receiver;
            show(search, state, &view, mail_receiver(entry));
        }
        judge_value(search, judged, &view, steps);
        ref_vector_free(&message);
    }
}

static void judge_in_state(struct search *search, struct judged *judged, const struct vector *state, uint64_t steps)
{
    switch ((enum gs_scope)judged->property->scope) {
    case GS_SCOPE_ALL_NODES:
    case GS_SCOPE_ROLE:
    case GS_SCOPE_MONITOR:
        judge_whole(search, judged, state, steps);
        break;
    case GS_SCOPE_NODE:
    case GS_SCOPE_MONITOR_NODE:
        judge_nodes(search, judged, state, steps);
        break;
    case GS_SCOPE_PAIR:
        judge_pairs(search, judged, state, steps);
        break;
    case GS_SCOPE_MESSAGE:
    case GS_SCOPE_MESSAGE_RECEIVER:
        judge_messages(search, judged, state, steps);
        break;
    case GS_SCOPE_STEP:
    case GS_SCOPE_STEP_ROLE:
        break; /* nothing of a state alone */
    }
}

void ref_judge_state(struct search *search, const struct vector *state, uint64_t depth)
{
    for (unsigned p = 0; p < search->property_count; p++)
        if (search->judged[p].on && search->judged[p].property->kind != GS_QUIESCENT)
            judge_in_state(search, &search->judged[p], state, depth);
}

void ref_judge_quiescent_state(struct search *search, const struct vector *state)
{
    for (unsigned p = 0; p < search->property_count; p++)
        if (search->judged[p].on && search->judged[p].property->kind == GS_QUIESCENT)
            judge_in_state(search, &search->judged[p], state, search->depth);
}

static void judge_step_of(const struct attempt *attempt, struct judged *judged, unsigned node)
{
    struct search *search = attempt->search;
    struct gs_view view = {.this_node = node_of(node), .before = ref_state_local(search, attempt->old, node)};
    show(search, &attempt->state, &view, node);
    if (judged->property->scope == GS_SCOPE_STEP_ROLE)
        show_role(search, &attempt->state, &view, judged->property->other_role);
    judge_value(search, judged, &view, search->depth + 1);
}

void ref_judge_step(const struct attempt *attempt)
{
    struct search *search = attempt->search;
    for (unsigned p = 0; p < search->property_count; p++) {
        struct judged *judged = &search->judged[p];
        for (unsigned n = 0; n < search->run->node_count; n++)
            if (judged->on && scope_has_step(judged->property->scope) && (attempt->movers >> n & 1) &&
                search->run->nodes[n].role == judged->property->role)
                judge_step_of(attempt, judged, n);
    }
}

void ref_judge_misbehaviour(struct search *search, uint64_t steps)
{
    if (!search->misbehaved || steps < search->misbehaved_steps)
        search->misbehaved_steps = steps;
    search->misbehaved = search->violated = true;
    search->result->misbehaved++;
}

/* ---- Verdicts ---- */

static enum gs_verdict verdict_of(const struct search *search, const struct judged *judged)
{
    const bool is_goal = judged->property->kind == GS_REACHABLE;
    if (!judged->on)
        return GS_VERDICT_NOT_CHECKED;
    if (judged->found)
        return is_goal ? GS_VERDICT_PROVED : GS_VERDICT_VIOLATED;
    if (!search->result->complete)
        return GS_VERDICT_BOUNDED;
    if (is_goal)
        return GS_VERDICT_UNREACHED;
    const bool never = judged->values.count == 0 || (judged->premise_used && !judged->premise_met);
    return never ? GS_VERDICT_VACUOUS : GS_VERDICT_PROVED;
}

void ref_judge_decide(struct search *search)
{
    struct reference_result *result = search->result;
    for (unsigned p = 0; p < search->property_count; p++) {
        const struct judged *judged = &search->judged[p];
        result->properties[p] = (struct reference_property){.property = judged->property,
                                                            .name = judged->property->name,
                                                            .verdict = verdict_of(search, judged),
                                                            .judged = judged->values.count,
                                                            .steps = judged->steps};
    }
    const enum gs_verdict behaved = search->misbehaved ? GS_VERDICT_VIOLATED
                                    : result->complete ? GS_VERDICT_PROVED
                                                       : GS_VERDICT_BOUNDED;
    result->properties[search->property_count] =
        (struct reference_property){.name = JUDGE_BEHAVIOUR, .verdict = behaved, .steps = search->misbehaved_steps};
    result->property_count = search->property_count + 1;
}
