/*
 * The cases of a trial, made of its rows. For trial.c alone.
 */
#ifndef T2C_CASES_H
#define T2C_CASES_H

#include "trial/rows.h"

void cases_make(struct arena *a, struct trial *t, struct rows *rows);

#endif
