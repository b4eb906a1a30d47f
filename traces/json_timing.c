/* One table says which knobs there are. Draws are pairs of a place and a value: where none is named it is 0. */
#include "traces/json_timing.h"

#include <stddef.h>
#include <string.h>

#include "core/die.h"

enum knob_kind { KNOB_TIME, KNOB_PPM, KNOB_BYTES, KNOB_DISTRIBUTION };

static const struct knob {
    const char *name;
    enum knob_kind kind;
    size_t offset;
    bool is_new; /* older traces have none: 0 */
} knobs[] = {
#define KNOB(member, ...)                                                                                     \
    {                                                                                                         \
#member, GS_FIRST_(__VA_ARGS__, 0), offsetof(struct gs_timing, member), GS_SECOND_(__VA_ARGS__, 0, 0) \
    }
    KNOB(heal_after, KNOB_TIME),       KNOB(recover_within, KNOB_TIME),  KNOB(until, KNOB_TIME),
    KNOB(latency, KNOB_DISTRIBUTION),  KNOB(timer, KNOB_DISTRIBUTION),   KNOB(local, KNOB_DISTRIBUTION),
    KNOB(down_for, KNOB_DISTRIBUTION), KNOB(cut_for, KNOB_DISTRIBUTION), KNOB(pause_for, KNOB_DISTRIBUTION),
    KNOB(crash_every, KNOB_TIME),      KNOB(partition_every, KNOB_TIME), KNOB(one_way_every, KNOB_TIME),
    KNOB(pause_every, KNOB_TIME),      KNOB(loss_ppm, KNOB_PPM),         KNOB(duplicate_ppm, KNOB_PPM),
    KNOB(drift_ppm, KNOB_PPM),         KNOB(bandwidth, KNOB_BYTES),      KNOB(skew, KNOB_TIME, true),
#undef KNOB
};
enum { KNOBS = sizeof(knobs) / sizeof(knobs[0]), DISTRIBUTIONS = 4 };

static const char *const distribution_names[DISTRIBUTIONS] = {
    [GS_CONSTANT] = "constant", [GS_UNIFORM] = "uniform", [GS_NORMAL] = "normal", [GS_EXPONENTIAL] = "exponential"};

/* The longest time there is: 1000 hours, as on the command line. */
#define TIME_MAX INT64_C(3600000000000000)
enum { PPM_MAX = 1000000, DRAWS_MAX = 1 << 22 };

/* ---- Writing ---- */

static json_t *knob_json(const struct knob *knob, const struct gs_timing *timing)
{
    const void *place = (const char *)timing + knob->offset;
    const struct gs_distribution *distribution = place;
    switch (knob->kind) {
    case KNOB_TIME:
        return json_integer(*(const int64_t *)place);
    case KNOB_PPM:
        return json_integer(*(const uint32_t *)place);
    case KNOB_BYTES:
        return json_unsigned(*(const uint64_t *)place);
    case KNOB_DISTRIBUTION:
        return json_pack("[s, I, I]", distribution_names[distribution->kind], (json_int_t)distribution->a,
                         (json_int_t)distribution->b);
    }
    die("no kind of knob %d", knob->kind);
}

static json_t *goals_json(const struct trace *trace)
{
    json_t *goals = json_array();
    for (unsigned p = 0; p < run_property_count(trace->run) && p < 64; p++)
        if (trace->clock->recovers >> p & 1)
            json_array_append_new(goals, json_text(run_property(trace->run, p)->name));
    return goals;
}

static json_t *draws_json(const struct trace_clock *clock)
{
    json_t *draws = json_array();
    for (size_t i = 0; i < clock->draw_count; i++) {
        if (!clock->draws[i])
            continue;
        json_t *pair = json_array();
        json_array_append_new(pair, json_unsigned(i));
        json_array_append_new(pair, json_unsigned(clock->draws[i]));
        json_array_append_new(draws, pair);
    }
    return draws;
}

json_t *json_timing(const struct trace *trace)
{
    json_t *timing = json_object();
    json_object_set_new(timing, "recovers", goals_json(trace));
    for (size_t i = 0; i < KNOBS; i++)
        json_object_set_new(timing, knobs[i].name, knob_json(&knobs[i], &trace->clock->timing));
    json_object_set_new(timing, "draws", draws_json(trace->clock));
    return timing;
}

/* ---- Reading ---- */

static bool read_distribution(const struct json_reader *reader, const struct json_place *at, const json_t *json,
                              struct gs_distribution *distribution)
{
    const struct json_place kind_at = {.outer = at, .index = 0}, a_at = {.outer = at, .index = 1},
                            b_at = {.outer = at, .index = 2};
    const char *name;
    if (!json_is_array(json) || json_array_size(json) != 3)
        return json_refuse(reader, at, "expected an array of a kind of distribution and two times");
    if (!json_read_text(reader, &kind_at, json_array_get(json, 0), &name))
        return false;
    uint8_t kind = 0;
    while (kind < DISTRIBUTIONS && strcmp(distribution_names[kind], name) != 0)
        kind++;
    if (kind == DISTRIBUTIONS)
        return json_refuse(reader, &kind_at, "\"%.60s\" is not constant, uniform, normal or exponential", name);
    distribution->kind = kind;
    return json_read_signed(reader, &a_at, json_array_get(json, 1), 0, TIME_MAX, &distribution->a) &&
           json_read_signed(reader, &b_at, json_array_get(json, 2), 0, TIME_MAX, &distribution->b);
}

static bool read_knob(const struct json_reader *reader, const struct json_place *outer, const struct knob *knob,
                      const json_t *json, struct gs_timing *timing)
{
    const struct json_place at = {.outer = outer, .name = knob->name};
    void *place = (char *)timing + knob->offset;
    uint64_t number = 0;
    bool is_read = false;
    switch (knob->kind) {
    case KNOB_TIME:
        return json_read_signed(reader, &at, json, 0, TIME_MAX, place);
    case KNOB_PPM:
        is_read = json_read_unsigned(reader, &at, json, PPM_MAX, &number);
        *(uint32_t *)place = (uint32_t)number;
        return is_read;
    case KNOB_BYTES:
        return json_read_unsigned(reader, &at, json, INT64_MAX, place);
    case KNOB_DISTRIBUTION:
        return read_distribution(reader, &at, json, place);
    }
    return is_read;
}

static bool check_members(const struct json_reader *reader, const struct json_place *at, const json_t *json)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)json, name, value)
    {
        bool is_known = strcmp(name, "recovers") == 0 || strcmp(name, "draws") == 0;
        for (size_t i = 0; i < KNOBS; i++)
            is_known |= strcmp(name, knobs[i].name) == 0;
        if (!is_known)
            return json_refuse(reader, &(struct json_place){.outer = at, .name = name}, "a clock has no such member");
    }
    return true;
}

static bool read_goals(const struct json_reader *reader, const struct json_place *outer, const json_t *json,
                       struct trace_clock *clock, const char **unknown)
{
    const struct json_place at = {.outer = outer, .name = "recovers"};
    const char *name;
    *unknown = NULL;
    if (!json_array_size(json))
        return json_refuse(reader, &at, "expected an array of the names of goals");
    for (size_t i = 0; i < json_array_size(json); i++) {
        bool found = false;
        if (!json_read_text(reader, &(struct json_place){.outer = &at, .index = i}, json_array_get(json, i), &name))
            return false;
        for (unsigned p = 0; p < run_property_count(reader->run) && p < 64; p++)
            if (strcmp(run_property(reader->run, p)->name, name) == 0 &&
                run_property(reader->run, p)->kind == GS_REACHABLE) {
                clock->recovers |= UINT64_C(1) << p;
                found = true;
            }
        *unknown = found ? *unknown : name;
    }
    return true;
}

/* Places ascend, so that each stands there once and none takes more room than the line. */
static bool read_draw(const struct json_reader *reader, const struct json_place *at, const json_t *json,
                      struct trace_clock *clock, size_t *capacity)
{
    uint64_t place, value;
    if (!json_is_array(json) || json_array_size(json) != 2)
        return json_refuse(reader, at, "expected a pair of a place and a value");
    if (!json_read_unsigned(reader, at, json_array_get(json, 0), DRAWS_MAX, &place) ||
        !json_read_unsigned(reader, at, json_array_get(json, 1), UINT64_MAX, &value))
        return false;
    if (place < clock->draw_count)
        return json_refuse(reader, at, "its place is not behind the one before");
    clock->draws = die_grow(clock->draws, capacity, place + 1, sizeof(*clock->draws));
    while (clock->draw_count < place)
        clock->draws[clock->draw_count++] = 0;
    clock->draws[clock->draw_count++] = value;
    return true;
}

static bool read_draws(const struct json_reader *reader, const struct json_place *outer, const json_t *json,
                       struct trace_clock *clock)
{
    const struct json_place at = {.outer = outer, .name = "draws"};
    size_t capacity = 0;
    if (!json_is_array(json))
        return json_refuse(reader, &at, "expected an array of pairs of a place and a value");
    for (size_t i = 0; i < json_array_size(json); i++)
        if (!read_draw(reader, &(struct json_place){.outer = &at, .index = i}, json_array_get(json, i), clock,
                       &capacity))
            return false;
    return true;
}

bool json_timing_read(const struct json_reader *reader, const json_t *json, struct trace_clock *clock,
                      const char **unknown)
{
    const struct json_place at = {.name = "timing"};
    if (!json_is_object(json))
        return json_refuse(reader, &at, "expected an object, not %s", json ? json_type_name(json) : "nothing");
    if (!check_members(reader, &at, json) ||
        !read_goals(reader, &at, json_object_get(json, "recovers"), clock, unknown))
        return false;
    for (size_t i = 0; i < KNOBS; i++) {
        const json_t *knob = json_object_get(json, knobs[i].name);
        if (!(knobs[i].is_new && !knob) && !read_knob(reader, &at, &knobs[i], knob, &clock->timing))
            return false;
    }
    if (!clock->timing.heal_after || !clock->timing.recover_within)
        return json_refuse(reader, &at, "without heal_after or recover_within there is no deadline");
    if (!read_draws(reader, &at, json_object_get(json, "draws"), clock))
        return false;
    clock->timing.on = true;
    return true;
}
