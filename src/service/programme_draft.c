/* The closing report of a special rectification, drafted from its figures: what
 * was to be done, what was found, money, who has not finished. Sentences state
 * what is counted and judge nobody. */
#include "service/programme_figures.h"
#include "service/say.h"

enum { BEHIND_NAMED = 20, DRAFT_BYTES = 24000 };

struct draft {
    struct say s;
    const struct programme *p;
    const struct programme_figures *f;
    struct buf *out;
};

static void
put(struct draft *d, struct str words)
{
    buf_str_put(d->out, words);
}

static void
heading(struct draft *d, const char *msgid)
{
    buf_puts(d->out, d->out->n > 0 ? "\n" : "");
    buf_puts(d->out, tr(d->s.lang, msgid));
    buf_putc(d->out, '\n');
}

/* Sentences of one paragraph stand apart where the language has blanks. */
static void
gap(struct draft *d)
{
    buf_puts(d->out, d->s.lang == LANG_ZH ? "" : " ");
}

static void
tasks(struct draft *d)
{
    const int64_t *v = d->f->sum.v;
    const struct say *s = &d->s;

    heading(d, N_("1. What was to be done"));
    put(d, say_text(s,
                    N_("Schools: %ld. Inspections planned: %ld, done: %ld "
                       "(late: %ld),"),
                    (long)d->f->n, (long)v[PRF_planned], (long)v[PRF_done],
                    (long)v[PRF_late]));
    gap(d);
    put(d,
        say_text(s, N_("missed: %ld, excused: %ld, still to be done: %ld."),
                 (long)v[PRF_missed], (long)v[PRF_excused], (long)v[PRF_todo]));
    buf_putc(d->out, '\n');
    for (size_t i = 0; i < d->f->n_tasks && i < PROGRAMME_TASKS_MAX; i++) {
        put(d,
            say_text(s, N_("- %.*s: done %ld of %ld"),
                     STR_ARG(text2_in(d->f->task[i].text, s->lang == LANG_ZH)),
                     (long)d->f->sum.done[i], (long)d->f->sum.all[i]));
        buf_putc(d->out, '\n');
    }
}

static void
found(struct draft *d)
{
    const int64_t *v = d->f->sum.v;
    const struct say *s = &d->s;

    heading(d, N_("2. What was found and put right"));
    if (v[PRF_found] == 0) {
        put(d, str_of(tr(s->lang, N_("No hazard was found."))));
        buf_putc(d->out, '\n');
        return;
    }
    put(d, say_text(s, N_("Hazards found: %ld (general: %ld, major: %ld)."),
                    (long)v[PRF_found], (long)(v[PRF_found] - v[PRF_major]),
                    (long)v[PRF_major]));
    gap(d);
    put(d, say_text(s,
                    N_("Closed: %ld (major: %ld); still open: %ld (major: "
                       "%ld),"),
                    (long)v[PRF_closed], (long)v[PRF_closed_major],
                    (long)v[PRF_open], (long)v[PRF_open_major]));
    gap(d);
    put(d, say_text(s, N_("of these overdue: %ld."), (long)v[PRF_overdue]));
    buf_putc(d->out, '\n');
}

static void
money(struct draft *d)
{
    const int64_t *v = d->f->sum.v;

    heading(d, N_("3. Money"));
    if (v[PRF_need] == 0 && v[PRF_spent] == 0)
        put(d, str_of(tr(d->s.lang, N_("No money was needed."))));
    else
        put(d, say_text(&d->s, N_("Needed: %.*s; spent: %.*s."),
                        STR_ARG(say_money(&d->s, v[PRF_need])),
                        STR_ARG(say_money(&d->s, v[PRF_spent]))));
    buf_putc(d->out, '\n');
}

/* The figures stand with the worst first. */
static void
behind(struct draft *d)
{
    size_t named = 0, all = 0;

    heading(d, N_("4. Who has not finished"));
    for (size_t i = 0; i < d->f->n; i++) {
        const struct programme_line *l = &d->f->school[i];

        if (programme_behind(l) == 0 || ++all > BEHIND_NAMED)
            continue;
        named++;
        put(d, say_text(&d->s,
                        N_("- %.*s: inspections missed: %ld, still to be done: "
                           "%ld; hazards overdue: %ld"),
                        STR_ARG(say_org(&d->s, l->org)), (long)l->v[PRF_missed],
                        (long)l->v[PRF_todo], (long)l->v[PRF_overdue]));
        buf_putc(d->out, '\n');
    }
    if (all == 0)
        put(d, str_of(tr(d->s.lang,
                         N_("Every school has done what it had to do, and no "
                            "hazard is overdue."))));
    else if (all > named)
        put(d, say_text(&d->s, N_("- and %ld more"), (long)(all - named)));
    if (all == 0 || all > named)
        buf_putc(d->out, '\n');
}

struct str
programme_draft(const struct dir *dir, const struct programme *p,
                const struct programme_figures *f, int64_t now, bool zh,
                struct arena *a)
{
    BUF(out, DRAFT_BYTES);
    struct draft d = { .s = { .lang = zh ? LANG_ZH : LANG_EN,
                              .dir = dir,
                              .now = now,
                              .arena = a },
                       .p = p,
                       .f = f,
                       .out = &out };

    put(&d,
        say_text(&d.s,
                 N_("The special rectification \"%.*s\" ran from %.*s to "
                    "%.*s."),
                 STR_ARG(p->title), STR_ARG(say_day_paper(&d.s, p->from_on)),
                 STR_ARG(say_day_paper(&d.s, p->to_on))));
    gap(&d);
    put(&d,
        say_text(&d.s, N_("The figures are those of %.*s."),
                 STR_ARG(say_day_paper(&d.s, zone_day(dir->rules.zone, now)))));
    buf_putc(&out, '\n');
    tasks(&d);
    found(&d);
    money(&d);
    behind(&d);
    return arena_dup(a, utf8_head(buf_str(&out), DRAFT_BYTES));
}
