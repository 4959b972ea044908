#include "codec/table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"

enum { PIECE = 64 * 1024, SAMPLE = 64 * 1024, SNIFF = 1024 * 1024 };
enum { NOISE_MIN = 32 };                 /* a few may stand in any file */
enum { CLEAN_QUOTA = 64 * 1024 * 1024 }; /* of one row and its cells */

struct table {
    int fd;
    struct table_facts facts;
    struct xlsx *xlsx;
};

static ssize_t
read_at(int fd, char *p, size_t n, int64_t at)
{
    ssize_t got;

    do
        got = pread(fd, p, n, at);
    while (got < 0 && errno == EINTR);
    return got;
}

static bool
unreadable(struct err *e)
{
    return err_set(e, ERR_STORE, NULL, "the file cannot be read; try again");
}

static bool
no_memory(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
}

/* Bytes that say nothing in any encoding: of text that is not UTF-8, more than
 * one in twenty is a control character or no character at all. */
static bool
is_noise(const struct text_decoder *d, struct str text)
{
    size_t odd = (size_t)(d->bad + d->nuls);

    for (size_t i = 0; i < text.n; i++)
        odd += (unsigned char)text.p[i] < ' ' &&
               strchr("\t\r\n", text.p[i]) == NULL;
    return d->enc != TEXT_UTF8 && d->enc != TEXT_UTF8_BOM && odd > NOISE_MIN &&
           odd * 20 > utf8_count(text);
}

/* Learn the encoding from all bytes, the separator from the first rows. */
static bool
probe_csv(struct table *t, char *room, struct err *e)
{
    struct text_probe probe = { 0 };
    struct text_decoder d;
    bool noise = false;
    ssize_t n;

    for (int64_t at = 0; (n = read_at(t->fd, room, PIECE, at)) != 0; at += n) {
        if (n < 0)
            return unreadable(e);
        text_probe_feed(&probe, room, (size_t)n);
    }
    t->facts.encoding = text_probe_end(&probe);
    if (!text_decoder_init(&d, t->facts.encoding, e))
        return false;
    if ((n = read_at(t->fd, room, SAMPLE, 0)) >= 0) {
        BUF(text, 4 * SAMPLE);

        text_decode(&d, room, (size_t)n, false, &text);
        t->facts.separator = csv_separator(buf_str(&text));
        noise = is_noise(&d, buf_str(&text));
    }
    text_decoder_fini(&d);
    if (noise)
        return err_set(e, ERR_TYPE, NULL,
                       "this file holds no text that can be read; give the "
                       "ledger as .xlsx or .csv");
    return n >= 0 || unreadable(e);
}

static bool
open_kind(struct table *t, const char *tmp_dir, struct err *e)
{
    char *room = malloc(SNIFF);
    ssize_t n;
    bool ok;

    if (room == NULL)
        return no_memory(e);
    if ((n = read_at(t->fd, room, SNIFF, 0)) < 0) {
        ok = unreadable(e);
    } else if (n >= 4 && memcmp(room, "PK", 2) == 0 &&
               (room[2] == 3 || room[2] == 5)) {
        t->facts.kind = TABLE_XLSX;
        t->xlsx = xlsx_open(t->fd, tmp_dir, e);
        ok = t->xlsx != NULL;
    } else {
        t->facts.kind = TABLE_CSV;
        ok = table_sniff((struct str){ room, (size_t)n }, e) &&
             probe_csv(t, room, e);
    }
    free(room);
    return ok;
}

struct table *
table_open_fd(int fd, const char *tmp_dir, struct err *e)
{
    struct table *t = calloc(1, sizeof(*t));
    struct stat st;

    if (t == NULL) {
        no_memory(e);
        return NULL;
    }
    t->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (t->fd < 0 || fstat(t->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        unreadable(e);
        table_close(t);
        return NULL;
    }
    t->facts.bytes = st.st_size;
    if (!open_kind(t, tmp_dir, e)) {
        table_close(t);
        return NULL;
    }
    return t;
}

struct table *
table_open(const char *path, const char *tmp_dir, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct table *t;

    if (fd < 0) {
        if (errno == ENOENT)
            err_set(e, ERR_MISSING, NULL, "%s: there is no such file", path);
        else
            err_set(e, ERR_STORE, NULL, "%s: the file cannot be opened", path);
        return NULL;
    }
    t = table_open_fd(fd, tmp_dir, e);
    close(fd);
    return t;
}

void
table_close(struct table *t)
{
    if (t == NULL)
        return;
    xlsx_close(t->xlsx);
    if (t->fd >= 0)
        close(t->fd);
    free(t);
}

void
table_give_time(struct table *t, unsigned seconds)
{
    if (t->xlsx != NULL)
        xlsx_give_time(t->xlsx, t->fd, seconds);
}

const struct table_facts *
table_facts(const struct table *t)
{
    return &t->facts;
}

static bool
each_csv(struct table *t, struct csv_reader *r, struct err *e)
{
    char *room = malloc(PIECE);
    struct text_decoder d;
    BUF(text, 4 * PIECE);
    bool ok;
    ssize_t n = 1;

    if (room == NULL)
        return no_memory(e);
    ok = text_decoder_init(&d, t->facts.encoding, e);
    for (int64_t at = 0; ok && n > 0; at += n) {
        n = read_at(t->fd, room, PIECE, at);
        if (n < 0) {
            ok = unreadable(e);
            break;
        }
        buf_clear(&text);
        text_decode(&d, room, (size_t)n, n == 0, &text);
        ok = csv_feed(r, buf_str(&text), n == 0, e);
    }
    t->facts.bad_bytes = d.bad;
    t->facts.nuls = d.nuls;
    t->facts.recovered = csv_recovered(r);
    text_decoder_fini(&d);
    free(room);
    return ok;
}

/* On its way to who asked for the rows. */
struct cleaning {
    sheet_row_fn *fn;
    void *ctx;
    struct err *e;
};

static bool
is_clean(const struct sheet_row *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (!text_is_clean(row->cells[i].text))
            return false;
    return true;
}

/* Cells hold words as a program may keep them: see base/clean.h. */
static bool
clean_row(void *ctx, const struct sheet_row *row)
{
    struct cleaning *c = ctx;
    struct sheet_row own = *row;
    struct sheet_cell *cells;
    ARENA(a, CLEAN_QUOTA);

    if (is_clean(row))
        return c->fn(c->ctx, row);
    if ((cells = arena_new_array(a, struct sheet_cell, row->n)) == NULL)
        return no_memory(c->e);
    for (size_t i = 0; i < row->n; i++) {
        cells[i] = row->cells[i];
        cells[i].text = text_clean(a, cells[i].text);
    }
    own.cells = cells;
    return arena_failed(a) ? no_memory(c->e) : c->fn(c->ctx, &own);
}

static bool
each_row(struct table *t, struct cleaning *c, struct err *e)
{
    struct csv_reader *r;
    bool ok;

    if (t->facts.kind == TABLE_XLSX)
        return xlsx_each(t->xlsx, clean_row, c, e);
    if ((r = csv_reader_new(t->facts.separator, clean_row, c)) == NULL)
        return no_memory(e);
    ok = each_csv(t, r, e);
    csv_reader_free(r);
    return ok;
}

bool
table_each(struct table *t, sheet_row_fn *fn, void *ctx, struct err *e)
{
    struct err why = { 0 };
    struct cleaning c = { fn, ctx, &why };

    *e = (struct err){ 0 };
    if (each_row(t, &c, e))
        return true;
    if (why.code != ERR_NONE) /* to a reader it was a wish to stop */
        *e = why;
    return false;
}
