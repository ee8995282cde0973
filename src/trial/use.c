#include "base/base.h"

#include "trial/use.h"

#include <string.h>

const char *
use_signature(const char *name)
{
	static const struct {
		const char *name;
		const char *letters;
	} table[] = {
#define SIGNATURE(name, letters) {name, letters},
#include "trial/signatures.h"
	};
	size_t low = 0;
	size_t high = COUNT_OF(table);

	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = strcmp(table[mid].name, name);

		if (order == 0)
			return table[mid].letters;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return "";
}

unsigned
use_of_letter(char letter)
{
	switch (letter) {
	case 'T':
	case 'P':
	case 'J':
	case 'F':
		return GUESS_TEXT;
	case 'I':
		return GUESS_INTEGER;
	case 'N':
		return GUESS_NUMBER;
	case 'D':
		return GUESS_DATE;
	case 'M':
		return GUESS_TIMESTAMP;
	case 'B':
		return GUESS_BOOLEAN;
	case 'Y':
		return GUESS_BINARY;
	case 'L':
		return GUESS_ARRAY;
	case 'K':
		return GUESS_MAP;
	case 'S':
		return GUESS_STRUCT;
	default:
		return 0;
	}
}

unsigned
use_of_type(const struct value_type *t)
{
	switch (t->kind) {
	case VALUE_STRING:
		return GUESS_TEXT;
	case VALUE_BOOLEAN:
		return GUESS_BOOLEAN;
	case VALUE_DATE:
		return GUESS_DATE;
	case VALUE_TIMESTAMP:
	case VALUE_TIMESTAMP_NTZ:
		return GUESS_TIMESTAMP;
	case VALUE_BINARY:
		return GUESS_BINARY;
	case VALUE_ARRAY:
		return GUESS_ARRAY;
	case VALUE_MAP:
		return GUESS_MAP;
	case VALUE_STRUCT:
		return GUESS_STRUCT;
	case VALUE_TINYINT:
	case VALUE_SMALLINT:
	case VALUE_INT:
	case VALUE_BIGINT:
		return GUESS_INTEGER;
	case VALUE_DECIMAL:
	case VALUE_FLOAT:
	case VALUE_DOUBLE:
		return GUESS_NUMBER;
	case VALUE_VOID:
	case VALUE_MONTHS:
	case VALUE_MICROS:
		break;
	}
	return 0;
}

bool
use_is_arithmetic(const char *op)
{
	static const char *const ops[] = {
	    "+", "-", "*", "/", "%", "div", "&", "|", "^", "<<", ">>", ">>>"};
	size_t i;

	for (i = 0; i < COUNT_OF(ops); i++) {
		if (str_eq(op, ops[i]))
			return true;
	}
	return false;
}

bool
use_is_comparison(const char *op)
{
	static const char *const ops[] = {
	    "=", "==", "<>", "!=", "<", ">", "<=", ">=", "<=>", "!<", "!>"};
	size_t i;

	for (i = 0; i < COUNT_OF(ops); i++) {
		if (str_eq(op, ops[i]))
			return true;
	}
	return false;
}

static unsigned
use_of_literal(const struct expr *e)
{
	switch (e->literal) {
	case LITERAL_NUMBER:
		return strpbrk(e->value, ".eEdDfF") ? GUESS_NUMBER
		                                    : GUESS_INTEGER;
	case LITERAL_STRING:
		return GUESS_TEXT;
	case LITERAL_BOOLEAN:
		return GUESS_BOOLEAN;
	case LITERAL_TYPED:
		if (str_eq(e->op, "date"))
			return GUESS_DATE;
		return str_starts(e->op, "timestamp") ? GUESS_TIMESTAMP : 0;
	case LITERAL_NULL:
		break;
	}
	return 0;
}

/* The first of these that says something. */
unsigned
use_natural_of(const struct expr *const *list, size_t n, size_t step)
{
	unsigned best = 0;
	size_t i;

	for (i = 0; i < n; i += step) {
		unsigned uses = use_natural(list[i]);

		/* A number among integers makes all of them numbers. */
		if (uses > best && !(best & GUESS_TEXT))
			best = uses;
	}
	return best;
}

/* What the result is, as far as the expression alone tells. */
unsigned
use_natural(const struct expr *e)
{
	struct value_type type;
	struct arena scratch = ARENA_INIT;
	const char *letters;
	unsigned uses = 0;

	switch (e->kind) {
	case EXPR_LITERAL:
		return use_of_literal(e);
	case EXPR_CAST:
		if (value_type_parse(&scratch, e->type, &type))
			uses = use_of_type(&type);
		arena_done(&scratch);
		return uses;
	case EXPR_BINARY:
		if (use_is_arithmetic(e->op)) {
			uses = use_natural_of(e->arg, e->n_args, 1);
			return uses & (GUESS_DATE | GUESS_TIMESTAMP)
			    ? uses
			    : GUESS_NUMBER;
		}
		if (str_eq(e->op, "||"))
			return GUESS_TEXT;
		return str_eq(e->op, ":") ? 0 : GUESS_BOOLEAN;
	case EXPR_UNARY:
		return str_eq(e->op, "not") ? GUESS_BOOLEAN : GUESS_NUMBER;
	case EXPR_IN:
	case EXPR_BETWEEN:
	case EXPR_LIKE:
	case EXPR_IS:
		return GUESS_BOOLEAN;
	case EXPR_CASE:
		uses = use_natural_of(e->arg + (e->has_operand ? 2 : 1),
		    e->n_args - (e->has_operand ? 2 : 1), 2);
		return uses || !e->has_else
		    ? uses
		    : use_natural(e->arg[e->n_args - 1]);
	case EXPR_CALL:
		letters = use_signature(e->op);
		if (letters[0] == '=' && e->n_args > 0)
			return use_natural_of(e->arg + (letters[1] == 'B'),
			    e->n_args - (letters[1] == 'B'), 1);
		return use_of_letter(letters[0]);
	case EXPR_INTERVAL:
	case EXPR_COLUMN:
	case EXPR_LAMBDA:
	case EXPR_SUBSCRIPT:
	case EXPR_FIELD:
	case EXPR_ROW:
		break;
	}
	return 0;
}
