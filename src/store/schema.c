/* The schema as a set of lines: what two databases must share, whatever the
 * order in which their tables grew. */
#include <stdlib.h>

#include "store/engine.h"
#include "store/schema.h"

enum { LINES_MAX = 4096 };

/* Blanks and line ends of a migration are not part of what it made. */
static struct str
one_blank(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0;

    if (p == NULL)
        return STR("");
    for (size_t i = 0; i < s.n; i++) {
        bool blank = s.p[i] == ' ' || s.p[i] == '\n';

        if (!blank)
            p[n++] = s.p[i];
        else if (n > 0 && p[n - 1] != ' ')
            p[n++] = ' ';
    }
    return (struct str){ p, n };
}

int
schema_order(const void *x, const void *y)
{
    const struct str *a = x, *b = y;
    int c = memcmp(a->p, b->p, a->n < b->n ? a->n : b->n);

    return c != 0 ? c : (a->n > b->n) - (a->n < b->n);
}

void
schema_sort(struct str *lines, size_t n)
{
    if (n > 0)
        qsort(lines, n, sizeof(*lines), schema_order);
}

bool
store_schema(struct store *st, struct arena *a, struct str **lines, size_t *n,
             struct err *e)
{
    struct str *l = arena_new_array(a, struct str, LINES_MAX);
    struct rows r;
    size_t at = 0;
    bool ok, more = false;

    if (l == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!rows_open(&r, st, stmt_composed(str_of(st->engine->schema)), NULL, 0,
                   e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more && at < LINES_MAX)
        l[at++] = one_blank(a, rows_str(&r, 0));
    rows_close(&r);
    if (!ok)
        return false;
    if (more || arena_failed(a))
        return err_set(e, ERR_BUSY, NULL, "The schema is too large to read");
    schema_sort(l, at);
    *lines = l;
    *n = at;
    return true;
}
