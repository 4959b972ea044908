#include "cmd/import_checklist.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cmd/import_print.h"
#include "service/checklist_read.h"

static struct str
either(struct text2 t)
{
    return t.zh.n > 0 ? t.zh : t.en;
}

/* ,"key":"text" where there is one */
static void
put(FILE *f, const char *key, struct str s)
{
    if (s.n == 0)
        return;
    fprintf(f, ",\"%s\":", key);
    import_print_json(f, s);
}

static void
put2(FILE *f, const char *en, const char *zh, struct text2 t)
{
    put(f, en, t.en);
    put(f, zh, t.zh);
}

static void
put_number(FILE *f, const char *key, int64_t v)
{
    if (v != 0)
        fprintf(f, ",\"%s\":%" PRId64, key, v);
}

static struct str
kind_key(int64_t kind)
{
    const struct choice *c = check_item_fields[3].choices;

    c = choice_of(c, kind != 0 ? kind : CK_PASS);
    return str_of(c != NULL ? c->key : "");
}

static void
item_json(FILE *f, const struct check_item *it, const struct check_source *s)
{
    fprintf(f, "{\"id\":%" PRId64 ",\"src\":{\"sheet\":", it->id);
    import_print_json(f, s->sheet);
    fprintf(f, ",\"row\":%" PRId64 "}", s->row);
    put_number(f, "no", s->no);
    put(f, "section", either(s->main));
    put(f, "sub", either(s->sub));
    put(f, "item", either(it->text));
    put(f, "standard", either(it->standard));
    put(f, "code", it->clause);
    put2(f, "section_en", "section_zh", it->section);
    put2(f, "text_en", "text_zh", it->text);
    put2(f, "standard_en", "standard_zh", it->standard);
    put(f, "kind", kind_key(it->kind));
    put(f, "low", it->low);
    put(f, "high", it->high);
    put(f, "unit", it->unit);
    put2(f, "choices_en", "choices_zh", it->choices);
    put_number(f, "weight", it->weight);
    put_number(f, "critical", it->critical);
    put(f, "when", it->when);
    put(f, "photo", s->photo);
    putc('}', f);
}

static void
doubt_words(const struct checklist_doubt *d, struct buf *words)
{
    struct err e = { .msg = d->msg };

    if (d->arg.n > 0) {
        e.n = 1;
        e.arg[0].type = 's';
        utf8_fit(d->arg, e.arg[0].s, sizeof(e.arg[0].s));
    }
    err_format(&e, d->msg, words);
}

static void
doubt_json(FILE *f, const struct checklist_doubt *d)
{
    BUF(words, 4096);

    doubt_words(d, &words);
    fputs("{\"sheet\":", f);
    import_print_json(f, d->sheet);
    fprintf(f,
            ",\"row\":%" PRId64 ",\"column\":%d,\"code\":\"%s\",\"message\":",
            d->row, d->column, d->code);
    import_print_json(f, buf_str(&words));
    putc('}', f);
}

static void
problem_json(FILE *f, const struct checklist_read *c)
{
    char text[512];

    if (c->problem.code == ERR_NONE)
        return;
    fputs(c->n_doubts > 0 ? ",\n" : "\n", f);
    fputs("{\"sheet\":\"\",\"row\":0,\"column\":-1,\"code\":\"items\","
          "\"message\":",
          f);
    import_print_json(f, str_of(err_text(&c->problem, text, sizeof(text))));
    putc('}', f);
}

static void
print_json(FILE *f, const struct checklist_read *c)
{
    fputs("{\"title\":", f);
    import_print_json(f, either(c->head.title));
    put2(f, "title_en", "title_zh", c->head.title);
    put2(f, "source_en", "source_zh", c->head.source);
    put(f, "topic", c->head.topic);
    put(f, "frequency", c->frequency_words);
    put(f, "every", c->head.frequency);
    fputs(",\"items\":[", f);
    for (size_t i = 0; i < c->n_items; i++) {
        fputs(i > 0 ? ",\n" : "\n", f);
        item_json(f, &c->items[i], &c->from[i]);
    }
    fputs("\n],\"doubts\":[", f);
    for (size_t i = 0; i < c->n_doubts; i++) {
        fputs(i > 0 ? ",\n" : "\n", f);
        doubt_json(f, &c->doubts[i]);
    }
    problem_json(f, c);
    fputs("\n]}\n", f);
}

static void
print_lines(FILE *f, const struct checklist_read *c)
{
    char text[512];

    fprintf(f, "%.*s\n", STR_ARG(either(c->head.title)));
    for (size_t i = 0; i < c->n_items; i++) {
        struct str section = either(c->items[i].section),
                   before = i > 0 ? either(c->items[i - 1].section) : STR("");

        if (!str_eq(section, before))
            fprintf(f, "  %.*s\n", STR_ARG(section));
        fprintf(f, "%4" PRId64 "  %.*s\n", c->items[i].id,
                STR_ARG(either(c->items[i].text)));
        if (either(c->items[i].standard).n > 0)
            fprintf(f, "      = %.*s\n", STR_ARG(either(c->items[i].standard)));
    }
    for (size_t i = 0; i < c->n_doubts; i++) {
        const struct checklist_doubt *d = &c->doubts[i];
        BUF(words, 4096);

        doubt_words(d, &words);
        fprintf(f, "? %.*s:%" PRId64, STR_ARG(d->sheet), d->row);
        if (d->column >= 0)
            fprintf(f, " column %d", d->column + 1);
        fprintf(f, " [%s] %.*s\n", d->code, STR_ARG(buf_str(&words)));
    }
    if (c->problem.code != ERR_NONE)
        fprintf(f, "? [items] %s\n", err_text(&c->problem, text, sizeof(text)));
    fprintf(f, "%zu items, %zu doubts\n", c->n_items, c->n_doubts);
}

int
import_checklist(const char *file, int fd, bool json)
{
    ARENA(a, CHECKLIST_READ_MEMORY);
    const struct checklist_read *c;
    struct err e = { 0 };
    char text[512];

    if (a == NULL ||
        (c = checklist_read_fd(fd, getenv("TMPDIR"), a, &e)) == NULL) {
        fprintf(stderr, "anlan import: %s: %s\n", file,
                err_text(&e, text, sizeof(text)));
        return 1;
    }
    if (json)
        print_json(stdout, c);
    else
        print_lines(stdout, c);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("anlan import: the output cannot be written\n", stderr);
        return 1;
    }
    return 0;
}
