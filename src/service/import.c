#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "codec/hash.h"
#include "domain/hazard.h"
#include "service/change.h"
#include "service/import.h"
#include "service/ledger_read.h"
#include "store/stmt.h"

enum { RUN_SECONDS = 3600 }; /* beside everything else, and can be stopped */
enum { RAW_MAX = 32 * 1024, CHUNK = 500, CHUNK_QUOTA = 64 << 20, FIELDS = 20 };

bool
import_get(struct store *st, int64_t tenant, int64_t id, struct arena *a,
           struct import_row *r, struct err *e)
{
    r->id = id;
    return stmt_one(st, &stmts[Q_IMPORT_GET], ARGS(ARG(tenant), ARG(id)), a,
                    COLS(COL(&r->org), COL(&r->person), COL(&r->ledger),
                         COL(&r->name), COL(&r->path), COL(&r->mapping),
                         COL(&r->state), COL(&r->done), COL(&r->skipped),
                         COL(&r->total), COL(&r->at_ms), COL(&r->message)),
                    e);
}

bool
import_add_job(struct tx *tx, void *arg, struct err *e)
{
    struct import_new *n = arg;

    n->id = tx_id(tx);
    return QRUN(tx->st, IMPORT_ADD, e, ARG(n->tenant), ARG(n->id), ARG(n->org),
                ARG(n->person), ARG((int64_t)hazard_ledger.tag), ARG(n->name),
                ARG(n->path), ARG(tx->now));
}

bool
import_put_job(struct tx *tx, void *arg, struct err *e)
{
    const struct import_put *p = arg;
    const struct import_row *r = &p->row;

    return QRUN(tx->st, IMPORT_PUT, e, ARG(p->tenant), ARG(r->id),
                ARG(r->mapping), ARG(r->state), ARG(r->done), ARG(r->skipped),
                ARG(r->total), ARG(r->message));
}

bool
import_stop_job(struct tx *tx, void *arg, struct err *e)
{
    const struct import_stop *s = arg;

    return QRUN(tx->st, IMPORT_STOP, e, ARG(s->tenant), ARG(s->id));
}

bool
import_mapping_get(struct store *st, int64_t tenant, int64_t org,
                   struct str head, struct arena *a, struct str *columns,
                   struct err *e)
{
    *columns = STR("");
    return stmt_one(st, &stmts[Q_MAPPING_GET],
                    ARGS(ARG(tenant), ARG(org), ARG(head)), a,
                    COLS(COL(columns)), e) ||
           e->code == ERR_MISSING;
}

bool
import_mapping_parse(struct str s, struct reading_override *out, size_t *n,
                     struct err *e)
{
    size_t room = *n;
    struct str one;

    *n = 0;
    while (s.n > 0 && str_split(&s, ',', &one)) {
        ptrdiff_t eq = str_find(one, STR("="));
        int64_t column;

        if (one.n == 0)
            continue;
        if (eq <= 0 || *n == room ||
            !str_i64(str_cut(one, 0, (size_t)eq), &column) || column < 0 ||
            column > 16383)
            return err_set(e, ERR_INVALID, NULL,
                           "The choice of columns is not understood");
        out[(*n)++] = (struct reading_override){
            -1, (int)column,
            reading_field_of(str_cut(one, (size_t)eq + 1, one.n))
        };
    }
    return true;
}

/* ---- one row ------------------------------------------------------------------ */

/* A row, kept until its chunk is written. */
struct kept_row {
    struct input in[FIELDS];
    size_t n;
    struct str school, raw;
    int64_t state;
    struct hash ident;
    bool doubt;
};

struct run {
    const struct import_run *job;
    struct arena *arena; /* of the chunk under way */
    struct kept_row *row;
    size_t n;
    int64_t done, skipped, seen;
    bool hurried;      /* the server stops: it goes on after its next start */
    int64_t doubt_row; /* the row that the last doubt was about */
    struct err *err;
    struct alike *alike; /* how often each identity came in this file */
    size_t alike_room, alike_n;
};

struct alike {
    uint64_t key; /* the first bytes of an identity; 0 = free */
    int64_t n;
};

/* The place of a key in a table that is never full. */
static struct alike *
alike_at(struct alike *t, size_t room, uint64_t key)
{
    size_t i = key & (room - 1);

    while (t[i].key != 0 && t[i].key != key)
        i = (i + 1) & (room - 1);
    return &t[i];
}

static bool
alike_grow(struct run *r)
{
    size_t room = r->alike_room > 0 ? 2 * r->alike_room : 1024;
    struct alike *t = calloc(room, sizeof(*t));

    if (t == NULL)
        return false;
    for (size_t i = 0; i < r->alike_room; i++)
        if (r->alike[i].key != 0)
            *alike_at(t, room, r->alike[i].key) = r->alike[i];
    free(r->alike);
    r->alike = t;
    r->alike_room = room;
    return true;
}

/* The n-th row alike in a file is a row of its own: n goes into its identity.
 * 16 bytes for each distinct row of the file. */
static bool
tell_apart(struct run *r, struct hash *ident)
{
    struct alike *a;
    uint64_t key;

    if (2 * r->alike_n >= r->alike_room && !alike_grow(r))
        return err_set(r->err, ERR_BUSY, NULL, "The server is short of memory");
    memcpy(&key, ident->b, sizeof(key));
    key |= 1;
    a = alike_at(r->alike, r->alike_room, key);
    r->alike_n += a->key == 0;
    a->key = key;
    if (a->n++ > 0) {
        const struct hash first = *ident;

        hash_of(ident,
                (const struct str[]){ hash_str(&first),
                                      { (const char *)&a->n, sizeof(a->n) } },
                2);
    }
    return true;
}

/* What a field has no room for stands whole in the row as it was: raw_of(). */
static void
put(struct kept_row *k, struct arena *a, const char *name, struct str value)
{
    const struct field *f = ledger_field(&hazard_ledger, str_of(name));
    bool words = f->kind == FK_LINE || f->kind == FK_TEXT;

    if (value.n > 0 && k->n < FIELDS)
        k->in[k->n++] =
            (struct input){ str_of(name),
                            words ? arena_cut(a, value, (size_t)f->max)
                                  : arena_dup(a, value) };
}

static void
put_day(struct kept_row *k, struct arena *a, const char *name,
        const struct reading_date *d)
{
    BUF(b, 32);

    if (!d->has_day)
        return;
    day_format(&b, d->day);
    put(k, a, name, buf_str(&b));
}

static void
put_money(struct kept_row *k, struct arena *a, const struct reading_money *m)
{
    if (!m->has_fen)
        return;
    put(k, a, "funds_need", STR("needed"));
    put(k, a, "funds",
        arena_printf(a, "%ld.%02d", (long)(m->fen / 100), (int)(m->fen % 100)));
}

/* "消防", "Fire safety" -> the key of a category; "" when none fits. */
static struct str
category_of(struct str words)
{
    static const struct {
        const char *word, *key;
    } known[] = {
        { "消防", "fire" },          { "fire", "fire" },
        { "用电", "electricity" },   { "电气", "electricity" },
        { "electr", "electricity" }, { "食品", "food" },
        { "食堂", "food" },          { "food", "food" },
        { "交通", "traffic" },       { "校车", "traffic" },
        { "traffic", "traffic" },    { "bus", "traffic" },
        { "宿舍", "dormitory" },     { "寝室", "dormitory" },
        { "实验", "laboratory" },    { "危化", "laboratory" },
        { "lab", "laboratory" },     { "设备", "equipment" },
        { "体育", "equipment" },     { "equip", "equipment" },
        { "校舍", "building" },      { "建筑", "building" },
        { "building", "building" },  { "周边", "surroundings" },
        { "安保", "security" },      { "门卫", "security" },
        { "卫生", "health" },        { "传染", "health" },
        { "防汛", "nature" },        { "雷电", "nature" },
        { "溺水", "drowning" },      { "制度", "management" },
        { "管理", "management" },
    };

    for (size_t i = 0; i < N_OF(known); i++)
        if (str_find(words, str_of(known[i].word)) >= 0)
            return str_of(known[i].key);
    return words.n > 0 ? STR("other") : STR("");
}

static int64_t
state_of(enum reading_status s)
{
    switch (s) {
    case RS_RECTIFIED:
        return HZ_CLOSED;
    case RS_IN_PROGRESS:
        return HZ_RECTIFYING;
    case RS_NO_ACTION:
        return HZ_NOT_HAZARD;
    default:
        return HZ_REPORTED;
    }
}

/* The cells with their headings, a line each. */
static struct str
raw_of(struct arena *a, const struct reading_row *r)
{
    BUF(b, RAW_MAX);

    buf_printf(&b, "%.*s %ld", STR_ARG(r->src.sheet), (long)r->src.row);
    for (size_t i = 0; i < r->n_raw; i++) {
        if (r->raw[i].n == 0)
            continue;
        buf_puts(&b, "\n");
        if (r->headings != NULL && r->headings[i].n > 0) {
            buf_str_put(&b, r->headings[i]);
            buf_puts(&b, ": ");
        }
        buf_str_put(&b, r->raw[i]);
    }
    return b.over ? arena_printf(a, "%.*s…",
                                 STR_ARG(utf8_head(buf_str(&b), RAW_MAX)))
                  : arena_dup(a, buf_str(&b));
}

static void
identify(struct kept_row *k, const struct reading_row *r)
{
    BUF(day, 32);

    if (r->found_on.has_day)
        day_format(&day, r->found_on.day);
    hash_of(&k->ident,
            (const struct str[]){ r->school, STR("\n"), r->description,
                                  STR("\n"), r->place, STR("\n"),
                                  buf_str(&day) },
            7);
}

static void
convert(struct kept_row *k, struct arena *a, const struct reading_row *r)
{
    const char *grade = r->grade == RG_MAJOR     ? "major"
                        : r->grade == RG_GENERAL ? "general"
                                                 : "";

    put(k, a, "description", r->description);
    put(k, a, "place_text", r->place);
    put(k, a, "category", category_of(r->category));
    put(k, a, "grade", str_of(grade));
    put(k, a, "measures", r->measures);
    put(k, a, "responsible_unit", r->responsible);
    put_money(k, a, &r->funds);
    put_day(k, a, "deadline", &r->deadline);
    put(k, a, "deadline_text", r->deadline.raw);
    put_day(k, a, "found_on", &r->found_on);
    put_day(k, a, "finished_on", &r->completed_on);
    put(k, a, "status_text", r->status_raw);
    put(k, a, "contingency", r->plan);
    k->school = arena_dup(a, r->school);
    k->raw = raw_of(a, r);
    k->state = state_of(r->status);
    identify(k, r);
}

/* ---- a chunk ---------------------------------------------------------------------- */

/* How much of the words is the school's name: all of it counts most. */
static size_t
named(const struct dir_org *o, struct str words)
{
    if (str_eq(o->name.zh, words) || str_eq(o->name.en, words))
        return SIZE_MAX;
    return o->name.zh.n > 0 && str_find(words, o->name.zh) >= 0 ? o->name.zh.n
                                                                : 0;
}

int64_t
import_school(const struct actor *who, struct str words, int64_t fallback,
              bool *known)
{
    const struct dir *d = who->dir;
    int64_t found = fallback;
    size_t best = 0;

    words = str_trim(words);
    *known = words.n == 0;
    for (size_t i = 0; words.n > 0 && i < d->n_org; i++) {
        const struct dir_org *o = &d->org[i];
        size_t fit = named(o, words);

        if (fit <= best || (o->id == d->root && fit != SIZE_MAX) ||
            !dir_below(d, o->id, fallback) ||
            !actor_may(who, &hazard_ledger, "import", o->id))
            continue;
        best = fit;
        found = o->id;
        *known = true;
    }
    return found;
}

static bool
is_new(struct tx *tx, const struct run *r, const struct kept_row *k, bool *yes,
       struct err *e)
{
    int64_t changed;

    if (!stmt_run(tx->st, &stmts[Q_IMPORT_SEEN],
                  ARGS(ARG(r->job->tenant), ARG(r->job->org),
                       BLOB(hash_str(&k->ident)), ARG((int64_t)0)),
                  &changed, e))
        return false;
    *yes = changed == 1;
    return true;
}

struct chunk {
    struct run *run;
    int64_t done, skipped;
    bool stopped; /* meanwhile, by somebody who did not know of this run */
};

/* What the run before brought over is known to this one and counts as done. */
static int64_t
all_done(const struct run *r)
{
    return r->job->done_before + r->done;
}

static int64_t
all_skipped(const struct run *r)
{
    int64_t n = r->skipped - r->job->done_before;

    return n > 0 ? n : 0;
}

/* How far it is, in the transaction of the rows. */
static bool
note_step(struct tx *tx, struct chunk *c, struct err *e)
{
    struct run at = *c->run;
    int64_t changed;

    at.done += c->done;
    at.skipped += c->skipped;
    if (!stmt_run(tx->st, &stmts[Q_IMPORT_STEP],
                  ARGS(ARG(at.job->tenant), ARG(at.job->id), ARG(all_done(&at)),
                       ARG(all_skipped(&at)), ARG(at.seen)),
                  &changed, e))
        return false;
    c->stopped = changed == 0;
    return true;
}

static bool
chunk_job(struct tx *tx, void *arg, struct err *e)
{
    struct chunk *c = arg;
    struct run *r = c->run;
    const struct dir *d = tx_dir(tx, r->job->tenant, e);
    struct actor who = { .dir = d, .person = r->job->person, .now = tx->now };

    c->done = c->skipped = 0;
    if (d == NULL)
        return false;
    for (size_t i = 0; i < r->n; i++) {
        const struct kept_row *k = &r->row[i];
        bool fresh, known;
        struct change ch = {
            .ledger = &hazard_ledger,
            .tenant = r->job->tenant,
            .person = r->job->person,
            .org = import_school(&who, k->school, r->job->org, &known),
            .verb = STR("import"),
            .input = k->in,
            .n_inputs = k->n,
            .origin = ORIGIN_PAPER,
            .state = k->state,
            .raw = k->raw,
        };

        if (r->job->clean_only && (k->doubt || !known)) {
            c->skipped++;
            continue;
        }
        if (!is_new(tx, r, k, &fresh, e))
            return false;
        if (!fresh) {
            c->skipped++;
            continue;
        }
        if (!change_run(tx, &ch, e))
            return false;
        c->done++;
    }
    return note_step(tx, c, e);
}

static bool
write_chunk(struct run *r)
{
    struct chunk c = { .run = r };

    if (!writer_run(r->job->writer, chunk_job, &c, r->err))
        return false;
    r->done += c.done;
    r->skipped += c.skipped;
    arena_free(r->arena);
    r->arena = arena_new(CHUNK_QUOTA);
    r->n = 0;
    return !c.stopped;
}

static bool
on_doubt(void *ctx, const struct reading_doubt *d)
{
    ((struct run *)ctx)->doubt_row = d->row;
    return true;
}

static bool
on_row(void *ctx, const struct reading_row *row)
{
    struct run *r = ctx;
    struct kept_row *k = &r->row[r->n++];

    *k = (struct kept_row){ .doubt = r->doubt_row == row->src.row &&
                                     row->src.row != 0 };
    convert(k, r->arena, row);
    if (!tell_apart(r, &k->ident))
        return false;
    r->seen++;
    if (arena_failed(r->arena)) {
        err_set(r->err, ERR_BUSY, NULL, "The server is short of memory");
        return false;
    }
    r->hurried = writer_hurries(r->job->writer);
    if (r->hurried || (r->job->cancel != NULL &&
                       __atomic_load_n(r->job->cancel, __ATOMIC_RELAXED)))
        return false;
    return r->n < CHUNK || write_chunk(r);
}

static bool
remember_job(struct tx *tx, void *arg, struct err *e)
{
    const struct import_run *j = arg;

    return j->mapping.n == 0 || j->head.n == 0 ||
           QRUN(tx->st, MAPPING_PUT, e, ARG(j->tenant), ARG(j->org),
                ARG(j->head), ARG(j->mapping));
}

bool
import_reads(const struct ledger *l)
{
    return l == &hazard_ledger;
}

int
import_open(struct str path, struct err *e)
{
    char name[4096];
    int fd;

    snprintf(name, sizeof(name), "%.*s", STR_ARG(path));
    if ((fd = open(name, O_RDONLY | O_CLOEXEC)) >= 0)
        (void)futimens(fd, NULL); /* seen by the sweep */
    else
        err_set(e, ERR_MISSING, NULL,
                "The uploaded file is not there any more: upload it again");
    return fd;
}

static bool
read_all(struct run *r, struct err *e)
{
    struct reading_override over[256];
    struct reading_opts opts = { .on_row = on_row,
                                 .on_doubt = on_doubt,
                                 .ctx = r,
                                 .every_doubt = true,
                                 .overrides = over,
                                 .n_overrides = N_OF(over) };
    struct ledger_read_job job = { .opts = &opts,
                                   .tmp_dir = r->job->data_dir,
                                   .seconds = RUN_SECONDS };
    bool ok;

    if (!import_mapping_parse(r->job->mapping, over, &opts.n_overrides, e))
        return false;
    if ((job.fd = import_open(r->job->path, e)) < 0)
        return false;
    ok = ledger_read(&job, e);
    close(job.fd);
    return ok && write_chunk(r);
}

bool
import_run(const struct import_run *job, struct err *e)
{
    struct run r = { .job = job, .err = e, .arena = arena_new(CHUNK_QUOTA) };
    struct import_put p = {
        .tenant = job->tenant,
        .row = { .id = job->id, .mapping = job->mapping, .message = STR("") }
    };
    struct err other;
    char text[256] = "";
    bool ok;

    r.row = calloc(CHUNK, sizeof(*r.row));
    ok = r.row != NULL &&
         writer_run(job->writer, remember_job, (void *)(uintptr_t)job, e) &&
         read_all(&r, e);
    p.row.state = ok                    ? IMPORT_DONE
                  : e->code == ERR_NONE ? IMPORT_CANCELLED
                                        : IMPORT_FAILED;
    if (p.row.state == IMPORT_FAILED && e->code == ERR_STORE) {
        log_line(LOG_ERROR, "an import: %s", err_text(e, text, sizeof(text)));
        p.row.message = str_of(err_ours);
    } else if (p.row.state == IMPORT_FAILED)
        p.row.message = str_of(err_text(e, text, sizeof(text)));
    p.row.done = all_done(&r);
    p.row.skipped = all_skipped(&r);
    p.row.total = r.seen;
    free(r.row);
    free(r.alike);
    arena_free(r.arena);
    if (r.hurried)
        return true;
    return writer_run(job->writer, import_put_job, &p, &other) && ok;
}
