/* The list of protocols. A new one takes two lines: its declaration and its place in the list. */
#include "cli/protocols.h"

#include <string.h>

#include "cli/plugin.h"
#include "core/model.h"

extern const struct gs_model abd, causal_log, chain_replication, craq, crdt_store, flexible_paxos, g_counter,
    lww_register, multi_leader, multi_paxos, multi_paxos_kv, mv_register, or_set, or_set_tagged, paxos, paxos_actors,
    pn_counter, primary_backup, quorum_store, raft, raft_kv, single_copy_register, two_phase_commit;

const struct gs_model *const builtin_protocols[] = {
    &abd,
    &causal_log,
    &chain_replication,
    &craq,
    &crdt_store,
    &flexible_paxos,
    &g_counter,
    &lww_register,
    &multi_leader,
    &multi_paxos,
    &multi_paxos_kv,
    &mv_register,
    &or_set,
    &or_set_tagged,
    &paxos,
    &paxos_actors,
    &pn_counter,
    &primary_backup,
    &quorum_store,
    &raft,
    &raft_kv,
    &single_copy_register,
    &two_phase_commit,
    NULL,
};

const struct gs_model *protocol_builtin(const char *name)
{
    for (size_t i = 0; builtin_protocols[i]; i++)
        if (strcmp(builtin_protocols[i]->name, name) == 0)
            return builtin_protocols[i];
    return NULL;
}

const struct gs_model *protocol_find(const char *command, const char *what, const char *argument)
{
    if (plugin_is_file(argument))
        return plugin_load_model(command, what, argument);
    const struct gs_model *model = protocol_builtin(argument);
    char error[512];
    if (!model) {
        struct name_list known = {0};
        protocol_names(&known);
        complain_unknown(command, what, argument, "protocol", &known);
        name_list_free(&known);
    } else if (!model_check(model, error, sizeof(error))) {
        complain(command, "%s: %s", argument, error);
        model = NULL;
    }
    return model;
}

void protocol_names(struct name_list *names)
{
    for (size_t i = 0; builtin_protocols[i]; i++)
        name_list_add(names, builtin_protocols[i]->name);
}

void preset_names(const struct gs_model *model, struct name_list *names)
{
    for (size_t i = 0; i < GS_PRESETS_MAX && model->presets[i].name; i++)
        name_list_add(names, model->presets[i].name);
}

void option_names(const struct gs_model *model, struct name_list *names)
{
    for (size_t i = 0; i < GS_OPTIONS_MAX && model->options[i].name; i++)
        name_list_add(names, model->options[i].name);
}

void mutant_names(const struct gs_model *model, struct name_list *names)
{
    for (size_t i = 0; i < GS_MUTANTS_MAX && model->mutants[i].name; i++)
        name_list_add(names, model->mutants[i].name);
}

void property_names(const struct gs_model *model, const struct gs_extension *const *extensions, struct name_list *names)
{
    for (size_t i = 0; i < GS_PROPERTIES_MAX && model->properties[i].name; i++)
        name_list_add(names, model->properties[i].name);
    for (size_t e = 0; extensions && extensions[e]; e++)
        for (size_t i = 0; i < GS_PROPERTIES_MAX && extensions[e]->properties[i].name; i++)
            name_list_add(names, extensions[e]->properties[i].name);
}
