#include "store/proxy.h"

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "unit.h"

struct proxy {
    char dir[64], to[108];
    int listener, cuts, closing;
    enum proxy_cut armed;
    pthread_t thread;
};

struct link {
    struct proxy *p;
    int client, server;
};

static int
dial(const char *path)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
    if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Its text travels once, when it is made ready; later only its name does. So a
 * commit is known by the portal's end: the statement that has it is noted. */
static bool
commits(const char *b, size_t n, char name[16])
{
    const char *text = memmem(b, n, "COMMIT", 7), *at;

    if (text != NULL && name[0] == '\0') {
        for (at = text - 2; at > b && at[-1] != '\0' && at[-1] >= '0'; at--)
            ;
        snprintf(name, 16, "%.15s", at);
    }
    if (name[0] == '\0')
        return false;
    /* Bind: 'B' length portal "" statement */
    for (size_t i = 0; i + 7 < n; i++)
        if (b[i] == 'B' && b[i + 5] == '\0' &&
            strncmp(b + i + 6, name, strlen(name) + 1) == 0)
            return true;
    return false;
}

static bool
pass(int from, char *b, size_t cap, size_t *n)
{
    ssize_t got = read(from, b, cap);

    *n = got > 0 ? (size_t)got : 0;
    return got > 0;
}

static void *
run_link(void *arg)
{
    struct link *l = arg;
    char b[65536], name[16] = "";
    struct pollfd p[2] = { { .fd = l->client, .events = POLLIN },
                           { .fd = l->server, .events = POLLIN } };
    size_t n;

    while (poll(p, 2, -1) > 0) {
        if (p[0].revents != 0) {
            bool last;
            enum proxy_cut cut;

            if (!pass(l->client, b, sizeof(b), &n))
                break;
            last = commits(b, n, name);
            cut = last ? __atomic_exchange_n(&l->p->armed, CUT_NOT,
                                             __ATOMIC_SEQ_CST)
                       : CUT_NOT;
            if (cut != CUT_NOT)
                __atomic_add_fetch(&l->p->cuts, 1, __ATOMIC_SEQ_CST);
            if (cut == CUT_BEFORE || write(l->server, b, n) != (ssize_t)n)
                break;
            if (cut == CUT_AFTER) {
                usleep(200000); /* it is on disk by now */
                break;
            }
        }
        if (p[1].revents != 0 && (!pass(l->server, b, sizeof(b), &n) ||
                                  write(l->client, b, n) != (ssize_t)n))
            break;
    }
    close(l->client);
    close(l->server);
    free(l);
    return NULL;
}

static void *
run_proxy(void *arg)
{
    struct proxy *p = arg;

    for (;;) {
        int client = accept(p->listener, NULL, NULL);
        struct link *l = malloc(sizeof(*l));
        pthread_t t;

        if (client < 0 || __atomic_load_n(&p->closing, __ATOMIC_SEQ_CST)) {
            free(l);
            return NULL;
        }
        *l = (struct link){ p, client, dial(p->to) };
        if (pthread_create(&t, NULL, run_link, l) == 0)
            pthread_detach(t);
    }
}

struct proxy *
proxy_start(const char *to_dir)
{
    struct proxy *p = calloc(1, sizeof(*p));
    struct sockaddr_un a = { .sun_family = AF_UNIX };

    snprintf(p->dir, sizeof(p->dir), "/tmp/anlan-proxy-XXXXXX");
    assert_non_null(mkdtemp(p->dir));
    snprintf(p->to, sizeof(p->to), "%.80s/.s.PGSQL.5432", to_dir);
    snprintf(a.sun_path, sizeof(a.sun_path), "%s/.s.PGSQL.5432", p->dir);
    p->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(p->listener, (struct sockaddr *)&a, sizeof(a)), 0);
    assert_int_equal(listen(p->listener, 16), 0);
    assert_int_equal(pthread_create(&p->thread, NULL, run_proxy, p), 0);
    return p;
}

const char *
proxy_dir(const struct proxy *p)
{
    return p->dir;
}

void
proxy_arm(struct proxy *p, enum proxy_cut cut)
{
    __atomic_store_n(&p->armed, cut, __ATOMIC_SEQ_CST);
}

int
proxy_cuts(const struct proxy *p)
{
    return __atomic_load_n(&p->cuts, __ATOMIC_SEQ_CST);
}

void
proxy_stop(struct proxy *p)
{
    char path[96];
    int fd;

    snprintf(path, sizeof(path), "%s/.s.PGSQL.5432", p->dir);
    __atomic_store_n(&p->closing, 1, __ATOMIC_SEQ_CST);
    if ((fd = dial(path)) >= 0)
        close(fd);
    pthread_join(p->thread, NULL);
    close(p->listener);
    unlink(path);
    rmdir(p->dir);
    free(p);
}
