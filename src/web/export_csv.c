#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/csv.h"
#include "web/export.h"

static bool
put(struct sink *s, const struct str *cells, size_t n, struct err *e)
{
    BUF(b, 1 << 20);

    if (s->rows == 0 && ftell(s->own) == 0)
        csv_put_mark(&b);
    csv_put_row(&b, cells, n);
    if (b.over || fwrite(b.p, 1, b.n, s->own) != b.n)
        return err_set(e, err_disk(errno), NULL,
                       "The file could not be written");
    return true;
}

static bool
begin(struct sink *s, const struct str *heads, size_t n, struct err *e)
{
    if ((s->own = fopen(s->path, "wb")) == NULL)
        return err_set(e, err_disk(errno), NULL,
                       "The file could not be written");
    return put(s, heads, n, e);
}

static bool
row(struct sink *s, const struct str *cells, size_t n, struct err *e)
{
    s->rows++;
    return put(s, cells, n, e);
}

static bool
end(struct sink *s, struct err *e)
{
    bool ok = s->own != NULL && fclose(s->own) == 0;

    s->own = NULL;
    return ok ||
           err_set(e, err_disk(errno), NULL, "The file could not be written");
}

bool
sink_csv(struct sink *s, struct err *e)
{
    (void)e;
    s->begin = begin;
    s->row = row;
    s->end = end;
    return true;
}
