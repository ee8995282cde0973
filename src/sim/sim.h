/*
 * The simulated workspace: behaves as the REST API of a Databricks workspace
 * does, for training and for tests, on loopback alone. Everything that it
 * shows says that it is a simulation.
 *
 * All state is in JSON files below one folder, read and written anew by each
 * request; one request is answered at a time, so nothing here locks. Waiting
 * and sending are the server's (sim/server.h), and happen side by side.
 *
 * What the API is like: Databricks' REST reference and the behaviour of the
 * official SDKs.
 */
#ifndef T2C_SIM_H
#define T2C_SIM_H

#include "base/buf.h"
#include "base/clock.h"
#include "sim/fields.h"
#include "sim/settings.h"

#define SIM_NAME "text2code-sim"
/* Of a request, and of any file that it makes. */
#define SIM_BODY_MAX ((size_t)32 << 20)

/* Ids start here: above 2^53, where a double is no longer exact. */
#define SIM_FIRST_ID INT64_C(7000000000000000001)

/* What lives as long as the process. */
struct sim {
	const char *dir;      /* of the state */
	const char *compiler; /* the program text2code */
	const char *engine;   /* a Python that has DuckDB; NULL: none */
	const char *base;     /* "http://127.0.0.1:8765" */
	struct fields preset; /* settings of the command line */
	struct clock clock;
};

struct sim_req {
	const struct sim *sim;
	struct arena *arena;
	const char *method;
	const char *path; /* decoded */
	struct fields query;
	struct slice body;
	const char *authorization; /* headers; NULL if absent */
	const char *content_type;
	const char *origin;
	const char *host;
	const char *range;
	const char *unmodified_since;
	/* Set on the way to the handler: */
	struct settings settings;
	const char *misbehaviour; /* of this answer; see sim/misbehave.h */
	const char *part[2];      /* what :name and :other of the route are */
	const char *user;         /* who asks; NULL where nobody has to say */
	const char *state;        /* the folder of what is this user's */
};

/* Some bytes of an answer that streams, and how long it is until they come. */
struct sim_piece {
	struct slice bytes;
	int64_t wait_ms;
};

enum sim_ending {
	SIM_END,   /* as it should be */
	SIM_CUT,   /* the connection is closed where more was to come */
	SIM_STALL, /* nothing more comes, and the connection stays */
	SIM_CLOSE  /* the connection is closed without any answer */
};

struct sim_resp {
	int status;
	const char *content_type; /* NULL: no body */
	struct fields headers;
	struct slice body;
	LIST_OF(struct sim_piece) pieces; /* instead of the body, if any */
	bool byte_by_byte;
	enum sim_ending ending;
	int64_t latency_ms; /* before anything of it is sent */
};

#endif
