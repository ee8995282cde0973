#include "base/base.h"

#include "sim/catalog.h"

#include "sim/member.h"
#include "sim/paging.h"
#include "sim/reply.h"
#include "sim/sql_type.h"
#include "sim/store.h"

#include <string.h>

/* What the sample sheets read from. */
static const char usual[] =
    "{\"tables\": ["
    "{\"full_name\": \"crm.landing.customers\", \"comment\": \"Simulated\","
    " \"columns\": ["
    "{\"name\": \"customer_id\", \"type\": \"bigint\"},"
    "{\"name\": \"full_name\", \"type\": \"string\"},"
    "{\"name\": \"email\", \"type\": \"string\"},"
    "{\"name\": \"segment\", \"type\": \"string\"},"
    "{\"name\": \"last_login\", \"type\": \"timestamp\"},"
    "{\"name\": \"modified_at\", \"type\": \"timestamp\"}]},"
    "{\"full_name\": \"shop.bronze.orders\", \"comment\": \"Simulated\","
    " \"columns\": ["
    "{\"name\": \"order_id\", \"type\": \"bigint\"},"
    "{\"name\": \"customer_ref\", \"type\": \"string\"},"
    "{\"name\": \"status\", \"type\": \"string\"},"
    "{\"name\": \"updated_at\", \"type\": \"string\"}]}],"
    " \"volumes\": ["
    "{\"full_name\": \"crm.landing.files\", \"comment\": \"Simulated\"}"
    "]}";

/* The words of a name of three parts. */
struct name {
	struct slice catalog;
	struct slice schema;
	struct slice object; /* a table or a volume */
};

/* An entry of a list: the object itself, or the first one of its catalog or
 * schema. */
struct entry {
	struct name name;
	const struct json *object;
};

struct entries {
	struct entry *v;
	size_t n;
	size_t cap;
};

enum level { CATALOG, SCHEMA, TABLE, VOLUME };

static struct slice
next_word(const char **text)
{
	struct slice word = {*text, strcspn(*text, ".")};

	*text += word.n + ((*text)[word.n] == '.');
	return word;
}

static struct name
name_of(const struct json *object)
{
	const char *text = json_string(json_get(object, "full_name"), "");
	struct name name;

	name.catalog = next_word(&text);
	name.schema = next_word(&text);
	name.object = slice_of(text);
	return name;
}

const struct err *
catalog_read(const struct sim_req *req, const struct json **ret)
{
	const struct err *e;

	e = store_read(req->arena, req->sim->dir, "catalog.json", ret);
	if (!e && !*ret)
		e = json_parse_own(req->arena, slice_of(usual), ret);
	return e;
}

static bool
is_same(const struct name *a, const struct name *b, enum level level)
{
	return slice_eq(a->catalog, b->catalog) &&
	    (level < SCHEMA || slice_eq(a->schema, b->schema)) &&
	    (level < TABLE || slice_eq(a->object, b->object));
}

static bool
is_asked(const struct sim_req *req, const struct name *name, enum level level)
{
	const char *catalog = fields_get(&req->query, "catalog_name", "");
	const char *schema = fields_get(&req->query, "schema_name", "");

	return (level < SCHEMA || slice_is(name->catalog, catalog)) &&
	    (level < TABLE || slice_is(name->schema, schema));
}

/* What these objects add to a list that has each entry once. */
static void
gather_from(const struct sim_req *req, const struct json *object,
    enum level level, struct entries *ret)
{
	size_t i;

	for (; object; object = object->next) {
		struct entry entry = {name_of(object), object};

		if (!is_asked(req, &entry.name, level))
			continue;
		for (i = 0; i < ret->n; i++) {
			if (is_same(&ret->v[i].name, &entry.name, level))
				break;
		}
		if (i == ret->n)
			*LIST_ADD(req->arena, ret) = entry;
	}
}

static const struct err *
gather(const struct sim_req *req, enum level level, struct entries *ret)
{
	const struct json *catalog = NULL;
	const struct err *e = catalog_read(req, &catalog);

	if (e)
		return e;
	if (level != VOLUME)
		gather_from(req, member_first(catalog, "tables"), level, ret);
	if (level != TABLE)
		gather_from(req, member_first(catalog, "volumes"), level, ret);
	return NULL;
}

/* *ret is NULL where there is none. */
static const struct err *
find(const struct sim_req *req, const char *list, const char *full_name,
    const struct json **ret)
{
	const struct json *catalog = NULL;
	const struct err *e = catalog_read(req, &catalog);

	*ret = member_first(catalog, list);
	while (*ret &&
	    !str_ieq(json_string(json_get(*ret, "full_name"), ""), full_name))
		*ret = (*ret)->next;
	return e;
}

const struct err *
catalog_find_volume(const struct sim_req *req, const char *full_name,
    const char **ret)
{
	const struct json *volume = NULL;
	const struct err *e = find(req, "volumes", full_name, &volume);

	*ret = json_string(json_get(volume, "full_name"), NULL);
	return e;
}

static void
key_slice(struct json_writer *w, const char *key, struct slice text)
{
	json_key(w, key);
	json_slice(w, text);
}

static void
columns_json(struct json_writer *w, struct arena *a, const struct json *table)
{
	const struct json *c;
	int64_t n = 0;

	json_key(w, "columns");
	json_array(w);
	for (c = member_first(table, "columns"); c; c = c->next, n++) {
		const char *type = json_string(json_get(c, "type"), "string");
		const char *comment = json_string(json_get(c, "comment"), NULL);

		json_object(w);
		json_key_str(w, "name", json_string(json_get(c, "name"), ""));
		json_key_int(w, "position", n);
		json_key_str(w, "type_text", type);
		json_key_str(w, "type_name", sql_type_name(a, type));
		json_key_bool(w, "nullable", true);
		if (comment)
			json_key_str(w, "comment", comment);
		json_object_end(w);
	}
	json_array_end(w);
}

/* What a table and a volume have in common. */
static void
object_json(struct json_writer *w, const struct sim_req *req,
    const struct entry *entry)
{
	const struct json *o = entry->object;
	const char *comment = json_string(json_get(o, "comment"), NULL);

	key_slice(w, "name", entry->name.object);
	json_key_str(w, "full_name", json_string(json_get(o, "full_name"), ""));
	key_slice(w, "catalog_name", entry->name.catalog);
	key_slice(w, "schema_name", entry->name.schema);
	json_key_str(w, "owner", req->user);
	if (comment)
		json_key_str(w, "comment", comment);
}

static void
table_json(struct json_writer *w, const struct sim_req *req,
    const struct entry *entry, bool with_columns)
{
	json_object(w);
	object_json(w, req, entry);
	json_key_str(w, "table_type", "MANAGED");
	json_key_str(w, "data_source_format", "DELTA");
	if (with_columns)
		columns_json(w, req->arena, entry->object);
	json_object_end(w);
}

static void
volume_json(struct json_writer *w, const struct sim_req *req,
    const struct entry *entry)
{
	json_object(w);
	object_json(w, req, entry);
	json_key_str(w, "volume_type", "MANAGED");
	json_key_str(w, "storage_location",
	    arena_printf(req->arena, "simulated://volumes/%s",
	        json_string(json_get(entry->object, "full_name"), "")));
	json_object_end(w);
}

static void
catalog_json(struct json_writer *w, const struct sim_req *req,
    const struct name *name)
{
	json_object(w);
	key_slice(w, "name", name->catalog);
	json_key_str(w, "catalog_type", "MANAGED_CATALOG");
	json_key_str(w, "owner", req->user);
	json_object_end(w);
}

static void
schema_json(struct json_writer *w, const struct sim_req *req,
    const struct name *name)
{
	json_object(w);
	key_slice(w, "name", name->schema);
	json_key_str(w, "full_name",
	    arena_printf(req->arena, "%.*s.%.*s", (int)name->catalog.n,
	        name->catalog.p, (int)name->schema.n, name->schema.p));
	key_slice(w, "catalog_name", name->catalog);
	json_key_str(w, "owner", req->user);
	json_object_end(w);
}

static void
entry_json(struct json_writer *w, const struct sim_req *req,
    const struct entry *entry, enum level level)
{
	bool omit = str_eq(fields_get(&req->query, "omit_columns", ""), "true");

	if (level == CATALOG)
		catalog_json(w, req, &entry->name);
	else if (level == SCHEMA)
		schema_json(w, req, &entry->name);
	else if (level == TABLE)
		table_json(w, req, entry, !omit);
	else
		volume_json(w, req, entry);
}

static const struct err *
list(const struct sim_req *req, struct sim_resp *resp, const char *key,
    enum level level)
{
	static const char *const needed[] = {"catalog_name", "schema_name"};
	struct entries entries = {0};
	struct paging page;
	struct json_writer w;
	const struct err *e;
	struct buf b;
	size_t i;

	for (i = 0; i < COUNT_OF(needed) && i < (size_t)level; i++) {
		if (fields_get(&req->query, needed[i], "")[0])
			continue;
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "Missing required field: %s", needed[i]);
		return NULL;
	}
	if (!paging_read_size(req, resp, "max_results", &page))
		return NULL;
	e = gather(req, level, &entries);
	if (e)
		return e;
	reply_start_list(req, &b, &w, key);
	for (i = 0; i < entries.n; i++) {
		if (paging_takes(&page))
			entry_json(&w, req, &entries.v[i], level);
	}
	json_array_end(&w);
	paging_json(&w, req, &page);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

const struct err *
catalog_catalogs(const struct sim_req *req, struct sim_resp *resp)
{
	return list(req, resp, "catalogs", CATALOG);
}

const struct err *
catalog_schemas(const struct sim_req *req, struct sim_resp *resp)
{
	return list(req, resp, "schemas", SCHEMA);
}

const struct err *
catalog_tables(const struct sim_req *req, struct sim_resp *resp)
{
	return list(req, resp, "tables", TABLE);
}

const struct err *
catalog_volumes(const struct sim_req *req, struct sim_resp *resp)
{
	return list(req, resp, "volumes", VOLUME);
}

/* The one object that the path names. */
static const struct err *
get(const struct sim_req *req, struct sim_resp *resp, enum level level)
{
	bool is_table = level == TABLE;
	struct entry entry = {0};
	struct json_writer w;
	const struct err *e;
	struct buf b;

	e = find(req, is_table ? "tables" : "volumes", req->part[0],
	    &entry.object);
	if (e)
		return e;
	if (!entry.object) {
		reply_error(req, resp, 404,
		    is_table ? "TABLE_DOES_NOT_EXIST"
		             : "RESOURCE_DOES_NOT_EXIST",
		    "%s '%s' does not exist.", is_table ? "Table" : "Volume",
		    req->part[0]);
		return NULL;
	}
	entry.name = name_of(entry.object);
	reply_start(req, &b, &w);
	entry_json(&w, req, &entry, level);
	reply_json(resp, 200, &b);
	return NULL;
}

const struct err *
catalog_table(const struct sim_req *req, struct sim_resp *resp)
{
	return get(req, resp, TABLE);
}

const struct err *
catalog_volume(const struct sim_req *req, struct sim_resp *resp)
{
	return get(req, resp, VOLUME);
}
