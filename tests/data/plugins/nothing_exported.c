/* Exports neither a model nor properties. */
#include "core/gainsay.h"

extern const struct gs_plugin gainsay_plugin;
const struct gs_plugin gainsay_plugin = {GS_INTERFACE, sizeof(struct gs_model), NULL, NULL};
