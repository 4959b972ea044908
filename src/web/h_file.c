/* Attachments: shown to who may read the record they belong to. */
#include <unistd.h>

#include "store/files.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/json.h"
#include "web/post.h"

/* Whichever ledger the record is of. */
static bool
may_read_record(struct rq *rq, int64_t id, struct err *e)
{
    for (size_t i = 0; i < n_ledgers; i++) {
        void *rec = arena_alloc(rq->arena, ledgers[i]->size);

        if (rec == NULL)
            return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        if (store_rec_get(rq->st, rq->who.dir->tenant.id, ledgers[i], id,
                          rq->arena, rec, e))
            return actor_reads(&rq->who, ledgers[i], rec) ||
                   err_set(e, ERR_MISSING, NULL, "There is no such file");
        if (e->code != ERR_MISSING)
            return false;
    }
    return err_set(e, ERR_MISSING, NULL, "There is no such file");
}

static bool
is_shown(struct str type)
{
    return str_starts(type, STR("image/")) && !str_is(type, "image/heic");
}

bool
file_show(struct rq *rq, struct err *e)
{
    struct file_row f;

    if (!files_get(rq->st, rq->who.dir->tenant.id, rq->id, rq->arena, &f, e))
        return false;
    if (f.record != 0 ? !may_read_record(rq, f.record, e)
                      : f.added_by != rq->who.person)
        return e->code != ERR_NONE
                   ? false
                   : err_set(e, ERR_MISSING, NULL, "There is no such file");
    rq->rs->fd =
        files_open(rq->app->data_dir, rq->who.dir->tenant.id, f.sha, e);
    if (rq->rs->fd < 0)
        return false;
    rq->rs->fd_size = f.size;
    http_set(rq->http, rq->rs, "Content-Type", f.type);
    http_set(rq->http, rq->rs, "Cache-Control",
             STR("private, max-age=86400, immutable"));
    if (!is_shown(f.type))
        http_set(rq->http, rq->rs, "Content-Disposition", STR("attachment"));
    return true;
}

struct adding {
    struct keeping *keep;
    int64_t tenant, person;
};

static bool
add_job(struct tx *tx, void *arg, struct err *e)
{
    struct adding *a = arg;

    return keep_rows(tx, a->tenant, a->person, a->keep->file, a->keep->n, e);
}

static bool
added(struct rq *rq, struct err *e)
{
    const struct adding *a = rq->work;
    struct buf *b = &rq->rs->body;

    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    answer_type(rq, "application/json");
    rq->rs->status = 201;
    buf_puts(b, "{\"files\":[");
    for (size_t i = 0; i < a->keep->n; i++) {
        buf_printf(b, "%s{\"id\":\"%ld\",\"sha256\":", i > 0 ? "," : "",
                   (long)a->keep->file[i].id);
        json_str(b, a->keep->file[i].sha);
        buf_printf(b, ",\"size\":%ld,\"type\":", (long)a->keep->file[i].size);
        json_str(b, a->keep->file[i].type);
        buf_putc(b, '}');
    }
    buf_puts(b, "]}\n");
    return true;
}

static bool
kept(struct rq *rq, struct err *e)
{
    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    return rq_job(rq, add_job, rq->work, added, e);
}

bool
file_add(struct rq *rq, struct err *e)
{
    struct adding *a = arena_new_obj(rq->arena, struct adding);

    if (a == NULL || (a->keep = keeping_of(rq, e)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (rq->who.read_only)
        return err_set(e, ERR_DENIED, NULL,
                       "This token may read, not write (scope \"write\")");
    if (a->keep->n == 0)
        return err_set(e, ERR_INVALID, NULL,
                       "Send the files as multipart/form-data");
    a->tenant = rq->who.dir->tenant.id;
    a->person = rq->who.person;
    rq->work = a;
    return rq_work(rq, rq->app->heavy, keep_files, a->keep, kept, e);
}
