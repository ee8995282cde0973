#include "base/base.h"

#include "sim/catalog.h"

#include "sim/paging.h"
#include "sim/reply.h"
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
    "{\"name\": \"updated_at\", \"type\": \"string\"}]}]}";

/* The words of a name of three parts. */
struct name {
	struct slice catalog;
	struct slice schema;
	struct slice table;
};

/* An entry of a list. */
struct entry {
	struct name name;
	const struct json *table;
};

struct entries {
	struct entry *v;
	size_t n;
	size_t cap;
};

enum level { CATALOG, SCHEMA, TABLE };

static struct slice
next_word(const char **text)
{
	struct slice word = {*text, strcspn(*text, ".")};

	*text += word.n + ((*text)[word.n] == '.');
	return word;
}

static struct name
name_of(const struct json *table)
{
	const char *text = json_string(json_get(table, "full_name"), "");
	struct name name;

	name.catalog = next_word(&text);
	name.schema = next_word(&text);
	name.table = slice_of(text);
	return name;
}

static const struct err *
first_table(const struct sim_req *req, const struct json **ret)
{
	const struct json *json = NULL;
	const struct json *tables;
	const struct err *e;

	e = store_read(req->arena, req->sim->dir, "catalog.json", &json);
	if (!e && !json)
		e = json_parse_own(req->arena, slice_of(usual), &json);
	if (e)
		return e;
	tables = json_get(json, "tables");
	*ret = tables ? tables->child : NULL;
	return NULL;
}

static bool
is_same(const struct name *a, const struct name *b, enum level level)
{
	return slice_eq(a->catalog, b->catalog) &&
	    (level < SCHEMA || slice_eq(a->schema, b->schema)) &&
	    (level < TABLE || slice_eq(a->table, b->table));
}

static bool
is_asked(const struct sim_req *req, const struct name *name, enum level level)
{
	const char *catalog = fields_get(&req->query, "catalog_name", "");
	const char *schema = fields_get(&req->query, "schema_name", "");

	return (level < SCHEMA || slice_is(name->catalog, catalog)) &&
	    (level < TABLE || slice_is(name->schema, schema));
}

/* What a list has, each once. */
static const struct err *
gather(const struct sim_req *req, enum level level, struct entries *ret)
{
	const struct json *table = NULL;
	const struct err *e = first_table(req, &table);
	size_t i;

	for (; !e && table; table = table->next) {
		struct entry entry = {name_of(table), table};

		if (!is_asked(req, &entry.name, level))
			continue;
		for (i = 0; i < ret->n; i++) {
			if (is_same(&ret->v[i].name, &entry.name, level))
				break;
		}
		if (i == ret->n)
			*LIST_ADD(req->arena, ret) = entry;
	}
	return e;
}

static void
key_slice(struct json_writer *w, const char *key, struct slice text)
{
	json_key(w, key);
	json_slice(w, text);
}

/* As the API calls what SQL calls so. */
static const char *
type_name(struct arena *a, const char *type)
{
	char *name = arena_strndup(a, type, strcspn(type, "(<"));
	size_t i;

	if (str_ieq(name, "bigint"))
		return "LONG";
	if (str_ieq(name, "smallint"))
		return "SHORT";
	if (str_ieq(name, "tinyint"))
		return "BYTE";
	for (i = 0; name[i]; i++)
		name[i] = chr_upper(name[i]);
	return name;
}

static void
columns_json(struct json_writer *w, struct arena *a, const struct json *table)
{
	const struct json *columns = json_get(table, "columns");
	const struct json *c;
	int64_t n = 0;

	json_key(w, "columns");
	json_array(w);
	for (c = columns ? columns->child : NULL; c; c = c->next, n++) {
		const char *type = json_string(json_get(c, "type"), "string");
		const char *comment = json_string(json_get(c, "comment"), NULL);

		json_object(w);
		json_key_str(w, "name", json_string(json_get(c, "name"), ""));
		json_key_int(w, "position", n);
		json_key_str(w, "type_text", type);
		json_key_str(w, "type_name", type_name(a, type));
		json_key_bool(w, "nullable", true);
		if (comment)
			json_key_str(w, "comment", comment);
		json_object_end(w);
	}
	json_array_end(w);
}

static void
table_json(struct json_writer *w, const struct sim_req *req,
    const struct entry *entry, bool with_columns)
{
	const char *full = json_string(json_get(entry->table, "full_name"), "");
	const char *comment = json_string(json_get(entry->table, "comment"),
	    NULL);

	json_object(w);
	key_slice(w, "name", entry->name.table);
	json_key_str(w, "full_name", full);
	key_slice(w, "catalog_name", entry->name.catalog);
	key_slice(w, "schema_name", entry->name.schema);
	json_key_str(w, "table_type", "MANAGED");
	json_key_str(w, "data_source_format", "DELTA");
	json_key_str(w, "owner", req->user);
	if (comment)
		json_key_str(w, "comment", comment);
	if (with_columns)
		columns_json(w, req->arena, entry->table);
	json_object_end(w);
}

static void
entry_json(struct json_writer *w, const struct sim_req *req,
    const struct entry *entry, enum level level)
{
	bool omit = str_eq(fields_get(&req->query, "omit_columns", ""), "true");
	struct name name = entry->name;

	if (level == TABLE) {
		table_json(w, req, entry, !omit);
		return;
	}
	json_object(w);
	key_slice(w, "name", level == CATALOG ? name.catalog : name.schema);
	if (level == CATALOG)
		json_key_str(w, "catalog_type", "MANAGED_CATALOG");
	if (level == SCHEMA)
		json_key_str(w, "full_name",
		    arena_printf(req->arena, "%.*s.%.*s", (int)name.catalog.n,
		        name.catalog.p, (int)name.schema.n, name.schema.p));
	if (level == SCHEMA)
		key_slice(w, "catalog_name", name.catalog);
	json_key_str(w, "owner", req->user);
	json_object_end(w);
}

static const struct err *
list(const struct sim_req *req, struct sim_resp *resp, const char *key,
    enum level level, const struct entries *entries)
{
	struct paging page;
	struct json_writer w;
	struct buf b;
	size_t i;

	if (!paging_read_size(req, resp, "max_results", &page))
		return NULL;
	reply_start(req, &b, &w);
	json_object(&w);
	json_key(&w, key);
	json_array(&w);
	for (i = 0; i < entries->n; i++) {
		if (paging_takes(&page))
			entry_json(&w, req, &entries->v[i], level);
	}
	json_array_end(&w);
	paging_json(&w, req, &page);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

static const struct err *
list_level(const struct sim_req *req, struct sim_resp *resp, const char *key,
    enum level level)
{
	static const char *const needed[] = {"catalog_name", "schema_name"};
	struct entries entries = {0};
	const struct err *e;
	size_t i;

	for (i = 0; i < (size_t)level; i++) {
		if (fields_get(&req->query, needed[i], "")[0])
			continue;
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "Missing required field: %s", needed[i]);
		return NULL;
	}
	e = gather(req, level, &entries);
	return e ? e : list(req, resp, key, level, &entries);
}

const struct err *
catalog_catalogs(const struct sim_req *req, struct sim_resp *resp)
{
	return list_level(req, resp, "catalogs", CATALOG);
}

const struct err *
catalog_schemas(const struct sim_req *req, struct sim_resp *resp)
{
	return list_level(req, resp, "schemas", SCHEMA);
}

const struct err *
catalog_tables(const struct sim_req *req, struct sim_resp *resp)
{
	return list_level(req, resp, "tables", TABLE);
}

const struct err *
catalog_volumes(const struct sim_req *req, struct sim_resp *resp)
{
	const struct entries none = {0};

	return list(req, resp, "volumes", TABLE, &none);
}

const struct err *
catalog_table(const struct sim_req *req, struct sim_resp *resp)
{
	const struct json *table = NULL;
	struct json_writer w;
	struct entry entry;
	const struct err *e;
	struct buf b;

	e = first_table(req, &table);
	if (e)
		return e;
	while (table &&
	    !str_ieq(json_string(json_get(table, "full_name"), ""),
	        req->part[0]))
		table = table->next;
	if (!table) {
		reply_error(req, resp, 404, "TABLE_DOES_NOT_EXIST",
		    "Table '%s' does not exist.", req->part[0]);
		return NULL;
	}
	entry = (struct entry){name_of(table), table};
	reply_start(req, &b, &w);
	table_json(&w, req, &entry, true);
	reply_json(resp, 200, &b);
	return NULL;
}
