/* Attachments: shown to who may read the record they belong to. */
#include <unistd.h>

#include "domain/parts.h"
#include "store/files.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/json.h"
#include "web/post.h"
#include "web/view.h"

/* Does the record still show it? What was taken out of a stranger's report is
 * for who may look behind that. */
static bool
shows(struct rq *rq, const struct ledger *l, const struct rec *rec,
      int64_t file)
{
    struct str one, want = arena_i64(rq->arena, file);

    if (ledger_roles(l, SEE_VEILED) == 0 ||
        actor_may(&rq->who, l, SEE_VEILED, rec->org))
        return true;
    for (size_t i = 0; i < l->n_fields; i++) {
        struct field_files ids;

        field_files_of(&l->fields[i], rec, &ids);
        while (field_files_next(&ids, &one))
            if (str_eq(one, want))
                return true;
    }
    return false;
}

/* Whichever ledger the record is of. */
static bool
may_read_record(struct rq *rq, int64_t id, int64_t file, struct err *e)
{
    for (size_t i = 0; i < n_ledgers; i++) {
        void *rec = arena_alloc(rq->arena, ledgers[i]->size);

        if (rec == NULL)
            return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        if (store_rec_get(rq->st, rq->who.dir->tenant.id, ledgers[i], id,
                          rq->arena, rec, e))
            return (actor_reads(&rq->who, ledgers[i], rec) &&
                    shows(rq, ledgers[i], rec, file)) ||
                   err_set(e, ERR_MISSING, NULL, "There is no such file");
        if (e->code != ERR_MISSING)
            return false;
    }
    return err_set(e, ERR_MISSING, NULL, "There is no such file");
}

/* The row, for who may read the record that it belongs to; unclaimed, for who
 * sent it. */
static bool
readable(struct rq *rq, struct file_row *f, struct err *e)
{
    if (!view_file_row(rq, rq->id, f, e))
        return false;
    if (str_is(f->type, "erased"))
        return err_set(e, ERR_MISSING, NULL, "This file has been erased");
    if (f->record != 0)
        return may_read_record(rq, f->record, rq->id, e);
    return f->added_by == rq->who.person ||
           err_set(e, ERR_MISSING, NULL, "There is no such file");
}

/* Kept by this browser alone, and only while the same person is signed in.
 * True: it has the newest. */
static bool
is_known(struct rq *rq, struct str tag)
{
    rq->csp = CSP_PICTURE;
    http_set(rq->http, rq->rs, "ETag", tag);
    http_set(rq->http, rq->rs, "Vary", STR("Cookie, Authorization"));
    http_set(rq->http, rq->rs, "Cross-Origin-Resource-Policy",
             STR("same-origin"));
    http_set(rq->http, rq->rs, "Cache-Control",
             STR("private, max-age=86400, immutable"));
    if (!str_eq(http_header(rq->http, "If-None-Match"), tag))
        return false;
    rq->rs->status = 304;
    return true;
}

/* The endings that a kind of file may have; the first is put behind a name that
 * has none of them: what somebody called poly.html is not opened as a page. */
static const struct {
    const char *type, *endings;
} endings[] = {
    { "image/jpeg", "jpg jpeg jpe jfif" },
    { "image/png", "png" },
    { "image/webp", "webp" },
    { "image/gif", "gif" },
    { "image/heic", "heic heif" },
    { "application/pdf", "pdf" },
    { "application/zip", "zip xlsx docx pptx xlsm odt ods odp" },
};

static struct str
name_of(struct rq *rq, const struct file_row *f)
{
    const char *dot = f->name.n > 0 ? memrchr(f->name.p, '.', f->name.n) : NULL;
    struct str end = STR(""), own = STR("bin"), rest;
    BUF(low, 16);

    if (dot != NULL)
        end = str_cut(f->name, (size_t)(dot - f->name.p) + 1, f->name.n);
    for (size_t i = 0; i < end.n && i < 8; i++)
        buf_putc(&low,
                 (char)(end.p[i] >= 'A' && end.p[i] <= 'Z' ? end.p[i] | 0x20
                                                           : end.p[i]));
    for (size_t i = 0; i < N_OF(endings); i++) {
        if (!str_is(f->type, endings[i].type))
            continue;
        if (end.n > 0 && end.n == low.n &&
            str_in_words(buf_str(&low), endings[i].endings))
            return f->name;
        rest = str_of(endings[i].endings);
        (void)str_split(&rest, ' ', &own);
    }
    return arena_printf(rq->arena, "%.*s.%.*s", STR_ARG(f->name), STR_ARG(own));
}

/* The original is for keeping, not for opening in the browser: what a stranger
 * made is looked at as a clean copy. */
bool
file_show(struct rq *rq, struct err *e)
{
    struct file_row f;

    int fd;

    if (!readable(rq, &f, e) ||
        (fd = files_open_whole(rq->app->data_dir, rq->who.dir->tenant.id, &f,
                               e)) < 0)
        return false;
    if (is_known(rq, arena_printf(rq->arena, "\"%.*s\"", STR_ARG(f.sha)))) {
        close(fd);
        return true;
    }
    rq->rs->fd = fd;
    rq->rs->fd_size = f.size;
    http_set(rq->http, rq->rs, "Content-Type", f.type);
    answer_file_name(rq, false, name_of(rq, &f));
    return true;
}

/* ---- clean copies ------------------------------------------------------------- */

struct looking {
    const struct pictures *pictures;
    int64_t tenant;
    struct str sha;
    int which;
};

static bool
send_copy(struct rq *rq, const struct looking *l, bool *there)
{
    int64_t size;
    int fd =
        picture_open(l->pictures->data_dir, l->tenant, l->sha, l->which, &size);

    *there = fd >= 0;
    if (fd < 0)
        return true;
    /* -1: the way of making them, counted up when it changes */
    if (is_known(rq, arena_printf(rq->arena, "\"%.*s-1%c\"", STR_ARG(l->sha),
                                  l->which == PICTURE_SMALL ? 's' : 'l'))) {
        close(fd);
        return true;
    }
    rq->rs->fd = fd;
    rq->rs->fd_size = size;
    http_set(rq->http, rq->rs, "Content-Type", STR("image/jpeg"));
    return true;
}

static bool
look_work(void *arg, struct err *e)
{
    const struct looking *l = arg;

    return pictures_look(l->pictures, l->tenant, l->sha, e);
}

static bool
looked(struct rq *rq, struct err *e)
{
    bool there;

    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    return send_copy(rq, rq->work, &there) &&
           (there || err_set(e, ERR_MISSING, NULL,
                             "There is no picture of this file: save the "
                             "original instead"));
}

bool
file_picture(struct rq *rq, struct err *e)
{
    struct looking *l = arena_new_obj(rq->arena, struct looking);
    bool small = str_is(rq->verb, "small"), there;
    struct file_row f;

    if (l == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!small && !str_is(rq->verb, "large"))
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    if (!readable(rq, &f, e))
        return false;
    *l = (struct looking){ .pictures = &rq->app->pictures,
                           .tenant = rq->who.dir->tenant.id,
                           .sha = f.sha,
                           .which = small ? PICTURE_SMALL : PICTURE_LARGE };
    rq->work = l;
    if (!send_copy(rq, l, &there) || there)
        return there;
    if (!pictures_takes(f.type)) {
        rq->work_ok = true;
        return looked(rq, e);
    }
    return rq_work(rq, rq->app->uploads, look_work, l, looked, e);
}

/* ---- adding -------------------------------------------------------------------- */

struct adding {
    struct keeping *keep;
    int64_t tenant, person;
};

static bool
add_job(struct tx *tx, void *arg, struct err *e)
{
    struct adding *a = arg;

    return keep_quota(tx->st, a->keep, a->person, KEPT_BY_API, tx->now, e) &&
           keep_rows(tx, a->tenant, a->person, a->keep->file, a->keep->n, e);
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
    if (rq->who.scopes != NULL &&
        !token_scope_somewhere(*rq->who.scopes, "files"))
        return err_set(e, ERR_DENIED, NULL,
                       "This token does not have the scope \"*:files\"");
    if (a->keep->n == 0)
        return err_set(e, ERR_INVALID, NULL,
                       "Send the files as multipart/form-data");
    a->tenant = rq->who.dir->tenant.id;
    a->person = rq->who.person;
    rq->work = a;
    return keep_quota(rq->st, a->keep, a->person, KEPT_BY_API, rq->who.now,
                      e) &&
           rq_work(rq, rq->app->uploads, keep_files, a->keep, kept, e);
}
