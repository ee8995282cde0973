/*
 * For tests: a simulated workspace without a server, asked in its own process.
 */
#ifndef T2C_TEST_BOX_H
#define T2C_TEST_BOX_H

#include "sim/sim.h"
#include "temp.h"

struct box {
	struct arena arena;
	struct sim sim;
	const char *token; /* of who asks; NULL: nobody */
	const char *range; /* headers of the next request */
	const char *unmodified_since;
};

/* For cmocka: *state is a struct box, in which Ann asks. */
int box_setup(void **state);
int box_teardown(void **state);

/* path may have a query. */
struct sim_resp box_ask(struct box *box, const char *method, const char *path,
    const char *body);
/* The same, where the body is bytes. */
struct sim_resp box_send(struct box *box, const char *method, const char *path,
    struct slice body);
/* The body of an answer of 200; fails for any other. */
const struct json *box_get(struct box *box, const char *path);
const struct json *box_json(struct box *box, const struct sim_resp *resp);
/* Whether the body has the text. */
bool box_says(const struct sim_resp *resp, const char *text);
/* Writes a file of the data folder. */
void box_write(struct box *box, const char *name, const char *text);

/* Fails unless an answer has this status, saying which line asked. */
void check_status(const struct sim_resp *resp, int status, const char *file,
    int line);
#define answers(resp, status)                                                  \
	check_status(&(resp), (status), __FILE__, __LINE__)

#define BOX_TEST(f) cmocka_unit_test_setup_teardown(f, box_setup, box_teardown)

#endif
