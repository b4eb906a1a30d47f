/* Tests that do much of the same do less of it where everything takes some ten times as long. */
#ifndef GAINSAY_SCALE_H
#define GAINSAY_SCALE_H

#include <stdbool.h>

/* Under a sanitizer, or without optimization. */
#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
enum { IS_SLOW = true };
#else
enum { IS_SLOW = false };
#endif

#endif
