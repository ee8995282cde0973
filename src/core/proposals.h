/*
 * Rows that a model proposes for a sheet: from a sentence, or for rows whose
 * transformation is words. They are asked for as code is (core/answers.h), in
 * a generation of the engine "proposal" whose code is CSV. Nothing of them is
 * in the sheet before a person has accepted it, row by row.
 */
#ifndef T2C_PROPOSALS_H
#define T2C_PROPOSALS_H

#include "core/generations.h"
#include "mapping/mapping.h"

#define PROPOSAL_ENGINE "proposal"
#define PROPOSAL_MAX_ROWS 500

struct proposed_row {
	const char *cell[FIELD__COUNT]; /* "" where nothing is said */
	int64_t replaces; /* row of the sheet with this target column; 0 */
	const char *before[FIELD__COUNT]; /* of that row, else "" */
	LIST_OF(const struct problem *) problems;
	bool has_errors;
};

struct proposal {
	struct mapping mapping; /* of the revision that was asked about */
	struct problems problems;
	LIST_OF(struct proposed_row) rows;
	bool is_used[FIELD__COUNT]; /* some row says something there */
};

/* Reads CSV as proposed rows of the sheet; at most PROPOSAL_MAX_ROWS. False
 * where it is no sheet, or lacks what every row needs: *ret_why says so. The
 * problems of single rows stand with them. */
bool proposal_read(struct arena *a, struct slice sheet, struct slice rows,
    struct proposal *ret, const char **ret_why) MUST_USE;
/* The sheet with the rows that are accepted, in the places of those that they
 * replace, else at its end. */
struct slice proposal_apply(struct arena *a, const struct proposal *p,
    const bool *accepted);

#endif
