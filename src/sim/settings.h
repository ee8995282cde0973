/*
 * How the simulated workspace behaves. Settings come from the command line
 * (--set KEY=VALUE), and from the control page, whose last word is kept in
 * settings.json and counts more.
 */
#ifndef T2C_SIM_SETTINGS_H
#define T2C_SIM_SETTINGS_H

#include "sim/fields.h"

struct settings {
	const char *user;   /* who signs in where the form is left as it is */
	const char *org_id; /* of the workspace */
	const char *misbehaviour;  /* of every answer of a model */
	const char *endpoints;     /* names of models, parted by blanks */
	int64_t tokens_per_second; /* 0: without any delay */
	int64_t drip_ms;           /* between the tokens of a slow drip */
	int64_t token_life_s;      /* of an OAuth access token */
	int64_t empty_pages;       /* at the start of each list of a catalog */
	int64_t page_size;         /* of such lists */
	int64_t chunk_rows;        /* of the result of a statement */
	int64_t run_polls;      /* at which a run or a statement is at work */
	int64_t statement_s;    /* that a statement may take */
	const char *run_result; /* "SUCCESS" or "FAILED" */
};

struct setting {
	const char *name;
	const char *initial;
	const char *meaning;
	size_t offset;
	bool is_number;
	int64_t min;
	int64_t max;
};

extern const struct setting settings_table[];
extern const size_t n_settings;

void settings_init(struct arena *a, struct settings *s);
/* S_USAGE, saying why, for an unknown name and a value that does not fit. */
const struct err *settings_set(struct arena *a, struct settings *s,
    const char *name, const char *value) MUST_USE;
/* The value as text. */
const char *settings_text(struct arena *a, const struct settings *s,
    const struct setting *setting);

#endif
