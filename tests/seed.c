/*
 * Fills a data directory with generations, for bench/run and for looking at
 * full lists: tests/seed DATA USER COUNT. The same call gives the same rows.
 */
#include "base/base.h"

#include "core/generations.h"
#include "sys/config.h"

#include <stdio.h>

static const char *const names[] = {
    "order_lines_merge.csv",
    "sales_full_load.csv",
    "orders_incremental.csv",
    "customer_addresses.csv",
    "loyalty_points_ledger.csv",
    "web_sessions_enriched.csv",
    "finance_gl_account_balances_to_reporting_layer_v3.csv",
};
static const char *const patterns[] = {"merge", "full_load", "incremental"};
static const char *const targets[] = {
    "shop.silver.order_lines",
    "retail.gold.customer_addresses",
    "/Volumes/retail/curated/output/orders",
    "finance_reporting.gold.fct_general_ledger_account_balances",
};

static const struct err *
seed(const struct app *app, struct arena *a, const char *user_name,
    int64_t count)
{
	const struct user *user = NULL;
	struct mapping_id mapping;
	const struct err *e;
	int64_t i;

	e = user_find(app, a, user_name, &user);
	if (e)
		return e;
	if (!user)
		return err_new(W_NOT_FOUND, "There is no user %s.", user_name);
	e = mappings_create(app, user, "", "seed.csv",
	    SLICE("source_table,source_column,target_table,target_column\n"
	          "a.b.c,x,a.b.d,x\n"),
	    &mapping);
	for (i = 0; !e && i < count; i++) {
		bool failed = i % 17 == 0;
		struct generation_id id;
		struct generation g = {
		    .mapping = mapping,
		    .revision_number = 1,
		    .name = names[i % (int64_t)COUNT_OF(names)],
		    .pattern = patterns[i % (int64_t)COUNT_OF(patterns)],
		    .options = "{}",
		    .engine = "compiler",
		    .compiler = app->release,
		    .targets = targets[i % (int64_t)COUNT_OF(targets)],
		    .target_count = 1,
		    .column_count = 3 + i * 7 % 150,
		    .status = failed ? GENERATION_FAILED : GENERATION_SUCCEEDED,
		    .error = failed ? "S513: seeded" : "",
		    .duration_us = 800 + i * 911 % 9000,
		    .code = failed ? "" : "print(\"seeded\")\n",
		    .plan = failed ? "" : "{}\n",
		};

		e = generations_create(app, user, "", &g, &id);
	}
	return e;
}

int
main(int argc, char **argv)
{
	struct arena arena = ARENA_INIT;
	struct config config;
	const struct err *e;
	struct app app;
	int64_t count;

	if (argc != 4 || !str_to_int(argv[3], 1, 1000000, &count)) {
		fprintf(stderr, "usage: tests/seed DATA USER COUNT\n");
		return 2;
	}
	e = config_load(&arena, NULL, &config);
	if (!e)
		e = config_set(&arena, &config, "data_dir", argv[1]);
	if (!e)
		e = app_open(&arena, &config, &app);
	if (!e)
		e = seed(&app, &arena, argv[2], count);
	if (e)
		fprintf(stderr, "tests/seed: %s %s\n", e->message, e->detail);
	arena_done(&arena);
	return e ? 1 : 0;
}
