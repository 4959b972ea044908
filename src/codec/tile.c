#include "codec/tile.h"

enum { TILE = 256, LEVEL_MAX = 7 };

void
tile_path_format(struct buf *b, const struct tile_path *t)
{
    uint64_t group[8];
    int k = 0;

    if (t->entries)
        buf_puts(b, "entries");
    else
        buf_i64(b, t->level);
    for (uint64_t n = t->n; k == 0 || n > 0; n /= 1000)
        group[k++] = n % 1000;
    while (--k >= 0)
        buf_printf(b, k > 0 ? "/x%03d" : "/%03d", (int)group[k]);
    if (t->width < TILE)
        buf_printf(b, ".p/%u", t->width);
}

static bool
parse_number(struct str s, int64_t max, int64_t *out)
{
    return s.n > 0 && s.n <= 3 && str_i64(s, out) && *out >= 0 && *out <= max;
}

/* "x001/x234/067" */
static bool
parse_n(struct str s, uint64_t *out)
{
    struct str one;
    int64_t v;

    *out = 0;
    while (str_split(&s, '/', &one)) {
        bool more = s.p != NULL;

        if (more != (one.n > 0 && one.p[0] == 'x'))
            return false;
        if (!parse_number(str_cut(one, more, one.n), 999, &v) ||
            *out > (UINT64_C(1) << 52) / 1000)
            return false;
        *out = *out * 1000 + (uint64_t)v;
    }
    return true;
}

bool
tile_path_parse(struct str s, struct tile_path *out)
{
    struct tile_path t = { .width = TILE };
    ptrdiff_t p = str_find(s, STR(".p/"));
    struct str rest = s, head;
    int64_t v;
    BUF(again, 256);

    if (p >= 0) {
        if (!parse_number(str_cut(s, (size_t)p + 3, s.n), TILE - 1, &v) ||
            v < 1)
            return false;
        t.width = (unsigned)v;
        rest = str_cut(s, 0, (size_t)p);
    }
    if (!str_split(&rest, '/', &head) || rest.p == NULL)
        return false;
    t.entries = str_is(head, "entries");
    if (!t.entries) {
        if (!parse_number(head, LEVEL_MAX, &v))
            return false;
        t.level = (unsigned)v;
    }
    if (!parse_n(rest, &t.n))
        return false;
    tile_path_format(&again, &t); /* one name for each tile */
    if (!str_eq(buf_str(&again), s))
        return false;
    *out = t;
    return true;
}

unsigned
tile_width(const struct tile_path *t, uint64_t size)
{
    uint64_t at = t->level < 8 ? size >> (8 * t->level) : 0;
    uint64_t from = t->n * TILE;

    if (at <= from)
        return 0;
    return at - from < TILE ? (unsigned)(at - from) : TILE;
}

static const char head_line[] = "c2sp.org/tlog-proof@v1\n";

void
tlog_proof_format(struct buf *b, const struct tlog_proof *p)
{
    buf_puts(b, head_line);
    if (p->extra.n > 0)
        buf_printf(b, "extra %.*s\n", STR_ARG(p->extra));
    buf_printf(b, "index %ld\n", (long)p->index);
    for (size_t i = 0; i < p->path.n; i++) {
        base64_put(b, hash_str(&p->path.at[i]));
        buf_putc(b, '\n');
    }
    buf_putc(b, '\n');
    buf_str_put(b, p->checkpoint);
}

static bool
parse_index(struct str line, uint64_t *out)
{
    int64_t v;
    struct str n = str_cut(line, 6, line.n);

    if (!str_starts(line, STR("index ")) || !str_i64(n, &v) || v < 0 ||
        n.p[0] == '-' || (n.n > 1 && n.p[0] == '0'))
        return false;
    *out = (uint64_t)v;
    return true;
}

static bool
parse_path(struct str *rest, struct merkle_proof *p)
{
    struct str line;

    p->n = 0;
    while (str_split(rest, '\n', &line)) {
        if (line.n == 0)
            return rest->p != NULL;
        if (p->n == 64 || base64_parse(line, p->at[p->n++].b, 32) != 32)
            return false;
    }
    return false;
}

bool
tlog_proof_parse(struct str text, struct tlog_proof *p, struct err *e)
{
    struct str rest = str_cut(text, sizeof(head_line) - 1, text.n), line;
    bool ok =
        str_starts(text, str_of(head_line)) && str_split(&rest, '\n', &line);

    p->extra = STR("");
    if (ok && str_starts(line, STR("extra "))) {
        p->extra = str_cut(line, 6, line.n);
        ok = str_split(&rest, '\n', &line);
    }
    if (!ok || !parse_index(line, &p->index) || !parse_path(&rest, &p->path))
        return err_set(e, ERR_INVALID, NULL, "This is no proof from a log");
    p->checkpoint = rest;
    return true;
}

bool
tlog_proof_next(struct str *rest, struct str *one)
{
    ptrdiff_t next;

    if (rest->n == 0)
        return false;
    next = str_find(str_cut(*rest, 1, rest->n), str_of(head_line));
    *one = next < 0 ? *rest : str_cut(*rest, 0, (size_t)next + 1);
    *rest = str_cut(*rest, one->n, rest->n);
    return true;
}
