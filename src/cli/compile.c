#include "base/base.h"

#include "cli/cmd.h"

#include "base/clock.h"
#include "base/json.h"
#include "core/compile.h"
#include "core/patterns.h"
#include "core/problems.h"
#include "lang/lang.h"
#include "plan/openlineage.h"
#include "sys/crypto.h"
#include "sys/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct err *
read_sheet(const struct cli *cli, struct slice *ret)
{
	const char *path = cli->args.v[0];

	if (str_eq(path, "-"))
		return file_read_stdin(cli->arena, SHEET_MAX_BYTES + 1, ret);
	/* One byte over the limit, so that the sheet reader says which. */
	return file_read(cli->arena, path, SHEET_MAX_BYTES + 1, ret);
}

static void
print_problem(struct arena *a, const struct problem *p, bool as_json)
{
	struct json_writer w;
	struct buf b;

	if (!as_json) {
		printf("%s\t%" PRId64 "\t%s\t%s\t%s\n", code_info(p->code)->id,
		    p->row, p->header, p->message, p->fix);
		return;
	}
	buf_init(&b, a, SHEET_MAX_BYTES);
	json_init(&w, &b, false);
	problem_json(&w, p);
	printf("%s\n", buf_str(&b));
}

void
cli_print_problems(struct arena *a, const struct problems *problems,
    bool as_json)
{
	size_t i;

	for (i = 0; i < problems->n; i++)
		print_problem(a, &problems->v[i], as_json);
}

const struct err *
cmd_validate(const struct cli *cli, int *ret_status)
{
	struct compiled compiled;
	struct slice sheet;
	const struct err *e;

	e = read_sheet(cli, &sheet);
	if (e)
		return e;
	compile_check(cli->arena, sheet, &compiled);
	cli_print_problems(cli->arena, &compiled.problems,
	    cli_flag(cli, "json"));
	if (compiled.problems.errors > 0)
		*ret_status = EXIT_PROBLEMS;
	return NULL;
}

/* The compiled patterns, then the files that are installed beside them. */
static const struct err *
load_all_patterns(const struct cli *cli, struct patterns *ret)
{
	struct pattern_files files = {0};
	const struct err *e;
	size_t i;

	e = cli_load_patterns(cli, ret);
	if (!e)
		e = patterns_load_files(cli->arena,
		    arena_printf(cli->arena, "%s/patterns",
		        cli_share_folder(cli)),
		    ret, &files);
	for (i = 0; !e && i < files.n; i++)
		*LIST_ADD(cli->arena, ret) = files.v[i].derived.pattern;
	return e;
}

/* A pattern that is a file of its own, as the pages export it. */
static const struct err *
read_pattern_file(const struct cli *cli, const char *path,
    const struct pattern **ret)
{
	struct patterns *bases = arena_new(cli->arena, struct patterns);
	struct pattern_file *file = arena_new(cli->arena, struct pattern_file);
	struct problems problems = {0};
	const struct err *e;

	e = cli_load_patterns(cli, bases);
	if (!e)
		e = pattern_file_read(cli->arena, path, bases, file, &problems);
	if (e)
		return e;
	*ret = &file->derived.pattern;
	if (problems.errors == 0)
		return NULL;
	return err_new(problems.v[0].code, "%s, %s", path,
	    pattern_problem_text(cli->arena, &problems.v[0]));
}

static const struct err *
choose_pattern(const struct cli *cli, const struct pattern **ret)
{
	struct patterns *patterns = arena_new(cli->arena, struct patterns);
	const char *name = cli_option(cli, "pattern");
	const char *path = cli_option(cli, "pattern-file");
	const struct err *e;

	if (!name == !path)
		return err_new(S_USAGE,
		    "Say which pattern: --pattern NAME or --pattern-file "
		    "FILE.");
	if (path)
		return read_pattern_file(cli, path, ret);
	e = load_all_patterns(cli, patterns);
	if (e)
		return e;
	*ret = pattern_find(patterns, name);
	if (!*ret)
		return err_new(P_UNKNOWN,
		    "There is no pattern %s; see "
		    "text2code patterns.",
		    name);
	return NULL;
}

static const struct err *
collect_options(const struct cli *cli, struct plan_options *ret)
{
	size_t i;

	for (i = 0; i < cli->options.n; i++) {
		const char *text = cli->options.v[i].value;
		struct plan_option *o;
		size_t n;

		if (!str_eq(cli->options.v[i].name, "option"))
			continue;
		n = strcspn(text, "=");
		if (text[n] != '=')
			return err_new(S_USAGE,
			    "--option is NAME=VALUE, not %s.", text);
		o = LIST_ADD(cli->arena, ret);
		o->name = arena_strndup(cli->arena, text, n);
		o->value = text + n + 1;
	}
	return NULL;
}

/* Reads sheet, pattern and options as the command line names them. */
static const struct err *
gather(const struct cli *cli, const struct pattern **ret_pattern,
    struct plan_options *ret_options, struct slice *ret_sheet)
{
	const struct err *e;

	e = choose_pattern(cli, ret_pattern);
	if (!e)
		e = collect_options(cli, ret_options);
	if (!e)
		e = read_sheet(cli, ret_sheet);
	return e;
}

static const char *
sheet_name(const struct cli *cli)
{
	const char *path = cli->args.v[0];
	const char *slash = strrchr(path, '/');

	if (str_eq(path, "-"))
		return "mapping.csv";
	return slash ? slash + 1 : path;
}

/* A file that the compiler makes. */
struct output {
	const char *name;
	struct slice bytes;
};
struct outputs {
	struct output *v;
	size_t n;
	size_t cap;
};

static void
add_output(struct arena *a, struct outputs *list, const char *name,
    struct slice bytes)
{
	*LIST_ADD(a, list) = (struct output){name, bytes};
}

/* Code, tests, plan, lineage and source map. The lineage has the time 0: the
 * same sheet gives the same bytes. */
static const struct err *
outputs_of(struct arena *a, const char *base_name,
    const struct compiled *compiled, struct outputs *ret)
{
	struct lineage lineage;
	const char *event;
	const struct err *e;

	e = lineage_read(a, slice_of(compiled->plan_json), &lineage);
	if (!e)
		e = openlineage_json(a, &lineage, base_name, 0, &event);
	if (e)
		return e;
	add_output(a, ret,
	    arena_printf(a, "%s.%s", base_name,
	        lang_extension(lang_of(compiled->code))),
	    compiled->code);
	if (compiled->tests.n > 0)
		add_output(a, ret, arena_printf(a, "test_%s.py", base_name),
		    compiled->tests);
	add_output(a, ret, "plan.json", slice_of(compiled->plan_json));
	add_output(a, ret, "lineage.json", slice_of(event));
	add_output(a, ret, "source_map.json", slice_of(compiled->source_map));
	return NULL;
}

static const struct err *
write_result(struct arena *a, const char *folder, const char *base_name,
    const struct compiled *compiled)
{
	struct outputs outputs = {0};
	const struct err *e;
	size_t i;

	e = outputs_of(a, base_name, compiled, &outputs);
	if (!e)
		e = dir_make_public(a, folder);
	for (i = 0; !e && i < outputs.n; i++)
		e = file_write(a,
		    arena_printf(a, "%s/%s", folder, outputs.v[i].name),
		    outputs.v[i].bytes);
	return e;
}

const struct err *
cmd_compile(const struct cli *cli, int *ret_status)
{
	struct arena *a = cli->arena;
	const char *folder = cli_option(cli, "output");
	const struct pattern *pattern = NULL;
	struct plan_options options = {0};
	struct compiled compiled;
	struct slice sheet;
	const struct err *e;

	e = gather(cli, &pattern, &options, &sheet);
	if (e)
		return e;
	e = compile_run(a, sheet, sheet_name(cli), pattern, &options,
	    PACKAGE_VERSION, &compiled);
	if (e)
		return e;
	cli_print_problems(a, &compiled.problems, false);
	if (compiled.problems.errors > 0) {
		*ret_status = EXIT_PROBLEMS;
		return NULL;
	}
	return write_result(a, folder ? folder : ".",
	    compile_base_name(a, sheet_name(cli)), &compiled);
}

const struct err *
cmd_patterns(const struct cli *cli, int *ret_status UNUSED)
{
	struct patterns patterns = {0};
	const struct err *e;
	size_t i;
	size_t j;

	e = load_all_patterns(cli, &patterns);
	if (e)
		return e;
	for (i = 0; i < patterns.n; i++) {
		const struct pattern *p = &patterns.v[i];

		printf("%s: %s\n", p->name, p->summary);
		for (j = 0; j < p->options.n; j++) {
			const struct option *o = &p->options.v[j];

			printf("  %-18s %s%s%s%s%s\n", o->name, o->title,
			    o->initial[0] ? ", default " : "", o->initial,
			    o->access == OPTION_OPEN ? "" : ", ",
			    o->access == OPTION_OPEN
			        ? ""
			        : option_access_name(o->access));
		}
	}
	return NULL;
}

/* Everything that a request makes of a sheet: code, tests, plan, source map and
 * lineage. *ret_us is how long it took. */
static const struct err *
compile_all(struct arena *a, const struct cli *cli, struct slice sheet,
    const struct pattern *pattern, const struct plan_options *options,
    struct compiled *ret, int64_t *ret_us)
{
	int64_t start = clock_monotonic_us();
	struct lineage lineage;
	const struct err *e;
	const char *event;

	e = compile_run(a, sheet, sheet_name(cli), pattern, options,
	    PACKAGE_VERSION, ret);
	if (!e && ret->problems.errors == 0)
		e = lineage_read(a, slice_of(ret->plan_json), &lineage);
	if (!e && ret->problems.errors == 0)
		e = openlineage_json(a, &lineage, "bench", 0, &event);
	*ret_us = clock_monotonic_us() - start;
	return e;
}

static int
by_value(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* One hash over all that the compiler makes, file after file. */
static const struct err *
hash_outputs(struct arena *a, const char *base_name,
    const struct compiled *compiled, const char **ret)
{
	struct outputs outputs = {0};
	const struct err *e;
	struct buf all;
	size_t i;

	e = outputs_of(a, base_name, compiled, &outputs);
	if (e)
		return e;
	buf_init(&all, a, SIZE_MAX / 2);
	for (i = 0; i < outputs.n; i++)
		buf_add_slice(&all, outputs.v[i].bytes);
	*ret = crypto_sha256(a, buf_slice(&all));
	return NULL;
}

/* What repeated compilations have shown. */
struct bench {
	const char *base_name;
	int64_t *times; /* in microseconds */
	int64_t n;
	const char *hash; /* of the outputs, which are the same each time */
};

static const struct err *
bench_add(const struct cli *cli, struct arena *scratch, struct bench *b,
    const struct compiled *compiled)
{
	const char *hash = NULL;
	const struct err *e;

	b->n++;
	e = hash_outputs(scratch, b->base_name, compiled, &hash);
	if (e)
		return e;
	if (!b->hash)
		b->hash = arena_strdup(cli->arena, hash);
	if (!str_eq(b->hash, hash))
		return err_new(S_INTERNAL,
		    "Compilation %" PRId64 " made other bytes than the first.",
		    b->n);
	return NULL;
}

const struct err *
cmd_bench_compile(const struct cli *cli, int *ret_status)
{
	const char *text = cli_option(cli, "repeat");
	const struct pattern *pattern = NULL;
	struct plan_options options = {0};
	struct slice sheet;
	const struct err *e;
	int64_t repeat = 100;
	struct bench b = {
	    .base_name = compile_base_name(cli->arena, sheet_name(cli))};

	if (text && !str_to_int(text, 1, 1000000, &repeat))
		return err_new(S_USAGE, "--repeat is a number from 1.");
	e = gather(cli, &pattern, &options, &sheet);
	if (e)
		return e;
	b.times = arena_array(cli->arena, int64_t, (size_t)repeat);
	while (b.n < repeat) {
		struct arena scratch = ARENA_INIT;
		struct compiled compiled;

		e = compile_all(&scratch, cli, sheet, pattern, &options,
		    &compiled, &b.times[b.n]);
		if (e)
			return e;
		if (compiled.problems.errors > 0) {
			cli_print_problems(&scratch, &compiled.problems, false);
			arena_done(&scratch);
			*ret_status = EXIT_PROBLEMS;
			return NULL;
		}
		e = bench_add(cli, &scratch, &b, &compiled);
		if (e)
			return e;
		arena_done(&scratch);
	}
	qsort(b.times, (size_t)repeat, sizeof(b.times[0]), by_value);
	printf("median_us=%" PRId64 " p99_us=%" PRId64 " sha256=%s\n",
	    b.times[repeat / 2], b.times[(repeat * 99) / 100], b.hash);
	return NULL;
}
