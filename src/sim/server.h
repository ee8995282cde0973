/*
 * The one door to libmicrohttpd, and to threads: HTTP on 127.0.0.1, one thread
 * a connection. Answers are made one at a time; waiting for one, sending it
 * and its pauses happen side by side.
 */
#ifndef T2C_SIM_SERVER_H
#define T2C_SIM_SERVER_H

#include "sim/sim.h"

struct server;

/* Listens at a port, 0 being any that is free, and sets sim->base. S_CONFIG
 * where it cannot. The server lives in the arena, sim must live as long. */
const struct err *server_start(struct arena *a, struct sim *sim, uint16_t port,
    struct server **ret) MUST_USE;
/* Cuts what is being sent, and returns when no thread is left. */
void server_stop(struct server *server);

#endif
