#include "base/base.h"

#include "eval/builtin.h"

/*
 * Functions of which the type is known and the value is not: because it
 * differs from run to run, because its last digit does, or because nobody
 * needed it here so far.
 */

enum reason { REASON_VOLATILE, REASON_DIGIT, REASON_OPEN };

static enum eval_outcome
run_opaque(struct run *r, const struct node *n, const struct value *arg UNUSED,
    struct value *ret UNUSED)
{
	static const char *const reasons[] = {
	    "The value differs from run to run.",
	    "The last digit of the result is not known.",
	    "The values of this function are not known here.",
	};

	return node_unknown(r, reasons[n->index]);
}

/* Of any arguments; f->signature is the letter of the result. */
static struct node *
bind_opaque(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg UNUSED,
    size_t n UNUSED)
{
	struct builtin plain = *f;

	plain.signature = arena_printf(b->arena, ":%s", f->signature);
	return bind_signature(b, &plain, NULL, 0);
}

#define VOLATILE(called, type)                                                 \
	{                                                                      \
		(called), (type), run_opaque, bind_opaque, NODE_EAGER,         \
		    REASON_VOLATILE                                            \
	}
#define DIGIT(called)                                                          \
	{                                                                      \
		(called), "d", run_opaque, bind_opaque, NODE_EAGER,            \
		    REASON_DIGIT                                               \
	}
#define OPEN(called, type)                                                     \
	{                                                                      \
		(called), (type), run_opaque, bind_opaque, NODE_EAGER,         \
		    REASON_OPEN                                                \
	}

static const struct builtin table[] = {
    VOLATILE("current_timestamp", "t"),
    VOLATILE("now", "t"),
    VOLATILE("current_date", "D"),
    VOLATILE("curdate", "D"),
    VOLATILE("current_user", "s"),
    VOLATILE("user", "s"),
    VOLATILE("session_user", "s"),
    VOLATILE("current_database", "s"),
    VOLATILE("current_schema", "s"),
    VOLATILE("current_catalog", "s"),
    VOLATILE("input_file_name", "s"),
    VOLATILE("uuid", "s"),
    VOLATILE("rand", "d"),
    VOLATILE("random", "d"),
    VOLATILE("randn", "d"),
    VOLATILE("monotonically_increasing_id", "l"),
    VOLATILE("spark_partition_id", "i"),
    DIGIT("cbrt"),
    DIGIT("sin"),
    DIGIT("cos"),
    DIGIT("tan"),
    DIGIT("asin"),
    DIGIT("acos"),
    DIGIT("atan"),
    DIGIT("atan2"),
    DIGIT("degrees"),
    DIGIT("radians"),
    DIGIT("hypot"),
    DIGIT("expm1"),
    DIGIT("log1p"),
    OPEN("conv", "s"),
    OPEN("to_json", "s"),
    OPEN("to_csv", "s"),
    OPEN("to_char", "s"),
    OPEN("mask", "s"),
    OPEN("quote", "s"),
    OPEN("parse_url", "s"),
    OPEN("url_encode", "s"),
    OPEN("url_decode", "s"),
    OPEN("luhn_check", "b"),
    OPEN("regexp_instr", "i"),
    OPEN("json_array_length", "i"),
    OPEN("width_bucket", "l"),
    OPEN("encode", "y"),
    OPEN("aes_encrypt", "y"),
    OPEN("aes_decrypt", "y"),
    OPEN("current_timezone", "s"),
    OPEN("version", "s"),
    OPEN("typeof", "s"),
};

const struct builtins builtins_opaque = {table, COUNT_OF(table)};
