#include <sodium.h>

#include "codec/hash.h"
#include "domain/event.h"
#include "domain/parts.h"
#include "service/attached.h"
#include "service/change.h"
#include "service/effects.h"
#include "service/erase.h"
#include "service/follow.h"
#include "service/once.h"
#include "service/rank.h"
#include "service/reference.h"
#include "service/with.h"
#include "store/stmt.h"

/* What a change works on. */
struct work {
    struct tx *tx;
    struct change *c;
    struct actor who;
    const struct step *step;
    const struct step *erase; /* the same, when it erases */
    void *before;             /* NULL: the record is made */
    void *after;
    struct str comment;
    struct str files; /* for the event: ids and hashes of what it names */
    struct str file_rows;
    struct step_ctx ctx;
};

static bool
short_of_memory(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

/* "name_zh" -> the field "name" and which side. */
static const struct field *
field_of(const struct ledger *l, struct str name, bool *zh)
{
    const struct field *f = ledger_field(l, name);

    *zh = false;
    if (f != NULL || name.n < 4)
        return f;
    *zh = str_eq(str_cut(name, name.n - 3, name.n), STR("_zh"));
    if (!*zh && !str_eq(str_cut(name, name.n - 3, name.n), STR("_en")))
        return NULL;
    f = ledger_field(l, str_cut(name, 0, name.n - 3));
    return f != NULL && field_ctype(f) == CT_TEXT2 ? f : NULL;
}

/* A time as somebody here writes it is the district's own. */
static bool
parse(const struct actor *who, const struct field *f, struct str value,
      void *rec, struct err *e)
{
    if (f->kind != FK_TIME || who->dir == NULL ||
        !time_parse(value, who->dir->rules.zone, field_i64(f, rec)))
        return field_parse(f, value, rec, e);
    return true;
}

static bool
fill_one(const struct change *c, const struct step *s, const struct actor *who,
         void *rec, const struct input *in, struct arena *a, struct err *e)
{
    bool zh;
    const struct field *f = field_of(c->ledger, in->name, &zh);

    if (f == NULL || !step_writes(s, f))
        return err_set(e, ERR_INVALID, f != NULL ? f->name : NULL,
                       "The step \"%s\" does not take a field \"%.*s\"",
                       s->verb, STR_ARG(in->name));
    if (f->see != NULL && who->person != 0 && !(s->from & IN(ST_NONE)) &&
        !actor_sees(who, c->ledger, rec, f))
        return err_set(e, ERR_DENIED, f->name,
                       "Your posts do not allow this field");
    if (field_ctype(f) == CT_TEXT2)
        return field_parse2(f, in->value, zh, rec, e);
    if (f->kind == FK_PARTS) {
        struct str now = parts_number(*field_str(f, rec), in->value, a);

        return field_parse(f, now, rec, e);
    }
    return parse(who, f, in->value, rec, e);
}

/* Fields that no step writes take what the program gives. */
static bool
fill_given(const struct change *c, const struct step *s, void *rec,
           struct err *e)
{
    if ((s->flags & S_GIVEN) && c->n_given == 0)
        return err_set(e, ERR_STORE, NULL, "Nothing was found out for this");
    for (size_t i = 0; i < c->n_given; i++) {
        bool zh;
        const struct field *f = field_of(c->ledger, c->given[i].name, &zh);

        if (f == NULL)
            return err_set(e, ERR_STORE, NULL, "There is no such field");
        if (field_ctype(f) == CT_TEXT2
                ? !field_parse2(f, c->given[i].value, zh, rec, e)
                : !field_parse(f, c->given[i].value, rec, e))
            return false;
    }
    return true;
}

/* A clock may go wrong by a few minutes. */
static bool
is_past(int64_t ms, int64_t now, struct err *e)
{
    return ms <= now + 10 * INT64_C(60000) ||
           err_set(e, ERR_INVALID, "occurred_at",
                   "This time has not come yet: when was it seen?");
}

bool
change_fill(const struct change *c, const struct step *s,
            const struct actor *who, void *rec, struct arena *a,
            struct str *comment, struct err *e)
{
    static const struct field occurred = { .name = "occurred_at",
                                           .kind = FK_TIME,
                                           .at = offsetof(struct rec,
                                                          occurred_at) };

    *comment = STR("");
    for (size_t i = 0; i < c->n_inputs; i++) {
        const struct input *in = &c->input[i];

        if (str_is(in->name, "comment"))
            *comment = str_trim(in->value);
        else if (str_is(in->name, "occurred_at")) {
            if (!parse(who, &occurred, in->value, rec, e) ||
                !is_past(((struct rec *)rec)->occurred_at, who->now, e))
                return false;
        } else if (!fill_one(c, s, who, rec, in, a, e))
            return false;
    }
    if (!utf8_valid(*comment) || utf8_count(*comment) > 2000)
        return err_set(e, ERR_INVALID, "comment",
                       "The words are too long (at most 2000 characters) or "
                       "not valid Unicode");
    if ((s->flags & S_COMMENT) && comment->n == 0)
        return err_set(e, ERR_INVALID, "comment",
                       "This step needs a few words: why?");
    return true;
}

static bool
may_read(const struct work *w, const struct ledger *l, const void *rec)
{
    return w->c->person == 0 || w->c->by_receipt || w->c->by_program ||
           actor_reads(&w->who, l, rec);
}

/* Put id and SHA-256 of a file into the event to come. */
static bool
note_file(struct work *w, int64_t id, struct buf *files, struct buf *rows,
          struct err *e)
{
    struct file_row f;
    unsigned char bytes[EVENT_FILE];

    if (!files_get(w->tx->st, w->c->tenant, id, w->tx->arena, &f, e))
        return false;
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)id >> (56 - 8 * i));
    if (!hex_parse(f.sha, bytes + 8, 32))
        return err_set(e, ERR_STORE, NULL, "A file has no name");
    buf_put(files, bytes, sizeof(bytes));
    if (f.salt.n > 0) /* an older row's turn comes, see attached_find_job() */
        attached_put(rows, &f);
    return true;
}

/* Take the files that the change names: they must be there, and nobody
 * else's. */
static bool
claim_files(struct work *w, struct err *e)
{
    const struct ledger *l = w->c->ledger;
    int64_t id, changed, rec = ((struct rec *)w->after)->id;
    BUF(files, 64 * 1024);
    BUF(rows, 64 * 1024);

    for (size_t i = 0; i < l->n_fields; i++) {
        const struct field *f = &l->fields[i];
        struct field_files ids;
        struct str one;

        if (w->before != NULL && field_equal(f, w->before, w->after))
            continue;
        field_files_of(f, w->after, &ids);
        while (field_files_next(&ids, &one)) {
            if (!str_i64(one, &id) ||
                !stmt_run(w->tx->st, &stmts[Q_FILE_CLAIM],
                          ARGS(ARG(w->c->tenant), ARG(id), ARG(rec),
                               ARG(w->c->person)),
                          &changed, e))
                return e->code != ERR_NONE
                           ? false
                           : err_set(e, ERR_INVALID, f->name,
                                     "\"%.*s\" is not the id of a file",
                                     STR_ARG(one));
            if (changed != 1)
                return err_set(e, ERR_INVALID, f->name,
                               "A file is not there any more: add it again");
            if (!note_file(w, id, &files, &rows, e))
                return false;
        }
    }
    w->files = arena_dup(w->tx->arena, buf_str(&files));
    buf_str_put(&rows, w->c->file_rows);
    w->file_rows = arena_dup(w->tx->arena, buf_str(&rows));
    return (!files.over && !rows.over) ||
           err_set(e, ERR_TOO_LARGE, NULL, "This change is too large");
}

static bool
load(struct work *w, struct err *e)
{
    struct change *c = w->c;
    const struct ledger *l = c->ledger;

    w->who = (struct actor){ .dir = tx_dir(w->tx, c->tenant, e),
                             .person = c->person,
                             .now = w->tx->now,
                             .scopes = c->scopes,
                             .post = c->post };
    if (w->who.dir == NULL)
        return false;
    if ((w->after = arena_alloc(w->tx->arena, l->size)) == NULL)
        return short_of_memory(e);
    if (c->id == 0)
        return true;
    if ((w->before = arena_alloc(w->tx->arena, l->size)) == NULL)
        return short_of_memory(e);
    if (!store_rec_get(w->tx->st, c->tenant, l, c->id, w->tx->arena, w->before,
                       e))
        return false;
    if (!may_read(w, l, w->before) &&
        actor_roles_on(&w->who, l, w->before) == 0)
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    memcpy(w->after, w->before, l->size);
    return true;
}

static bool
find_step(struct work *w, struct err *e)
{
    const struct change *c = w->c;

    w->erase = w->before != NULL ? erase_step(c->ledger, c->verb) : NULL;
    w->step = w->erase != NULL ? w->erase
              : str_is(c->verb, "escalate")
                  ? effects_escalate_step()
                  : ledger_step(c->ledger, w->before, c->verb, e);
    return w->step != NULL;
}

static bool
fill(struct work *w, struct err *e)
{
    struct change c = *w->c; /* its inputs stand as they came: see digest() */

    return reference_resolve(w->tx->st, &w->who, c.ledger, &c.input, c.n_inputs,
                             w->tx->arena, e) &&
           change_fill(&c, w->step, &w->who, w->after, w->tx->arena,
                       &w->comment, e);
}

static bool
decide(struct work *w, struct err *e)
{
    struct change *c = w->c;
    const struct rec *was = w->before;
    int64_t org = was != NULL ? was->org : c->org;

    if (was == NULL && dir_org(w->who.dir, org) == NULL &&
        !(c->ledger == &org_ledger && w->who.dir->root == 0))
        return err_set(e, ERR_INVALID, "org", "Say which school it belongs to");
    if (!find_step(w, e))
        return false;
    if (c->rev != 0 && was != NULL && c->rev != was->rev)
        return err_set(e, ERR_CONFLICT, "rev",
                       "Somebody else has changed this record in the meantime");
    if (!c->by_program &&
        !actor_steps(&w->who, c->ledger, w->step, w->before, org, e))
        return false;
    return fill(w, e);
}

/* What every record carries, whatever its ledger. */
static void
stamp(struct work *w)
{
    struct change *c = w->c;
    struct rec *r = w->after;

    if (w->before == NULL) {
        r->id = tx_id(w->tx);
        r->org = c->ledger->flags & L_TREE ? r->id : c->org;
        r->created_at = w->tx->now;
        r->created_by = c->person;
        r->origin = c->origin != 0   ? c->origin
                    : c->person == 0 ? ORIGIN_SYSTEM
                                     : ORIGIN_ENTERED;
        r->raw = c->raw;
    }
    r->rev++;
    r->changed_at = w->tx->now;
    r->changed_by = c->person;
    if (w->step == effects_escalate_step())
        r->escalated = c->state;
    else if (w->step->to == ANY)
        r->state = c->state;
    else if (w->step->to != STAY)
        r->state = w->step->to;
}

static bool
apply(struct work *w, struct err *e)
{
    const struct ledger *l = w->c->ledger;
    const int64_t org =
        w->before != NULL ? ((const struct rec *)w->before)->org : w->c->org;

    w->ctx = (struct step_ctx){
        .now = w->tx->now,
        .today = zone_day(w->who.dir->rules.zone, w->tx->now),
        .person = w->c->person,
        .roles =
            actor_roles(&w->who, org) | actor_roles_on(&w->who, l, w->before),
        .comment = w->comment,
        .rules = &w->who.dir->rules,
        .arena = w->tx->arena,
        .before = w->before,
    };
    randombytes_buf(w->ctx.random, sizeof(w->ctx.random));
    stamp(w);
    if (w->erase != NULL) {
        erase_apply(l, w->erase, w->after);
        return erase_check(l, w->erase, w->after, e);
    }
    if (ledger_state(l, ((struct rec *)w->after)->state) == NULL)
        return err_set(e, ERR_INVALID, "state", "There is no such state");
    if (!ledger_check(l, w->step, w->after, e) ||
        !reference_check(
            &(struct references){ w->tx, w->c, &w->who, w->before, w->after },
            e) ||
        !with_load(w->tx->st, w->c->tenant, l, w->before, w->after,
                   w->tx->arena, &w->ctx, e) ||
        (w->step->check != NULL && !w->step->check(w->after, &w->ctx, e)))
        return false;
    if (w->step->apply != NULL)
        w->step->apply(w->after, &w->ctx);
    if (!effects_keep(w->tx, w->c, w->step, w->before, w->after, e))
        return false;
    if (l->settle != NULL)
        l->settle(w->after, &w->ctx);
    return rank_check(w->c, &w->who, w->step, w->before, w->after, e) &&
           effects_check(w->tx, w->c, w->who.dir, w->before, w->after, e);
}

/* {school}-{code}-{year}-{n}, kept in the event, never given twice. */
static bool
number(struct work *w, struct err *e)
{
    struct rec *r = w->after;
    const struct ledger *l = w->c->ledger;
    const struct dir *d = w->who.dir;
    int64_t n, school = dir_school(d, r->org);
    int64_t year = civil_of(zone_day(d->rules.zone, w->tx->now)).year;
    const struct dir_org *o = dir_org(d, school);

    if (!(l->flags & L_NUMBERED) || w->before != NULL || o == NULL)
        return true;
    if (!stmt_one(w->tx->st, &stmts[Q_NUMBER_NEXT],
                  ARGS(ARG(w->c->tenant), ARG(school), ARG((int64_t)l->tag),
                       ARG(year)),
                  NULL, COLS(COL(&n)), e))
        return false;
    r->no = o->code.n > 0
                ? arena_printf(w->tx->arena, "%.*s-%s-%04d-%04ld",
                               STR_ARG(o->code), l->code, (int)year, (long)n)
                : arena_printf(w->tx->arena, "%s-%04d-%04ld", l->code,
                               (int)year, (long)n);
    return true;
}

static bool
record(struct work *w, struct err *e)
{
    struct change *c = w->c;
    const struct rec *r = w->after;
    struct tlog *log = tx_log(w->tx, c->tenant, e);
    const struct event ev = { .ledger = c->ledger->tag,
                              .record = r->id,
                              .verb = str_of(w->step->verb),
                              .actor = c->person,
                              .at_ms = w->tx->now,
                              .rev = r->rev,
                              .comment = w->comment,
                              .files = w->files,
                              .file_rows = w->file_rows,
                              .retold = c->retold };
    BUF(body, 1 << 20);
    BUF(part, 1 << 20);
    int64_t seq;

    if (log == NULL)
        return false;
    event_encode(c->ledger, &ev, w->before, w->after, &body, &part);
    if (body.no_memory || part.no_memory)
        return short_of_memory(e);
    if (body.over || part.over)
        return err_set(e, ERR_TOO_LARGE, NULL, "This change is too large");
    return tlog_append(w->tx->st, log,
                       &(struct tlog_event){ .at_ms = ev.at_ms,
                                             .ledger = ev.ledger,
                                             .record = ev.record,
                                             .rev = ev.rev,
                                             .actor = ev.actor,
                                             .verb = ev.verb,
                                             .body = buf_str(&body),
                                             .part = buf_str(&part),
                                             .subject = r->id },
                       &seq, e);
}

static bool
store(struct work *w, struct err *e)
{
    struct change *c = w->c;
    const struct rec *was = w->before;

    return (was == NULL
                ? store_rec_add(w->tx->st, c->tenant, c->ledger, w->after, e)
                : store_rec_put(w->tx->st, c->tenant, c->ledger, w->after,
                                was->rev, e)) &&
           store_search_put(w->tx->st, c->tenant, c->ledger, w->before,
                            w->after, e) &&
           record(w, e) &&
           (w->erase == NULL || erase_after(w->tx, w->erase, c->tenant,
                                            ((struct rec *)w->after)->id, e));
}

static bool
remember(struct work *w, struct err *e)
{
    struct change *c = w->c;
    const struct rec *r = w->after;

    c->out_id = r->id;
    c->out_rev = r->rev;
    c->out_state = r->state;
    c->out_due = r->due_at;
    c->out_step = w->step;
    return once_remember(w->tx, c, w->before == NULL, e);
}

bool
change_run(struct tx *tx, struct change *c, struct err *e)
{
    struct work w = { .tx = tx, .c = c };
    bool found;

    c->repeated = c->alike = c->begun = false;
    if (!tx_may_change(tx, e) || !tx_turn(tx, c->tenant, e) ||
        !once_known(tx, c, &found, e))
        return false;
    if (found)
        return true;
    if (!load(&w, e) || !decide(&w, e) || !fill_given(c, w.step, w.after, e) ||
        !apply(&w, e))
        return false;
    c->begun = true;
    if (!number(&w, e) || !claim_files(&w, e))
        return false;
    if (arena_failed(tx->arena))
        return short_of_memory(e);
    return store(&w, e) &&
           effects_after(tx, c, w.who.dir, w.before, w.after, w.step, e) &&
           follow_run(tx, c, w.step, &w.ctx, w.after, e) && remember(&w, e);
}

bool
change_job(struct tx *tx, void *change, struct err *e)
{
    return change_run(tx, change, e);
}
