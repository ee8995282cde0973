#include "base/base.h"

#include "cli/cmd.h"

#include "base/buf.h"
#include "base/json.h"
#include "eval/calendar.h"
#include "eval/decimal.h"
#include "eval/eval.h"
#include "sys/files.h"

#include <math.h>
#include <stdio.h>

#define MAX_REQUEST ((size_t)16 * 1024 * 1024)
#define MAX_ANSWER ((size_t)64 * 1024 * 1024)

struct request {
	struct arena *arena;
	LIST_OF(struct value_field) columns;
	LIST_OF(const struct value *) rows;
	const struct json *expressions; /* the first of the array */
};

static const struct err *
read_columns(struct request *q, const struct json *array)
{
	const struct json *v;

	for (v = array ? array->child : NULL; v; v = v->next) {
		struct value_field *f = LIST_ADD(q->arena, &q->columns);
		const char *type = json_string(json_get(v, "type"), "");

		f->name = json_string(json_get(v, "name"), "");
		if (!value_type_parse(q->arena, type, &f->type))
			return err_new(W_BAD_REQUEST, "%s is no type.", type);
	}
	return NULL;
}

static const struct err *read_value(struct request *q, const struct json *v,
    struct value_type type, struct value *ret);

/* Elements, fields, or keys and values by turns, as a JSON array. */
static const struct err *
read_list(struct request *q, const struct json *array, struct value_type type,
    struct value *ret)
{
	LIST_OF(struct value) list = {0};
	const struct json *v;

	for (v = array->child; v; v = v->next) {
		size_t field = type.kind == VALUE_ARRAY ? 0
		    : type.kind == VALUE_MAP            ? list.n % 2
		                                        : list.n;
		const struct err *e;

		if (field >= type.n_fields)
			return err_new(W_BAD_REQUEST,
			    "A struct has more values than fields.");
		e = read_value(q, v, type.field[field].type,
		    LIST_ADD(q->arena, &list));
		if (e)
			return e;
	}
	if (type.kind == VALUE_STRUCT && list.n != type.n_fields)
		return err_new(W_BAD_REQUEST,
		    "A struct has fewer values than fields.");
	*ret = (struct value){.type = type, .list = {list.v, list.n}};
	return NULL;
}

static const struct err *
read_value(struct request *q, const struct json *v, struct value_type type,
    struct value *ret)
{
	const char *text = json_string(v, NULL);
	struct value from;
	const char *why;

	*ret = value_null(type);
	if (v->kind == JSON_NULL)
		return NULL;
	if (v->kind == JSON_ARRAY && type.kind >= VALUE_ARRAY)
		return read_list(q, v, type, ret);
	if (!text)
		return err_new(W_BAD_REQUEST,
		    "A value is null, text or an array.");
	from = value_string(text);
	if (eval_cast(q->arena, &from, type, ret, &why) != EVAL_VALUE)
		return err_new(W_BAD_REQUEST, "%s: %s", text, why);
	return NULL;
}

static const struct err *
read_rows(struct request *q, const struct json *array)
{
	const struct json *row;

	for (row = array ? array->child : NULL; row; row = row->next) {
		struct value *values = arena_array(q->arena, struct value,
		    q->columns.n);
		const struct json *v = row->child;
		size_t i;

		for (i = 0; i < q->columns.n; i++) {
			const struct err *e;

			if (!v)
				return err_new(W_BAD_REQUEST,
				    "A row has fewer values than columns.");
			e = read_value(q, v, q->columns.v[i].type, &values[i]);
			if (e)
				return e;
			v = v->next;
		}
		*LIST_ADD(q->arena, &q->rows) = values;
	}
	return NULL;
}

static const struct err *
read_request(struct arena *a, struct request *ret)
{
	const struct json *root;
	const struct json *list;
	const struct err *e;
	struct slice text;

	*ret = (struct request){.arena = a};
	e = file_read_stdin(a, MAX_REQUEST, &text);
	if (!e)
		e = json_parse(a, text, &root);
	if (!e)
		e = read_columns(ret, json_get(root, "columns"));
	if (!e)
		e = read_rows(ret, json_get(root, "rows"));
	if (e)
		return e;
	list = json_get(root, "expressions");
	ret->expressions = list ? list->child : NULL;
	return NULL;
}

static bool
find_column(void *data, const char *const *part, size_t n_parts UNUSED,
    struct eval_column *ret)
{
	const struct request *q = data;
	size_t i;

	for (i = 0; i < q->columns.n; i++) {
		if (str_ieq(q->columns.v[i].name, part[0])) {
			*ret = (struct eval_column){q->columns.v[i].type, i, 1};
			return true;
		}
	}
	return false;
}

static void
write_hex(struct json_writer *w, struct arena *a, struct slice bytes)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, MAX_ANSWER);
	for (i = 0; i < bytes.n; i++)
		buf_printf(&b, "%02x", (unsigned)(unsigned char)bytes.p[i]);
	json_str(w, buf_str(&b));
}

/* Text that says the whole value: doubles with all their digits. */
static void
write_value(struct json_writer *w, struct arena *a, const struct value *v)
{
	size_t i;

	if (v->is_null) {
		json_null(w);
	} else if (v->type.kind >= VALUE_ARRAY) {
		json_array(w);
		for (i = 0; i < v->list.n; i++)
			write_value(w, a, &v->list.v[i]);
		json_array_end(w);
	} else if (v->type.kind == VALUE_BINARY) {
		write_hex(w, a, v->text);
	} else if (v->type.kind == VALUE_STRING) {
		json_slice(w, v->text);
	} else if ((v->type.kind == VALUE_DOUBLE ||
	               v->type.kind == VALUE_FLOAT) &&
	    isfinite(v->real)) {
		json_str(w, arena_printf(a, "%.17g", v->real));
	} else {
		json_str(w, value_format(a, v));
	}
}

static void
write_outcome(struct json_writer *w, enum eval_outcome outcome, const char *why)
{
	if (outcome == EVAL_VALUE)
		return;
	json_key_str(w, "outcome",
	    outcome == EVAL_DIFFERS ? "differs" : "unknown");
	json_key_str(w, "why", why);
}

static void
write_result(struct json_writer *w, struct arena *a,
    const struct eval_result *result)
{
	json_object(w);
	write_outcome(w, result->outcome, result->why);
	if (result->outcome == EVAL_VALUE) {
		json_key(w, "value");
		write_value(w, a, &result->value);
	}
	json_object_end(w);
}

static void
evaluate(struct json_writer *w, const struct request *q, const char *text,
    void *data)
{
	struct arena *a = q->arena;
	struct eval_scope scope = {find_column, data, q->rows.v, q->rows.n};
	const struct eval_result *results;
	enum eval_outcome outcome;
	struct value_type type;
	struct expr_parsed p;
	const char *why;
	size_t i;

	json_object(w);
	json_key_str(w, "expression", text);
	expr_parse(a, text, &p);
	if (!p.root) {
		write_outcome(w, EVAL_UNKNOWN, p.findings.v[0].message);
		json_object_end(w);
		return;
	}
	outcome = eval_type(a, &scope, p.root, &type, &why);
	write_outcome(w, outcome, why);
	if (outcome == EVAL_VALUE) {
		json_key_str(w, "type", value_type_text(a, type));
		results = eval_rows(a, &scope, p.root);
		json_key(w, "rows");
		json_array(w);
		for (i = 0; i < q->rows.n; i++)
			write_result(w, a, &results[i]);
		json_array_end(w);
	}
	json_object_end(w);
}

const struct err *
cmd_evaluate(const struct cli *cli, int *ret_status UNUSED)
{
	struct request q;
	const struct json *v;
	const struct err *e;
	struct json_writer w;
	struct buf b;

	e = read_request(cli->arena, &q);
	if (e)
		return e;
	buf_init(&b, cli->arena, MAX_ANSWER);
	json_init(&w, &b, false);
	json_array(&w);
	for (v = q.expressions; v; v = v->next)
		evaluate(&w, &q, json_string(v, ""), &q);
	json_array_end(&w);
	if (buf_full(&b))
		return err_new(W_TOO_LARGE, "The answer is too large.");
	printf("%s\n", buf_str(&b));
	return NULL;
}
