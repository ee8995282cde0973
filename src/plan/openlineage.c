#include "base/base.h"

#include "plan/openlineage.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#define MAX_EVENT ((size_t)64 * 1024 * 1024)
#define SPEC "https://openlineage.io/spec/"
#define EVENT_URL SPEC "2-0-2/OpenLineage.json#/$defs/JobEvent"
#define FACET_URL(version, name)                                               \
	SPEC "facets/" version "/" name ".json#/$defs/" name

/* One data set, however many aliases and pipelines name it. */
struct dataset {
	struct dataset_name id;
	struct map fields; /* index, without regard to case */
	LIST_OF(const char *) names;
	bool is_input;
};

/* One input of a column or of all of them, by data set instead of by alias. */
struct use {
	size_t dataset;
	size_t field;
	enum input_kind kind;
	size_t place; /* where it was: keeps sorting stable */
	const char *description;
};
struct uses {
	struct use *v;
	size_t n;
	size_t cap;
};

struct event {
	struct arena *arena;
	struct json_writer w;
	const struct lineage *lineage;
	const char *producer;
	struct map known; /* index into datasets, by namespace and name */
	LIST_OF(struct dataset) datasets;
	size_t **source; /* data set of each source, by pipeline */
	size_t *target;
};

static const char *const subtypes[INPUT__COUNT] = {
    [INPUT_IDENTITY] = "IDENTITY",
    [INPUT_TRANSFORMATION] = "TRANSFORMATION",
    [INPUT_AGGREGATION] = "AGGREGATION",
    [INPUT_CONDITIONAL] = "CONDITIONAL",
    [INPUT_WINDOW] = "WINDOW",
    [INPUT_JOIN] = "JOIN",
    [INPUT_FILTER] = "FILTER",
};

/* `a b`.c becomes a b.c. */
static const char *
unquoted(struct arena *a, const char *name)
{
	bool quoted = false;
	struct buf b;

	buf_init(&b, a, strlen(name));
	for (; *name; name++) {
		if (*name != '`') {
			buf_add_chr(&b, *name);
		} else if (quoted && name[1] == '`') {
			buf_add_chr(&b, '`');
			name++;
		} else {
			quoted = !quoted;
		}
	}
	return buf_str(&b);
}

static struct slice
without_end_slashes(struct slice s)
{
	while (s.n > 1 && s.p[s.n - 1] == '/')
		s.n--;
	return s;
}

/* scheme://authority/key */
static struct dataset_name
in_store(struct arena *a, struct slice scheme, const char *rest)
{
	size_t authority = strcspn(rest, "/");
	struct slice key = slice_of(rest + authority);

	if (slice_ieq(scheme, "s3a") || slice_ieq(scheme, "s3n"))
		scheme = SLICE("s3");
	if (key.n > 1 && !slice_ieq(scheme, "hdfs")) {
		key.p++;
		key.n--;
	}
	return (struct dataset_name){
	    arena_printf(a, "%.*s://%.*s", (int)scheme.n, scheme.p,
	        (int)authority, rest),
	    key.n > 0 ? slice_dup(a, without_end_slashes(key)) : "/"};
}

struct dataset_name
openlineage_dataset(struct arena *a, const char *name, bool is_path)
{
	struct slice scheme = {name, strcspn(name, ":/")};
	const char *rest = name + scheme.n;
	bool has_scheme = *rest == ':';
	bool is_local = slice_ieq(scheme, "file");

	if (!is_path)
		return (struct dataset_name){"databricks", unquoted(a, name)};
	rest += has_scheme ? 1 : 0;
	if (has_scheme && !is_local && !slice_ieq(scheme, "dbfs") &&
	    str_starts(rest, "//"))
		return in_store(a, scheme, rest + 2);
	/* file:///x is file:/x. */
	while (rest[0] == '/' && rest[1] == '/')
		rest++;
	return (struct dataset_name){is_local ? "file" : "dbfs",
	    slice_dup(a, without_end_slashes(slice_of(rest)))};
}

static size_t
dataset_index(struct event *v, const char *name, bool is_path)
{
	struct arena *a = v->arena;
	struct dataset_name id = openlineage_dataset(a, name, is_path);
	/* Names of tables fold case, paths do not. */
	struct slice key = slice_of(arena_printf(a, "%s %s", id.space,
	    is_path ? id.name : str_lower(a, id.name)));
	struct dataset *d;

	if (map_add(a, &v->known, key, v->datasets.n)) {
		d = LIST_ADD(a, &v->datasets);
		d->id = id;
		d->fields.fold = true;
	}
	return map_get(&v->known, key, 0);
}

static void
find_datasets(struct event *v)
{
	size_t n = v->lineage->pipelines.n;
	size_t i;
	size_t k;

	v->source = arena_array(v->arena, size_t *, n + 1);
	v->target = arena_array(v->arena, size_t, n + 1);
	for (i = 0; i < n; i++) {
		const struct lineage_pipeline *p = &v->lineage->pipelines.v[i];

		v->source[i] = arena_array(v->arena, size_t, p->sources.n + 1);
		for (k = 0; k < p->sources.n; k++) {
			const struct lineage_source *s = &p->sources.v[k];

			v->source[i][k] = dataset_index(v, s->name, s->is_path);
			v->datasets.v[v->source[i][k]].is_input = true;
		}
		v->target[i] = dataset_index(v, p->name, p->is_path);
	}
}

static size_t
field_index(struct event *v, size_t dataset, const char *name)
{
	struct dataset *d = &v->datasets.v[dataset];

	if (map_add(v->arena, &d->fields, slice_of(name), d->names.n))
		*LIST_ADD(v->arena, &d->names) = name;
	return map_get(&d->fields, slice_of(name), 0);
}

static void
add_uses(struct event *v, size_t pipeline, const struct lineage_inputs *inputs,
    const char *description, struct uses *uses)
{
	const struct lineage_pipeline *p = &v->lineage->pipelines.v[pipeline];
	size_t i;

	for (i = 0; i < inputs->n; i++) {
		const struct lineage_input *in = &inputs->v[i];
		size_t dataset = v->source[pipeline][in->source];
		const char *name =
		    p->sources.v[in->source].columns.v[in->column];

		*LIST_ADD(v->arena, uses) = (struct use){dataset,
		    field_index(v, dataset, name), in->kind, uses->n,
		    description};
	}
}

static int
compare(size_t a, size_t b)
{
	return a < b ? -1 : a > b;
}

static int
by_field(const void *x, const void *y)
{
	const struct use *a = x;
	const struct use *b = y;
	int c = compare(a->dataset, b->dataset);

	if (c == 0)
		c = compare(a->field, b->field);
	if (c == 0)
		c = compare((size_t)a->kind, (size_t)b->kind);
	return c ? c : compare(a->place, b->place);
}

static bool
same_field(const struct use *a, const struct use *b)
{
	return a->dataset == b->dataset && a->field == b->field;
}

static void
put_id(struct event *v, const struct dataset *d)
{
	json_key_str(&v->w, "namespace", d->id.space);
	json_key_str(&v->w, "name", d->id.name);
}

static void
put_facet(struct event *v, const char *key, const char *url)
{
	json_key(&v->w, key);
	json_object(&v->w);
	json_key_str(&v->w, "_producer", v->producer);
	json_key_str(&v->w, "_schemaURL", url);
}

/* The inputs, each field once with all the ways in which it is used. */
static void
put_uses(struct event *v, const char *key, struct uses *uses)
{
	struct json_writer *w = &v->w;
	size_t i;

	if (uses->n > 1)
		qsort(uses->v, uses->n, sizeof(uses->v[0]), by_field);
	json_key(w, key);
	json_array(w);
	for (i = 0; i < uses->n; i++) {
		const struct use *u = &uses->v[i];
		bool first = i == 0 || !same_field(u - 1, u);
		bool last = i + 1 == uses->n || !same_field(u, u + 1);

		if (first) {
			const struct dataset *d = &v->datasets.v[u->dataset];

			json_object(w);
			put_id(v, d);
			json_key_str(w, "field", d->names.v[u->field]);
			json_key(w, "transformations");
			json_array(w);
		}
		/* Two aliases of one table, and the like. */
		if (first || u[-1].kind != u->kind ||
		    !str_eq(u[-1].description, u->description)) {
			json_object(w);
			json_key_str(w, "type",
			    input_is_direct(u->kind) ? "DIRECT" : "INDIRECT");
			json_key_str(w, "subtype", subtypes[u->kind]);
			json_key_str(w, "description", u->description);
			json_object_end(w);
		}
		if (last) {
			json_array_end(w);
			json_object_end(w);
		}
	}
	json_array_end(w);
}

static const char *
describe(struct arena *a, const struct lineage_column *c)
{
	const char *text = c->text;

	/* What a pattern adds is not cast. */
	if (c->type[0] && c->row > 0)
		text = arena_printf(a, "%s, cast to %s", text, c->type);
	if (c->fallback[0])
		text = arena_printf(a, "%s, %s for NULL", text, c->fallback);
	return text;
}

static void
put_column_lineage(struct event *v, size_t pipeline)
{
	const struct lineage_pipeline *p = &v->lineage->pipelines.v[pipeline];
	struct uses all = {0};
	size_t i;

	put_facet(v, "columnLineage",
	    FACET_URL("1-2-0", "ColumnLineageDatasetFacet"));
	json_key(&v->w, "fields");
	json_object(&v->w);
	for (i = 0; i < p->columns.n; i++) {
		const struct lineage_column *c = &p->columns.v[i];
		struct uses uses = {0};

		add_uses(v, pipeline, &c->inputs, describe(v->arena, c), &uses);
		json_key(&v->w, c->name);
		json_object(&v->w);
		put_uses(v, "inputFields", &uses);
		json_object_end(&v->w);
	}
	json_object_end(&v->w);
	for (i = 0; i < p->conditions.n; i++)
		add_uses(v, pipeline, &p->conditions.v[i].inputs,
		    p->conditions.v[i].text, &all);
	put_uses(v, "dataset", &all);
	json_object_end(&v->w);
}

static void
put_schema(struct event *v, const struct lineage_pipeline *p)
{
	struct json_writer *w = &v->w;
	size_t i;

	put_facet(v, "schema", FACET_URL("1-1-1", "SchemaDatasetFacet"));
	json_key(w, "fields");
	json_array(w);
	for (i = 0; i < p->columns.n; i++) {
		const struct lineage_column *c = &p->columns.v[i];

		json_object(w);
		json_key_str(w, "name", c->name);
		if (c->type[0])
			json_key_str(w, "type", c->type);
		if (c->comment[0])
			json_key_str(w, "description", c->comment);
		json_object_end(w);
	}
	json_array_end(w);
	json_object_end(w);
}

static void
put_datasets(struct event *v)
{
	struct json_writer *w = &v->w;
	size_t i;

	json_key(w, "inputs");
	json_array(w);
	for (i = 0; i < v->datasets.n; i++) {
		if (!v->datasets.v[i].is_input)
			continue;
		json_object(w);
		put_id(v, &v->datasets.v[i]);
		json_object_end(w);
	}
	json_array_end(w);
	json_key(w, "outputs");
	json_array(w);
	for (i = 0; i < v->lineage->pipelines.n; i++) {
		json_object(w);
		put_id(v, &v->datasets.v[v->target[i]]);
		json_key(w, "facets");
		json_object(w);
		put_schema(v, &v->lineage->pipelines.v[i]);
		if (v->lineage->has_inputs)
			put_column_lineage(v, i);
		json_object_end(w);
		json_object_end(w);
	}
	json_array_end(w);
}

static void
put_job(struct event *v, const char *name)
{
	const struct lineage *l = v->lineage;
	struct json_writer *w = &v->w;
	struct buf steps;
	size_t i;

	buf_init(&steps, v->arena, MAX_EVENT);
	for (i = 0; i < l->steps.n; i++)
		buf_printf(&steps, "%s%s", i ? "\n" : "", l->steps.v[i]);
	json_key(w, "job");
	json_object(w);
	json_key_str(w, "namespace", "text2code");
	json_key_str(w, "name", name);
	json_key(w, "facets");
	json_object(w);
	put_facet(v, "jobType", FACET_URL("2-0-3", "JobTypeJobFacet"));
	json_key_str(w, "processingType", "BATCH");
	json_key_str(w, "integration", "TEXT2CODE");
	json_key_str(w, "jobType", "NOTEBOOK");
	json_object_end(w);
	put_facet(v, "documentation",
	    FACET_URL("1-0-1", "DocumentationJobFacet"));
	json_key_str(w, "description", buf_str(&steps));
	json_object_end(w);
	json_object_end(w);
	json_object_end(w);
}

const struct err *
openlineage_json(struct arena *a, const struct lineage *lineage,
    const char *job_name, int64_t event_ms, const char **ret)
{
	struct event v = {.arena = a, .lineage = lineage};
	struct buf b;

	v.producer = arena_printf(a, "urn:text2code:compiler:%s",
	    lineage->compiler);
	find_datasets(&v);
	buf_init(&b, a, MAX_EVENT);
	json_init(&v.w, &b, true);
	json_object(&v.w);
	json_key_str(&v.w, "eventTime", time_format_iso(a, event_ms));
	json_key_str(&v.w, "producer", v.producer);
	json_key_str(&v.w, "schemaURL", EVENT_URL);
	put_job(&v, job_name);
	put_datasets(&v);
	json_object_end(&v.w);
	if (buf_full(&b))
		return err_new(P_TOO_LARGE,
		    "The lineage would have more than %zu MB.",
		    MAX_EVENT >> 20);
	*ret = buf_str(&b);
	return NULL;
}
