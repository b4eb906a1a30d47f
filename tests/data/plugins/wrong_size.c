/* Was compiled with another struct gs_model. */
#include "core/gainsay.h"

static const struct gs_model other = {.name = "other"};

extern const struct gs_plugin gainsay_plugin;
const struct gs_plugin gainsay_plugin = {GS_INTERFACE, sizeof(struct gs_model) - 8, &other, NULL};
