#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A raw socket client for black-box tests: it sends exactly these bytes. */
int client_open(uint16_t port);
bool client_send(int fd, const void *p, size_t n);
/* Read until the peer closes or ms pass without a byte; NUL-terminated. */
size_t client_read(int fd, char *out, size_t cap, int ms);
/* Read one response by its Content-Length; false when there is none. */
bool client_response(int fd, char *out, size_t cap, int ms);
/* True when the peer closes within ms; what comes before is dropped. */
bool client_closed(int fd, int ms);
/* Send, read all until close or quiet, close; the status, 0 without one. */
int client_once(uint16_t port, const char *bytes, size_t n, char *out,
                size_t cap);
int64_t client_now_ms(void);

#endif
