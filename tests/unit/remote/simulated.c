#include "base/base.h"

#include "simulated.h"

#include "sys/crypto.h"
#include "../sys/temp.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "./text2code-sim" /* of the folder that is built in */

struct simulated simulated;

static void
become_simulator(int out)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(out, 1) >= 0 && freopen("/dev/null", "w", stderr))
		execl(PROGRAM, PROGRAM, "--data", simulated.dir, "--set",
		    "tokens_per_second=0", (char *)NULL);
	_exit(127);
}

int
simulated_setup(void **state)
{
	char line[200] = "";
	int fd[2];
	FILE *in;

	(void)state;
	assert_null(crypto_init());
	simulated.dir = arena_printf(&simulated.arena, "%s/sim",
	    temp_dir(&simulated.arena));
	assert_int_equal(pipe(fd), 0);
	simulated.pid = fork();
	if (simulated.pid == 0)
		become_simulator(fd[1]);
	close(fd[1]);
	in = fdopen(fd[0], "r");
	if (!fgets(line, sizeof(line), in))
		fail_msg("%s does not start: tests run where it is built",
		    PROGRAM);
	fclose(in);
	simulated.base = arena_strndup(&simulated.arena, line,
	    strcspn(line, "\n"));
	assert_null(http_open(&simulated.arena, &simulated.http));
	return 0;
}

int
simulated_teardown(void **state)
{
	(void)state;
	kill(simulated.pid, SIGTERM);
	waitpid(simulated.pid, NULL, 0);
	arena_done(&simulated.arena);
	err_clear();
	return 0;
}

bool
simulated_pause(const struct client *c, int64_t ms)
{
	(void)c;
	simulated.pauses++;
	simulated.paused_ms += ms;
	return true;
}

static bool
on_body(void *context, struct slice piece)
{
	(void)context;
	return chat_read(&simulated.reader, piece);
}

struct client
simulated_client(void)
{
	return (struct client){.http = simulated.http,
	    .release = "1",
	    .id = "r",
	    .pause = simulated_pause};
}

struct account
simulated_account(const char *token)
{
	return (struct account){.host = "sim",
	    .base = simulated.base,
	    .token = token,
	    .auth = "pat",
	    .reach = HTTP_LOOPBACK,
	    .plain = true};
}

int
simulated_call(const char *token, const struct call *call)
{
	const struct client client = simulated_client();
	const struct account as = simulated_account(token);
	struct call limited = *call;
	const struct err *e;

	limited.budget_ms = 60000;
	limited.idle_ms = 1000;
	limited.total_ms = 20000;
	simulated.pauses = 0;
	simulated.paused_ms = 0;
	e = client_call(&client, &simulated.arena, &as, &limited,
	    &simulated.answer, &simulated.fault);
	return e ? (int)e->code : -1;
}

int
simulated_ask_as(const char *token, const char *method, const char *path,
    const char *body, enum retry_kind kind, bool streams)
{
	const struct call call = {.method = method,
	    .path = path,
	    .body = slice_of(body),
	    .kind = kind,
	    .on_body = streams ? on_body : NULL};

	return simulated_call(token, &call);
}

int
simulated_ask(const char *method, const char *path, const char *body)
{
	return simulated_ask_as("dapi-ann", method, path, body, RETRY_READ,
	    false);
}

void
simulated_control(const char *what, const char *body)
{
	const char *path = arena_printf(&simulated.arena, "/control/%s", what);

	assert_int_equal(simulated_ask_as(NULL, "POST", path, body, RETRY_ONCE,
	                     false),
	    -1);
}
