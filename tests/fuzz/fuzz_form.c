#include <stdlib.h>

#include "web/form.h"

/* Input: a Content-Type up to the first newline, then a body. The body is fed
 * whole, and again in pieces: both must come to the same. */
struct sum {
    size_t parts, files, bytes, ends;
};

static bool
on_begin(void *arg, const struct part_head *head)
{
    struct sum *s = arg;

    s->parts++;
    s->files += head->is_file;
    s->bytes += head->name.n + head->filename.n + head->type.n;
    return utf8_valid(head->name);
}

static bool
on_data(void *arg, const char *p, size_t n)
{
    struct sum *s = arg;

    for (size_t i = 0; i < n; i++)
        s->bytes += 1 + (unsigned char)p[i];
    return n > 0;
}

static bool
on_end(void *arg)
{
    struct sum *s = arg;

    return ++s->ends <= s->parts;
}

static const struct multipart_events events = { on_begin, on_data, on_end };

static void
multipart(struct str boundary, struct str body)
{
    struct sum a = { 0 }, b = { 0 };
    struct multipart m;
    bool ok_a, ok_b = true;

    if (!multipart_init(&m, boundary, &events, &a))
        return;
    ok_a = multipart_feed(&m, body.p, body.n);
    if (!multipart_init(&m, boundary, &events, &b))
        abort();
    for (size_t at = 0, n; at < body.n && ok_b; at += n) {
        n = 1 + at % 7;
        if (n > body.n - at)
            n = body.n - at;
        ok_b = multipart_feed(&m, body.p + at, n);
    }
    if (ok_a != ok_b || (ok_a && memcmp(&a, &b, sizeof(a)) != 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str all = { (const char *)data, size }, type;
    ARENA(a, 1 << 20);
    const struct http_param *f;
    size_t n = 0;
    struct err e;
    char *copy;

    if (size == 0 || !str_split(&all, '\n', &type))
        return 0;
    if (form_type_is(type, "multipart/form-data")) {
        multipart(form_header_param(type, "boundary"), all);
        return 0;
    }
    copy = arena_dupz(a, all);
    if (copy != NULL && form_parse(a, copy, all.n, &f, &n, &e))
        for (size_t i = 0; i < n; i++)
            if (!utf8_valid(f[i].name) || !utf8_valid(f[i].value) ||
                f[i].name.n + f[i].value.n > all.n)
                abort();
    return 0;
}
