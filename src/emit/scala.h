/*
 * A plan as a Databricks notebook in Scala: what the notebook of emit/pyspark.h
 * does, with the Dataset API. It compiles with Scala 2.12 and 2.13 and runs on
 * Databricks Runtime 13.3 and later.
 *
 * The JVM allows 64 KB of code in a method and 65,535 bytes in a constant:
 * long lists and texts are divided.
 */
#ifndef T2C_SCALA_H
#define T2C_SCALA_H

#include "emit/source_map.h"
#include "plan/plan.h"

/* The code, and which lines come from which row. P_TOO_LARGE. */
const struct err *emit_scala(struct arena *a, const struct plan *plan,
    struct slice *ret, struct source_map *ret_map) MUST_USE;

#endif
