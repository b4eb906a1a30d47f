/* Exports nothing. */
#include "core/gainsay.h"

extern const int something_else;
const int something_else = GS_INTERFACE;
