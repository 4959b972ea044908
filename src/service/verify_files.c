/* Attachments: bytes on disk against their rows, rows against the events. */
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/hash.h"
#include "domain/event.h"
#include "service/verify_int.h"
#include "store/files.h"

bool
verify_was_erased(struct checking *c, int64_t record, int64_t seq,
                  const char *verb, struct err *e)
{
    int64_t newest;

    return stmt_one(c->st, &stmts[Q_EVENT_ERASED],
                    ARGS(ARG(c->tenant->id), ARG(record), ARG(str_of(verb))),
                    NULL, COLS(COL(&newest)), e) &&
           newest >= seq;
}

static int64_t
number_at(struct str s)
{
    uint64_t n = 0;

    for (size_t k = 0; k < 8; k++)
        n = n << 8 | (unsigned char)s.p[k];
    return (int64_t)n;
}

/* What stands behind a number in such a list; "" = it does not. */
static struct str
entry_of(struct str list, int64_t number)
{
    for (size_t i = 0; i + EVENT_FILE <= list.n; i += EVENT_FILE)
        if (number_at(str_cut(list, i, i + 8)) == number)
            return str_cut(list, i + 8, i + EVENT_FILE);
    return STR("");
}

static bool
names_file(struct str body, int64_t file)
{
    struct event ev;
    struct err e = { 0 };

    return event_decode(body, &ev, &e) && entry_of(ev.files, file).n > 0;
}

/* The first event of that record which names the file: a later one names it
 * again with whatever was added then. seq where none does, which events did not
 * always do. */
static bool
first_named(struct checking *c, int64_t record, int64_t file, int64_t *seq,
            struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, c->st, &stmts[Q_EVENT_BODIES],
                   ARGS(ARG(c->tenant->id), ARG(record)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more)
        if (names_file(rows_str(&r, 1), file)) {
            *seq = rows_i64(&r, 0) < *seq ? rows_i64(&r, 0) : *seq;
            break;
        }
    rows_close(&r);
    return ok;
}

bool
verify_was_retold(struct checking *c, int64_t record, int64_t seq,
                  struct str body, struct err *e)
{
    struct str stated = STR("");
    struct event ev;
    struct rows r;
    struct hash h;
    bool more = false;

    hash_of(&h, (const struct str[]){ body }, 1);
    if (!rows_open(
            &r, c->st, &stmts[Q_EVENT_BODIES_BY],
            ARGS(ARG(c->tenant->id), ARG(record), ARG(STR("erase_words"))), e))
        return false;
    while (stated.n == 0 && rows_next(&r, &more, e) && more)
        if (rows_i64(&r, 0) > seq && event_decode(rows_str(&r, 1), &ev, e))
            stated = arena_dup(c->arena, entry_of(ev.retold, seq));
    rows_close(&r);
    return str_eq(stated, hash_str(&h));
}

bool
verify_named_file(struct checking *c, int64_t seq, int64_t record, int64_t file,
                  struct str sha, struct err *e)
{
    struct spot at = spot("file", file, seq);
    unsigned char is[32];
    struct file_row f;
    ARENA(a, 64 * 1024);

    if (!files_get(c->st, c->tenant->id, file, a, &f, e)) {
        if (e->code != ERR_MISSING)
            return false;
        SAY(c, at, "the log names it, but it is not there");
        return true;
    }
    if (sha.n == 32 && (!hex_parse(f.sha, is, sizeof(is)) ||
                        memcmp(is, sha.p, sizeof(is)) != 0))
        SAY(c, at, "it was exchanged: the log names other bytes");
    if (str_is(f.type, "erased")) {
        int64_t since = seq;

        if (!first_named(c, record, file, &since, e))
            return false;
        if (!verify_was_erased(c, record, since, "erase_files", e))
            SAY(c, at, "it is marked as erased, and nobody erased it");
    }
    if (f.record != record)
        SAY(c, at, "it belongs to record %ld, the log says %ld", (long)f.record,
            (long)record);
    return true;
}

/* ---- what the rows say beside that ------------------------------------------------ */

/* The newest that an event of the record says of the file's row, behind seq. */
static bool
said_since(struct checking *c, const struct file_row *f, int64_t seq,
           struct hash *said, bool *any, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    *any = false;
    if (!rows_open(&r, c->st, &stmts[Q_EVENT_BODIES],
                   ARGS(ARG(c->tenant->id), ARG(f->record)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct event ev;
        struct err why = { 0 };
        struct str is;

        if (rows_i64(&r, 0) <= seq || !event_decode(rows_str(&r, 1), &ev, &why))
            continue;
        is = entry_of(ev.file_rows, f->id);
        if (is.n == sizeof(*said)) {
            memcpy(said, is.p, sizeof(*said));
            *any = true;
        }
    }
    rows_close(&r);
    return ok;
}

/* A row as that event says it was: it is still so, or a later event says how it
 * is, or it was erased, which verify_named_file() looks into. */
static bool
check_said(struct checking *c, int64_t seq, int64_t file, struct str said,
           struct err *e)
{
    struct hash is, later;
    struct file_row f;
    bool any = false;
    ARENA(a, 64 * 1024);

    if (!files_get(c->st, c->tenant->id, file, a, &f, e)) {
        if (e->code != ERR_MISSING)
            return false;
        return true; /* gone before a record named it; else it is missed there */
    }
    if (str_is(f.type, "erased"))
        return true;
    files_print(&f, &is);
    if (str_eq(said, hash_str(&is)))
        return true;
    if (!said_since(c, &f, seq, &later, &any, e))
        return false;
    if (!any || memcmp(&later, &is, sizeof(is)) != 0)
        SAY(c, spot("file", file, seq),
            "its name, type or size, or who added it when, is not what was "
            "logged");
    return true;
}

bool
verify_file_rows(struct checking *c, int64_t seq, struct str list,
                 struct err *e)
{
    for (size_t i = 0; i + EVENT_FILE <= list.n; i += EVENT_FILE)
        if (!check_said(c, seq, number_at(str_cut(list, i, i + 8)),
                        str_cut(list, i + 8, i + EVENT_FILE), e))
            return false;
    return true;
}

/* ---- bytes ------------------------------------------------------------------------- */

static void
check_bytes(struct checking *c, const struct file_row *f, int fd)
{
    struct spot at = spot("file", f->id, -1);
    struct stat s;
    struct hash h;
    struct str bytes = STR("");
    BUF(hex, 128);

    if (fstat(fd, &s) != 0 || s.st_size != f->size) {
        SAY(c, at, "its size is not the one that was noted");
        return;
    }
    if (s.st_size > 0) {
        void *p = mmap(NULL, (size_t)s.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

        if (p == MAP_FAILED) {
            SAY(c, at, "it cannot be read");
            return;
        }
        bytes = (struct str){ p, (size_t)s.st_size };
    }
    hash_of(&h, &bytes, 1);
    if (bytes.n > 0)
        munmap((void *)(uintptr_t)bytes.p, bytes.n);
    hex_put(&hex, hash_str(&h));
    if (!str_eq(buf_str(&hex), f->sha))
        SAY(c, at, "its bytes were changed");
}

static bool
check_file(const struct file_row *f, void *arg, struct err *e)
{
    struct checking *c = arg;
    struct err why = { 0 };
    int fd = files_open(c->v->dir, c->tenant->id, f->sha, &why);

    c->v->files++;
    if (fd >= 0) {
        check_bytes(c, f, fd);
        close(fd);
    } else if (f->record != 0) /* an unclaimed one may just be swept away */
        SAY(c, spot("file", f->id, -1), "its bytes are missing");
    (void)e;
    return true;
}

bool
verify_files(struct checking *c, struct err *e)
{
    int64_t bare;

    if (!stmt_one(c->st, &stmts[Q_FILE_BARE_COUNT], ARGS(ARG(c->tenant->id)),
                  NULL, COLS(COL(&bare)), e))
        return false;
    c->v->files_bare += bare;
    return files_each(c->st, c->tenant->id, check_file, c, e);
}
