/* Child rows of a record: shown, added, changed, moved, taken out; the same for
 * the items of a checklist and the tasks of a programme. */
#include "codec/hash.h"
#include "domain/parts.h"
#include "pages/inspect.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/parts.h"
#include "web/post.h"

/* ---- showing ------------------------------------------------------------------- */

static struct str
field_words(struct rq *rq, const struct field *f, const void *part)
{
    const struct ledger *to =
        f->kind == FK_REF ? ledger_find(str_of(f->ref)) : NULL;
    struct err gone;
    void *rec;

    if (to == NULL || (to->flags & L_DIR) || field_empty(f, part))
        return view_value(rq, f, part);
    rec = arena_alloc(rq->arena, to->size);
    return rec != NULL &&
                   store_rec_get(rq->st, rq->who.dir->tenant.id, to,
                                 *field_i64(f, part), rq->arena, rec, &gone) &&
                   actor_reads(&rq->who, to, rec)
               ? view_name(rq, to, rec)
               : str_of(rq_tr(rq, N_("(not open to you)")));
}

/* The first of the choices, and the number one: what a row without them is. */
static bool
is_usual(const struct field *f, const void *part)
{
    return (f->kind == FK_ENUM && *field_i64(f, part) == f->choices[0].v) ||
           (f->kind == FK_INT && *field_i64(f, part) == 1);
}

/* What a row says beside its name: "In order when: ... · Points: 2". */
static struct str
other_words(struct rq *rq, const struct part_kind *k, const void *part)
{
    BUF(b, 4096);

    for (size_t i = 0; i < k->n_fields; i++) {
        const struct field *f = &k->fields[i];

        if (field_empty(f, part) || (f->flags & F_NAME) || i == 0 ||
            f->kind == FK_FILES || is_usual(f, part))
            continue;
        if (f->kind == FK_FLAG)
            buf_printf(&b, "%s%s", b.n > 0 ? " · " : "", rq_tr(rq, f->label));
        else
            buf_printf(&b, "%s%s: %.*s", b.n > 0 ? " · " : "",
                       rq_tr(rq, f->label), STR_ARG(field_words(rq, f, part)));
    }
    return arena_dup(rq->arena, buf_str(&b));
}

static const struct field *
name_of(const struct part_kind *k)
{
    for (size_t i = 0; i < k->n_fields; i++)
        if (k->fields[i].flags & F_NAME)
            return &k->fields[i];
    return &k->fields[0];
}

/* The first field is a heading where it is not the name itself. */
static struct v_part
part_view(struct rq *rq, const struct part_kind *k, const void *part, size_t at,
          struct str *heading)
{
    const struct field *name = name_of(k);
    struct v_part v = {
        .id = arena_i64(rq->arena, *(const int64_t *)part),
        .no = arena_i64(rq->arena, (int64_t)at + 1),
        .text = view_value(rq, name, part),
        .meta = other_words(rq, k, part),
    };
    struct str h;

    for (size_t i = 0; i < k->n_fields && v.n_files == 0; i++)
        if (k->fields[i].kind == FK_FILES)
            v.files =
                view_files(rq, *field_str(&k->fields[i], part), &v.n_files);
    h = name != &k->fields[0] ? view_value(rq, &k->fields[0], part) : STR("");

    if (!str_eq(h, *heading))
        v.heading = *heading = h;
    return v;
}

static const struct step *
edit_step(struct rq *rq, const struct ledger *l, const struct field *f,
          const void *rec)
{
    const struct rec *r = rec;
    struct err no;

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = &l->steps[i];

        if ((s->from & IN(r->state)) && s->to == STAY && step_writes(s, f) &&
            actor_steps(&rq->who, l, s, rec, r->org, &no))
            return s;
    }
    return NULL;
}

bool
parts_view(struct rq *rq, const struct ledger *l, const struct field *f,
           const void *rec, struct v_parts *out)
{
    const struct part_kind *k = f->parts;
    bool may = edit_step(rq, l, f, rec) != NULL;
    struct str heading = STR("");
    struct v_parts v = { .lang = rq->lang,
                         .title = str_of(rq_tr(rq, f->label)) };
    struct v_part *list;
    struct err ignored;
    char *part;
    size_t n;

    if (field_empty(f, rec) && !may)
        return false;
    if (!parts_read(k, *field_str(f, rec), rq->arena, &part, &n, &ignored) ||
        (list = arena_new_array(rq->arena, struct v_part, n + 1)) == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        list[v.n++] = part_view(rq, k, part + i * k->size, i, &heading);
    v.list = list;
    v.may = may;
    v.edit = view_url(rq, "%.*s/parts/%s",
                      STR_ARG(rq_path(rq, l, ((const struct rec *)rec)->id)),
                      f->name);
    *out = v;
    return true;
}

/* ---- the page that changes them --------------------------------------------------- */

struct parting {
    const struct field *field;
    void *rec;
    char *part; /* room for one more */
    size_t n, at;
    struct change c;
    struct input in;
    struct keeping *keep;
    bool edited;    /* row .at came with a form */
    struct err why; /* it was refused */
};

static bool
load(struct rq *rq, struct parting *p, struct err *e)
{
    const struct ledger *l = rq->ledger;
    const struct part_kind *k;
    char *read;

    p->field = ledger_field(l, rq->verb);
    if (p->field == NULL || p->field->kind != FK_PARTS)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    k = p->field->parts;
    if ((p->rec = arena_alloc(rq->arena, l->size)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, l, rq->id, rq->arena,
                       p->rec, e))
        return false;
    if (!actor_reads(&rq->who, l, p->rec))
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    if (edit_step(rq, l, p->field, p->rec) == NULL)
        return err_set(e, ERR_DENIED, NULL,
                       "These cannot be changed now, or not by you");
    if (!parts_read(k, *field_str(p->field, p->rec), rq->arena, &read, &p->n,
                    e))
        return false;
    p->part = arena_alloc(rq->arena, (p->n + 2) * k->size);
    if (p->part == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    memcpy(p->part, read, p->n * k->size);
    return true;
}

/* Where the row with that id stands; n: nowhere. */
static size_t
place_of(const struct parting *p, int64_t id)
{
    for (size_t i = 0; i < p->n; i++)
        if (*(const int64_t *)(const void *)(p->part +
                                             i * p->field->parts->size) == id)
            return i;
    return p->n;
}

static const struct field *
part_field(const struct part_kind *k, struct str name)
{
    for (size_t i = 0; i < k->n_fields; i++)
        if (str_is(name, k->fields[i].name))
            return &k->fields[i];
    return NULL;
}

static struct v_form
row_form(struct rq *rq, const struct parting *p, const void *part,
         const struct err *sent)
{
    const struct part_kind *k = p->field->parts;
    const struct rec *r = p->rec;
    struct v_input *in =
        arena_new_array(rq->arena, struct v_input, PART_INPUTS);
    bool old = *(const int64_t *)part != 0;
    struct v_form v = {
        .lang = rq->lang,
        .id = old ? arena_i64(rq->arena, *(const int64_t *)part) : STR(""),
        .action = view_url(rq, "%.*s/parts/%s?at=%ld&after=%ld",
                           STR_ARG(rq_path(rq, rq->ledger, r->id)),
                           p->field->name, (long)*(const int64_t *)part,
                           (long)rq_query_i64(rq, "after")),
        .csrf = rq->session.csrf,
        .key = rq_key(rq),
        .rev = arena_i64(rq->arena, r->rev),
        .label = str_of(rq_tr(rq, old ? N_("Save") : N_("Add"))),
        .inputs = in,
        .main = true,
    };

    if (in == NULL)
        return v;
    v.n_inputs = view_part_inputs(rq, rq->ledger, k, part, r->org, in);
    for (size_t i = 0; i < v.n_inputs; i++)
        if (strcmp(in[i].kind, "files") == 0) {
            const struct field *f = part_field(k, in[i].name);

            v.multipart = true;
            in[i].kept = view_kept(rq, *field_str(f, part), &in[i].n_kept);
            in[i].one = f->max == 1;
        }
    for (size_t i = 0; i < v.n_inputs; i++)
        v.more |= in[i].more;
    if (sent != NULL)
        view_typed(rq, &v, sent);
    return v;
}

static bool
show(struct rq *rq, const struct err *sent, struct err *e)
{
    struct page_parts_view v = { .lang = rq->lang };
    struct parting p = { 0 };
    int64_t at = rq_query_i64(rq, "at");
    struct v_form form;
    void *empty;
    size_t i;

    if (!load(rq, &p, e))
        return false;
    i = place_of(&p, at);
    if ((empty = arena_alloc(rq->arena, p.field->parts->size)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (at == 0) /* the next one is often of the same section */
        if (p.n > 0 && !(p.field->parts->fields[0].flags & F_NAME) &&
            field_ctype(&p.field->parts->fields[0]) == CT_TEXT2)
            *field_text2(&p.field->parts->fields[0], empty) =
                *field_text2(&p.field->parts->fields[0],
                             p.part + (p.n - 1) * p.field->parts->size);
    form = row_form(
        rq, &p, at != 0 && i < p.n ? p.part + i * p.field->parts->size : empty,
        sent);
    parts_view(rq, rq->ledger, p.field, p.rec, &v.parts);
    v.form = &form;
    v.at = at != 0 ? form.id : STR("");
    v.back = view_path(rq, rq->ledger, rq->id);
    v.name = view_name(rq, rq->ledger, p.rec);
    v.head =
        view_head(rq, arena_printf(rq->arena, "%s · %.*s",
                                   rq_tr(rq, p.field->label), STR_ARG(v.name))
                          .p);
    answer_html(rq);
    page_parts(&rq->rs->body, &v);
    return true;
}

bool
parts_page(struct rq *rq, struct err *e)
{
    return show(rq, NULL, e);
}

/* ---- what was sent ------------------------------------------------------------------ */

static bool
parse_row(struct rq *rq, const struct parting *p, void *part, struct err *e)
{
    const struct part_kind *k = p->field->parts;

    for (size_t i = 0; i < k->n_fields; i++) {
        const struct field *f = &k->fields[i];
        struct str two[2] = {
            rq_form(rq, arena_printf(rq->arena, "%s_en", f->name).p),
            rq_form(rq, arena_printf(rq->arena, "%s_zh", f->name).p)
        };

        if (field_ctype(f) == CT_TEXT2
                ? !field_parse2(f, two[0], false, part, e) ||
                      !field_parse2(f, two[1], true, part, e)
                : !field_parse(f,
                               f->kind == FK_FILES
                                   ? rq_form_all(rq, str_of(f->name))
                                   : rq_form(rq, f->name),
                               part, e))
            return false;
        if (!field_check(f, part, e))
            return false;
        if ((f->flags & F_REQUIRED) && field_empty(f, part))
            return err_set(e, ERR_INVALID,
                           field_ctype(f) == CT_TEXT2
                               ? arena_printf(rq->arena, "%s_%s", f->name,
                                              rq->lang == LANG_ZH ? "zh" : "en")
                                     .p
                               : f->name,
                           "must be filled in");
    }
    return true;
}

static void
swap(struct parting *p, size_t a, size_t b)
{
    size_t size = p->field->parts->size;
    char tmp[PART_SIZE_MAX];

    memcpy(tmp, p->part + a * size, size);
    memcpy(p->part + a * size, p->part + b * size, size);
    memcpy(p->part + b * size, tmp, size);
}

/* Save a row: in its place, or at the end, or behind another. */
static bool
save_row(struct rq *rq, struct parting *p, struct err *e)
{
    const size_t size = p->field->parts->size;
    int64_t at = rq_query_i64(rq, "at"), after = rq_query_i64(rq, "after");

    p->at = at != 0 ? place_of(p, at) : p->n;
    if (at != 0 && p->at == p->n)
        return err_set(e, ERR_CONFLICT, "rev",
                       "Somebody else has changed this record in the meantime");
    if (!parse_row(rq, p, p->part + p->at * size, e))
        return false;
    p->edited = true;
    if (at != 0)
        return true;
    p->n++;
    if (after != 0)
        for (size_t to = place_of(p, after) + 1; p->at > to; p->at--)
            swap(p, p->at, p->at - 1);
    return true;
}

static bool
rearrange(struct rq *rq, struct parting *p, struct err *e)
{
    const size_t size = p->field->parts->size;
    struct str what = rq_form(rq, "what");
    int64_t at;

    if (!str_i64(rq_form(rq, "at"), &at) || (p->at = place_of(p, at)) == p->n)
        return err_set(e, ERR_CONFLICT, "rev",
                       "Somebody else has changed this record in the meantime");
    if (str_is(what, "up") && p->at > 0)
        swap(p, p->at, p->at - 1);
    else if (str_is(what, "down") && p->at + 1 < p->n)
        swap(p, p->at, p->at + 1);
    else if (str_is(what, "remove")) {
        memmove(p->part + p->at * size, p->part + (p->at + 1) * size,
                (p->n - p->at - 1) * size);
        p->n--;
    }
    return true;
}

/* Uploads of a row, as the value of its field of files: in the place of the one
 * that there was, where there is room for one only. */
static bool
add_files(struct tx *tx, struct parting *p, struct err *e)
{
    const struct part_kind *k = p->field->parts;

    if (!keep_rows(tx, p->c.tenant, p->c.person, p->keep->file, p->keep->n, e))
        return false;
    for (size_t i = 0; i < p->keep->n; i++) {
        const struct field *f = part_field(k, p->keep->file[i].field);
        struct str *ids = f != NULL && f->kind == FK_FILES && p->edited
                              ? field_str(f, p->part + p->at * k->size)
                              : NULL;
        struct str id = arena_i64(tx->arena, p->keep->file[i].id);

        if (ids != NULL)
            *ids = f->max == 1 || ids->n == 0
                       ? id
                       : arena_printf(tx->arena, "%.*s,%.*s", STR_ARG(*ids),
                                      STR_ARG(id));
    }
    return true;
}

static bool
parts_job(struct tx *tx, void *arg, struct err *e)
{
    struct parting *p = arg;
    struct input in;

    if (!add_files(tx, p, e))
        return false;
    in = (struct input){ str_of(p->field->name),
                         parts_write(p->field->parts, p->part, p->n,
                                     tx->arena) };
    p->c.input = &in;
    p->c.n_inputs = 1;
    return change_run(tx, &p->c, e);
}

/* Refused: what came along stays for the next try. */
static bool
later_job(struct tx *tx, void *arg, struct err *e)
{
    struct parting *p = arg;

    return keep_rows(tx, p->c.tenant, p->c.person, p->keep->file, p->keep->n,
                     e);
}

static bool
refused(struct rq *rq, struct err *e)
{
    struct parting *p = rq->work;

    if (p->keep->n > 0 && rq->work_ok)
        rq->kept = p->keep;
    rq->rs->status = err_info[p->why.code].http;
    return show(rq, &p->why, e);
}

static bool
refuse(struct rq *rq, const struct err *why, struct err *e)
{
    struct parting *p = rq->work;

    p->why = *why;
    if (!post_mendable(why)) {
        *e = *why;
        return false;
    }
    return p->keep->n > 0 ? rq_job(rq, later_job, p, refused, e)
                          : refused(rq, e);
}

static bool
changed(struct rq *rq, struct err *e)
{
    const struct parting *p = rq->work;
    struct err why = rq->work_err;

    return rq->work_ok
               ? rq_redirect(
                     rq, arena_printf(rq->arena, "%.*s/parts/%s?done=1#new",
                                      STR_ARG(rq_path(rq, rq->ledger, rq->id)),
                                      p->field->name))
               : refuse(rq, &why, e);
}

static bool
kept(struct rq *rq, struct err *e)
{
    struct parting *p = rq->work;
    struct err why = rq->work_err;

    if (p->why.code != ERR_NONE) /* the row itself is wrong */
        why = p->why;
    else if (rq->work_ok)
        return rq_job(rq, parts_job, p, changed, e);
    return refuse(rq, &why, e);
}

bool
parts_change(struct rq *rq, struct err *e)
{
    struct parting *p = arena_new_obj(rq->arena, struct parting);
    int64_t rev = 0;

    if (p == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    rq->work = p;
    if (!load(rq, p, e) || (p->keep = keeping_of(rq, e)) == NULL)
        return false;
    if (rq->http->bad.code != ERR_NONE)
        p->why = rq->http->bad; /* some had no room: the rest is kept */
    else if (rq_form(rq, "what").n > 0 ? !rearrange(rq, p, e)
                                       : !save_row(rq, p, e))
        p->why = *e;
    (void)!str_i64(rq_form(rq, "rev"), &rev);
    p->c = (struct change){
        .ledger = rq->ledger,
        .tenant = rq->who.dir->tenant.id,
        .person = rq->who.person,
        .scopes = rq->who.scopes,
        .post = rq->who.post,
        .id = rq->id,
        .rev = rev,
        .verb = str_of(edit_step(rq, rq->ledger, p->field, p->rec)->verb),
        .idem = rq_form(rq, "key"),
    };
    if (p->keep->n > 0)
        return rq_keep(rq, p->keep, kept, e);
    if (p->why.code != ERR_NONE) {
        struct err why = p->why;

        return refuse(rq, &why, e);
    }
    return rq_job(rq, parts_job, p, changed, e);
}

/* ---- in a form ---------------------------------------------------------------------- */

#define HIDDEN "base64:"

struct str
parts_hidden(struct rq *rq, struct str rows)
{
    struct str out = STR("");
    struct buf b;

    buf_init(&b, rows.n / 3 * 4 + 64);
    buf_puts(&b, HIDDEN);
    base64_put(&b, rows);
    if (!b.over)
        out = arena_dup(rq->arena, buf_str(&b));
    buf_fini(&b);
    return out;
}

struct str
parts_sent(struct rq *rq, struct str value)
{
    unsigned char *rows;
    ptrdiff_t n;

    if (!str_starts(value, STR(HIDDEN)) ||
        (rows = arena_alloc(rq->arena, value.n)) == NULL)
        return value;
    n = base64_parse(str_cut(value, strlen(HIDDEN), value.n), rows, value.n);
    return n < 0 ? value : (struct str){ (const char *)rows, (size_t)n };
}
