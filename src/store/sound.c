#include "store/sound.h"

#include "store/engine.h"
#include "store/schema.h"

enum { SCHEMA_QUOTA = 8 << 20, TABLES_MAX = 512 };

struct saying {
    store_wrong_fn *fn;
    void *arg;
};

/* Texts of an error are cut at 95 bytes: a longer one goes into two. */
static void
say(const struct saying *s, const char *table, int64_t id, const char *column,
    const struct err *what)
{
    s->fn(&(struct store_wrong){ table, id, column, what }, s->arg);
}

bool
store_integrity(struct store *st, store_wrong_fn *fn, void *arg, struct err *e)
{
    const struct saying s = { fn, arg };
    struct err what = { 0 };
    struct rows r;
    bool ok, more = false;
    int n = 0;

    if (st->engine->integrity == NULL)
        return true;
    if (!rows_open(&r, st, stmt_composed(str_of(st->engine->integrity)), NULL,
                   0, e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct str said = rows_str(&r, 0);

        if (str_is(said, "ok"))
            continue;
        err_put(&what, ERR_STORE, NULL, "the file is damaged: %.*s%.*s",
                STR_ARG(str_cut(said, 0, 90)), STR_ARG(str_cut(said, 90, 180)));
        say(&s, "database", -1, NULL, &what);
        n++;
    }
    rows_close(&r);
    if (ok && n >= SOUND_MAX) {
        err_put(&what, ERR_STORE, NULL,
                "there is more damage than these %d places", n);
        say(&s, "database", -1, NULL, &what);
    }
    return ok;
}

/* ---- types ------------------------------------------------------------------------ */

/* One table, as its columns come in. */
struct typing {
    struct store *st;
    struct saying say;
    struct str table;
    struct buf is, wrong; /* what names the columns; what finds the rows */
    struct str key;       /* a column whose number names a row; "" = none */
};

static const char *
type_of(struct str declared)
{
    return str_is(declared, "TEXT")   ? "text"
           : str_is(declared, "BLOB") ? "blob"
           : str_is(declared, "INTEGER") || str_is(declared, "BIGINT")
               ? "integer"
               : NULL;
}

/* Of each wrong row: its number, and the columns with what is in them. */
static bool
look_through(struct typing *t, struct err *e)
{
    struct err what = { 0 };
    struct rows r;
    bool ok, more = false;
    ARENA(a, 64 * 1024);
    BUF(sql, 64 * 1024);

    if (t->wrong.n == 0)
        return true;
    buf_printf(&sql, "SELECT %s%.*s, %.*s FROM \"%.*s\" WHERE %.*s LIMIT %d",
               t->key.n > 0 ? "" : "-1", STR_ARG(t->key),
               STR_ARG(buf_str(&t->is)), STR_ARG(t->table),
               STR_ARG(buf_str(&t->wrong)), SOUND_MAX);
    if (sql.over || t->is.over || t->wrong.over)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!rows_open_text(&r, t->st, &sql, NULL, 0, e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        err_put(&what, ERR_STORE, NULL, "no value of its column's type:%.*s",
                STR_ARG(rows_str(&r, 1)));
        say(&t->say, arena_dupz(a, t->table), rows_i64(&r, 0), NULL, &what);
    }
    rows_close(&r);
    return ok;
}

static void
next_table(struct typing *t, struct arena *a, struct str table)
{
    t->table = arena_dup(a, table);
    t->key = STR("");
    buf_clear(&t->is);
    buf_clear(&t->wrong);
}

static void
add_column(struct typing *t, struct arena *a, struct str name, const char *type,
           bool key)
{
    buf_printf(&t->wrong, "%s", t->wrong.n > 0 ? " OR " : "");
    buf_printf(&t->wrong, "typeof(\"%.*s\") <> '%s'", STR_ARG(name), type);
    buf_printf(&t->is,
               "%sCASE WHEN typeof(\"%.*s\") <> '%s' THEN ' %.*s is ' ||"
               " typeof(\"%.*s\") ELSE '' END",
               t->is.n > 0 ? " || " : "", STR_ARG(name), type, STR_ARG(name),
               STR_ARG(name));
    if (key)
        t->key = arena_dup(a, name);
}

bool
store_types(struct store *st, store_wrong_fn *fn, void *arg, struct err *e)
{
    struct typing t = { .st = st, .say = { fn, arg } };
    struct rows r;
    bool ok, more = false;
    ARENA(a, SCHEMA_QUOTA);

    if (st->engine->types == NULL)
        return true;
    if (!rows_open(&r, st, stmt_composed(str_of(st->engine->types)), NULL, 0,
                   e))
        return false;
    buf_init(&t.is, 60 * 1024);
    buf_init(&t.wrong, 60 * 1024);
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct str name = rows_str(&r, 1);
        const char *type = type_of(rows_str(&r, 2));

        if (!str_eq(rows_str(&r, 0), t.table)) {
            if (!(ok = look_through(&t, e)))
                break;
            next_table(&t, a, rows_str(&r, 0));
        }
        if (type != NULL)
            add_column(&t, a, name, type,
                       str_is(name, "id") || str_is(name, "seq"));
    }
    rows_close(&r);
    ok = ok && look_through(&t, e);
    buf_fini(&t.is);
    buf_fini(&t.wrong);
    return ok;
}

/* ---- the schema ---------------------------------------------------------------------- */

struct lines {
    struct str *at;
    size_t n;
};

static bool
ends(struct str s, const char *tail)
{
    return str_eq(str_cut(s, s.n > strlen(tail) ? s.n - strlen(tail) : 0, s.n),
                  str_of(tail));
}

/* "column hazard.org", "index hazard_by_org": what two engines share of a line;
 * "" for what each has of its own. */
static struct str
name_of(struct arena *a, struct str line)
{
    struct str kind, word;

    if (!str_split(&line, ' ', &kind))
        return STR("");
    if (str_is(kind, "base")) /* of "base table" */
        line = str_cut(line, strlen("table "), line.n), kind = STR("table");
    if (str_is(kind, "CREATE") || str_is(kind, "shadow") ||
        str_is(kind, "virtual"))
        return STR("");
    (void)str_split(&line, ' ', &word);
    if (str_is(kind, "index"))
        while (!str_is(word, "INDEX") && str_split(&line, ' ', &word))
            ;
    if (str_is(word, "INDEX"))
        (void)str_split(&line, ' ', &word);
    if (str_starts(word, STR("search")) || ends(word, "_pkey") ||
        ends(word, "_key"))
        return STR("");
    return arena_printf(a, "%.*s %.*s", STR_ARG(kind), STR_ARG(word));
}

static void
names_alone(struct arena *a, struct lines *l)
{
    size_t n = 0;

    for (size_t i = 0; i < l->n; i++) {
        struct str name = name_of(a, l->at[i]);

        if (name.n > 0)
            l->at[n++] = name;
    }
    l->n = n;
    schema_sort(l->at, l->n);
}

/* What stands between blanks, brackets and commas, sorted: a table that grew by
 * other steps has the same in another order. */
static struct str
print_of_words(struct arena *a, struct str sql)
{
    struct str *w = arena_new_array(a, struct str, sql.n + 1);
    struct hash h = { { 0 } };
    size_t n = 0, from = 0;
    BUF(hex, 128);

    for (size_t i = 0; w != NULL && i <= sql.n; i++) {
        if (i < sql.n && strchr(" \n\t(),", sql.p[i]) == NULL)
            continue;
        if (i > from)
            w[n++] = str_cut(sql, from, i);
        from = i + 1;
    }
    if (w != NULL)
        schema_sort(w, n);
    for (size_t i = 0; i < n; i++)
        hash_of(&h, (const struct str[]){ hash_str(&h), w[i], STR(" ") }, 3);
    hex_put(&hex, str_cut(hash_str(&h), 0, 8));
    return arena_dup(a, buf_str(&hex));
}

/* Behind the lines: what is written of each, constraints too. */
static bool
add_texts(struct store *st, struct arena *a, struct lines *l, struct err *e)
{
    struct str *all = arena_new_array(a, struct str, l->n + TABLES_MAX);
    struct rows r;
    bool ok, more = false;

    if (all == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (l->n > 0)
        memcpy(all, l->at, l->n * sizeof(*all));
    l->at = all;
    if (!rows_open(&r, st, stmt_composed(str_of(st->engine->texts)), NULL, 0,
                   e))
        return false;
    for (size_t i = 0; (ok = rows_next(&r, &more, e)) && more && i < TABLES_MAX;
         i++)
        l->at[l->n++] =
            arena_printf(a, "text of %.*s: %.*s", STR_ARG(rows_str(&r, 0)),
                         STR_ARG(print_of_words(a, rows_str(&r, 1))));
    rows_close(&r);
    schema_sort(l->at, l->n);
    return ok;
}

static void
differ(const struct saying *s, const char *missing, struct str line)
{
    struct err what = { 0 };

    err_put(&what, ERR_STORE, NULL, "its schema %s: %.*s%.*s", missing,
            STR_ARG(str_cut(line, 0, 90)), STR_ARG(str_cut(line, 90, 180)));
    say(s, "database", -1, NULL, &what);
}

static void
compare(const struct saying *s, const struct lines *is,
        const struct lines *want)
{
    size_t i = 0, k = 0;

    while (i < is->n || k < want->n) {
        int c = i == is->n     ? 1
                : k == want->n ? -1
                               : schema_order(&is->at[i], &want->at[k]);

        if (c < 0)
            differ(s, "has what no Anlan made", is->at[i]);
        else if (c > 0)
            differ(s, "lacks", want->at[k]);
        i += c <= 0;
        k += c >= 0;
    }
}

bool
store_schema_as_made(struct store *st, store_wrong_fn *fn, void *arg,
                     struct err *e)
{
    const struct saying s = { fn, arg };
    struct lines is = { 0 }, want = { 0 };
    struct store *made;
    ARENA(a, SCHEMA_QUOTA);
    bool ok;

    if ((made = store_open_empty(e)) == NULL)
        return false;
    ok = store_schema(made, a, &want.at, &want.n, e) &&
         store_schema(st, a, &is.at, &is.n, e) &&
         (st->engine->texts == NULL ||
          (add_texts(made, a, &want, e) && add_texts(st, a, &is, e)));
    store_close(made);
    if (!ok)
        return false;
    if (st->engine != &sqlite_engine) {
        names_alone(a, &is);
        names_alone(a, &want);
    }
    if (arena_failed(a))
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    compare(&s, &is, &want);
    return true;
}
