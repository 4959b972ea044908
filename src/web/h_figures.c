/* The office's figures for programs: what the page of them counts, by the same
 * functions and for the same eyes. */
#include <inttypes.h>

#include "web/answer.h"
#include "web/apart.h"
#include "web/handlers.h"
#include "web/json.h"
#include "web/office.h"

static void
put_sum(struct buf *b, const struct figure *f, int64_t v)
{
    bool money = (f->flags & FG_MONEY) != 0;
    int64_t cents = v % 100;

    if (money)
        buf_printf(b, "\"%" PRId64 ".%02d\"", v / 100, (int)cents);
    else
        buf_i64(b, v);
}

/* {"found": {"general": 3, "major": 0}, ...} */
static void
put_sums(struct buf *b, const struct sums *s)
{
    static const char *const grades[] = { "general", "major" };

    buf_putc(b, '{');
    for (size_t i = 0; i < N_FIGURES; i++) {
        buf_printf(b, "%s\"%s\":{", i > 0 ? "," : "", figures[i].name);
        for (size_t g = 0; g < N_OF(grades); g++) {
            buf_printf(b, "%s\"%s\":", g > 0 ? "," : "", grades[g]);
            put_sum(b, &figures[i], s->v[i][g]);
        }
        buf_putc(b, '}');
    }
    buf_putc(b, '}');
}

static void
put_day(struct buf *b, const char *name, int64_t day)
{
    buf_printf(b, ",\"%s\":\"", name);
    day_format(b, day);
    buf_putc(b, '"');
}

static bool
figures_now(struct rq *rq, struct err *e)
{
    const struct field *f = ledger_field(&statistic_ledger, STR("quarter"));
    struct buf *b = &rq->rs->body;
    struct school_sums *of;
    struct sums all;
    struct asked a;
    size_t n;

    if (!office_ask(rq, &a, e) ||
        !figures_sum(rq->st, &a.q, rq->arena, &of, &n, &all, e))
        return false;
    answer_type(rq, "application/json");
    buf_printf(b, "{\"year\":%" PRId64 ",\"quarter\":\"%s\"", a.year,
               choice_of(f->choices, a.quarter)->key);
    put_day(b, "from", a.q.period.from);
    put_day(b, "to", a.q.period.to);
    buf_puts(b, ",\"total\":");
    put_sums(b, &all);
    buf_puts(b, ",\"schools\":[");
    for (size_t i = 0; i < n; i++) {
        buf_printf(b,
                   "%s{\"org\":\"%" PRId64 "\",\"figures\":", i > 0 ? "," : "",
                   of[i].org);
        put_sums(b, &of[i].sums);
        buf_putc(b, '}');
    }
    buf_puts(b, "]}\n");
    return true;
}

bool
api_figures(struct rq *rq, struct err *e)
{
    return rq_apart(rq, figures_now, NULL, e);
}
