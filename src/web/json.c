#include <inttypes.h>

#include "domain/parts.h"
#include "web/answer.h"
#include "web/json.h"

void
json_str(struct buf *b, struct str s)
{
    size_t from = 0;

    buf_putc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c >= ' ' && c != '"' && c != '\\')
            continue;
        buf_put(b, s.p + from, i - from);
        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if (c == '\n')
            buf_puts(b, "\\n");
        else
            buf_printf(b, "\\u%04x", c);
        from = i + 1;
    }
    if (s.n > from)
        buf_put(b, s.p + from, s.n - from);
    buf_putc(b, '"');
}

void
json_put_problem(struct rq *rq, struct buf *b, const struct err *e,
                 struct str more)
{
    struct str text = rq_error_text(rq, e);

    buf_printf(b, "{\"type\":\"/api#%s\",\"status\":%d,\"code\":\"%s\",",
               err_info[e->code].name, err_info[e->code].http,
               err_info[e->code].name);
    /* programs of before there was a detail show the title */
    buf_puts(b, "\"title\":");
    json_str(b, text);
    buf_puts(b, ",\"detail\":");
    json_str(b, text);
    if (e->field != NULL) {
        buf_puts(b, ",\"field\":");
        json_str(b, str_of(e->field));
    }
    buf_str_put(b, more);
    buf_puts(b, "}");
}

void
json_problem(struct rq *rq, const struct err *e, struct str more)
{
    rq->rs->status = err_info[e->code].http;
    answer_type(rq, "application/problem+json");
    json_put_problem(rq, &rq->rs->body, e, more);
    buf_puts(&rq->rs->body, "\n");
}

static void
put_files(struct buf *b, struct str ids)
{
    struct str one;
    bool first = true;

    buf_putc(b, '[');
    while (ids.n > 0 && str_split(&ids, ',', &one)) {
        buf_puts(b, first ? "" : ",");
        json_str(b, one);
        first = false;
    }
    buf_putc(b, ']');
}

static void
put_i64(struct buf *b, const struct field *f, const void *rec)
{
    int64_t v = *field_i64(f, rec);
    BUF(text, 256);

    switch (f->kind) {
    case FK_INT:
        buf_i64(b, v);
        break;
    case FK_FLAG:
        buf_puts(b, v ? "true" : "false");
        break;
    case FK_TIME:
        time_format_utc(&text, v);
        json_str(b, buf_str(&text));
        break;
    default:
        field_format(f, rec, false, &text);
        json_str(b, buf_str(&text));
    }
}

/* Child rows: only what is filled in. */
static void
put_parts(struct rq *rq, struct buf *b, const struct ledger *l,
          const struct field *f, const void *rec)
{
    struct str rest = *field_str(f, rec);
    _Alignas(16) char part[PART_SIZE_MAX];
    struct err ignored;
    bool first = true;

    buf_putc(b, '[');
    while (parts_next(f->parts, &rest, part, &ignored)) {
        buf_printf(b, "%s{\"id\":%ld", first ? "" : ",",
                   (long)*(int64_t *)(void *)part);
        for (size_t i = 0; i < f->parts->n_fields; i++)
            if (!field_empty(&f->parts->fields[i], part) &&
                actor_sees(&rq->who, l, rec, &f->parts->fields[i])) {
                buf_printf(b, ",\"%s\":", f->parts->fields[i].name);
                json_value(rq, b, l, &f->parts->fields[i], part);
            }
        buf_putc(b, '}');
        first = false;
    }
    buf_putc(b, ']');
}

void
json_value(struct rq *rq, struct buf *b, const struct ledger *l,
           const struct field *f, const void *rec)
{
    if (field_empty(f, rec)) {
        buf_puts(b, f->kind == FK_FLAG                           ? "false"
                    : f->kind == FK_FILES || f->kind == FK_PARTS ? "[]"
                                                                 : "null");
        return;
    }
    switch (field_ctype(f)) {
    case CT_I64:
        put_i64(b, f, rec);
        break;
    case CT_STR:
        if (f->kind == FK_FILES)
            put_files(b, *field_str(f, rec));
        else if (f->kind == FK_PARTS)
            put_parts(rq, b, l, f, rec);
        else
            json_str(b, *field_str(f, rec));
        break;
    case CT_TEXT2:
        buf_puts(b, "{\"en\":");
        json_str(b, field_text2(f, rec)->en);
        buf_puts(b, ",\"zh\":");
        json_str(b, field_text2(f, rec)->zh);
        buf_putc(b, '}');
        break;
    }
}

bool
json_wants(const struct field *f, const char *fields)
{
    return fields == NULL || str_in_words(str_of(f->name), fields) ||
           str_in_words(str_of(f->name), "org no due_at created_at");
}

void
json_rec(struct rq *rq, struct buf *b, const struct ledger *l, const void *rec,
         const char *fields)
{
    const struct rec *r = rec;

    buf_printf(b,
               "{\"id\":\"%" PRId64 "\",\"rev\":%" PRId64 ",\"state\":", r->id,
               r->rev);
    json_str(b, str_of(ledger_state(l, r->state) != NULL
                           ? ledger_state(l, r->state)->key
                           : ""));
    for (size_t i = 0; i < n_rec_fields + l->n_fields; i++) {
        const struct field *f =
            i < n_rec_fields ? &rec_fields[i] : &l->fields[i - n_rec_fields];

        if (f->tag == 11 || !json_wants(f, fields) ||
            !actor_sees(&rq->who, l, rec, f))
            continue;
        buf_printf(b, ",\"%s\":", f->name);
        json_value(rq, b, l, f, rec);
    }
    buf_putc(b, '}');
}
