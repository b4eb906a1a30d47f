/* Was made for a later interface. */
#include "core/gainsay.h"

static const struct gs_model later = {.name = "later"};

extern const struct gs_plugin gainsay_plugin;
const struct gs_plugin gainsay_plugin = {GS_INTERFACE + 1, sizeof(struct gs_model), &later, NULL};
