#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "domain/message.h"
#include "domain/statistic.h"
#include "service/above.h"
#include "service/erase.h"
#include "web/asset.h"
#include "web/view.h"

struct url
view_url(struct rq *rq, const char *fmt, ...)
{
    char text[1024];
    struct url u;
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (!html_url_vet(arena_dup(rq->arena, str_of(text)), &u))
        u = (struct url){ STR("/") };
    return u;
}

struct url
view_path(struct rq *rq, const struct ledger *l, int64_t id)
{
    struct url u;

    if (!html_url_vet(rq_path(rq, l, id), &u))
        u = (struct url){ STR("/") };
    return u;
}

/* ---- the frame of a page -------------------------------------------------- */

enum { MENU_MAX = 16 };

static void
add_link(struct v_link *list, size_t *n, struct str label, struct url url,
         bool current)
{
    if (*n < MENU_MAX)
        list[(*n)++] =
            (struct v_link){ .label = label, .url = url, .current = current };
}

static bool
at(struct rq *rq, struct url u)
{
    return str_eq(rq->http->path, u.s);
}

/* A ledger's place in the menu, with what stands beside it. above: authorities
 * over districts keep none of their own, and see what is counted. */
static void
menu_ledger(struct rq *rq, const struct ledger *l, bool above,
            struct v_link *list, size_t *n)
{
    struct str code = rq->who.dir->tenant.code;
    struct url u;

    if (l->under != NULL || (above && l->count == NULL))
        return;
    if (l == &statistic_ledger) {
        u = view_url(rq, "/t/%.*s/figures", STR_ARG(code));
        add_link(list, n, str_of(rq_tr(rq, N_("Figures"))), u, at(rq, u));
    }
    if (!above)
        add_link(list, n, str_of(rq_tr(rq, l->title)), view_path(rq, l, 0),
                 rq->ledger == l ||
                     (rq->ledger != NULL && rq->ledger->under != NULL &&
                      strcmp(rq->ledger->under, l->name) == 0));
    if (l->count != NULL) {
        u = view_url(rq, "/t/%.*s/overview", STR_ARG(code));
        add_link(list, n, str_of(rq_tr(rq, N_("Overview"))), u, at(rq, u));
    }
}

static void
menu(struct rq *rq, struct v_head *v)
{
    struct v_link *list = arena_new_array(rq->arena, struct v_link, MENU_MAX);
    struct str code = rq->who.dir->tenant.code;
    bool setup = false, above = rq->who.dir->tenant.id == TENANT_ABOVE;
    size_t n = 0;
    struct url u;

    if (list == NULL)
        return;
    u = view_url(rq, "/t/%.*s", STR_ARG(code));
    if (!above)
        add_link(list, &n, str_of(rq_tr(rq, N_("Today"))), u, at(rq, u));
    for (size_t i = 0; i < n_ledgers; i++) {
        const struct ledger *l = ledgers[i];

        if (!actor_may_somewhere(&rq->who, l, "read"))
            continue;
        if (l->flags & L_SETUP) {
            const struct step *s = ledger_create(l);

            setup |= s != NULL && actor_may_somewhere(&rq->who, l, s->verb);
        } else {
            menu_ledger(rq, l, above, list, &n);
        }
    }
    if (setup) {
        u = view_url(rq, "/t/%.*s/setup", STR_ARG(code));
        add_link(list, &n, str_of(rq_tr(rq, N_("Setup"))), u,
                 at(rq, u) ||
                     (rq->ledger != NULL && rq->ledger->flags & L_SETUP));
    }
    v->menu = list;
    v->n_menu = n;
}

/* One of a few fixed sentences: the address carries its number, not words. */
struct str
view_flash(struct rq *rq)
{
    static const char sent_before[] =
        N_("This form had been sent before: here is what it saved. What was "
           "changed on it afterwards was not saved; correct it here. To enter "
           "another one, open a new form.");
    static const char drafted_before[] =
        N_("This is the notice of that inspection. Another one can be drafted "
           "there once this one is dropped or replaced.");
    static const char *const said[] = {
        "",
        N_("Saved. It is on the record."),
        N_("The password has been changed. Other devices are signed out."),
        N_("Everybody using this account has been signed out."),
        N_("It goes out now. What becomes of it stands below."),
        N_("Saved."),
        sent_before,
        drafted_before,
        N_("Thank you. Your report has arrived."),
        N_("Thank you. The school sees it now."),
        N_("Your password is set, and you are signed in."),
    };
    int64_t i = rq_query_i64(rq, "done");

    if (i <= 0 || (size_t)i >= N_OF(said))
        return STR("");
    return str_of(rq_tr(rq, said[i]));
}

static void
put_query(struct rq *rq, struct buf *b)
{
    const char *sep = "?";

    for (size_t i = 0; i < rq->http->n_query; i++) {
        const struct http_param *p = &rq->http->query[i];

        if (str_is(p->name, "done"))
            continue;
        buf_puts(b, sep);
        html_pct(b, p->name);
        buf_puts(b, "=");
        html_pct(b, p->value);
        sep = "&";
    }
}

struct url
view_here(struct rq *rq)
{
    const bool form = rq->http->method == HTTP_POST;
    int64_t at;
    BUF(b, 900);

    if (form && rq->ledger != NULL && rq->who.dir != NULL && rq->id != 0)
        return view_url(rq, "%.*s?step=%.*s",
                        STR_ARG(rq_path(rq, rq->ledger, rq->id)),
                        STR_ARG(rq->verb));
    buf_str_put(&b, rq->http->path);
    if (form && rq->ledger != NULL && rq->who.dir != NULL &&
        str_eq(rq->http->path, rq_path(rq, rq->ledger, 0)))
        buf_puts(&b, "/new");
    if (form && rq->ledger == NULL && str_i64(rq_form(rq, "at"), &at))
        buf_printf(&b, "/%ld", (long)at); /* of a poster */
    put_query(rq, &b);
    return b.over ? view_url(rq, "%.*s", STR_ARG(rq->http->path))
                  : view_url(rq, "%.*s", STR_ARG(buf_str(&b)));
}

const struct v_head *
view_head(struct rq *rq, const char *title)
{
    struct v_head *v = arena_new_obj(rq->arena, struct v_head);
    static struct v_head bare;
    bool zh = rq->lang == LANG_ZH;

    if (v == NULL)
        return &bare;
    *v = (struct v_head){
        .lang = rq->lang,
        .lang_tag = lang_tag(rq->lang),
        .title = str_of(title),
        .css = view_url(rq, "%s", asset_path("app.css")),
        .js = view_url(rq, "%s", asset_path("app.js")),
        .here = view_here(rq),
        .other_lang = zh ? STR("en") : STR("zh"),
        .other_lang_name = zh ? STR("English") : STR("中文"),
        .csrf = rq->session.csrf,
        .account = { STR("/account") },
        .example = rq->app->example,
        .read_only = writer_read_only(rq->app->writer),
        .flash = view_flash(rq),
    };
    if (rq->who.dir == NULL)
        return v;
    v->tenant = text2_in(rq->who.dir->tenant.name, zh);
    /* whose data it is reads what becomes of them, signed in or not */
    v->privacy = view_url(rq,
                          rq->who.person == PERSON_PUBLIC ? "/privacy/%.*s"
                                                          : "/t/%.*s/privacy",
                          STR_ARG(rq->who.dir->tenant.code));
    if (rq->who.person == PERSON_PUBLIC)
        return v;
    v->person = view_person(rq, rq->who.person);
    menu(rq, v);
    return v;
}

/* ---- values in words --------------------------------------------------------- */

/* "Safety manager": the post on that node or above it, else any in force. */
static struct str
post_of(struct rq *rq, int64_t node, int64_t id)
{
    const struct actor there = { .dir = rq->who.dir, .person = id };
    int64_t today = zone_day(rq->who.dir->rules.zone, rq->who.now);
    const struct dir_post *best = NULL, *p;
    bool covered = false;
    const struct choice *role;
    size_t n;

    p = actor_posts(&there, &n);
    for (size_t i = 0; i < n; i++) {
        bool covers = dir_below(rq->who.dir, node, p[i].org);

        if ((p[i].from_on == 0 || p[i].from_on <= today) &&
            (p[i].to_on == 0 || p[i].to_on >= today) &&
            (best == NULL || covers > covered ||
             (covers == covered && p[i].role < best->role))) {
            best = &p[i];
            covered = covers;
        }
    }
    role = best != NULL ? choice_of(role_choices, best->role) : NULL;
    return str_of(rq_tr(rq, role != NULL ? role->label
                                         : N_("somebody without a post now")));
}

static struct str
person_words(struct rq *rq, bool named, int64_t node, int64_t id)
{
    const struct dir_person *p = dir_person(rq->who.dir, id);

    if (id == 0)
        return str_of(rq_tr(rq, N_("the system")));
    if (id == PERSON_PUBLIC)
        return str_of(rq_tr(rq, N_("somebody without an account")));
    if (p != NULL && !named)
        return post_of(rq, node, id);
    if (p != NULL && p->name.n == 0)
        return str_of(rq_tr(rq, N_("a former colleague (erased)")));
    return p != NULL ? p->name : STR("?");
}

struct str
view_person_of(struct rq *rq, int64_t node, int64_t id)
{
    return person_words(rq, actor_names(&rq->who, node), node, id);
}

struct str
view_person(struct rq *rq, int64_t id)
{
    return person_words(rq, id == rq->who.person || actor_names(&rq->who, 0), 0,
                        id);
}

struct str
view_org(struct rq *rq, int64_t id)
{
    const struct dir_org *o = dir_org(rq->who.dir, id);

    return o != NULL ? text2_in(o->name, rq->lang == LANG_ZH) : STR("");
}

struct str
view_issuer(struct rq *rq, int64_t person)
{
    const struct dir_person *p = dir_person(rq->who.dir, person);

    return view_org(rq, p != NULL ? p->org : rq->who.dir->root);
}

struct str
view_place(struct rq *rq, int64_t id)
{
    const struct dir_place *p = dir_place(rq->who.dir, id);
    struct str s = STR("");

    for (int i = 0; p != NULL && i < 4; i++) {
        struct str name = text2_in(p->name, rq->lang == LANG_ZH);

        s = s.n == 0 ? name
                     : arena_printf(rq->arena, "%.*s › %.*s", STR_ARG(name),
                                    STR_ARG(s));
        p = dir_place(rq->who.dir, p->parent);
    }
    return s;
}

struct str
view_time(struct rq *rq, int64_t ms)
{
    BUF(b, 64);

    if (ms == 0)
        return STR("");
    time_format_local(&b, rq->who.dir->rules.zone, ms);
    return arena_dup(rq->arena, buf_str(&b));
}

struct str
view_day(struct rq *rq, int64_t day)
{
    BUF(b, 64);

    if (day == 0)
        return STR("");
    day_format(&b, day);
    return arena_dup(rq->arena, buf_str(&b));
}

struct str
view_day_paper(struct rq *rq, int64_t day)
{
    const struct say s = view_say(rq);

    return say_day_paper(&s, day);
}

struct str
view_time_paper(struct rq *rq, int64_t ms)
{
    struct str s = view_time(rq, ms);

    if (rq->lang != LANG_ZH || s.n < 5)
        return s;
    return arena_printf(
        rq->arena, "%.*s %.*s",
        STR_ARG(view_day_paper(rq, zone_day(rq->who.dir->rules.zone, ms))),
        STR_ARG(str_cut(s, s.n - 5, s.n)));
}

struct str
view_count(struct rq *rq, const char *text, int64_t n)
{
    const struct say s = view_say(rq);

    return say_count(&s, text, n);
}

struct str
view_said(struct rq *rq, const char *msgid, ...)
{
    struct say s = view_say(rq);
    struct str out;
    va_list ap;

    va_start(ap, msgid);
    out = say_vtext(&s, msgid, ap);
    va_end(ap);
    return out;
}

struct say
view_say(struct rq *rq)
{
    return (struct say){ .lang = rq->lang,
                         .dir = rq->who.dir,
                         .now = rq->who.now,
                         .arena = rq->arena };
}

struct str
view_due(struct rq *rq, int64_t due)
{
    const struct say s = view_say(rq);

    return say_due(&s, due);
}

static struct str
view_ref(struct rq *rq, const struct field *f, const void *rec)
{
    int64_t id = *field_i64(f, rec);

    if (strcmp(f->ref, "person") == 0)
        return view_person_of(rq, ((const struct rec *)rec)->org, id);
    if (strcmp(f->ref, "org") == 0)
        return view_org(rq, id);
    if (strcmp(f->ref, "place") == 0)
        return view_place(rq, id);
    return arena_i64(rq->arena, id);
}

static struct str
view_i64(struct rq *rq, const struct field *f, const void *rec)
{
    const int64_t v = *field_i64(f, rec);
    const struct say say = view_say(rq);
    const struct choice *c;

    switch (f->kind) {
    case FK_ENUM:
        c = choice_of(f->choices, v);
        return c != NULL ? str_of(rq_tr(rq, c->label)) : STR("");
    case FK_REF:
        return view_ref(rq, f, rec);
    case FK_DAY:
        return view_day(rq, v);
    case FK_TIME:
        return view_time(rq, v);
    case FK_MONEY:
        return say_money(&say, v);
    case FK_FLAG:
        return str_of(rq_tr(rq, N_("yes")));
    default:
        return arena_i64(rq->arena, v);
    }
}

struct str
view_value(struct rq *rq, const struct field *f, const void *rec)
{
    if (field_empty(f, rec))
        return STR("");
    switch (field_ctype(f)) {
    case CT_I64:
        return view_i64(rq, f, rec);
    case CT_STR:
        return *field_str(f, rec);
    case CT_TEXT2:
        return text2_in(*field_text2(f, rec), rq->lang == LANG_ZH);
    }
    return STR("");
}

struct str
view_cell(struct rq *rq, const struct ledger *l, const struct field *f,
          const void *rec)
{
    if (field_empty(f, rec) && f->instead != NULL)
        f = ledger_field(l, str_of(f->instead));
    return actor_sees(&rq->who, l, rec, f) ? view_value(rq, f, rec) : STR("");
}

struct str
view_name(struct rq *rq, const struct ledger *l, const void *rec)
{
    struct str s = view_value(rq, ledger_name_field(l), rec);
    struct str head = utf8_head(s, 240);

    if (s.n == 0)
        return str_of(rq_tr(rq, N_("(without a name)")));
    return head.n == s.n ? s : arena_printf(rq->arena, "%.*s…", STR_ARG(head));
}

struct str
view_state(struct rq *rq, const struct ledger *l, int64_t state)
{
    const struct state *s = ledger_state(l, state);

    return s != NULL ? str_of(rq_tr(rq, s->label)) : STR("");
}

const char *
view_state_key(const struct ledger *l, int64_t state)
{
    const struct state *s = ledger_state(l, state);

    return s != NULL ? s->key : "none";
}

struct str
view_verb(struct rq *rq, const struct ledger *l, struct str verb)
{
    const struct message_class *own = message_class(message_of(verb));

    if (own->own)
        return str_of(rq_tr(rq, own->label));
    if (str_is(verb, "escalate"))
        return str_of(rq_tr(rq, N_("Overdue: told further up")));
    if (erase_step(l, verb) != NULL)
        return str_of(rq_tr(rq, erase_step(l, verb)->label));
    for (size_t i = 0; i < l->n_steps; i++)
        if (str_is(verb, l->steps[i].verb))
            return str_of(rq_tr(rq, l->steps[i].label));
    return verb;
}

struct view_columns
view_columns(struct rq *rq, const struct ledger *l, const char *fields)
{
    struct str rest = str_of(fields), name;
    struct view_columns c = { .n = 0 };

    while (c.n < N_OF(c.f) && str_split(&rest, ' ', &name)) {
        const struct field *f = ledger_field(l, name);

        if (f == NULL || f == ledger_name_field(l) || f->tag == 11)
            continue;
        c.f[c.n] = f;
        c.label[c.n++] = str_of(rq_tr(rq, f->label));
    }
    return c;
}

static bool
is_tight(const struct field *f)
{
    return f->kind == FK_INT || f->kind == FK_TIME || f->kind == FK_DAY ||
           f->kind == FK_MONEY;
}

static struct v_row
view_row(struct rq *rq, const struct ledger *l, const void *rec,
         const struct view_columns *columns)
{
    const struct rec *r = rec;
    struct v_cell *cells =
        arena_new_array(rq->arena, struct v_cell, columns->n + 1);

    for (size_t i = 0; cells != NULL && i < columns->n; i++)
        cells[i] =
            (struct v_cell){ .label = columns->label[i],
                             .value = view_cell(rq, l, columns->f[i], rec),
                             .tight = is_tight(columns->f[i]) };
    return (struct v_row){
        .url = view_path(rq, l, r->id),
        .name = view_name(rq, l, rec),
        .no = r->no,
        .state = view_state(rq, l, r->state),
        .state_key = str_of(view_state_key(l, r->state)),
        .due = l->flags & L_CLOCKWORK ? STR("") : view_due(rq, r->due_at),
        .overdue = r->due_at != 0 && r->due_at < rq->who.now &&
                   !(l->flags & L_CLOCKWORK),
        .cells = cells,
        .n_cells = cells != NULL ? columns->n : 0,
    };
}

struct v_row *
view_rows(struct rq *rq, const struct ledger *l, const void *recs, size_t n,
          const struct view_columns *columns)
{
    struct v_row *rows = arena_new_array(rq->arena, struct v_row, n + 1);

    for (size_t i = 0; rows != NULL && i < n; i++)
        rows[i] = view_row(rq, l, (const char *)recs + i * l->size, columns);
    return rows;
}
