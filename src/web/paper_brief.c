/* One page for the leader: the last seven days beside the seven before, what
 * is behind and why, what waits for a decision or for money.  Each part has
 * its fixed number of lines, each line is cut: it fits by construction. */
#include <stdlib.h>

#include "web/handlers.h"
#include "web/made.h"
#include "web/office.h"
#include "web/paper_table.h"
#include "web/papers.h"
#include "web/view.h"

#define TOP  (18 * PAPER_MM)
#define LEFT (22 * PAPER_MM)
#define ROOM (A4_SHORT - 2 * LEFT)

enum { BEHIND_MAX = 8, DECIDE_MAX = 6, MONEY_MAX = 5, WEEK = 7 };

#define BRIEF_FIELDS                                                           \
    "ext_state approved_at reported_up_at up_received_at listing rejected"

/* ---- what to show of all that is open ------------------------------------ */

/* The weightiest few, heaviest first. */
struct few {
    struct {
        int64_t id, weight;
    } at[BEHIND_MAX];
    size_t n, room;
    int64_t all; /* how many there are, shown or not */
};

static void
few_add(struct few *f, int64_t id, int64_t weight)
{
    size_t i = f->n < f->room ? f->n++ : f->room;

    f->all++;
    while (i > 0 && f->at[i - 1].weight < weight) {
        if (i < f->room)
            f->at[i] = f->at[i - 1];
        i--;
    }
    if (i < f->room) {
        f->at[i].id = id;
        f->at[i].weight = weight;
    }
}

/* What a head or the office has to decide; NULL: nothing. */
static const char *
decision(const struct hazard *h)
{
    if (h->ext_state == EXT_ASKED)
        return N_("an extension is asked for");
    if (h->r.state == HZ_PLANNED && h->grade == GRADE_MAJOR &&
        h->approved_at == 0)
        return N_("the plan is to be approved");
    if (h->reported_up_at != 0 && h->up_received_at == 0)
        return N_("the report upward is to be confirmed");
    if (h->listing == LISTING_LISTED)
        return N_("the listing is to be published");
    if (h->listing == LISTING_DELISTED)
        return N_("the delisting is to be published");
    return h->r.state == HZ_SUBMITTED ? N_("it is to be accepted") : NULL;
}

/* Why it is not done; what hinders comes before what is merely so. */
static const char *
hindrance(const struct hazard *h)
{
    const char *waits = decision(h);

    if (h->funds_need == FUNDS_NEEDED)
        return N_("the money is not there");
    if (waits != NULL)
        return waits;
    switch (h->r.state) {
    case HZ_REPORTED:
        return N_("not yet verified");
    case HZ_GRADED:
        return N_("nobody is charged with it yet");
    case HZ_ORDERED:
        return N_("the plan is not written yet");
    case HZ_REFERRED:
        return N_("another office has not answered");
    case HZ_STANDING:
        return N_("not looked at again");
    default:
        return h->rejected > 0 ? N_("rejected once, the work goes on")
                               : N_("the work is not finished");
    }
}

struct brief {
    struct rq *rq;
    struct asked a;
    struct period now, last;
    struct sums sum_now, sum_last;
    struct few behind, decide, money;
};

/* Days behind: the deadline, or the next step; 0 = in time. */
static int64_t
days_behind(const struct brief *b, const struct hazard *h)
{
    const struct zone *z = b->now.zone;
    int64_t n = 0;

    if (hazard_done_day(h, z) != 0)
        return 0;
    if (h->deadline != 0 && h->deadline < b->now.today)
        n = b->now.today - h->deadline;
    if (h->r.due_at != 0 && h->r.due_at <= b->rq->who.now) {
        int64_t late = b->now.today - zone_day(z, h->r.due_at - 1);

        n = late > n ? late : n;
        n = n > 0 ? n : 1;
    }
    return n;
}

static bool
note_one(const struct hazard *h, void *arg, struct err *e)
{
    struct brief *b = arg;
    int64_t major = h->grade == GRADE_MAJOR ? 1000000 : 0;
    int64_t late = days_behind(b, h);

    (void)e;
    sums_add(&b->sum_now, h, &b->now);
    sums_add(&b->sum_last, h, &b->last);
    if (late > 0)
        few_add(&b->behind, h->r.id, major + late);
    if (h->r.state == HZ_CLOSED || hazard_done_day(h, b->now.zone) != 0)
        return true;
    if (decision(h) != NULL)
        few_add(&b->decide, h->r.id, major + late);
    if (h->funds_need == FUNDS_NEEDED)
        few_add(&b->money, h->r.id, h->funds);
    return true;
}

/* ---- the page ------------------------------------------------------------ */

static const struct paper_style title = { PAPER_HEI_BOLD, 19, PAPER_CENTER, 1 };
static const struct paper_style under = { PAPER_KAI, 11, PAPER_CENTER, 1 };
static const struct paper_style heading = { PAPER_HEI_BOLD, 11.5, PAPER_LEFT,
                                            1 };
static const struct paper_style small = { PAPER_SONG, 9, PAPER_LEFT, 2 };

static void
put(struct paper_table *t, struct str words, const struct paper_style *style,
    double gap)
{
    t->y += paper_text(t->p, words, style, LEFT, t->y, ROOM) + gap;
}

static struct str
change_of(struct rq *rq, enum figure_no i, int64_t by)
{
    if (by == 0)
        return STR("=");
    return arena_printf(rq->arena, "%s%.*s", by > 0 ? "+" : "−",
                        STR_ARG(office_number(rq, i, by > 0 ? by : -by)));
}

static void
put_week(struct brief *b, struct paper_table *t)
{
    static const int shares[] = { 5, 2, 2, 2 };
    static const char *const names[] = { N_("Figure"), N_("last 7 days"),
                                         N_("7 days before"), N_("change") };
    struct str cells[4];

    paper_table_share(t, LEFT, ROOM, shares, N_OF(shares));
    t->numbers = true;
    for (size_t i = 0; i < N_OF(names); i++)
        cells[i] = str_of(rq_tr(b->rq, names[i]));
    paper_table_row(t, cells, PAPER_HEI, 10, 1);
    for (int i = 0; i < N_FIGURES; i++) {
        enum figure_no k = (enum figure_no)i;
        int64_t now = sums_all(&b->sum_now, k), was = sums_all(&b->sum_last, k);

        if (!(figures[i].flags & FG_SHORT))
            continue;
        cells[0] = str_of(rq_tr(b->rq, figures[i].label));
        if (k == FIG_still_open)
            cells[0] = view_said(b->rq, N_("Still open, of these major: %ld"),
                                 (long)b->sum_now.v[i][1]);
        cells[1] = office_number(b->rq, k, now);
        cells[2] = office_number(b->rq, k, was);
        cells[3] = change_of(b->rq, k, now - was);
        paper_table_row(t, cells, PAPER_SONG, 10, 1);
    }
    t->y += 8;
}

enum part { BEHIND, DECIDE, MONEY };

static struct str
last_cell(struct brief *b, enum part part, const struct hazard *h)
{
    if (part == MONEY)
        return office_number(b->rq, FIG_lacking, h->funds);
    if (part == DECIDE)
        return str_of(rq_tr(b->rq, decision(h)));
    return arena_printf(
        b->rq->arena, "%.*s · %s",
        STR_ARG(view_count(b->rq,
                           trn(b->rq->lang, "%ld day late", "%ld days late",
                               days_behind(b, h)),
                           days_behind(b, h))),
        rq_tr(b->rq, hindrance(h)));
}

static bool
put_few(struct brief *b, struct paper_table *t, enum part part,
        const struct few *f, struct err *e)
{
    static const int shares[] = { 4, 6, 6 };
    struct rq *rq = b->rq;

    paper_table_share(t, LEFT, ROOM, shares, N_OF(shares));
    t->numbers = false;
    for (size_t i = 0; i < f->n; i++) {
        struct hazard *h = arena_new_obj(rq->arena, struct hazard);
        struct str cells[3];

        if (h == NULL)
            return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        if (!store_rec_get(rq->st, rq->who.dir->tenant.id, &hazard_ledger,
                           f->at[i].id, rq->arena, h, e))
            return false;
        cells[0] = view_org(rq, h->r.org);
        cells[1] = arena_printf(rq->arena, "%s%.*s",
                                h->grade == GRADE_MAJOR ? "★ " : "",
                                STR_ARG(view_name(rq, &hazard_ledger, h)));
        cells[2] = last_cell(b, part, h);
        paper_table_row(t, cells, PAPER_SONG, 9.5, 1);
    }
    if (f->all > (int64_t)f->n)
        put(t,
            view_said(rq, N_("and %ld more"), (long)(f->all - (int64_t)f->n)),
            &small, 0);
    if (f->all == 0)
        put(t, str_of(rq_tr(rq, N_("None."))), &small, 0);
    t->y += 7;
    return true;
}

static void
put_head(struct brief *b, struct paper_table *t)
{
    struct rq *rq = b->rq;
    const struct dir_person *me = dir_person(rq->who.dir, rq->who.person);
    int64_t org = b->a.org != 0      ? b->a.org
                  : b->a.q.scope.all ? rq->who.dir->root
                  : me != NULL       ? dir_school(rq->who.dir, me->org)
                                     : 0;

    put(t,
        view_said(rq, N_("%.*s: safety in brief"), STR_ARG(view_org(rq, org))),
        &title, 3);
    put(t,
        view_said(rq, N_("Last seven days: %.*s to %.*s. As of %.*s"),
                  STR_ARG(view_day_paper(rq, b->now.from)),
                  STR_ARG(view_day_paper(rq, b->now.to)),
                  STR_ARG(view_time_paper(rq, rq->who.now))),
        &under, 9);
}

static void
put_foot(struct brief *b, struct paper_table *t)
{
    struct rq *rq = b->rq;

    put(t,
        str_of(rq_tr(
            rq,
            N_("Star: major. Behind: the deadline or the next step's time has passed. Found by the day written down, rectified by the day of acceptance; no hazard and duplicates are left out."))),
        &small, 8);
    put(t, str_of(rq_tr(rq, N_("Instruction of the leader:"))), &heading, 34);
    put(t, str_of(rq_tr(rq, N_("Signature and date:"))), &heading, 0);
}

static bool
draw_parts(struct brief *b, struct paper_table *t, struct err *e)
{
    struct rq *rq = b->rq;
    const struct {
        enum part part;
        const struct few *few;
        struct str head;
    } parts[] = {
        { BEHIND, &b->behind,
          view_said(rq, N_("Behind, and why: %ld"), (long)b->behind.all) },
        { DECIDE, &b->decide,
          view_said(rq, N_("Waiting for a decision: %ld"),
                    (long)b->decide.all) },
        { MONEY, &b->money,
          view_said(
              rq, N_("Waiting for money: %ld, %.*s in all"), (long)b->money.all,
              STR_ARG(office_number(rq, FIG_lacking,
                                    sums_all(&b->sum_now, FIG_lacking)))) },
    };

    put_head(b, t);
    put_week(b, t);
    for (size_t i = 0; i < N_OF(parts); i++) {
        put(t, parts[i].head, &heading, 2);
        if (!put_few(b, t, parts[i].part, parts[i].few, e))
            return false;
    }
    put_foot(b, t);
    paper_next(t->p);
    return true;
}

static bool
draw_brief(struct rq *rq, const char *path, void *arg, struct err *e)
{
    struct brief b = { .rq = rq,
                       .behind.room = BEHIND_MAX,
                       .decide.room = DECIDE_MAX,
                       .money.room = MONEY_MAX };
    struct paper_table t = { .y = TOP };
    struct err later;
    bool ok;

    (void)arg;
    if (!office_ask(rq, &b.a, e))
        return false;
    b.now = b.a.q.period;
    b.now.to = b.now.today;
    b.now.from = b.now.to - (WEEK - 1);
    b.last = period_before(&b.now);
    b.a.q.period = b.last; /* who lived then or since */
    b.a.q.fields = BRIEF_FIELDS;
    if (!figures_each(rq->st, &b.a.q, note_one, &b, e) ||
        (t.p = paper_pdf(path, A4_SHORT, A4_LONG, e)) == NULL)
        return false;
    ok = draw_parts(&b, &t, e);
    return paper_close(t.p, ok ? e : &later) && ok;
}

bool
brief_pdf(struct rq *rq, struct err *e)
{
    return made_send(
        rq,
        &(struct made){ .make = draw_brief,
                        .type = "application/pdf",
                        .name = made_name(rq, rq->arena, N_("Safety brief"),
                                          STR(""), ".pdf"),
                        .shown = true },
        e);
}
