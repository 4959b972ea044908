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

static bool
names_file(struct str body, int64_t file)
{
    struct event ev;
    struct err e = { 0 };

    if (!event_decode(body, &ev, &e))
        return false;
    for (size_t i = 0; i + EVENT_FILE <= ev.files.n; i += EVENT_FILE)
        if (number_at(str_cut(ev.files, i, i + 8)) == file)
            return true;
    return false;
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

/* What the newest step that told this event anew says of it, if any does. */
static struct str
stated_of(const struct event *ev, int64_t seq)
{
    for (size_t i = 0; i + EVENT_RETOLD <= ev->retold.n; i += EVENT_RETOLD)
        if (number_at(str_cut(ev->retold, i, i + 8)) == seq)
            return str_cut(ev->retold, i + 8, i + EVENT_RETOLD);
    return STR("");
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
            stated = arena_dup(c->arena, stated_of(&ev, seq));
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
    return files_each(c->st, c->tenant->id, check_file, c, e);
}
