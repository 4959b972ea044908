#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/*
 * The adapter over the HTTP library: the only file that knows which one it
 * is.  A request is handed to one handler when it is complete; the handler
 * answers at once, or parks the connection and is called again after
 * http_resume().
 */
enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OTHER
};

struct http_param {
    struct str name, value;
};

/* A file part of multipart/form-data, already in a temporary file which is
 * removed with the request unless someone renames it away. */
struct http_upload {
    struct str name, filename, type;
    const char *path;
    int64_t size;
    bool over; /* larger than there was room for: none of it is there */
    unsigned char sha256[32];
};

struct http_request {
    struct arena *arena; /* lives as long as the request */
    enum http_method method;
    struct str path; /* percent-decoded; valid UTF-8, no NUL, no ".." */
    const struct http_param *query;
    size_t n_query;
    const struct http_param *form; /* urlencoded, or text parts of multipart */
    size_t n_form;
    const struct http_upload *files;
    size_t n_files;
    struct str body; /* any other content type, e.g. JSON */
    struct str content_type;
    struct str peer; /* address in text, without port; see .proxies */
    unsigned thread; /* 0 to threads - 1: the I/O thread that calls */
    bool resumed;    /* true when called again after http_resume() */
    /* what was wrong with the body; ERR_NONE = nothing. ERR_TOO_LARGE with
     * fields: only files had no room, see .over */
    struct err bad;
    void *user; /* the handler's own, kept from park to resume */
};

/* Method, address and parameters of a request, for work that outlives it; it
 * has neither heads nor a body. NULL: no memory. */
struct http_request *http_copy(struct arena *, const struct http_request *);

/* "" when absent. name is compared without case. */
struct str http_header(const struct http_request *, const char *name);
struct str http_cookie(const struct http_request *, const char *name);

/* A shared piece of a body: release(arg) when it has been sent. */
struct http_piece {
    struct str bytes;
    void (*release)(void *arg);
    void *arg;
};

struct http_response {
    int status;
    struct buf body;            /* sent first, unless pieces are given */
    struct http_piece piece[4]; /* sent in order, after body */
    unsigned n_pieces;
    struct buf tail; /* sent last */
    int fd;          /* >= 0: a file of fd_size bytes instead of the above */
    int64_t fd_size;
    struct http_param header[24];
    unsigned n_headers;
};

/* Name and value are copied to the request's arena; CR, LF and NUL in a value
 * end it. */
void http_set(struct http_request *, struct http_response *, const char *name,
              struct str value);

enum http_next { HTTP_SEND, HTTP_PARK };

/* Called once with the head, before any body is read: it says how large a
 * body may be (0 = none allowed) and how much of it are files. */
struct http_limits {
    size_t body_max;  /* form fields or plain body, in memory */
    int64_t file_max; /* sum of all files */
};

struct http_handlers {
    struct http_limits (*head)(const struct http_request *, void *arg);
    enum http_next (*run)(struct http_request *, struct http_response *,
                          void *arg);
    /* The request is over, sent or aborted; also after a park whose client
     * has left. Called exactly once for each request that head() saw, on the
     * request's I/O thread, be it that run() never came. */
    void (*done)(struct http_request *, void *arg);
    void *arg;
};

struct http_config {
    const char *address; /* "127.0.0.1" */
    uint16_t port;       /* 0: any; see http_port() */
    unsigned threads;
    unsigned connections;             /* in all; each thread takes its share */
    unsigned connections_per_address; /* 0: no limit */
    const char *proxies;     /* whose X-Forwarded-For is believed; NULL: none */
    unsigned header_seconds; /* from first byte to end of head */
    unsigned body_seconds;   /* longest silence inside a body */
    unsigned idle_seconds;   /* between requests */
    const char *tmp_dir;     /* for uploads */
    size_t arena_quota;      /* per request */
};

struct http;

struct http *http_start(const struct http_config *,
                        const struct http_handlers *, struct err *) MUST_USE;
uint16_t http_port(const struct http *);
/* Ask it once, over its own port: would it answer a sound request? Errors:
 * ERR_STORE, the library lays heads out in another way than http_guard.c reads
 * them, and everybody would be refused. That it gives no answer at all, for want
 * of memory or of a route to itself, is no error. */
bool http_check_self(struct http *, struct err *) MUST_USE;
/* From any thread, exactly once for each park. */
void http_resume(struct http_request *);
/* No new connections; what runs is finished. Parked connections must have
 * been resumed (the writer is drained first). */
void http_stop(struct http *);

/* Open connections, for /metrics. */
unsigned http_connections(const struct http *);

#endif
