/*
 * The state on disk: JSON files below the data folder. Each is replaced as a
 * whole (sys/files.h), so a crash leaves the old one or the new one.
 *
 * settings.json and faults.json may be written by hand, too, while the program
 * runs; one that is not readable fails every request, saying so.
 */
#ifndef T2C_SIM_STORE_H
#define T2C_SIM_STORE_H

#include "sim/sim.h"

/* *ret is NULL where there is no such file. */
const struct err *store_read(struct arena *a, const char *dir, const char *name,
    const struct json **ret) MUST_USE;
const struct err *store_write(struct arena *a, const char *dir,
    const char *name, const struct buf *json) MUST_USE;
/* The same in the folder of whoever asks, which is made where it is missing. */
const struct err *store_write_state(const struct sim_req *req, const char *name,
    const struct buf *json) MUST_USE;

/* The settings as they are now: initial ones, command line, settings.json. */
const struct err *store_settings(struct arena *a, const struct sim *sim,
    struct settings *ret) MUST_USE;
/* Changes some of them; S_USAGE where one does not fit, and none is changed. */
const struct err *store_change_settings(struct arena *a, const struct sim *sim,
    const struct fields *changes) MUST_USE;

#endif
