#include "client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int
client_open(uint16_t port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd >= 0 && connect(fd, (void *)&a, sizeof(a)) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

bool
client_send(int fd, const void *bytes, size_t n)
{
    const char *p = bytes;

    while (n > 0) {
        ssize_t done = send(fd, p, n, MSG_NOSIGNAL);

        if (done <= 0)
            return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

static ssize_t
read_some(int fd, char *p, size_t n, int ms)
{
    struct pollfd pfd = { .fd = fd, .events = POLLIN };

    if (poll(&pfd, 1, ms) <= 0)
        return -1;
    return recv(fd, p, n, 0);
}

size_t
client_read(int fd, char *out, size_t cap, int ms)
{
    size_t n = 0;
    ssize_t got;

    while (n + 1 < cap && (got = read_some(fd, out + n, cap - n - 1, ms)) > 0)
        n += (size_t)got;
    out[n] = '\0';
    return n;
}

bool
client_response(int fd, char *out, size_t cap, int ms)
{
    size_t n = 0, want = 0;
    char *end, *length;
    ssize_t got;

    out[0] = '\0';
    for (;;) {
        end = strstr(out, "\r\n\r\n");
        if (end != NULL && want == 0) {
            length = strcasestr(out, "\r\nContent-Length: ");
            want = (size_t)(end - out) + 4 +
                   (length != NULL ? strtoul(length + 18, NULL, 10) : 0);
        }
        if (want > 0 && n >= want)
            return true;
        /* never beyond the response: another may follow */
        got = read_some(fd, out + n, want > 0 ? want - n : 1, ms);
        if (got <= 0 || n + (size_t)got + 1 >= cap)
            return false;
        n += (size_t)got;
        out[n] = '\0';
    }
}

bool
client_closed(int fd, int ms)
{
    int64_t until = client_now_ms() + ms;
    char tmp[4096];

    for (;;) {
        int64_t left = until - client_now_ms();
        struct pollfd pfd = { .fd = fd, .events = POLLIN };

        if (left <= 0 || poll(&pfd, 1, (int)left) <= 0)
            return false;
        if (recv(fd, tmp, sizeof(tmp), 0) <= 0)
            return true;
    }
}

int
client_once(uint16_t port, const char *bytes, size_t n, char *out, size_t cap)
{
    int fd = client_open(port), status = 0;

    out[0] = '\0';
    if (fd < 0)
        return 0;
    client_send(fd, bytes, n);
    client_read(fd, out, cap, 300);
    close(fd);
    if (strncmp(out, "HTTP/1.1 ", 9) == 0)
        status = (int)strtol(out + 9, NULL, 10);
    return status;
}

int64_t
client_now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}
