#include <jansson.h>
#include <stdlib.h>

#include "web/json.h"
#include "web/route.h"

/* Input: a byte that chooses the ledger, then the body of an API call. What is
 * taken for a value of a field is one, prints as what it was, and comes out of
 * our own JSON as it went in. */
static void
prints_as_it_was(const struct str s)
{
    json_t *back;
    BUF(b, 1 << 20);

    if (!utf8_valid(s))
        abort();
    json_str(&b, s);
    if (b.over)
        return;
    back = json_loadb(b.p, b.n, JSON_DECODE_ANY, NULL);
    if (!json_is_string(back) || json_string_length(back) != s.n ||
        (s.n > 0 && memcmp(json_string_value(back), s.p, s.n) != 0))
        abort();
    json_decref(back);
}

static void
one_side(const struct field *f, bool zh, struct str value, struct arena *a,
         size_t size)
{
    void *rec = arena_alloc(a, size), *back = arena_alloc(a, size);
    struct err e;
    BUF(b, 1 << 20);

    if (rec == NULL || back == NULL)
        return;
    if (field_ctype(f) != CT_TEXT2) {
        if (!field_parse(f, value, rec, &e) || !field_check(f, rec, &e))
            return;
        field_format(f, rec, false, &b);
        if (!field_parse(f, buf_str(&b), back, &e))
            abort();
    } else {
        if (!field_parse2(f, value, zh, rec, &e) || !field_check(f, rec, &e))
            return;
        field_format(f, rec, zh, &b);
        if (!field_parse2(f, buf_str(&b), zh, back, &e))
            abort();
    }
    if (!b.over && !field_equal(f, rec, back))
        abort();
    prints_as_it_was(buf_str(&b));
}

static void
try(const struct ledger *l, const struct input *in, struct arena *a)
{
    const struct field *f = ledger_field(l, in->name);
    bool zh = in->name.n > 3 && in->name.p[in->name.n - 1] == 'h';

    prints_as_it_was(in->name);
    prints_as_it_was(in->value);
    if (f == NULL && in->name.n > 3)
        f = ledger_field(l, str_cut(in->name, 0, in->name.n - 3));
    if (f != NULL)
        one_side(f, zh, in->value, a, l->size);
    else if (!str_in_words(in->name, "key rev org comment occurred_at"))
        abort(); /* what nobody knows is refused */
}

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA(a, 16 << 20);
    struct http_request http = { .arena = a };
    static const struct route none = { .accepts = NULL };
    struct rq rq = { .http = &http, .arena = a, .route = &none };
    struct err e = { 0 };
    struct input *in;
    size_t n = 0;

    if (size == 0)
        return 0;
    rq.ledger = ledgers[data[0] % n_ledgers];
    http.body = (struct str){ (const char *)data + 1, size - 1 };
    if (!json_inputs(&rq, &in, &n, &e)) {
        if (e.code == ERR_NONE || e.msg == NULL)
            abort();
        return 0;
    }
    for (size_t i = 0; i < n; i++)
        try(rq.ledger, &in[i], a);
    return 0;
}
