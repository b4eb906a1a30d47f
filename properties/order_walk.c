/* The states along an order of operations, one for each object. */
#include <stdlib.h>

#include "core/die.h"
#include "properties/asking.h"
#include "properties/automaton.h"
#include "properties/numbering.h"
#include "properties/search_order.h"

bool order_walk(const struct gs_decision *decision, const struct gs_history *history, const struct gs_sequential *model,
                gs_value initial, size_t without, gs_order_visitor *visit, void *context)
{
    struct automaton *automaton = automaton_new(model, initial);
    struct numbering keys = {0};
    uint32_t *states = die_calloc(history->count, sizeof(*states));
    uint32_t *classes = die_alloc(history->count * sizeof(*classes));
    bool is_legal = true;
    for (size_t i = 0; i < history->count; i++)
        classes[i] = automaton_class(automaton, &history->operations[i].operation, !model->by_key);
    if (visit != NULL)
        visit(context, NULL, 0, automaton_state(automaton, 0));
    for (size_t i = 0; i < decision->placed_count && is_legal; i++) {
        const size_t index = decision->placed[i];
        const struct gs_recorded *recorded = &history->operations[index];
        uint32_t *state = &states[model->by_key ? numbering_of(&keys, recorded->operation.key) : 0];
        if (i == without)
            continue;
        is_legal = automaton_step(automaton, *state, classes[index], state);
        if (is_legal && visit != NULL)
            visit(context, recorded, index, automaton_state(automaton, *state));
    }
    free(states);
    free(classes);
    numbering_free(&keys);
    automaton_free(automaton);
    return is_legal;
}

void gs_decision_visit_order(const struct gs_decision *decision, const struct gs_history *history,
                             const struct gs_sequential *model, gs_value initial, gs_order_visitor *visit,
                             void *context)
{
    expect_as_before(model, order_walk(decision, history, model, initial, SIZE_MAX, visit, context));
}
