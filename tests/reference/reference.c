/* The search itself: level by level over all states, each expanded by trying every event. */
#include "tests/reference/reference.h"

#include <assert.h>
#include <string.h>

#include "tests/reference/reference_search.h"

const char *const reference_cut_names[REFERENCE_CUTS] = {"capacity", "copies", "within"};

static void search_free(struct search *search)
{
    for (unsigned p = 0; p < search->property_count; p++)
        ref_value_set_free(&search->judged[p].values);
    ref_value_set_free(&search->states);
    run_free((struct gs_run *)search->run);
}

/* The nodes as init leaves them, no mail, nothing spent. False: an init misbehaved. */
static bool before_start(struct search *search, struct vector *state)
{
    char explanation[EXPLANATION_SIZE];
    struct bytes local = {0};
    bool fine = true;
    const uint8_t zero = 0;
    while (state->size < search->mail_at)
        ref_vector_append(state, &zero, 1);
    for (unsigned n = 0; fine && n < search->run->node_count; n++) {
        fine = local_initial(search->run, n, &local, explanation);
        assert(local.size == ref_node_local_size(search, n));
        memcpy(ref_state_local(search, state, n), local.data, local.size);
    }
    ref_monitors_init(search, state);
    bytes_free(&local);
    return fine;
}

static void find_initial_states(struct search *search)
{
    struct attempt attempt = ref_attempt_of(search, NULL, ACTION_START, 0);
    uint64_t starting = 0;
    for (unsigned n = 0; n < search->run->node_count; n++)
        if (ref_node_role(search, n)->starts)
            starting |= UINT64_C(1) << n;
    if (before_start(search, &attempt.state))
        ref_attempt_start_nodes(&attempt, starting);
    else
        ref_judge_misbehaviour(search, 0);
    ref_attempt_free(&attempt);
}

static void expand(struct search *search, const struct vector *state)
{
    bool moves = ref_try_deliveries(search, state);
    moves |= ref_try_timers(search, state);
    moves |= ref_try_local_events(search, state);
    ref_try_duplicates(search, state);
    ref_try_drops(search, state);
    ref_try_hosts(search, state);
    ref_try_partitions(search, state);
    if (!moves && !ref_state_side(search, state))
        ref_judge_quiescent_state(search, state);
}

/* Expands the states numbered from `begin` on that are there now. */
static void expand_level(struct search *search, size_t begin, uint64_t max_states)
{
    const size_t end = search->states.count;
    if (end - begin > search->result->levels_widest)
        search->result->levels_widest = end - begin;
    for (size_t i = begin; i < end && search->states.count <= max_states; i++) {
        struct vector state = {0}; /* the table of states moves as it grows */
        ref_vector_assign(&state, &search->states.values[i]);
        expand(search, &state);
        ref_vector_free(&state);
    }
}

static bool goes_on(const struct search *search)
{
    const struct gs_config *config = search->config;
    const bool has_max_depth = config->max_depth || config->max_depth_set;
    return (config->keep_going || !search->violated) && (!has_max_depth || search->depth < config->max_depth);
}

static void search_levels(struct search *search, uint64_t max_states)
{
    size_t begin = 0;
    if (search->config->from)
        ref_stage_find(search);
    else
        find_initial_states(search);
    while (begin < search->states.count && goes_on(search)) {
        const size_t end = search->states.count;
        expand_level(search, begin, max_states);
        if (search->states.count > max_states) {
            search->result->gave_up = true;
            return;
        }
        begin = end;
        search->depth++;
    }
    search->result->complete = begin == search->states.count && !search->misbehaved;
    search->result->states = search->states.count;
}

void reference_search(const struct gs_model *model, const struct gs_config *config, uint64_t max_states,
                      struct reference_result *result)
{
    const struct run_config run_config = {.preset = config->preset,
                                          .settings = config->settings,
                                          .mutants = config->mutants,
                                          .network = (uint8_t)config->network,
                                          .copies = config->copies,
                                          .capacity = config->capacity,
                                          .budgets = config->budgets,
                                          .extensions = config->extensions};
    *result = (struct reference_result){0};
    struct search search = {.config = config, .result = result};
    search.run = run_new(model, &run_config, result->error, sizeof(result->error));
    if (!search.run)
        return;
    result->ran = true;
    result->network = search.run->network;
    ref_judge_choose(&search);
    ref_search_lay_out(&search);
    search_levels(&search, max_states);
    if (!result->gave_up)
        ref_judge_decide(&search);
    if (!result->gave_up && config->from)
        ref_stage_decide(&search);
    search_free(&search);
}
