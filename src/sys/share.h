/*
 * Where the files are that the program reads and never writes: views, static
 * files, patterns, samples.
 */
#ifndef T2C_SHARE_H
#define T2C_SHARE_H

#include "base/arena.h"

/* $T2C_SHARE; else ../share/text2code beside the running program's folder (an
 * installation, wherever it was moved to); else the folder above the
 * program's, if it has patterns/ (a build folder inside the sources); else
 * what configure was told. */
const char *share_find(struct arena *a);

#endif
