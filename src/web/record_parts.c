/* What a record's page shows beside its facts: child rows, ways to pages. */
#include "domain/blank.h"
#include "domain/hazard.h"
#include "domain/inspection.h"
#include "domain/notice.h"
#include "domain/org.h"
#include "domain/parts.h"
#include "domain/programme.h"
#include "domain/risk.h"
#include "domain/schedule.h"
#include "web/inspect.h"
#include "web/papers.h"
#include "web/parts.h"

enum { WAYS_MAX = 4, HAZARDS_SHOWN = 20, LEFT_OUT_SHOWN = 24 };

static struct str
answer_words(struct rq *rq, const struct inspection *i,
             const struct check_item *it, const struct answer *a)
{
    struct str rest = text2_in(it->choices, rq->lang == LANG_ZH), label;
    int64_t want, n = 0;
    bool bad;

    if (it->kind == CK_SIGN &&
        actor_sees(&rq->who, &inspection_ledger, i,
                   ledger_field(&inspection_ledger, STR("signatures"))) &&
        inspection_signature(i->signatures, a->id, &label))
        return label;
    if (a->verdict == V_NA || a->value.n == 0)
        return STR("");
    if (it->kind == CK_NUMBER)
        return arena_printf(rq->arena, "%.*s %.*s", STR_ARG(a->value),
                            STR_ARG(it->unit));
    if (it->kind != CK_CHOICE)
        return a->value;
    while (str_i64(a->value, &want) && check_choice_next(&rest, &label, &bad))
        if (++n == want)
            return label;
    return STR("");
}

/* The hazard that it became, or that it was already. */
static void
link_hazard(struct rq *rq, const struct inspection *i, const struct answer *a,
            struct v_part *v)
{
    const struct ledger *l = &hazard_ledger;
    struct list_query q = {
        .tenant = rq->who.dir->tenant.id,
        .ledger = l,
        .all = true,
        .filter = { { ledger_field(l, STR("inspection")), { i->r.id }, 1 },
                    { ledger_field(l, STR("item")), { a->id }, 1 } },
        .n_filters = 2,
        .limit = 1
    };
    struct hazard *h = arena_new_obj(rq->arena, struct hazard);
    struct err ignored;
    bool more, ok;
    size_t n = 1;
    void *recs;

    if (h == NULL || a->verdict != V_FAIL)
        return;
    if (a->hazard != 0)
        ok = store_rec_get(rq->st, q.tenant, l, a->hazard, rq->arena, h,
                           &ignored);
    else if ((ok = store_list(rq->st, &q, rq->arena, &recs, &n, &more,
                              &ignored)) &&
             n > 0)
        h = recs;
    if (!ok || n == 0 || !actor_reads(&rq->who, l, h))
        return;
    v->link = true;
    v->url = view_path(rq, l, h->r.id);
    v->link_label = arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(h->r.no),
                                 STR_ARG(view_state(rq, l, h->r.state)));
}

static struct v_part
answer_view(struct rq *rq, const struct inspect *x, size_t i,
            const struct answer *a)
{
    static const char *const keys[] = { "none", "pass", "fail", "na" };
    const struct check_item *it = &x->item[i];
    struct v_part v = {
        .id = arena_i64(rq->arena, it->id),
        .no = arena_i64(rq->arena, (int64_t)i + 1),
        .text = text2_in(it->text, rq->lang == LANG_ZH),
        .meta = answer_words(rq, x->i, it, a),
        .verdict = view_value(rq, &answer_fields[0], a),
        .verdict_key = str_of(keys[a->verdict & 3]),
        .comment =
            a->where.n > 0
                ? arena_printf(rq->arena, "%.*s%s%.*s", STR_ARG(a->where),
                               rq->lang == LANG_ZH ? "：" : ": ",
                               STR_ARG(a->comment))
                : a->comment,
    };

    v.files = view_files(rq, a->files, &v.n_files);
    link_hazard(rq, x->i, a, &v);
    return v;
}

bool
inspect_view(struct rq *rq, const void *rec, struct v_parts *out, struct err *e)
{
    struct inspect x = { 0 };
    struct str heading = STR("");
    struct v_part *list;
    size_t n = 0;

    (void)rec;
    if (!inspect_read(rq, &x, e))
        return false;
    if ((list = arena_new_array(rq->arena, struct v_part, x.n + 1)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < x.n; i++) {
        const struct answer *a = inspection_answer(x.answer, x.m, x.item[i].id);
        struct str h = text2_in(x.item[i].section, rq->lang == LANG_ZH);

        if (a == NULL)
            continue;
        list[n] = answer_view(rq, &x, i, a);
        if (!str_eq(h, heading))
            list[n].heading = heading = h;
        n++;
    }
    *out = (struct v_parts){ .lang = rq->lang,
                             .title = str_of(rq_tr(rq, N_("Answers"))),
                             .list = list,
                             .n = n };
    return true;
}

static void
add_way(struct v_link *ways, size_t *n, struct url url, const char *label)
{
    if (*n < WAYS_MAX)
        ways[(*n)++] = (struct v_link){ .label = str_of(label), .url = url };
}

/* From a risk point to its place on the plan, from a place to its plan. */
static void
risk_ways(struct rq *rq, const void *rec, struct v_link *ways, size_t *n)
{
    const struct risk *k = rec;
    const struct rec *r = rec;
    struct str code = rq->who.dir->tenant.code;
    bool place = rq->ledger == &place_ledger,
         plan = place ? ((const struct place *)rec)->plan.n > 0
                      : rq->ledger == &org_ledger &&
                            ((const struct org *)rec)->plan.n > 0;

    if (rq->ledger == &risk_ledger) {
        add_way(
            ways, n,
            view_url(rq, "/t/%.*s/risks?org=%ld", STR_ARG(code), (long)r->org),
            rq_tr(rq, N_("Risk points by colour")));
        add_way(ways, n,
                view_url(rq, "/t/%.*s/plan?org=%ld&place=%ld", STR_ARG(code),
                         (long)r->org, (long)k->plan),
                rq_tr(rq, N_("On the floor plan")));
    }
    if (plan)
        add_way(ways, n,
                view_url(rq, "/t/%.*s/plan?org=%ld&place=%ld", STR_ARG(code),
                         (long)(place ? r->org : r->id),
                         (long)(place ? r->id : 0)),
                rq_tr(rq, N_("Risk points on the plan")));
}

/* Records of other ledgers that can be opened from this one. */
static void
opens(struct rq *rq, const void *rec, struct v_link *ways, size_t *n)
{
    const struct rec *r = rec;

    for (size_t i = 0; i < n_ledgers; i++) {
        const struct ledger *l = ledgers[i];
        const struct step *s = ledger_create(l);

        if (s != NULL && l->from != NULL && (l->from_in & IN(r->state)) &&
            strcmp(ledger_field(l, str_of(l->from))->ref, rq->ledger->name) ==
                0 &&
            actor_may(&rq->who, l, s->verb, r->org))
            add_way(ways, n,
                    view_url(rq, "%.*s/new?from=%ld",
                             STR_ARG(rq_path(rq, l, 0)), (long)r->id),
                    rq_tr(rq, s->label));
    }
}

/* The newest notice in those states that names the record in that field. */
static bool
notice_naming(struct rq *rq, const struct rec *r, const char *field,
              uint64_t states, struct notice *k)
{
    struct list_query q = {
        .tenant = rq->who.dir->tenant.id,
        .ledger = &notice_ledger,
        .org = &r->org,
        .n_org = 1,
        .states = states,
        .filter = { { ledger_field(&notice_ledger, str_of(field)),
                      { r->id },
                      1 } },
        .n_filters = 1,
        .limit = 1,
        .fields = "doc_no",
    };
    struct err no;
    void *recs;
    bool more;
    size_t found;

    if (!store_list(rq->st, &q, rq->arena, &recs, &found, &more, &no) ||
        found == 0 || !actor_reads(&rq->who, &notice_ledger, recs))
        return false;
    *k = *(const struct notice *)recs;
    return true;
}

bool
record_notice(struct rq *rq, const struct rec *r, uint64_t states,
              struct notice **out)
{
    struct list_query q = {
        .tenant = rq->who.dir->tenant.id,
        .ledger = &hazard_ledger,
        .org = &r->org,
        .n_org = 1,
        .filter = { { ledger_field(&hazard_ledger, STR("inspection")),
                      { r->id },
                      1 } },
        .n_filters = 1,
        .limit = HAZARDS_SHOWN,
        .fields = "notice"
    };
    struct notice *k = *out = arena_new_obj(rq->arena, struct notice);
    const struct hazard *h;
    struct err no;
    void *recs;
    bool more;
    size_t found;

    if (k == NULL ||
        !store_list(rq->st, &q, rq->arena, &recs, &found, &more, &no))
        return false;
    h = recs;
    for (size_t i = 0; i < found; i++)
        if (h[i].notice != 0 &&
            store_rec_get(rq->st, q.tenant, &notice_ledger, h[i].notice,
                          rq->arena, k, &no) &&
            (states & IN(k->r.state)) &&
            actor_reads(&rq->who, &notice_ledger, k))
            return true;
    return notice_naming(rq, r, "inspection", states, k);
}

static void
notice_way(struct rq *rq, const void *rec, struct v_link *ways, size_t *n)
{
    struct notice *k;

    if (record_notice(rq, rec, NT_STANDING, &k) ||
        record_notice(rq, rec, ~(uint64_t)0, &k))
        add_way(ways, n, view_path(rq, &notice_ledger, k->r.id),
                arena_printf(rq->arena, "%s %.*s",
                             rq_tr(rq, notice_ledger.title_one),
                             STR_ARG(k->r.no))
                    .p);
}

bool
record_second(struct rq *rq, const struct rec *first, uint64_t states,
              struct notice *out)
{
    return notice_naming(rq, first, "previous", states, out);
}

static void
second_way(struct rq *rq, const struct rec *r, struct v_link *ways, size_t *n)
{
    struct notice k;

    if (record_second(rq, r, ~IN(NT_DROPPED), &k))
        add_way(ways, n, view_path(rq, &notice_ledger, k.r.id),
                arena_printf(rq->arena, "%s %.*s",
                             rq_tr(rq, N_("The second notice")),
                             STR_ARG(k.r.no))
                    .p);
}

/* What a unit is filled with, and from a post back to who holds it. */
static void
directory_ways(struct rq *rq, const void *rec, struct v_link *ways, size_t *n)
{
    static const struct ledger *const kept[] = { &person_ledger,
                                                 &place_ledger };
    const struct rec *r = rec;
    int64_t person;

    for (size_t i = 0; i < N_OF(kept) && rq->ledger == &org_ledger; i++) {
        const struct step *s = ledger_create(kept[i]);

        if ((ledger_states(&org_ledger, ST_OPEN) & IN(r->state)) &&
            actor_may(&rq->who, kept[i], s->verb, r->id))
            add_way(ways, n,
                    view_url(rq, "%.*s/new?org=%ld",
                             STR_ARG(rq_path(rq, kept[i], 0)), (long)r->id),
                    rq_tr(rq, s->label));
    }
    if (rq->ledger != &post_ledger)
        return;
    person = ((const struct post *)rec)->person;
    if (dir_person(rq->who.dir, person) != NULL &&
        actor_reads_at(&rq->who, &person_ledger,
                       dir_person(rq->who.dir, person)->org))
        add_way(ways, n, view_path(rq, &person_ledger, person),
                arena_printf(rq->arena, "%s %.*s",
                             rq_tr(rq, person_ledger.title_one),
                             STR_ARG(view_person(rq, person)))
                    .p);
}

static void
ways_of(struct rq *rq, const void *rec, struct page_record_view *v)
{
    const struct rec *r = rec;
    struct v_link *ways = arena_new_array(rq->arena, struct v_link, WAYS_MAX);
    struct str path = rq_path(rq, rq->ledger, r->id);
    struct err no;
    const struct step *s;

    if (rq->ledger == &blank_ledger) {
        v->ways = papers_of_blank(rq, rec, &v->n_ways);
        return;
    }
    if (ways == NULL)
        return;
    if (rq->ledger == &inspection_ledger &&
        (s = ledger_step(rq->ledger, rec, STR("submit"), &no)) != NULL &&
        actor_steps(&rq->who, rq->ledger, s, rec, r->org, &no))
        add_way(ways, &v->n_ways, view_url(rq, "%.*s/do", STR_ARG(path)),
                rq_tr(rq, N_("Go through the items")));
    if (rq->ledger == &inspection_ledger &&
        ((const struct inspection *)rec)->failed > 0)
        notice_way(rq, rec, ways, &v->n_ways);
    if (rq->ledger == &checklist_ledger &&
        !field_empty(ledger_field(rq->ledger, STR("items")), rec)) {
        add_way(ways, &v->n_ways,
                view_url(rq, "%.*s/items.xlsx", STR_ARG(path)),
                rq_tr(rq, N_("Take out as XLSX")));
        add_way(ways, &v->n_ways, view_url(rq, "%.*s/items.csv", STR_ARG(path)),
                rq_tr(rq, N_("Take out as CSV")));
    }
    if (rq->ledger == &programme_ledger && r->state != PR_DRAFT)
        add_way(ways, &v->n_ways, view_url(rq, "%.*s/board", STR_ARG(path)),
                rq_tr(rq, N_("How far each school is")));
    if (rq->ledger == &notice_ledger)
        second_way(rq, rec, ways, &v->n_ways);
    risk_ways(rq, rec, ways, &v->n_ways);
    directory_ways(rq, rec, ways, &v->n_ways);
    if (v->n_children == 0 || (rq->ledger->flags & L_DIR))
        opens(rq, rec, ways, &v->n_ways);
    v->ways = ways;
}

/* Hazards that are open at the place of a risk point: whether its controls
 * work shows in what is found there. */
static bool
hazards_there(struct rq *rq, const struct risk *k, struct page_record_view *v,
              struct err *e)
{
    const struct ledger *l = &hazard_ledger;
    struct view_columns columns =
        view_columns(rq, l, "category grade deadline");
    struct list_query q = {
        .tenant = rq->who.dir->tenant.id,
        .ledger = l,
        .org = &k->r.org,
        .n_org = 1,
        .filter = { { ledger_field(l, STR("place")), { k->place }, 1 } },
        .n_filters = 1,
        .limit = HAZARDS_SHOWN,
        .fields = "description category grade deadline",
    };
    bool more;
    size_t n;
    void *recs;

    for (size_t i = 0; i < l->n_states; i++)
        if (l->states[i].flags & ST_OPEN)
            q.states |= IN(l->states[i].v);
    if (k->place == 0 || !actor_reads_at(&rq->who, l, k->r.org))
        return true;
    if (!store_list(rq->st, &q, rq->arena, &recs, &n, &more, e))
        return false;
    v->children = view_rows(rq, l, recs, n, &columns);
    v->n_children = v->children != NULL ? n : 0;
    if (v->n_children > 0)
        v->children_title = str_of(rq_tr(rq, N_("Open hazards at this place")));
    return true;
}

/* What a standing hazard has become. */
static bool
risks_from(struct rq *rq, const void *rec, struct page_record_view *v,
           struct err *e)
{
    const struct ledger *l = &risk_ledger;
    const struct rec *r = rec;
    struct view_columns columns = view_columns(rq, l, "type grade responsible");
    struct list_query q = {
        .tenant = rq->who.dir->tenant.id,
        .ledger = l,
        .org = &r->org,
        .n_org = 1,
        .filter = { { ledger_field(l, STR("hazard")), { r->id }, 1 } },
        .n_filters = 1,
        .limit = HAZARDS_SHOWN,
    };
    bool more;
    size_t n;
    void *recs;

    if (!actor_reads_at(&rq->who, l, r->org))
        return true;
    if (!store_list(rq->st, &q, rq->arena, &recs, &n, &more, e))
        return false;
    v->children = view_rows(rq, l, recs, n, &columns);
    v->n_children = v->children != NULL ? n : 0;
    if (v->n_children > 0)
        v->children_title = str_of(rq_tr(rq, l->title));
    return true;
}

/* Days of a schedule that do not exist, and the step that puts others there. */
static void
days_left_out(struct rq *rq, const struct schedule *s,
              struct page_record_view *v)
{
    static const char verb[] = "last_day";
    int64_t today = zone_day(rq->who.dir->rules.zone, rq->who.now),
            from = s->from_on > today ? s->from_on : today;
    struct civil day[LEFT_OUT_SHOWN];
    size_t n =
        s->r.state == SD_ENDED ? 0 : schedule_left_out(s, from, day, N_OF(day));
    const struct step *step;
    struct err no;
    BUF(b, 512);

    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%04ld-%02d-%02d",
                   i == 0                ? ""
                   : rq->lang == LANG_ZH ? "、"
                                         : ", ",
                   (long)day[i].year, day[i].month, day[i].day);
    if (n == 0)
        return;
    v->note = arena_printf(
        rq->arena, "%s%s",
        rq_tr(rq, N_("Left out in the next year, because the month has no such "
                     "day: ")),
        b.p);
    step = ledger_step(rq->ledger, s, str_of(verb), &no);
    if (step == NULL ||
        !actor_steps(&rq->who, rq->ledger, step, s, s->r.org, &no))
        return;
    v->mend.label = str_of(rq_tr(rq, step->label));
    v->mend.url =
        view_url(rq, "%.*s?step=%s#s-%s",
                 STR_ARG(rq_path(rq, rq->ledger, s->r.id)), verb, verb);
}

bool
record_parts(struct rq *rq, const void *rec, struct page_record_view *v,
             struct err *e)
{
    const struct ledger *l = rq->ledger;

    if (l == &hazard_ledger &&
        ((const struct rec *)rec)->state == HZ_STANDING &&
        !risks_from(rq, rec, v, e))
        return false;
    ways_of(rq, rec, v);
    if (l == &schedule_ledger)
        days_left_out(rq, rec, v);
    if (l == &risk_ledger && !hazards_there(rq, rec, v, e))
        return false;
    for (size_t i = 0; i < l->n_fields && v->n_parts < N_OF(v->parts); i++) {
        const struct field *f = &l->fields[i];

        if (f->kind != FK_PARTS || !actor_sees(&rq->who, l, rec, f) ||
            f->parts == &signature_parts) /* they stand beside the answers */
            continue;
        if (l != &inspection_ledger)
            v->n_parts += parts_view(rq, l, f, rec, &v->parts[v->n_parts]);
        else if (!field_empty(f, rec)) {
            if (!inspect_view(rq, rec, &v->parts[v->n_parts], e))
                return false;
            v->n_parts++;
        }
    }
    return true;
}
