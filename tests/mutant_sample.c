#include "tests/mutant_sample.h"

#include "tests/scale.h"

static const struct gs_mutant *mutant_of(const struct gs_model *model, const char *name)
{
    for (int i = 0; i < GS_MUTANTS_MAX && model->mutants[i].name; i++)
        if (strcmp(model->mutants[i].name, name) == 0)
            return &model->mutants[i];
    cr_fatal("%s has no mutant %s", model->name, name);
}

void expect_mutant(const struct gs_model *model, const char *mutant, const char *property, struct gs_config config,
                   enum gs_status status, struct gs_result *result)
{
    config.mutants = LIST(mutant);
    config.properties = LIST(property);
    config.ignore_goals = true;
    check(model, &config, status, result);
}

static void expect_killed(const struct gs_model *model, const struct pinned_mutant *pinned)
{
    const struct gs_mutant *mutant = mutant_of(model, pinned->name);
    struct gs_result result;
    expect_mutant(model, pinned->name, mutant->property, (struct gs_config){.preset = mutant->preset}, GS_VIOLATION,
                  &result);
    cr_expect(eq(u64, result_of(&result, mutant->property)->steps, pinned->steps), "%s", pinned->name);
    cr_expect(result_of(&result, mutant->property)->trace != NULL, "%s", pinned->name);
    gs_result_free(&result);
}

void expect_mutants(const struct gs_model *model, const struct pinned_mutant *pinned, size_t count)
{
    size_t safety = 0;
    for (int i = 0; i < GS_MUTANTS_MAX && model->mutants[i].name; i++)
        safety += !model->mutants[i].liveness;
    cr_expect(eq(sz, safety, count), "pin the new mutant's length");
    for (size_t i = 0; i < count; i++)
        expect_killed(model, &pinned[i]);
}

void expect_lost(const struct gs_model *model, const struct lost_claim *claims, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct gs_result result;
        expect_mutant(model, claims[i].mutant, claims[i].property, (struct gs_config){.preset = claims[i].preset},
                      GS_VIOLATION, &result);
        cr_expect(eq(u64, result_of(&result, claims[i].property)->steps, claims[i].steps), "%s %s", claims[i].mutant,
                  claims[i].property);
        gs_result_free(&result);
    }
}

static bool is_large(const char *preset)
{
    return strcmp(preset, "full") == 0 || strcmp(preset, "five-servers") == 0;
}

void expect_presets_hold(const struct gs_model *model)
{
    for (int i = 0; i < (IS_SLOW ? 2 : GS_PRESETS_MAX) && model->presets[i].name; i++) {
        struct gs_result result;
        if (is_large(model->presets[i].name))
            continue;
        check(model, &(struct gs_config){.preset = model->presets[i].name}, GS_HOLDS, &result);
        cr_expect(result.complete, "%s", model->presets[i].name);
        gs_result_free(&result);
    }
}
