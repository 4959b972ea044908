#include "service/mention.h"
#include "codec/hash.h"
#include "domain/event.h"
#include "domain/parts.h"
#include "service/attached.h"
#include "service/erase.h"
#include "store/stmt.h"

static bool
short_of_memory(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

static bool
words_ok(struct str words, struct err *e)
{
    return (utf8_valid(words) && utf8_count(words) >= MENTION_WORDS_MIN) ||
           err_set(e, ERR_INVALID, "words",
                   "Say at least two characters of the words");
}

/* ---- finding -------------------------------------------------------------- */

struct noting {
    struct mention *m;
    struct str words;
};

/* Whether the words stand in what an event states of a field. */
static bool
stands(const struct field *f, struct str bytes, struct str words)
{
    size_t n = 0;
    BUF(rest, 4 << 20);

    if (f->kind != FK_PARTS)
        return str_find_fold(bytes, words) >= 0;
    parts_without(f->parts, bytes, words, &rest, &n);
    return n > 0;
}

static bool
note(const struct field *f, struct str bytes, void *arg, struct err *e)
{
    const struct noting *k = arg;
    struct mention *m = k->m;
    size_t i = 0;

    (void)e;
    if (!stands(f, bytes, k->words))
        return true;
    while (i < m->n_fields && m->field[i] != f)
        i++;
    if (i == m->n_fields && i < N_OF(m->field))
        m->field[m->n_fields++] = f;
    return true;
}

/* Of whom the directory tells, it tells in parts of their own: those go with
 * the person, and are nobody else's mention. */
static bool
tells_of_others(const struct ledger *l)
{
    return !(l->flags & L_DIR);
}

/* What one event says, and what it says of people, goes to the mention. */
static bool
look_at(struct mention *m, struct str words, struct str body, struct str part,
        struct err *e)
{
    struct noting k = { m, words };
    struct event ev;

    if (!event_decode(body, &ev, e))
        return false;
    m->in_comment |= str_find_fold(ev.comment, words) >= 0;
    return event_each(m->ledger, body, note, &k, e) &&
           (!tells_of_others(m->ledger) ||
            event_each(m->ledger, part, note, &k, e));
}

struct finding_words {
    struct store *st;
    const struct actor *who;
    struct str words;
    struct arena *a;
    struct mention *at;
    size_t n;
};

static bool
look_at_files(struct finding_words *k, struct err *e)
{
    struct mention *m = &k->at[k->n];
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, k->st, &stmts[Q_FILE_NAMES],
                   ARGS(ARG(k->who->dir->tenant.id), ARG(m->id)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more)
        m->in_file |= str_find_fold(rows_str(&r, 1), k->words) >= 0;
    rows_close(&r);
    return ok;
}

/* The step that takes them out is the reader's, or both are. */
static bool
may_take_out(const struct actor *who, const struct mention *m)
{
    static const struct str verb[] = { STR_INIT("erase_words"),
                                       STR_INIT("erase") };
    bool any[] = { m->in_comment || m->in_file || m->in_free, m->in_personal };
    bool may = any[0] || any[1];
    struct err no;

    for (size_t i = 0; i < N_OF(any); i++)
        may &= !any[i] ||
               actor_steps(who, m->ledger, erase_step(m->ledger, verb[i]),
                           m->rec, ((const struct rec *)m->rec)->org, &no);
    return may;
}

/* Leave out what the reader may not see; the mention counts when anything is
 * left of it. */
static bool
keep_seen(struct finding_words *k, struct err *e)
{
    struct mention *m = &k->at[k->n];
    size_t n = 0;

    if ((m->rec = arena_alloc(k->a, m->ledger->size)) == NULL)
        return short_of_memory(e);
    if (!store_rec_get(k->st, k->who->dir->tenant.id, m->ledger, m->id, k->a,
                       m->rec, e))
        return e->code == ERR_MISSING;
    if (!actor_reads(k->who, m->ledger, m->rec))
        return true;
    if (!look_at_files(k, e))
        return false;
    for (size_t i = 0; i < m->n_fields; i++) {
        const struct field *f = m->field[i];

        if (!actor_sees(k->who, m->ledger, m->rec, f))
            continue;
        m->field[n++] = f;
        m->in_free |= event_is_free(m->ledger, f);
        m->in_personal |= (f->flags & F_PERSONAL) != 0;
        m->in_rows |= f->kind == FK_PARTS;
    }
    m->n_fields = n;
    if (n == 0 && !m->in_comment && !m->in_file)
        return true;
    m->may = may_take_out(k->who, m);
    k->n++;
    return true;
}

/* One record, named by an event in which the words stand. */
static bool
one_record(struct finding_words *k, const struct ledger *l, int64_t id,
           struct err *e)
{
    struct rows r;
    bool ok, more = false;

    k->at[k->n] = (struct mention){ .ledger = l, .id = id };
    if (!rows_open(&r, k->st, &stmts[Q_EVENT_TOLD],
                   ARGS(ARG(k->who->dir->tenant.id), ARG(id)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more)
        if (!(ok = look_at(&k->at[k->n], k->words, rows_str(&r, 1),
                           rows_str(&r, 2), e)))
            break;
    rows_close(&r);
    return ok && keep_seen(k, e);
}

/* Records that may hold the words, each once, by what names them last. */
struct found {
    struct mention *at;
    size_t n, max;
    int64_t but;
};

static bool
add(struct found *to, const struct ledger *l, int64_t id)
{
    size_t i = to->n;

    if (l == NULL || id == to->but)
        return true;
    while (i > 0 && to->at[i - 1].id != id)
        i--;
    if (i > 0)
        return true;
    if (to->n == to->max)
        return false;
    to->at[to->n++] = (struct mention){ .ledger = l, .id = id };
    return true;
}

/* By the names of files. */
static bool
by_files(const struct finding_words *k, struct found *to, bool *more,
         struct err *e)
{
    struct rows r;
    bool ok, any = false;

    if (!rows_open(&r, k->st, &stmts[Q_FILE_NAMES_ALL],
                   ARGS(ARG(k->who->dir->tenant.id)), e))
        return false;
    while ((ok = rows_next(&r, &any, e)) && any && !*more)
        *more =
            str_find_fold(rows_str(&r, 2), k->words) >= 0 &&
            !add(to, ledger_by_tag((uint16_t)rows_i64(&r, 0)), rows_i64(&r, 1));
    rows_close(&r);
    return ok;
}

/* By events, in the log's order. */
static bool
by_events(const struct finding_words *k, struct found *to, bool *more,
          struct err *e)
{
    struct rows r;
    bool ok, any = false;

    if (!rows_open(&r, k->st, &stmts[Q_EVENT_TOLD_ALL],
                   ARGS(ARG(k->who->dir->tenant.id)), e))
        return false;
    while ((ok = rows_next(&r, &any, e)) && any && !*more) {
        const struct ledger *l = ledger_by_tag((uint16_t)rows_i64(&r, 0));
        bool held = str_find_fold(rows_str(&r, 2), k->words) >= 0 ||
                    (l != NULL && tells_of_others(l) &&
                     str_find_fold(rows_str(&r, 3), k->words) >= 0);

        *more = held && !add(to, l, rows_i64(&r, 1));
    }
    rows_close(&r);
    return ok;
}

bool
mention_find(struct store *st, const struct actor *who, struct str words,
             int64_t but, struct arena *a, struct mention **out, size_t *n,
             bool *more, struct err *e)
{
    struct finding_words k = { .st = st, .who = who, .words = words, .a = a };
    struct found all = { .max = 4 * MENTIONS_MAX, .but = but };

    *n = 0;
    *more = false;
    all.at = arena_new_array(a, struct mention, all.max);
    k.at = arena_new_array(a, struct mention, MENTIONS_MAX + 1);
    if (all.at == NULL || k.at == NULL)
        return short_of_memory(e);
    if (!words_ok(words, e) || !by_files(&k, &all, more, e) ||
        !by_events(&k, &all, more, e))
        return false;
    for (; all.n > 0 && k.n < MENTIONS_MAX; all.n--)
        if (!one_record(&k, all.at[all.n - 1].ledger, all.at[all.n - 1].id, e))
            return false;
    *more |= all.n > 0;
    *out = k.at;
    *n = k.n;
    return !arena_failed(a) || short_of_memory(e);
}

/* ---- taking out ----------------------------------------------------------- */

struct retelling {
    struct tx *tx;
    const struct mention_erase *m;
    struct buf stated; /* (seq, hash) of each event that was told anew */
    struct mention found;
};

/* One event without the words, if they stand in it. */
static bool
retell(struct retelling *t, int64_t seq, struct str body, struct err *e)
{
    const struct change *c = &t->m->c;
    unsigned char at[8];
    struct hash h;
    size_t n;
    BUF(left, 2 << 20);

    if (!event_without(c->ledger, body, t->m->words, &left, &n, e))
        return false;
    if (n == 0)
        return true;
    if (left.over)
        return short_of_memory(e);
    for (int i = 0; i < 8; i++)
        at[i] = (unsigned char)((uint64_t)seq >> (56 - 8 * i));
    hash_of(&h, (const struct str[]){ buf_str(&left) }, 1);
    buf_put(&t->stated, (const char *)at, sizeof(at));
    buf_str_put(&t->stated, hash_str(&h));
    return QRUN(t->tx->st, EVENT_RETELL, e, ARG(c->tenant), ARG(seq),
                BLOB(buf_str(&left)), BLOB(STR("")));
}

struct told {
    int64_t seq;
    struct str body;
};

/* All events of the record; they are read before any is written. */
static bool
retell_all(struct retelling *t, struct err *e)
{
    enum { MOST = 20000 };
    const struct change *c = &t->m->c;
    struct told *all = arena_new_array(t->tx->arena, struct told, MOST);
    struct rows r;
    size_t n = 0;
    bool ok, more = false;

    if (all == NULL)
        return short_of_memory(e);
    if (!rows_open(&r, t->tx->st, &stmts[Q_EVENT_TOLD],
                   ARGS(ARG(c->tenant), ARG(c->id)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more && n < MOST) {
        all[n++] = (struct told){ rows_i64(&r, 0),
                                  arena_dup(t->tx->arena, rows_str(&r, 1)) };
        if (!(ok = look_at(&t->found, t->m->words, rows_str(&r, 1),
                           rows_str(&r, 2), e)))
            break;
    }
    rows_close(&r);
    if (ok && (more || arena_failed(t->tx->arena)))
        return short_of_memory(e);
    for (size_t i = 0; ok && i < n; i++)
        ok = retell(t, all[i].seq, all[i].body, e);
    return ok;
}

/* "zhang.jpg" -> "file.jpg" */
static struct str
plain_name(struct str name, struct arena *a)
{
    const char *dot = name.n > 0 ? memrchr(name.p, '.', name.n) : NULL;
    struct str tail =
        dot != NULL ? str_cut(name, (size_t)(dot - name.p), name.n) : STR("");

    return arena_printf(a, "file%.*s", STR_ARG(utf8_head(tail, 8)));
}

static bool
rename_one(struct tx *tx, const struct mention_erase *m, const struct told *to,
           struct buf *rows, struct err *e)
{
    struct file_row f;

    if (!files_rename(tx->st, m->c.tenant, to->seq, to->body, e) ||
        !files_get(tx->st, m->c.tenant, to->seq, tx->arena, &f, e))
        return false;
    attached_put(rows, &f);
    return true;
}

static bool
rename_files(struct tx *tx, struct mention_erase *m, size_t *renamed,
             struct err *e)
{
    enum { MOST = 400 };
    BUF(rows, MOST * (EVENT_FILE + 1));
    struct told f[MOST];
    struct rows r;
    size_t n = 0;
    bool ok, more = false;

    if (!rows_open(&r, tx->st, &stmts[Q_FILE_NAMES],
                   ARGS(ARG(m->c.tenant), ARG(m->c.id)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more && n < MOST)
        if (str_find_fold(rows_str(&r, 1), m->words) >= 0)
            f[n++] = (struct told){ rows_i64(&r, 0),
                                    plain_name(rows_str(&r, 1), tx->arena) };
    rows_close(&r);
    for (size_t i = 0; ok && i < n; i++)
        ok = rename_one(tx, m, &f[i], &rows, e);
    m->c.file_rows = arena_dup(tx->arena, buf_str(&rows));
    *renamed = n;
    return ok && (!rows.over || short_of_memory(e));
}

static struct str
without(const struct field *f, struct str value, struct str words,
        struct arena *a)
{
    size_t n = 0;
    BUF(rest, 4 << 20);

    event_text_without(f, value, words, &rest, &n);
    return arena_dup(a, buf_str(&rest));
}

static bool
holds(const struct field *f, const void *rec, struct str words)
{
    if (field_ctype(f) == CT_TEXT2)
        return str_find_fold(field_text2(f, rec)->en, words) >= 0 ||
               str_find_fold(field_text2(f, rec)->zh, words) >= 0;
    return stands(f, *field_str(f, rec), words);
}

/* Values for the step: what each field that holds the words is without them. */
static bool
blanks(struct tx *tx, struct mention_erase *m, struct err *e)
{
    struct change *c = &m->c;
    const struct ledger *l = c->ledger;
    struct input *in =
        arena_new_array(tx->arena, struct input, 2 * l->n_fields + 1);
    void *rec = arena_alloc(tx->arena, l->size);

    if (in == NULL || rec == NULL)
        return short_of_memory(e);
    if (!store_rec_get(tx->st, c->tenant, l, c->id, tx->arena, rec, e))
        return false;
    c->given = in;
    c->n_given = 0;
    for (size_t i = 0; i < l->n_fields; i++) {
        const struct field *f = &l->fields[i];
        const bool two = field_ctype(f) == CT_TEXT2;

        if (!event_is_free(l, f) || !holds(f, rec, m->words))
            continue;
        for (int k = 0; k <= two; k++) {
            struct str was = !two ? *field_str(f, rec)
                             : k  ? field_text2(f, rec)->zh
                                  : field_text2(f, rec)->en;

            in[c->n_given++] =
                (struct input){ two ? arena_printf(tx->arena, "%s_%s", f->name,
                                                   k ? "zh" : "en")
                                    : str_of(f->name),
                                without(f, was, m->words, tx->arena) };
        }
    }
    return true;
}

/* The reason is kept: it must not bring the words back. */
static bool
reason_ok(const struct mention_erase *m, struct err *e)
{
    for (size_t i = 0; i < m->c.n_inputs; i++)
        if (str_find_fold(m->c.input[i].value, m->words) >= 0)
            return err_set(e, ERR_INVALID, "comment",
                           "Leave these words out of the reason: it is kept");
    return true;
}

static bool
tells_people(const struct mention *m)
{
    size_t n = m->n_fields;

    while (n > 0 && !(m->field[n - 1]->flags & F_PERSONAL))
        n--;
    return n > 0;
}

/* Where the words stand in what the record tells of people, all of that goes:
 * its parts in the log are sealed one by one, and have no rest. */
static bool
erase_people(struct tx *tx, struct mention_erase *m, bool first, struct err *e)
{
    struct change c = m->c;

    c.verb = STR("erase");
    c.n_given = 0;
    c.retold = c.file_rows = STR("");
    if (!first)
        c.rev = 0;
    if (!change_run(tx, &c, e))
        return false;
    m->c = c;
    return true;
}

bool
mention_erase_job(struct tx *tx, void *arg, struct err *e)
{
    struct mention_erase *m = arg;
    struct retelling t = { .tx = tx, .m = m, .found.ledger = m->c.ledger };
    size_t renamed = 0;
    bool ok, people, words;

    m->c.verb = STR("erase_words");
    m->c.idem = STR(""); /* a second time finds nothing */
    buf_init(&t.stated, 1 << 19);
    ok = words_ok(m->words, e) && reason_ok(m, e) && blanks(tx, m, e) &&
         retell_all(&t, e) && rename_files(tx, m, &renamed, e);
    if (ok && t.stated.over)
        ok = short_of_memory(e);
    words = t.stated.n > 0 || renamed > 0;
    people = tells_people(&t.found);
    if (ok && !words && !people)
        ok = err_set(e, ERR_CONFLICT, "words",
                     "These words do not stand in this record (any more)");
    m->c.retold = arena_dup(tx->arena, buf_str(&t.stated));
    buf_fini(&t.stated);
    return ok && (!words || change_run(tx, &m->c, e)) &&
           (!people || erase_people(tx, m, !words, e));
}
