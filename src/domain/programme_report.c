#include "domain/programme_report.h"
#include "base/err.h"

const char *const programme_figure_label[N_PROGRAMME_FIGURES] = {
#define X(name, label) label,
    PROGRAMME_FIGURES(X)
#undef X
};

void
programme_line_plus(struct programme_line *sum, const struct programme_line *l)
{
    for (size_t i = 0; i < N_PROGRAMME_FIGURES; i++)
        sum->v[i] += l->v[i];
    for (size_t i = 0; i < PROGRAMME_TASKS_MAX; i++) {
        sum->all[i] += l->all[i];
        sum->done[i] += l->done[i];
        sum->missed[i] += l->missed[i];
    }
}

int64_t
programme_behind(const struct programme_line *l)
{
    return l->v[PRF_missed] + l->v[PRF_todo] + l->v[PRF_overdue];
}

/* "12:1,2,...;3,3,0;1,0,1": the school, its figures, each of its tasks; lines
 * stand between ends of lines, because a text that is kept has none at its
 * end */
void
programme_line_put(struct buf *b, const struct programme_line *l,
                   size_t n_tasks)
{
    if (b->n > 0)
        buf_putc(b, '\n');
    buf_i64(b, l->org);
    for (size_t i = 0; i < N_PROGRAMME_FIGURES; i++) {
        buf_putc(b, i == 0 ? ':' : ',');
        buf_i64(b, l->v[i]);
    }
    for (size_t i = 0; i < n_tasks && i < PROGRAMME_TASKS_MAX; i++) {
        const int64_t of[] = { l->all[i], l->done[i], l->missed[i] };

        for (size_t k = 0; k < N_OF(of); k++) {
            buf_putc(b, k == 0 ? ';' : ',');
            buf_i64(b, of[k]);
        }
    }
}

static bool
numbers(struct str s, int64_t *to, size_t n)
{
    struct str one;

    for (size_t i = 0; i < n; i++)
        if (!str_split(&s, ',', &one) || !str_i64(one, &to[i]))
            return false;
    return s.n == 0;
}

bool
programme_line_next(struct str *rest, struct programme_line *l)
{
    struct str line, part;
    ptrdiff_t colon;

    *l = (struct programme_line){ 0 };
    if (rest->n == 0 || !str_split(rest, '\n', &line) ||
        (colon = str_find(line, STR(":"))) <= 0 ||
        !str_i64(str_cut(line, 0, (size_t)colon), &l->org))
        return false;
    line = str_cut(line, (size_t)colon + 1, line.n);
    if (!str_split(&line, ';', &part) ||
        !numbers(part, l->v, N_PROGRAMME_FIGURES))
        return false;
    for (size_t i = 0; i < PROGRAMME_TASKS_MAX && line.n > 0; i++) {
        int64_t of[3];

        if (!str_split(&line, ';', &part) || !numbers(part, of, N_OF(of)))
            return false;
        l->all[i] = of[0];
        l->done[i] = of[1];
        l->missed[i] = of[2];
    }
    return line.n == 0;
}
