/*
 * The lists: what code of a load, and what tests beside that, may import, name,
 * call and set. Internal to src/gate.
 */
#ifndef T2C_GATE_ALLOW_H
#define T2C_GATE_ALLOW_H

#include "base/str.h"

/* "pyspark.sql.functions" */
bool allow_module(const char *name);
/* The list is words with a blank between. */
bool allow_lists(const char *list, const char *name);
/* An attribute, method or imported name, of whatever. */
bool allow_attribute(const char *name);
/* One that is refused even where a column or a class of the code has it. */
bool deny_attribute(const char *name);
/* An attribute that objects of Python, pytest or Spark have: no column and no
 * field of a class is told from it. */
bool deny_unlisted(const char *name);
/* A name that is there without being defined. */
bool allow_builtin(const char *name);
/* One that is refused even where the code defines it. */
bool deny_name(const char *name);
/* A function of SQL, in lower case. */
bool allow_function(const char *name);
/* A function of pyspark.sql.functions. */
bool allow_column_function(const char *name);
/* The words of SQL that no text made of pieces may spell; NULL ends them. */
extern const char *const deny_words[];
/* A key of spark.conf. */
bool allow_setting(const char *key);
/* A key of option(); and one that reaches another system. */
bool allow_option(const char *key);
bool deny_option(const char *key);
bool allow_format(const char *name);

/* The same for tests, which may have what a load may, too. */
bool allow_test_module(const char *name);
bool allow_test_attribute(const char *name);
bool allow_test_setting(const char *key);

#endif
