#include "base/base.h"

#include "gate/columns.h"

#include "gate/selects.h"

bool
columns_check_insert(struct checking *c, const struct py_node *call,
    const char *text)
{
	struct shape names = {0};
	struct shapes rows = {0};
	const struct shape *list;
	struct sql s;
	size_t i = 2;
	bool by_name = false;

	sql_read(c->p, call, text, &s);
	if (!sql_is(&s, 0, "insert") ||
	    (!sql_is(&s, 1, "into") && !sql_is(&s, 1, "overwrite")))
		return false;
	i = sql_behind_name(&s, i + sql_is(&s, i, "table"));
	if (sql_is(&s, i, "by") && str_eq(sql_word(&s, i + 1), "name")) {
		by_name = true;
		i += 2;
	}
	if (sql_kind(&s, i) == TOKEN_LPAREN) {
		size_t end = sql_close(&s, i);

		for (i++; i < end; i += 2)
			*LIST_ADD(c->p->arena, &names) = (struct made){
			    .name = sql_word(&s, i)};
		i = end + 1;
	}
	if (!sql_is(&s, i, "select") && !sql_is(&s, i, "with"))
		return false;
	list = sql_query_shape(c->p, call, &s, i);
	if (names.n > 0)
		list = shape_united(c->p, &names, list);
	else if (!by_name)
		list = columns_by_place(c, list);
	*LIST_ADD(c->p->arena, &rows) = list;
	columns_check_rows(c, &rows, call, false);
	return true;
}
