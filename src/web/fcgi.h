/*
 * The one door to libfcgi: requests come in, replies go out.
 *
 * nginx must pass these parameters, each once, and needs to pass no other:
 * REQUEST_METHOD REQUEST_URI CONTENT_TYPE CONTENT_LENGTH REMOTE_ADDR HTTPS
 * REQUEST_ID HTTP_HOST HTTP_COOKIE HTTP_ACCEPT HTTP_ORIGIN
 * HTTP_SEC_FETCH_SITE HTTP_X_CSRF_TOKEN. Nothing else is looked at, so no
 * header that a browser invents can pass for one of them.
 */
#ifndef T2C_FCGI_H
#define T2C_FCGI_H

#include "core/app.h"
#include "web/worker_slot.h"

/* Of a request body: an upload of 10 MB and the form round it. nginx refuses
 * larger ones before they come here. */
#define FCGI_BODY_MAX ((size_t)10 * 1024 * 1024 + 64 * 1024)

/*
 * Serves connections from listen_fd, one after another, until the configured
 * number of requests is reached or SIGTERM has come; a SIGTERM during a
 * request is obeyed after it. Takes over SIGTERM and makes the socket
 * non-blocking, which is shared by all that have it open. The slot may be
 * NULL. Returns the process's exit status: 0, or 70 where waiting failed.
 */
int fcgi_worker_run(const struct app *app, int listen_fd, bool calls_pool,
    volatile struct worker_slot *slot);

#endif
