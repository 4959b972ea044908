#include "service/erased.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "service/change.h"
#include "service/erase.h"
#include "store/stmt.h"

enum { PATH = 4200, LIST_MAX = 64 << 20 };

/* ---- the file ---------------------------------------------------------------- */

static bool
list_path(char out[PATH], const char *folder)
{
    int n = snprintf(out, PATH, "%s/erased", folder);

    return n > 0 && n < PATH;
}

/* Nothing where there is no list. */
static bool
list_read(const char *folder, struct buf *b, struct err *e)
{
    char path[PATH], piece[16 * 1024];
    ssize_t n = -1;
    int fd;

    if (!list_path(path, folder))
        return err_set(e, ERR_STORE, NULL,
                       "The data folder's name is too long");
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
        return errno == ENOENT ||
               err_set(e, ERR_STORE, NULL, "%s cannot be read", path);
    while ((n = read(fd, piece, sizeof(piece))) > 0)
        buf_put(b, piece, (size_t)n);
    close(fd);
    return (n == 0 && !b->over) ||
           err_set(e, ERR_STORE, NULL, "%s cannot be read", path);
}

static bool
list_write(const char *folder, struct str list, struct err *e)
{
    return disk_write(folder, "erased", list) ||
           err_set(e, err_disk(errno), NULL, "%s/erased cannot be written",
                   folder);
}

/* ---- what the log knows --------------------------------------------------------- */

static bool
list_tenant(struct store *st, const struct tenant *t, struct buf *b,
            struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, st, &stmts[Q_EVENT_ERASURES], ARGS(ARG(t->id)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        const struct ledger *l = ledger_by_tag((uint16_t)rows_i64(&r, 1));

        if (l != NULL)
            buf_printf(b, "%ld %.*s %s %ld %.*s\n", (long)rows_i64(&r, 0),
                       STR_ARG(t->code), l->name, (long)rows_i64(&r, 2),
                       STR_ARG(rows_str(&r, 3)));
    }
    rows_close(&r);
    return ok;
}

static bool
list_known(const char *copy, struct buf *b, struct err *e)
{
    struct store *st = store_open(copy, STORE_READ, e);
    ARENA(a, 16 << 20);
    struct tenant *list;
    size_t n;
    bool ok;

    if (st == NULL)
        return false;
    ok = store_begin(st, e) && tenants_read(st, a, &list, &n, e);
    for (size_t i = 0; ok && i < n; i++)
        ok = list_tenant(st, &list[i], b, e);
    store_rollback(st);
    store_close(st);
    return ok;
}

/* A whole line: the end of one may be the beginning of another's. */
static bool
has_line(struct str list, struct str line)
{
    struct str one;

    while (str_split(&list, '\n', &one))
        if (str_eq(one, line))
            return true;
    return false;
}

bool
erased_note(const char *folder, const char *copy, struct err *e)
{
    struct str rest, line;
    BUF(now, LIST_MAX);
    BUF(was, LIST_MAX);
    BUF(all, LIST_MAX);

    if (!list_known(copy, &now, e) || !list_read(folder, &was, e))
        return false;
    rest = buf_str(&was);
    while (str_split(&rest, '\n', &line))
        if (line.n > 0 && !has_line(buf_str(&now), line)) {
            buf_str_put(&all, line);
            buf_putc(&all, '\n');
        }
    buf_str_put(&all, buf_str(&now));
    return !(now.over || all.over)
               ? list_write(folder, buf_str(&all), e)
               : err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

bool
erased_bring(const char *copy, const char *data, struct err *e)
{
    char beside[PATH];
    BUF(list, LIST_MAX);

    if (snprintf(beside, sizeof(beside), "%s/..", copy) >= (int)sizeof(beside))
        return err_set(e, ERR_STORE, NULL,
                       "The data folder's name is too long");
    return list_read(beside, &list, e) &&
           (list.n == 0 || list_write(data, buf_str(&list), e));
}

bool
erased_waits(const char *data)
{
    char path[PATH];

    return list_path(path, data) && access(path, F_OK) == 0;
}

/* ---- until then ------------------------------------------------------------------ */

struct erased_set {
    size_t n;
    int64_t id[];
};

static int
by_id(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* "1795492944000 whitefun person 912913225568223253 erase" */
static bool
id_of(struct str line, int64_t *id)
{
    struct str word = STR("");

    for (int i = 0; i < 4; i++)
        if (!str_split(&line, ' ', &word))
            return false;
    return str_i64(word, id);
}

struct erased_set *
erased_load(const char *data, struct err *e)
{
    struct erased_set *set;
    struct str rest, line;
    size_t lines = 0;
    BUF(list, LIST_MAX);

    if (!list_read(data, &list, e))
        return NULL;
    for (size_t i = 0; i < list.n; i++)
        lines += list.p[i] == '\n';
    set = calloc(1, sizeof(*set) + (lines + 1) * sizeof(set->id[0]));
    if (set == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    rest = buf_str(&list);
    while (set->n <= lines && str_split(&rest, '\n', &line))
        set->n += id_of(line, &set->id[set->n]);
    qsort(set->id, set->n, sizeof(set->id[0]), by_id);
    return set;
}

void
erased_free(struct erased_set *set)
{
    free(set);
}

bool
erased_has(const struct erased_set *set, int64_t record)
{
    return set != NULL && record != 0 &&
           bsearch(&record, set->id, set->n, sizeof(record), by_id) != NULL;
}

/* ---- once more ------------------------------------------------------------------ */

struct line {
    int64_t at, id, tenant;
    const struct ledger *ledger;
    struct str verb;
    bool erased; /* out */
};

static bool
line_read(struct tx *tx, struct str s, struct line *l, struct err *e)
{
    struct str at, code, ledger, id;
    struct tenant *list;
    size_t n;

    if (!str_split(&s, ' ', &at) || !str_split(&s, ' ', &code) ||
        !str_split(&s, ' ', &ledger) || !str_split(&s, ' ', &id) ||
        !str_i64(at, &l->at) || !str_i64(id, &l->id) ||
        (l->ledger = ledger_find(ledger)) == NULL ||
        erase_step(l->ledger, s) == NULL)
        return err_set(e, ERR_INVALID, NULL, "This line is malformed");
    l->verb = s;
    if (!tenants_read(tx->st, tx->arena, &list, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i].code, code))
            l->tenant = list[i].id;
    return true;
}

/* Whether there is anything to do: the record is here, and not erased since. */
static bool
line_holds(struct tx *tx, const struct line *l, bool *holds, struct err *e)
{
    void *rec = arena_alloc(tx->arena, l->ledger->size);
    int64_t since;

    *holds = false;
    if (rec == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(tx->st, l->tenant, l->ledger, l->id, tx->arena, rec, e))
        return e->code == ERR_MISSING;
    if (!stmt_one(tx->st, &stmts[Q_EVENT_ERASED_SINCE],
                  ARGS(ARG(l->tenant), ARG(l->id), ARG(l->verb), ARG(l->at)),
                  NULL, COLS(COL(&since)), e))
        return false;
    *holds = since == 0;
    return true;
}

struct again {
    struct str line;
    bool erased; /* out */
};

static bool
again_job(struct tx *tx, void *arg, struct err *e)
{
    const struct input why = { STR("comment"),
                               STR_INIT("erased before, restored since") };
    struct again *a = arg;
    struct line l = { .tenant = 0 };
    struct change c;
    bool holds;

    if (!line_read(tx, a->line, &l, e) || !line_holds(tx, &l, &holds, e))
        return false;
    if (!holds)
        return true;
    if (str_is(l.verb, "erase_words"))
        return err_set(e, ERR_CONFLICT, NULL,
                       "which words is known to nobody here: take them out "
                       "again");
    c = (struct change){ .ledger = l.ledger,
                         .tenant = l.tenant,
                         .id = l.id,
                         .verb = l.verb,
                         .input = &why,
                         .n_inputs = 1 };
    a->erased = true;
    return change_run(tx, &c, e);
}

bool
erased_again(struct writer *w, struct erased_again *all, struct err *e)
{
    struct str rest, line;
    char path[PATH];
    BUF(list, LIST_MAX);
    BUF(left, LIST_MAX);

    if (!list_read(all->data, &list, e))
        return false;
    rest = buf_str(&list);
    while (str_split(&rest, '\n', &line)) {
        struct again a = { .line = line };
        BUF(said, 1024);
        char text[512];

        if (line.n == 0)
            continue;
        if (writer_run(w, again_job, &a, e)) {
            all->done += a.erased;
            continue;
        }
        if (err_info[e->code].fault == FAULT_SERVER)
            return false;
        buf_printf(&said, "%.*s: %s", STR_ARG(line),
                   err_text(e, text, sizeof(text)));
        all->told(said.p, all->arg);
        all->left++;
        buf_str_put(&left, line);
        buf_putc(&left, '\n');
    }
    if (left.n > 0)
        return list_write(all->data, buf_str(&left), e);
    return !list_path(path, all->data) || unlink(path) == 0 ||
           errno == ENOENT ||
           err_set(e, ERR_STORE, NULL, "%s cannot be removed", path);
}
