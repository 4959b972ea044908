#include <sodium.h>
#include <stdio.h>

#include "pages/pages.h"
#include "service/health.h"
#include "web/answer.h"
#include "web/json.h"
#include "web/view.h"

void
answer_type(struct rq *rq, const char *type)
{
    http_set(rq->http, rq->rs, "Content-Type", str_of(type));
    http_set(rq->http, rq->rs, "Cache-Control", STR("no-store"));
}

void
answer_html(struct rq *rq)
{
    answer_type(rq, "text/html; charset=utf-8");
    http_set(rq->http, rq->rs, "Vary", STR("Accept-Language, Cookie"));
}

void
answer_form(struct rq *rq)
{
    http_set(rq->http, rq->rs, "Content-Type", STR("text/html; charset=utf-8"));
    http_set(rq->http, rq->rs, "Cache-Control", STR("private, no-cache"));
    http_set(rq->http, rq->rs, "Vary", STR("Accept-Language, Cookie"));
}

/* "//host" and "/\\host" lead elsewhere, as does what is no path at all. */
static bool
stays_here(struct str to)
{
    struct url u;

    return to.n > 0 && to.p[0] == '/' &&
           (to.n == 1 || (to.p[1] != '/' && to.p[1] != '\\')) &&
           html_url_vet(to, &u);
}

bool
rq_redirect(struct rq *rq, struct str to)
{
    rq->rs->status = 303;
    http_set(rq->http, rq->rs, "Location", stays_here(to) ? to : STR("/"));
    http_set(rq->http, rq->rs, "Cache-Control", STR("no-store"));
    return true;
}

/* With TLS nobody else, such as another machine of the domain, can set them. */
static const char *
cookie_head(const struct rq *rq)
{
    return rq->app->insecure ? "" : "__Host-";
}

void
rq_cookie(struct rq *rq, const char *name, struct str value, int64_t seconds)
{
    http_set(rq->http, rq->rs, "Set-Cookie",
             arena_printf(rq->arena,
                          "%s%s=%.*s; Path=/; Max-Age=%ld; HttpOnly; "
                          "SameSite=Lax%s",
                          cookie_head(rq), name, STR_ARG(value), (long)seconds,
                          rq->app->insecure ? "" : "; Secure"));
}

struct str
rq_cookie_of(const struct rq *rq, const char *name)
{
    char full[32];

    snprintf(full, sizeof(full), "%s%s", cookie_head(rq), name);
    return http_cookie(rq->http, full);
}

struct str
rq_error_text(struct rq *rq, const struct err *e)
{
    BUF(b, 8192);

    if (e->msg == NULL)
        return STR("");
    /* It may name files, statements and what stands in them: for the log, where
     * whoever met it has put it. */
    if (e->code == ERR_STORE)
        return str_of(rq_tr(rq, err_ours));
    tr_err(rq->lang, e, &b);
    return arena_dup(rq->arena, buf_str(&b));
}

struct str
rq_path(struct rq *rq, const struct ledger *l, int64_t id)
{
    const struct str code = rq->who.dir->tenant.code, name = str_of(l->name);
    char digits[24], *p = arena_alloc(rq->arena, code.n + name.n + 32);
    struct str no = i64_digits(id, digits);
    size_t n = 3;

    if (p == NULL) /* lists ask for each row: no printf */
        return STR("");
    memcpy(p, "/t/", 3);
    memcpy(p + n, code.p, code.n);
    n += code.n;
    p[n++] = '/';
    memcpy(p + n, name.p, name.n);
    n += name.n;
    if (id != 0) {
        p[n++] = '/';
        memcpy(p + n, no.p, no.n);
        n += no.n;
    }
    return (struct str){ p, n };
}

struct str
rq_key(struct rq *rq)
{
    unsigned char raw[16];
    char *hex = arena_alloc(rq->arena, 2 * sizeof(raw) + 1);

    if (hex == NULL)
        return STR("");
    randombytes_buf(raw, sizeof(raw));
    sodium_bin2hex(hex, 2 * sizeof(raw) + 1, raw, sizeof(raw));
    return (struct str){ hex, 2 * sizeof(raw) };
}

/* Asking for a page without being signed in leads to the door and back. */
static bool
to_sign_in(struct rq *rq, const struct err *e)
{
    if (e->code != ERR_SIGN_IN || rq->json || rq->http->method != HTTP_GET)
        return false;
    return rq_redirect(rq, arena_printf(rq->arena, "/sign-in?to=%.*s",
                                        STR_ARG(rq->http->path)));
}

/* The page of ours from which somebody came here; "" = none, or this one. */
static struct url
came_from(const struct rq *rq)
{
    struct str from = http_header(rq->http, "Referer"),
               host = http_header(rq->http, "Host");
    ptrdiff_t at = str_find(from, STR("://"));
    struct url out = { STR("") };
    struct str path;

    if (at < 0)
        return out;
    path = str_cut(from, (size_t)at + 3, from.n);
    if (host.n == 0 || !str_starts(path, host))
        return out;
    path = str_cut(path, host.n, path.n);
    if (path.n == 0 || path.p[0] != '/' || str_eq(path, rq->http->path) ||
        !html_url_vet(path, &out))
        return (struct url){ STR("") };
    return out;
}

void
rq_retry(struct rq *rq, const struct err *e)
{
    int64_t seconds = 5;

    if (e->code != ERR_BUSY && e->code != ERR_FULL && e->code != ERR_RATE)
        return;
    if (e->code == ERR_RATE)
        seconds =
            e->n > 0 && e->arg[e->n - 1].type == 'd' ? e->arg[e->n - 1].d : 60;
    http_set(rq->http, rq->rs, "Retry-After", arena_i64(rq->arena, seconds));
}

void
rq_error(struct rq *rq, const struct err *e)
{
    struct page_error_view v = {
        .lang = rq->lang,
        .head = view_head(rq, rq_tr(rq, N_("That did not work"))),
        .text = rq_error_text(rq, e),
        .code = err_info[e->code].name,
        .home = { STR("/") },
        .back = came_from(rq),
        .typed = rq->http->method == HTTP_POST,
    };
    const struct field *f = rq->ledger != NULL && e->field != NULL
                                ? ledger_field(rq->ledger, str_of(e->field))
                                : NULL;

    if (to_sign_in(rq, e))
        return;
    rq->rs->status = err_info[e->code].http;
    rq_retry(rq, e);
    if (e->code == ERR_STORE && rq->http->method == HTTP_GET)
        health_read_failed(writer_health(rq->app->writer));
    if (rq->json) {
        json_problem(rq, e, STR(""));
        return;
    }
    if (f != NULL)
        v.field = rq_tr(rq, f->label);
    answer_html(rq);
    page_error(&rq->rs->body, &v);
}

static bool
is_plain(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
}

/* "隐患台账-2026-11-30.xlsx" -> "hazard-2026-11-30.xlsx" */
static void
put_ascii(struct buf *b, struct str name, const char *instead)
{
    size_t from = b->n;

    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];

        if (b->n == from && (c == '.' || c == '-'))
            buf_puts(b, instead);
        if (is_plain(c))
            buf_putc(b, (char)c);
        else if (c < 0x80 && b->n > from && b->p[b->n - 1] != '-')
            buf_putc(b, '-');
    }
    if (b->n == from)
        buf_puts(b, instead);
}

void
answer_file_name(struct rq *rq, bool shown, struct str name)
{
    static const char hex[] = "0123456789ABCDEF";
    BUF(b, 4096);

    buf_puts(&b, shown ? "inline; filename=\"" : "attachment; filename=\"");
    put_ascii(&b, name, rq->ledger != NULL ? rq->ledger->name : "anlan");
    buf_puts(&b, "\"");
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];

        if (i == 0)
            buf_puts(&b, "; filename*=UTF-8''");
        if (is_plain(c)) {
            buf_putc(&b, (char)c);
            continue;
        }
        buf_putc(&b, '%');
        buf_putc(&b, hex[c >> 4]);
        buf_putc(&b, hex[c & 15]);
    }
    http_set(rq->http, rq->rs, "Content-Disposition",
             arena_dup(rq->arena, buf_str(&b)));
}
