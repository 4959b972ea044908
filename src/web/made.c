#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/made.h"
#include "web/paper.h"

struct making {
    struct rq *rq;
    struct made m;
    char path[4096];
};

static bool
make(void *arg, struct err *e)
{
    struct making *k = arg;
    struct rq *rq = k->rq;
    struct reader *own = apart_reader(rq->app);
    size_t replaced;
    bool ok;

    rq->st = own->st;
    if (!store_begin(rq->st, e))
        return false;
    rq->who.dir = dir_get(own->dirs, rq->st, rq->who.dir->tenant.id, e);
    ok = rq->who.dir != NULL && k->m.make(rq, k->path, k->m.arg, e);
    if ((replaced = paper_replaced()) > 0)
        log_line(LOG_WARN,
                 "%.*s: %zu characters that no file can carry were replaced",
                 STR_ARG(rq->http->path), replaced);
    store_rollback(rq->st);
    return ok;
}

struct str
made_name(struct rq *rq, struct arena *a, const char *kind, struct str number,
          const char *ending)
{
    static const struct str never = STR_INIT("/\\:*?\"<>| ");
    BUF(b, 1024);

    buf_puts(&b, rq_tr(rq, kind));
    buf_puts(&b, number.n > 0 ? "-" : "");
    buf_str_put(&b, utf8_first(number, 80));
    buf_putc(&b, '-');
    day_format(&b, zone_day(rq->who.dir->rules.zone, rq->who.now));
    for (size_t i = 0; i < b.n; i++)
        if ((unsigned char)b.p[i] < ' ' ||
            memchr(never.p, b.p[i], never.n) != NULL)
            b.p[i] = '-';
    buf_puts(&b, ending);
    return arena_dup(a, buf_str(&b));
}

bool
made_answer(struct rq *rq, const struct made *m, int fd)
{
    if (m->shown && str_starts(str_of(m->type), STR("image/")))
        rq->csp = CSP_PICTURE;
    rq->rs->fd = fd;
    rq->rs->fd_size = lseek(fd, 0, SEEK_END);
    lseek(fd, 0, SEEK_SET);
    http_set(rq->http, rq->rs, "Content-Type", str_of(m->type));
    http_set(rq->http, rq->rs, "Cache-Control", STR("no-store"));
    answer_file_name(rq, m->shown, m->name);
    return true;
}

static bool
send(struct rq *rq, struct err *e)
{
    struct making *k = rq->work;
    int fd = rq->work_ok ? open(k->path, O_RDONLY | O_CLOEXEC) : -1;

    if (rq->work_ok && fd < 0)
        rq->work_ok = err_set(&rq->work_err, ERR_STORE, NULL,
                              "The file could not be written");
    unlink(k->path);
    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    return made_answer(rq, &k->m, fd);
}

bool
made_send(struct rq *rq, const struct made *m, struct err *e)
{
    struct making *k = arena_new_obj(rq->arena, struct making);
    int fd;

    if (k == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    k->rq = rq;
    k->m = *m;
    snprintf(k->path, sizeof(k->path), "%s/tmp/made-XXXXXX", rq->app->data_dir);
    if ((fd = mkstemp(k->path)) < 0)
        return err_set(e, err_disk(errno), NULL,
                       "The file could not be written");
    close(fd);
    rq->work = k;
    if (rq_work(rq, m->many ? rq->app->exporter : rq->app->heavy, make, k, send,
                e))
        return true;
    unlink(k->path);
    return false;
}

bool
made_picture(struct rq *rq, made_fn *draw, void *arg, struct str number,
             struct err *e)
{
    const char *kind = rq->ledger == NULL ? N_("Overview")
                       : rq->id != 0      ? rq->ledger->title_one
                                          : rq->ledger->title;

    return made_send(
        rq,
        &(struct made){ .make = draw,
                        .arg = arg,
                        .type = "image/png",
                        .name = made_name(rq, rq->arena, kind, number, ".png"),
                        .shown = true },
        e);
}
