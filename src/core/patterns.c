#include "base/base.h"

#include "core/patterns.h"

#include "sys/files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_FILE ((size_t)1024 * 1024)
#define ENDING ".yaml"

/* The options that a strategy asks for; a pattern must have them all. */
static const char *const wanted[STRATEGY__COUNT][12] = {
    [STRATEGY_FULL_LOAD] = {"overwrite_schema"},
    [STRATEGY_INCREMENTAL] = {"watermark", "keys", "late_rows",
        "null_watermark", "add_columns"},
    [STRATEGY_MERGE] = {"keys", "order_by", "deleted", "deletions", "vanished",
        "ignore_nulls", "add_columns"},
    [STRATEGY_SCD2] = {"keys", "tracked", "order_by", "late_rows", "deleted",
        "vanished", "valid_from", "valid_to", "is_current", "surrogate_key",
        "add_columns"},
};

/* And those that all ask for. */
#define COMMON "common" ENDING
static const char *const wanted_common[] = {"output", "broken_rules",
    "join_matches", "loaded_at", "batch_id", "source_file", "table_comment",
    "partition_by", "cluster_by", NULL};

static const struct err *
check_options(const struct pattern *p, const char *const *names,
    const char *file)
{
	for (; *names; names++) {
		if (!pattern_option(p, *names))
			return err_new(P_DEFINITION,
			    "%s: the option %s is missing.", file, *names);
	}
	return NULL;
}

static const struct err *
load_one(struct arena *a, const char *folder, struct slice common,
    struct pattern *ret)
{
	static const char *const names[] = {
	    "pattern.yaml", "example.csv", "prompt.md"};
	struct slice bytes[COUNT_OF(names)];
	const struct err *e;
	size_t i;

	for (i = 0; i < COUNT_OF(names); i++) {
		e = file_read(a, arena_printf(a, "%s/%s", folder, names[i]),
		    MAX_FILE, &bytes[i]);
		if (e)
			return e;
	}
	e = pattern_parse(a, bytes[0], bytes[1], bytes[2], ret);
	if (e)
		return err_new(e->code, "%s/pattern.yaml: %s", folder,
		    e->message);
	e = check_options(ret, wanted[ret->strategy],
	    arena_printf(a, "%s/pattern.yaml", folder));
	if (!e)
		e = pattern_parse_common(a, common, ret);
	if (!e)
		e = check_options(ret, wanted_common, COMMON);
	return e;
}

static int
by_position(const void *a, const void *b)
{
	const struct pattern *x = a;
	const struct pattern *y = b;

	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return strcmp(x->name, y->name);
}

const struct err *
patterns_load(struct arena *a, const char *folder, struct patterns *ret)
{
	struct file_names names = {0};
	struct slice common;
	const struct err *e;
	size_t i;

	e = file_list(a, folder, &names);
	if (!e)
		e = file_read(a, arena_printf(a, "%s/" COMMON, folder),
		    MAX_FILE, &common);
	if (e)
		return e;
	for (i = 0; i < names.n; i++) {
		struct pattern *p;

		if (str_ends(names.v[i], ENDING))
			continue;
		p = LIST_ADD(a, ret);
		e = load_one(a, arena_printf(a, "%s/%s", folder, names.v[i]),
		    common, p);
		if (e)
			return e;
		if (!str_eq(p->name, names.v[i]))
			return err_new(P_DEFINITION,
			    "The folder %s holds a "
			    "pattern named %s.",
			    names.v[i], p->name);
	}
	if (ret->n > 0)
		qsort(ret->v, ret->n, sizeof(ret->v[0]), by_position);
	return NULL;
}

const struct err *
pattern_file_read(struct arena *a, const char *path,
    const struct patterns *bases, struct pattern_file *ret,
    struct problems *problems)
{
	struct slice bytes;
	const struct err *e;

	e = file_read(a, path, MAX_FILE, &bytes);
	if (e)
		return e;
	ret->path = path;
	ret->document = pattern_document_clean(a, bytes);
	pattern_document_check(a, bases, ret->document, &ret->derived,
	    problems);
	return NULL;
}

static const struct err *
load_file(struct arena *a, const char *path, const struct patterns *bases,
    struct pattern_file *ret)
{
	struct problems problems = {0};
	const struct err *e;

	e = pattern_file_read(a, path, bases, ret, &problems);
	if (!e && problems.errors > 0)
		e = err_new(P_DEFINITION, "%s, %s", path,
		    pattern_problem_text(a, &problems.v[0]));
	return e;
}

const struct err *
patterns_load_files(struct arena *a, const char *folder,
    const struct patterns *bases, struct pattern_files *ret)
{
	struct file_names names = {0};
	const struct err *e;
	size_t i;

	if (access(folder, F_OK) != 0 && errno == ENOENT)
		return NULL;
	e = file_list(a, folder, &names);
	if (e)
		return e;
	for (i = 0; i < names.n; i++) {
		struct pattern_file *file;
		const char *path = arena_printf(a, "%s/%s", folder, names.v[i]);

		if (!str_ends(path, ENDING) || str_eq(names.v[i], COMMON))
			continue;
		file = LIST_ADD(a, ret);
		e = load_file(a, path, bases, file);
		if (e)
			return e;
		if (!str_eq(arena_printf(a, "%s" ENDING,
		                file->derived.pattern.name),
		        names.v[i]))
			return err_new(P_DEFINITION,
			    "%s holds a pattern named %s.", path,
			    file->derived.pattern.name);
	}
	return NULL;
}
