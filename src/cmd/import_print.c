#include <inttypes.h>
#include <math.h>

#include "base/time.h"
#include "cmd/import_print.h"

void
import_print_json(FILE *f, struct str s)
{
    putc('"', f);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c == '"' || c == '\\')
            fprintf(f, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", f);
        else if (c < 0x20 || c == 0x7f)
            fprintf(f, "\\u%04x", c);
        else
            putc(c, f);
    }
    putc('"', f);
}

static void
put_text(FILE *f, const char *key, struct str s)
{
    fprintf(f, ",\"%s\":", key);
    if (s.n > 0)
        import_print_json(f, s);
    else
        fputs("null", f);
}

static void
put_day(FILE *f, int64_t day)
{
    struct civil c = civil_of(day);

    fprintf(f, "%04" PRId64 "-%02d-%02d", c.year, c.month, c.day);
}

static void
put_date(FILE *f, const char *key, const struct reading_date *d)
{
    fprintf(f, ",\"%s\":", key);
    if (d->has_day) {
        putc('"', f);
        put_day(f, d->day);
        putc('"', f);
    } else if (d->raw.n > 0) {
        fputs("{\"raw\":", f);
        import_print_json(f, d->raw);
        putc('}', f);
    } else {
        fputs("null", f);
    }
}

static void
put_funds(FILE *f, const struct reading_money *m)
{
    if (m->raw.n == 0) {
        fputs(",\"funds\":null", f);
        return;
    }
    fputs(",\"funds\":{\"yuan\":", f);
    if (!m->has_fen)
        fputs("null", f);
    else if (m->fen % 100 == 0)
        fprintf(f, "%" PRId64, m->fen / 100);
    else
        fprintf(f, "%" PRId64 ".%02d", m->fen / 100, (int)(m->fen % 100));
    fprintf(f, ",\"approx\":%s,\"raw\":", m->approx ? "true" : "false");
    import_print_json(f, m->raw);
    putc('}', f);
}

static void
row_json(FILE *f, const struct reading_row *h)
{
    const char *status = reading_status_key(h->status);

    fputs("{\"src\":{\"sheet\":", f);
    if (h->src.sheet.n > 0)
        import_print_json(f, h->src.sheet);
    else
        fputs("null", f);
    fprintf(f, ",\"row\":%" PRId64 ",\"item\":%d,\"of\":%d}", h->src.row,
            h->src.item, h->src.of);
    put_text(f, "school", h->school);
    put_text(f, "place", h->place);
    fputs(",\"description\":", f);
    import_print_json(f, h->description);
    put_text(f, "category", h->category);
    put_text(f, "grade", h->grade_raw);
    put_text(f, "measures", h->measures);
    put_text(f, "responsible", h->responsible);
    put_funds(f, &h->funds);
    put_date(f, "deadline", &h->deadline);
    put_text(f, "deadline_raw", h->deadline.raw);
    put_date(f, "found_on", &h->found_on);
    put_text(f, "status", str_of(status));
    put_text(f, "status_raw", h->status_raw);
    put_date(f, "completed_on", &h->completed_on);
    put_text(f, "plan", h->plan);
    putc('}', f);
}

static void
put_field(FILE *f, const char *name, struct str s)
{
    if (s.n > 0)
        fprintf(f, "    %-12s %.*s\n", name, STR_ARG(s));
}

static void
put_when(FILE *f, const char *name, const struct reading_date *d)
{
    if (!d->has_day) {
        put_field(f, name, d->raw);
        return;
    }
    fprintf(f, "    %-12s ", name);
    put_day(f, d->day);
    putc('\n', f);
}

static void
row_lines(FILE *f, const struct reading_row *h)
{
    fprintf(f, "%.*s:%" PRId64, STR_ARG(h->src.sheet), h->src.row);
    if (h->src.of > 1)
        fprintf(f, " (%d/%d)", h->src.item, h->src.of);
    fprintf(f, "  %.*s\n", STR_ARG(h->description));
    put_field(f, "school", h->school);
    put_field(f, "place", h->place);
    put_field(f, "category", h->category);
    put_field(f, "grade", h->grade_raw);
    put_field(f, "measures", h->measures);
    put_field(f, "responsible", h->responsible);
    put_field(f, "funds", h->funds.raw);
    put_when(f, "found on", &h->found_on);
    put_when(f, "deadline", &h->deadline);
    put_field(f, "status", str_of(reading_status_key(h->status)));
    put_when(f, "completed on", &h->completed_on);
    put_field(f, "plan", h->plan);
}

bool
import_print_begin(struct import_print *p)
{
    if ((p->doubts = tmpfile()) == NULL)
        return false;
    if (p->json)
        fputs("{\"rows\":[", p->out);
    return !ferror(p->out);
}

bool
import_print_row(void *ctx, const struct reading_row *h)
{
    struct import_print *p = ctx;

    if (p->json) {
        fputs(p->rows > 0 ? ",\n" : "\n", p->out);
        row_json(p->out, h);
    } else {
        row_lines(p->out, h);
    }
    p->rows++;
    return !ferror(p->out);
}

static void
put_message(FILE *f, const struct reading_doubt *d, bool json)
{
    struct err e = { .msg = d->msg };
    BUF(b, 4096);

    if (d->arg.n > 0) {
        e.n = 1;
        e.arg[0].type = 's';
        utf8_fit(d->arg, e.arg[0].s, sizeof(e.arg[0].s));
    }
    err_format(&e, d->msg, &b);
    if (json)
        import_print_json(f, buf_str(&b));
    else
        fprintf(f, "%.*s\n", STR_ARG(buf_str(&b)));
}

bool
import_print_doubt(void *ctx, const struct reading_doubt *d)
{
    struct import_print *p = ctx;
    FILE *f = p->doubts;

    if (!p->json) {
        fprintf(f, "? %.*s:%" PRId64, STR_ARG(d->sheet), d->row);
        if (d->column >= 0)
            fprintf(f, " column %d", d->column + 1);
        fprintf(f, " [%s] ", d->code);
        put_message(f, d, false);
        p->n_doubts++;
        return !ferror(f);
    }
    fputs(p->n_doubts++ > 0 ? ",\n" : "\n", f);
    fputs("{\"sheet\":", f);
    import_print_json(f, d->sheet);
    fprintf(f, ",\"row\":%" PRId64 ",\"column\":%d,\"code\":\"%s\",", d->row,
            d->column, d->code);
    fputs("\"message\":", f);
    put_message(f, d, true);
    putc('}', f);
    return !ferror(f);
}

bool
import_print_end(struct import_print *p)
{
    char room[8192];
    size_t n;

    if (p->json)
        fputs("\n],\"doubts\":[", p->out);
    else
        fprintf(p->out, "%" PRId64 " hazards, %" PRId64 " doubts\n", p->rows,
                p->n_doubts);
    rewind(p->doubts);
    while ((n = fread(room, 1, sizeof(room), p->doubts)) > 0)
        fwrite(room, 1, n, p->out);
    fclose(p->doubts);
    p->doubts = NULL;
    if (p->json)
        fputs("\n]}\n", p->out);
    return fflush(p->out) == 0 && !ferror(p->out);
}
