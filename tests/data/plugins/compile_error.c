/* Does not compile. */
#include "core/gainsay.h"

static const struct gs_model broken = {.nam = "broken"};

GS_EXPORT_MODEL(broken);
