#include "base/base.h"

#include "sim/store.h"

#include "sys/files.h"

#include <unistd.h>

const struct err *
store_read(struct arena *a, const char *dir, const char *name,
    const struct json **ret)
{
	const char *path = arena_printf(a, "%s/%s", dir, name);
	const struct err *e;
	struct slice text;

	*ret = NULL;
	if (access(path, F_OK) != 0)
		return NULL;
	e = file_read(a, path, 4 * SIM_BODY_MAX, &text);
	if (!e)
		e = json_parse(a, text, ret);
	return e ? err_wrap(e, "%s", path) : NULL;
}

const struct err *
store_write(struct arena *a, const char *dir, const char *name,
    const struct buf *json)
{
	if (buf_full(json))
		return err_new(S_FILE, "%s/%s would be too large.", dir, name);
	return file_write(a, arena_printf(a, "%s/%s", dir, name),
	    buf_slice(json));
}

const struct err *
store_write_state(const struct sim_req *req, const char *name,
    const struct buf *json)
{
	const struct err *e = dir_make(req->arena, req->state);

	return e ? e : store_write(req->arena, req->state, name, json);
}

static const struct err *
set_all(struct arena *a, struct settings *s, const struct fields *f)
{
	const struct err *e = NULL;
	size_t i;

	for (i = 0; !e && i < f->n; i++)
		e = settings_set(a, s, f->v[i].name, f->v[i].value);
	return e;
}

const struct err *
store_settings(struct arena *a, const struct sim *sim, struct settings *ret)
{
	const struct json *json = NULL;
	struct fields kept = {0};
	const struct err *e;

	settings_init(a, ret);
	e = set_all(a, ret, &sim->preset);
	if (!e)
		e = store_read(a, sim->dir, "settings.json", &json);
	if (e)
		return e;
	fields_add_json(a, &kept, json);
	return set_all(a, ret, &kept);
}

const struct err *
store_change_settings(struct arena *a, const struct sim *sim,
    const struct fields *changes)
{
	const struct json *json = NULL;
	struct settings scratch;
	struct fields kept = {0};
	struct fields all = {0};
	struct json_writer w;
	const struct err *e;
	struct buf b;
	size_t i;

	settings_init(a, &scratch);
	e = set_all(a, &scratch, changes);
	if (!e)
		e = store_read(a, sim->dir, "settings.json", &json);
	if (e)
		return e;
	fields_add_json(a, &kept, json);
	for (i = 0; i < changes->n; i++)
		fields_add(a, &kept, changes->v[i].name, changes->v[i].value);
	for (i = 0; i < n_settings; i++) {
		const char *name = settings_table[i].name;
		const char *value = fields_get(&kept, name, NULL);

		if (value)
			fields_add(a, &all, name, value);
	}
	buf_init(&b, a, SIM_BODY_MAX);
	json_init(&w, &b, true);
	fields_json(&w, &all);
	return store_write(a, sim->dir, "settings.json", &b);
}
