/* Uploads on their way into the store of files. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/time.h"
#include "codec/hash.h"
#include "store/files.h"
#include "web/blank_sheet.h"
#include "web/keeping.h"

/* What a file is, by its first bytes: nothing else is believed. */
static const char *
sniff(const unsigned char *p, size_t n)
{
    static const struct {
        const char *magic;
        size_t at, n;
        const char *type;
    } known[] = {
        { "\xff\xd8\xff", 0, 3, "image/jpeg" },
        { "\x89PNG\r\n\x1a\n", 0, 8, "image/png" },
        { "WEBP", 8, 4, "image/webp" },
        { "GIF8", 0, 4, "image/gif" },
        { "%PDF-", 0, 5, "application/pdf" },
        { "ftypheic", 4, 8, "image/heic" },
        { "ftypheix", 4, 8, "image/heic" },
        { "ftypmif1", 4, 8, "image/heic" },
        { "PK\003\004", 0, 4, "application/zip" },
    };

    for (size_t i = 0; i < N_OF(known); i++)
        if (n >= known[i].at + known[i].n &&
            memcmp(p + known[i].at, known[i].magic, known[i].n) == 0)
            return known[i].type;
    return NULL;
}

/* Older Office files, and new ones that are locked with a password. */
static bool
refuse_file(const struct kept *k, const unsigned char *head, struct err *e)
{
    if (memcmp(head, "\xd0\xcf\x11\xe0", 4) == 0)
        return err_set(e, ERR_TYPE, NULL,
                       "\"%.*s\" is a file of an old Office (.xls, .doc), or "
                       "one with a password: open it in Excel or WPS and save "
                       "it as .xlsx without a password, or as PDF",
                       STR_ARG(k->name));
    if (k->name.n > 5 &&
        str_is(str_cut(k->name, k->name.n - 5, k->name.n), ".xlsx"))
        return err_set(e, ERR_TYPE, NULL,
                       "\"%.*s\" is called a workbook but is none: open it in "
                       "Excel or WPS and save it as .xlsx",
                       STR_ARG(k->name));
    return err_set(e, ERR_TYPE, NULL,
                   "\"%.*s\" is not a photograph or a PDF file (JPEG, PNG, "
                   "WebP, HEIC and PDF are taken). Send a photograph or a "
                   "screenshot of it, or save it as PDF",
                   STR_ARG(k->name));
}

static bool
check_type(struct kept *k, bool anonymous, struct err *e)
{
    unsigned char head[16] = { 0 };
    const char *type = NULL;
    FILE *f = fopen(k->tmp, "rb");

    if (f != NULL) {
        type = sniff(head, fread(head, 1, sizeof(head), f));
        fclose(f);
    }
    if (type == NULL && anonymous)
        return err_set(e, ERR_TYPE, NULL,
                       "\"%.*s\" is not a photograph (JPEG, PNG, WebP and "
                       "HEIC are taken). Take a photograph or a screenshot of "
                       "it, or send the report without it",
                       STR_ARG(k->name));
    if (type == NULL)
        return refuse_file(k, head, e);
    k->type = str_of(type);
    return true;
}

/* What cannot be filled in is of no use afterwards, when the office has gone
 * on: an empty workbook, half of one, one with macros, a photograph. */
static bool
check_workbook(const struct kept *k, struct err *e)
{
    enum { QUOTA = 64 << 20 };
    ARENA(a, QUOTA);
    struct blank_book *book = arena_new_obj(a, struct blank_book);
    struct err why = { 0 };
    bool readable;
    int fd;

    if (!k->workbook)
        return true;
    if (book == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if ((fd = open(k->tmp, O_RDONLY | O_CLOEXEC)) < 0)
        return err_set(e, ERR_STORE, NULL, "The file could not be written");
    readable = blank_read(fd, STR(""), a, book, &why);
    close(fd);
    if (!readable && err_info[why.code].fault == FAULT_SERVER) {
        *e = why;
        return false;
    }
    if (!readable)
        return err_set(e, ERR_TYPE, NULL,
                       "\"%.*s\" is no workbook that can be filled in: open "
                       "it in Excel or WPS and save it as .xlsx, without "
                       "macros and without a password",
                       STR_ARG(k->name));
    return book->main != NULL ||
           err_set(e, ERR_TYPE, NULL,
                   "\"%.*s\" is empty: no sheet that shows has a word in it. "
                   "Choose the table that the authority sent",
                   STR_ARG(k->name));
}

/* For all photographs of a form, and for one: others wait for this worker, too.
 * A telephone's takes a fifth of a second. */
enum { LOOK_MS = 30000, LOOK_ONE_MS = 10000 };
enum { STRANGER_MS = 5000, STRANGER_ONE_MS = 2500 };

static bool
refuse_picture(const struct kept *k, enum picture_fault fault, struct err *e)
{
    if (fault == PICTURE_BROKEN || fault == PICTURE_CUT)
        return err_set(e, ERR_TYPE, NULL,
                       "\"%.*s\" cannot be opened: it is damaged, or only a "
                       "part of it arrived. Look whether it opens on your "
                       "device; then choose it again, or take a new one",
                       STR_ARG(k->name));
    if (fault == PICTURE_PIXELS || fault == PICTURE_MEMORY)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "\"%.*s\" has too many pixels to be shown. Choose a "
                       "smaller picture size in the camera, or send a "
                       "screenshot of it",
                       STR_ARG(k->name));
    return true;
}

/* A picture that nobody can look at is worth nothing as evidence: say so while
 * the photographer still stands there. Where none can be decoded now, it is
 * kept unseen: the report goes first. */
static bool
check_picture(const struct keeping *k, const struct kept *f, int64_t left_ms,
              struct err *e)
{
    struct pictures p = *k->pictures;
    enum picture_fault fault = PICTURE_OK;
    struct err later;
    unsigned w, h;
    int fd;

    p.deadline_ms = (int)left_ms;
    if (!pictures_takes(f->type) || p.program == NULL || left_ms <= 0 ||
        picture_state(p.data_dir, k->tenant, f->sha, &w, &h) == PICTURE_READY ||
        (fd = open(f->tmp, O_RDONLY | O_CLOEXEC)) < 0)
        return true;
    if (!pictures_make(&p, k->tenant, f->sha, fd, true, &fault, &later) &&
        !(k->anonymous && fault == PICTURE_PIXELS))
        fault = PICTURE_OK;
    close(fd);
    return refuse_picture(f, fault, e);
}

static bool
make_anonymous(const struct keeping *k, struct kept *f, struct err *e)
{
    unsigned w, h;

    if (picture_state(k->pictures->data_dir, k->tenant, f->sha, &w, &h) !=
        PICTURE_READY)
        return err_set(e, ERR_TYPE, NULL,
                       "\"%.*s\" cannot be taken here without what it tells "
                       "about your device. Send a photograph as JPEG, or the "
                       "report without it",
                       STR_ARG(f->name));
    if (!pictures_replace(k->pictures, k->tenant, f->sha, f->tmp, f->clean_sha,
                          &f->size, e))
        return false;
    f->sha = str_of(f->clean_sha);
    f->type = STR("image/jpeg");
    f->name = STR("photograph.jpg");
    return true;
}

static bool
keep_file(const struct keeping *k, struct kept *f, int64_t left_ms,
          struct err *e)
{
    if (f->size == 0)
        return err_set(
            e, ERR_INVALID, NULL,
            "\"%.*s\" is empty. If it lies in a cloud album, open it "
            "on your device first, then choose it again",
            STR_ARG(f->name));
    f->ready = check_type(f, k->anonymous, e) && check_workbook(f, e) &&
               check_picture(k, f, left_ms, e) &&
               (!k->anonymous || make_anonymous(k, f, e)) &&
               files_keep(k->pictures->data_dir, k->tenant, f->tmp, f->sha, e);
    return f->ready;
}

bool
keep_files(void *arg, struct err *e)
{
    struct keeping *k = arg;
    int64_t one_ms = k->anonymous ? STRANGER_ONE_MS : LOOK_ONE_MS;
    int64_t begun = steady_ms(),
            end = begun + (k->anonymous ? STRANGER_MS : LOOK_MS);
    struct err one;
    bool ok = true;

    if (k->n > 0 && !writer_may_change(k->writer, e))
        return false;
    for (size_t i = 0; i < k->n; i++) {
        int64_t left = end - steady_ms();

        if (keep_file(k, &k->file[i], left < one_ms ? left : one_ms, &one) ||
            !ok)
            continue;
        *e = one;
        e->field = k->file[i].question;
        ok = false;
    }
    k->spent_ms = steady_ms() - begun;
    return ok;
}

/* Bytes for each file that may wait: a large photograph's. */
enum { KEPT_BYTES = 4 << 20 };

bool
keep_quota(struct store *st, const struct keeping *k, int64_t person,
           int64_t most, int64_t now, struct err *e)
{
    struct files_waiting w;
    int64_t bytes = 0, wait;

    if (!files_waiting(st, k->tenant, person, &w, e))
        return false;
    for (size_t i = 0; i < k->n; i++)
        bytes += k->file[i].size;
    if (w.n == 0 ||
        (w.n + (int64_t)k->n <= most && w.bytes + bytes <= most * KEPT_BYTES))
        return true;
    wait = (w.since + MS_PER_DAY - now) / MS_PER_SECOND + 1;
    return err_set(e, ERR_RATE, NULL,
                   "%ld files that you sent are named in no record yet. Name "
                   "them first, or wait %ld seconds until they are removed",
                   (long)w.n, (long)(wait > 0 ? wait : 1));
}

bool
keep_rows(struct tx *tx, int64_t tenant, int64_t person, struct kept *k,
          size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        if (!k[i].ready)
            continue;
        k[i].id = tx_id(tx);
        if (!files_add(tx->st, tenant,
                       &(struct file_row){ .id = k[i].id,
                                           .sha = k[i].sha,
                                           .size = k[i].size,
                                           .type = k[i].type,
                                           .name = k[i].name,
                                           .added_at = tx->now,
                                           .added_by = person },
                       e))
            return false;
    }
    return true;
}

bool
rq_keep(struct rq *rq, struct keeping *k, handler *next, struct err *e)
{
    return keep_quota(rq->st, k, rq->who.person, KEPT_BY_FORMS, rq->who.now,
                      e) &&
           rq_work(rq, rq->app->uploads, keep_files, k, next, e);
}

struct keeping *
keeping_of(struct rq *rq, struct err *e)
{
    struct keeping *k = arena_new_obj(rq->arena, struct keeping);
    const struct http_request *h = rq->http;

    if (k != NULL)
        k->file = arena_new_array(rq->arena, struct kept, h->n_files + 1);
    if (k == NULL || k->file == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    k->pictures = &rq->app->pictures;
    k->writer = rq->app->writer;
    k->tenant = rq->who.dir->tenant.id;
    for (size_t i = 0; i < h->n_files; i++) {
        const struct http_upload *u = &h->files[i];
        const struct field *f =
            rq->ledger != NULL ? ledger_field(rq->ledger, u->name) : NULL;
        BUF(hex, 128);

        if (u->over)
            continue;
        hex_put(&hex, (struct str){ (const char *)u->sha256, 32 });
        k->file[k->n++] = (struct kept){
            .question = f != NULL ? f->name : NULL,
            .workbook = f != NULL && (f->flags & F_WORKBOOK),
            .field = u->name,
            .name = utf8_head(u->filename, 200),
            .sha = arena_dup(rq->arena, buf_str(&hex)),
            .size = u->size,
            .tmp = u->path,
        };
    }
    return k;
}
