#include "domain/reading_part.h"

/* From the parts of a date in a cell to a day, with what the sheet says of
 * years and of the order of day and month. */

static bool
three_point_four(struct str s, struct date_parts *p)
{
    int64_t m, d;
    size_t i = 0;

    s = str_trim(s);
    if (rt_ends(s, "之前|以前"))
        s.n -= 6;
    else if (rt_ends(s, "前"))
        s.n -= 3;
    if (!rt_number(s, &i, &m) || i >= s.n ||
        (s.p[i] != '.' && s.p[i] != '/' && s.p[i] != '-'))
        return false;
    i++;
    if (!rt_number(s, &i, &d) || i != s.n || m < 1 || m > 12 || d < 1 || d > 31)
        return false;
    *p = (struct date_parts){ .month = (int)m, .day = (int)d, .to = s.n };
    return true;
}

static struct reading_date
resolved(struct date_parts p, struct str raw)
{
    struct reading_date d = { .raw = raw };
    struct civil c = { p.year, p.month, p.day };

    if (p.year > 0 && p.day > 0 && !p.range && civil_valid(c)) {
        d.has_day = true;
        d.day = day_of(c);
    }
    return d;
}

static void
order_parts(struct line *l, enum reading_field f, struct date_parts *p,
            struct str raw)
{
    int c = l->s->at[f], first = p->month, second = p->day;
    enum date_order o = c >= 0 ? l->s->order[c] : ORDER_UNKNOWN;

    if (first > 12)
        o = ORDER_DMY;
    else if (second > 12)
        o = ORDER_MDY;
    if (o == ORDER_UNKNOWN && first != second) {
        p->day = 0; /* either could be the month: the words stay */
        line_doubt(l, f, "date-order",
                   N_("Day or month first? %s could be either; choose the "
                      "order for this column."),
                   raw);
    } else if (o == ORDER_DMY) {
        p->month = second;
        p->day = first;
    }
}

/* The year of a day without one: that of the row's own base day, else the
 * year of the title. */
static void
borrow_year(struct line *l, enum reading_field f, struct date_parts *p,
            const struct reading_date *base)
{
    int64_t year = l->s->year;
    struct civil c = { 0 };

    if (base != NULL && base->has_day) {
        c = civil_of(base->day);
        year = c.year;
    }
    if (year == 0) {
        line_doubt(l, f, "date-no-year",
                   N_("%s has no year, and the file does not give one; add "
                      "it."),
                   str_cut(l->text[l->s->at[f] >= 0 ? l->s->at[f] : 0], 0, 90));
        return;
    }
    /* Found in the last quarter, due in the first: the year after. */
    if (c.month >= 10 && p->month <= 3 && f == RF_DEADLINE) {
        year++;
        line_doubt(l, f, "date-next-year",
                   N_("%s has no year; taken for the year after the hazard "
                      "was found."),
                   str_cut(l->text[l->s->at[f] >= 0 ? l->s->at[f] : 0], 0, 90));
    }
    p->year = year;
}

struct reading_date
date_resolve(struct line *l, enum reading_field f, struct date_parts p,
             struct str raw, const struct reading_date *base)
{
    if (p.slashed)
        order_parts(l, f, &p, raw);
    else if (p.year == 0 && p.day > 0 && p.month > 0 && !p.range)
        borrow_year(l, f, &p, base);
    return resolved(p, raw);
}

/* A serial day whose cell lost its date format: 2009 to 2064. */
static bool
lost_format(const struct sheet_cell *cell)
{
    return cell->kind == CELL_NUMBER && cell->number >= 40000 &&
           cell->number < 60000 &&
           cell->number == (double)(int64_t)cell->number;
}

static struct reading_date
serial_date(struct line *l, enum reading_field f, double serial, struct str raw)
{
    struct reading_date d = { .has_day = true, .raw = raw };

    d.day = day_of((struct civil){ 1899, 12, 30 }) + (int64_t)serial;
    line_doubt(l, f, "date-serial",
               N_("%s was read as Excel's number of a day; check it."), raw);
    return d;
}

struct reading_date
line_date(struct line *l, enum reading_field f, const struct reading_date *base)
{
    int c = l->s->at[f];
    struct reading_date d = { .raw = STR("") };
    struct date_parts p;
    const struct sheet_cell *cell;

    if (c < 0 || l->text[c].n == 0 || is_blank_mark(l->key[c]))
        return d;
    cell = line_cell(l, (size_t)c);
    d.raw = l->text[c];
    if (cell->kind == CELL_DAY && !cell->from_left) {
        d.has_day = true;
        d.day = cell->day;
        return d;
    }
    if (lost_format(cell))
        return serial_date(l, f, cell->number, d.raw);
    if ((date_find(l->folded[c], &p) && date_whole(l->folded[c], &p) &&
         !p.range) ||
        three_point_four(l->folded[c], &p))
        return date_resolve(l, f, p, d.raw, base);
    if (f != RF_DEADLINE)
        line_doubt(l, f, "date-unread",
                   N_("%s is no full date; the words are kept."), d.raw);
    return d;
}
