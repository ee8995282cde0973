/*
 * Forms of text in which * stands for any text, also for none.
 */
#ifndef T2C_SIM_GLOB_H
#define T2C_SIM_GLOB_H

#include "base/base.h"

bool glob_matches(const char *form, const char *text);

#endif
