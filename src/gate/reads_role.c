#include "base/base.h"

#include "gate/reads.h"

const struct ident *
idents_find(const struct idents *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (str_ieq(list->v[i].name, name))
			return &list->v[i];
	}
	return NULL;
}

static bool
reads_nothing(const struct idents *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (list->v[i].how > READ_PERHAPS)
			return false;
	}
	return !list->unsure && !list->target;
}

static void
lessen(struct ident *read, const struct ident *other, bool empty)
{
	enum reading how = empty ? READ_MOSTLY : READ_SOMEHOW;

	if (other)
		how = other->how;
	if (how < read->how)
		read->how = how;
}

void
ways_add(struct program *p, struct ways *ways, const struct idents *one)
{
	bool empty = reads_nothing(one);
	size_t known = ways->all.n;
	size_t i;

	for (i = 0; i < known; i++)
		lessen(&ways->all.v[i], idents_find(one, ways->all.v[i].name),
		    empty);
	for (i = 0; i < one->n; i++) {
		struct ident *read;

		if (idents_find(&ways->all, one->v[i].name))
			continue;
		read = LIST_ADD(p->arena, &ways->all);
		*read = one->v[i];
		if (ways->n > 0)
			lessen(read, NULL, ways->empty);
	}
	ways->all.unsure = ways->all.unsure || one->unsure;
	ways->all.target = ways->all.target || one->target;
	ways->empty = empty && (ways->n == 0 || ways->empty);
	ways->n++;
}

bool
reads_module(const struct program *p, const struct py_node *n)
{
	const struct binding *b = program_only(p, n);

	return b && b->kind == BIND_IMPORT;
}

/* Of a function of Spark: a text in that place is the name of a column. */
static enum role
role_of(const char *function, size_t place)
{
	static const char *const names[] = {"col", "column", "coalesce",
	    "concat", "greatest", "least", "array", "struct", "nullif", "nvl",
	    "nvl2", "ifnull", "datediff", "date_diff", "hash", "xxhash64",
	    "countDistinct", "count_distinct", "create_map", "map_from_arrays",
	    "arrays_zip", "array_union", "array_except", "array_intersect",
	    "map_concat", "corr", "covar_pop", "covar_samp", "max_by", "min_by",
	    "pow", "power", "atan2", "hypot", "asc", "desc", "partitionBy",
	    "orderBy"};
	static const char *const after[] = {
	    "concat_ws", "format_string", "printf", "date_trunc"};
	static const char *const texts[] = {"lit", "typedLit"};

	if (STR_IS_IN(function, names))
		return ROLE_COLUMN;
	if (STR_IS_IN(function, texts))
		return ROLE_TEXT;
	if (STR_IS_IN(function, after))
		return place > 0 ? ROLE_COLUMN : ROLE_TEXT;
	if (place == 0)
		return ROLE_COLUMN;
	return str_eq(function, "months_between") && place == 1 ? ROLE_COLUMN
	                                                        : ROLE_TEXT;
}

/* Methods of windows, and of columns. */
static const char *const of_windows[] = {
    "partitionBy", "orderBy", "groupBy", "sort", "rowsBetween", "rangeBetween"};
static const char *const of_columns[] = {"cast", "astype", "try_cast", "isin",
    "like", "ilike", "rlike", "startswith", "endswith", "contains", "when",
    "otherwise", "alias", "name", "substr", "getItem", "getField", "eqNullSafe",
    "between"};
static const char *const others[] = {"over", "isNull", "isNotNull", "isNaN",
    "desc", "asc", "desc_nulls_last", "desc_nulls_first", "asc_nulls_last",
    "asc_nulls_first", "bitwiseAND", "bitwiseOR", "bitwiseXOR", "withField",
    "dropFields"};

bool
reads_column(const struct program *p, const struct py_node *call)
{
	const struct py_node *f = call->child[0];

	if (f->kind == PY_NAME)
		return reads_module(p, f) ||
		    (p->has_star && !program_resolve(p, f, NULL, NULL));
	return f->kind == PY_ATTRIBUTE &&
	    (reads_module(p, f->child[0]) || STR_IS_IN(f->text, of_windows) ||
	        STR_IS_IN(f->text, of_columns) || STR_IS_IN(f->text, others));
}

enum role
reads_role(const struct program *p, const struct py_node *call, size_t i)
{
	const struct py_node *f = call->child[0];
	const struct py_node *arg = call->child[i];

	if (f->kind == PY_NAME ||
	    (f->kind == PY_ATTRIBUTE && reads_module(p, f->child[0]))) {
		if (arg->kind == PY_KEYWORD)
			return str_starts(arg->text, "col") ? ROLE_COLUMN
			                                    : ROLE_PERHAPS;
		return str_eq(program_called(p, call), "when")
		    ? ROLE_TEXT
		    : role_of(program_called(p, call), i - 1);
	}
	if (STR_IS_IN(f->text, of_windows))
		return ROLE_COLUMN;
	return STR_IS_IN(f->text, of_columns) ? ROLE_TEXT : ROLE_PERHAPS;
}
