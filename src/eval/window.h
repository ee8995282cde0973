/*
 * Window functions. Rows that the ORDER BY does not tell apart have no order,
 * so what depends on it there is EVAL_DIFFERS. For src/eval alone.
 */
#ifndef T2C_EVAL_WINDOW_H
#define T2C_EVAL_WINDOW_H

#include "eval/bind.h"

/* The rows of one partition, in order. */
struct partition {
	const size_t *row;
	size_t n;
	size_t at;   /* of the current row */
	size_t from; /* its peers: [from, to) */
	size_t to;
	bool has_ties; /* anywhere in the partition */
	/* The frame of the current row: [first, last). */
	size_t first;
	size_t last;
	bool frame_has_peers; /* its ends do not cut peers apart */
};

struct window {
	const struct node **partition;
	size_t n_partition;
	const struct node **order;
	const struct expr_sort *sort;
	size_t n_order;
	enum expr_frame_unit frame;
	struct expr_bound from;
	struct expr_bound to;
	int64_t from_offset;
	int64_t to_offset;
	bool ignore_nulls;
};

/* Sorts the rows of the current row's partition. */
enum eval_outcome window_partition(struct run *r, const struct window *w,
    struct partition *ret);
/* The value of an argument for another row. */
enum eval_outcome window_argument(struct run *r, const struct node *arg,
    size_t row, struct value *ret);

/* sum(), avg(), min(), max(), count() over the frame; window_aggregate.c.
 * NULL, without a message, for other functions. */
struct node *window_aggregate(struct bind *b, const struct expr *e,
    const struct window *w);

#endif
