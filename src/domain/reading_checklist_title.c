/* What stands above the table of a school's own checklist. */
#include "domain/reading_checklist_part.h"

static bool
is_title(struct arena *a, struct str s)
{
    struct str key = fold_key(a, s);
    size_t n = utf8_count(s);

    if (n < 2 || n > 120 || rt_has(key, ":") || looks_like_school(s))
        return false;
    /* "附件3" is no title, "附件3 食堂检查表" is one. */
    return !(rt_starts(key, "附件|附表|附") && n <= 6);
}

/* The only cell of its row, or the widest. */
static struct str
lone_cell(const struct cl_row *k)
{
    struct str s = STR("");
    size_t n = 0;

    for (size_t c = 0; c < k->n; c++)
        if (cl_new(k, c).n > 0 && n++ == 0)
            s = k->text[c];
    return n == 1 ? s : STR("");
}

static void
take(struct checklist_reading *r, struct str s)
{
    struct text2 *t = &r->out.head.title, got;
    char *line = arena_dupz(r->a, s);

    for (size_t i = 0; i < s.n; i++)
        if (line[i] == '\n' || line[i] == '\r')
            line[i] = ' ';
    got = cl_text2((struct str){ line, s.n });
    if (t->en.n == 0)
        t->en = got.en;
    if (t->zh.n == 0)
        t->zh = got.zh;
}

static bool
meaningful(struct arena *a, struct str sheet)
{
    struct str key = fold_key(a, sheet);

    return key.n > 0 && !rt_starts(key, "sheet|工作表|表");
}

void
cl_title(struct checklist_reading *r, const struct cl_row *row, size_t n)
{
    struct checklist_head *h = &r->out.head;
    bool first = h->title.en.n == 0 && h->title.zh.n == 0;
    struct str words = STR("");

    for (size_t i = 0; first && i < n; i++) {
        struct str s = lone_cell(&row[i]);

        if (s.n > 0 && is_title(r->a, s))
            take(r, s);
    }
    if (first && h->title.en.n == 0 && h->title.zh.n == 0 &&
        meaningful(r->a, row[0].sheet))
        take(r, row[0].sheet);
    if (h->frequency.n > 0)
        return;
    h->frequency = cl_frequency(r->a, h->title.zh, &words);
    if (h->frequency.n == 0)
        h->frequency = cl_frequency(r->a, h->title.en, &words);
    r->out.frequency_words = words;
}
