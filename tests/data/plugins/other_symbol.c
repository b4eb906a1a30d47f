/* Exports something else under the plugin's name. */
#include "core/gainsay.h"

extern const char gainsay_plugin;
const char gainsay_plugin = GS_INTERFACE;
