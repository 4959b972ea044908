#ifndef WEB_SERVE_H
#define WEB_SERVE_H

#include "service/wire.h"
#include "service/writer.h"

struct serve_config {
    const char *data_dir;
    const char *address;
    uint16_t port;
    unsigned threads;
    unsigned connections, per_address;
    const char *proxies; /* whose X-Forwarded-For is believed; NULL: none's */
    unsigned header_seconds, body_seconds, idle_seconds;
    const char *public_url;    /* "" or NULL = as the request's Host says */
    int64_t upload_max;        /* bytes of files in one form; 0 = 40 MB */
    const char *image_program; /* anlan-image; NULL = no small pictures */
    struct gateways gateways;  /* ways out for messages */
    bool insecure;   /* served without TLS in front: cookies without Secure */
    bool access_log; /* a line for each request */
};

struct server;

/* Open the data, start all threads and listen.
 * Errors: ERR_STORE and others, in words for the operator. */
struct server *server_start(const struct serve_config *, clock_fn *,
                            struct err *) MUST_USE;
uint16_t server_port(const struct server *);
/* A line for each request, or none from now on. */
void server_access_log(struct server *, bool);
/* Has a change waited for so long that only a restart helps? */
bool server_is_stuck(struct server *);
struct writer *server_writer(struct server *);
/* Stop accepting, finish what runs, close. */
void server_stop(struct server *);

#endif
