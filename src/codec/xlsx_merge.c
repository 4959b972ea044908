#include <stdlib.h>

#include "codec/xlsx_part.h"

enum {
    MERGES_MAX = 200000,
    /* A merge over more columns than a ledger has is decoration. */
    MERGE_WIDTH_MAX = 64,
};

bool
ref_parse(const char *s, uint32_t *col, uint32_t *row, const char **end)
{
    uint32_t c = 0, r = 0;
    const char *p = s;

    for (; *p == '$'; p++)
        ;
    for (; (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'); p++) {
        c = c * 26 + (uint32_t)((*p | 32) - 'a' + 1);
        if (c > XLSX_COLUMNS_MAX)
            return false;
    }
    for (; *p == '$'; p++)
        ;
    for (; *p >= '0' && *p <= '9'; p++) {
        r = r * 10 + (uint32_t)(*p - '0');
        if (r > 1048576)
            return false;
    }
    if (c == 0 || r == 0)
        return false;
    *col = c - 1;
    *row = r;
    if (end != NULL)
        *end = p;
    return true;
}

static void
on_start(struct xml *x, const char *name, const char **attr)
{
    struct merges *m = x->ctx;
    uint32_t c1, c2, r1, r2;
    const char *ref, *p;

    if (strcmp(name, "mergeCell") != 0 || m->n == MERGES_MAX ||
        (ref = xml_attr(attr, "ref")) == NULL ||
        !ref_parse(ref, &c1, &r1, &p) || *p != ':' ||
        !ref_parse(p + 1, &c2, &r2, NULL) || c2 < c1 || r2 < r1)
        return;
    if (c2 - c1 >= MERGE_WIDTH_MAX)
        c2 = c1 + MERGE_WIDTH_MAX - 1;
    if (m->n == m->cap) {
        size_t cap = m->cap > 0 ? m->cap * 2 : 32;
        struct merge *q = realloc(m->m, cap * sizeof(*q));

        if (q == NULL) {
            err_set(x->e, ERR_BUSY, NULL, "out of memory; try again later");
            xml_stop(x);
            return;
        }
        m->m = q;
        m->cap = cap;
    }
    m->m[m->n++] = (struct merge){ r1, r2, (uint16_t)c1, (uint16_t)c2 };
}

static int
by_first_row(const void *a, const void *b)
{
    const struct merge *x = a, *y = b;

    if (x->row1 != y->row1)
        return x->row1 < y->row1 ? -1 : 1;
    return (x->col1 > y->col1) - (x->col1 < y->col1);
}

struct merges *
merges_read(struct package *z, const char *part, struct err *e)
{
    struct merges *m = calloc(1, sizeof(*m));
    struct xml x = { .start = on_start, .ctx = m };

    if (m == NULL) {
        err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
        return NULL;
    }
    if (!xml_part(z, part, &x, e)) {
        merges_free(m);
        return NULL;
    }
    if (m->n > 1)
        qsort(m->m, m->n, sizeof(*m->m), by_first_row);
    return m;
}

void
merges_free(struct merges *m)
{
    if (m != NULL)
        free(m->m);
    free(m);
}
