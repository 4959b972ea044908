#include "codec/text.h"

#include <errno.h>
#include <iconv.h>

#define REPLACEMENT "\xef\xbf\xbd"

const char *
text_encoding_name(enum text_encoding enc)
{
    static const char *const names[TEXT__MAX] = {
        [TEXT_UTF8] = "utf-8",       [TEXT_UTF8_BOM] = "utf-8-sig",
        [TEXT_GB18030] = "gb18030",  [TEXT_UTF16LE] = "utf-16le",
        [TEXT_UTF16BE] = "utf-16be", [TEXT_CP1252] = "windows-1252",
    };

    return enc < TEXT__MAX ? names[enc] : "";
}

/* How many bytes at the end of s begin a sequence that s does not finish. */
static size_t
cut_tail(struct str s)
{
    for (size_t back = 1; back <= 3 && back <= s.n; back++) {
        unsigned char c = (unsigned char)s.p[s.n - back];
        size_t need;

        if (c < 0x80 || c > 0xf4)
            return 0;
        if (c < 0xc0)
            continue;
        need = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
        return need > back ? back : 0;
    }
    return 0;
}

static size_t
count_bad(struct str s)
{
    size_t bad = 0;

    for (size_t at = 0; at < s.n;) {
        if (utf8_next(s, &at) < 0)
            bad++;
    }
    return bad;
}

static void
count_runs(struct text_probe *t, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)p[i] >= 0x80) {
            t->run++;
        } else if (t->run > 0) {
            t->runs++;
            t->odd_runs += t->run % 2;
            t->run = 0;
        }
    }
}

void
text_probe_feed(struct text_probe *t, const char *p, size_t n)
{
    size_t keep;

    for (size_t i = 0; i < n && t->n_head < sizeof(t->head); i++)
        t->head[t->n_head++] = p[i];
    count_runs(t, p, n);
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '\0')
            *((t->bytes + i) % 2 == 0 ? &t->nul_even : &t->nul_odd) += 1;
    }
    t->bytes += n;
    while (t->n_tail > 0 && t->n_tail < sizeof(t->tail) && n > 0) {
        t->tail[t->n_tail++] = *p++;
        n--;
        if (t->n_tail == 4 ||
            cut_tail((struct str){ t->tail, t->n_tail }) == 0) {
            t->bad_utf8 += count_bad((struct str){ t->tail, t->n_tail });
            t->n_tail = 0;
        }
    }
    keep = cut_tail((struct str){ p, n });
    t->bad_utf8 += count_bad((struct str){ p, n - keep });
    if (keep > 0) {
        memcpy(t->tail, p + n - keep, keep);
        t->n_tail = keep;
    }
}

enum text_encoding
text_probe_end(const struct text_probe *t)
{
    struct str head = { t->head, t->n_head };

    if (str_starts(head, STR("\xef\xbb\xbf")))
        return TEXT_UTF8_BOM;
    if (str_starts(head, STR("\xff\xfe")))
        return TEXT_UTF16LE;
    if (str_starts(head, STR("\xfe\xff")))
        return TEXT_UTF16BE;
    /* Even a Chinese table has ASCII commas and line ends: every such
     * character of UTF-16 leaves a NUL, always on the same side. */
    if (t->nul_odd > t->bytes / 50 && t->nul_odd > 20 * t->nul_even)
        return TEXT_UTF16LE;
    if (t->nul_even > t->bytes / 50 && t->nul_even > 20 * t->nul_odd)
        return TEXT_UTF16BE;
    /* A file cut in the middle of its last character is still UTF-8. */
    if (t->bad_utf8 == 0)
        return TEXT_UTF8;
    return 2 * t->odd_runs > t->runs ? TEXT_CP1252 : TEXT_GB18030;
}

bool
text_decoder_init(struct text_decoder *d, enum text_encoding enc, struct err *e)
{
    static const char *const iconv_names[TEXT__MAX] = {
        [TEXT_GB18030] = "GB18030",
        [TEXT_UTF16LE] = "UTF-16LE",
        [TEXT_UTF16BE] = "UTF-16BE",
        [TEXT_CP1252] = "CP1252",
    };

    *d = (struct text_decoder){ .enc = enc };
    if (iconv_names[enc] == NULL)
        return true;
    d->cd = iconv_open("UTF-8", iconv_names[enc]);
    if (d->cd == (iconv_t)-1) {
        d->cd = NULL;
        return err_set(e, ERR_STORE, NULL,
                       "this computer cannot decode %s: install the "
                       "conversions of the C library (package libc6)",
                       iconv_names[enc]);
    }
    return true;
}

void
text_decoder_fini(struct text_decoder *d)
{
    if (d->cd != NULL)
        iconv_close(d->cd);
    *d = (struct text_decoder){ 0 };
}

/* Append valid UTF-8 without NULs and without the mark at the start. */
static void
put_clean(struct text_decoder *d, struct str s, struct buf *out)
{
    static const char mark[3] = { '\xef', '\xbb', '\xbf' };

    if (s.n == 0)
        return;
    if (!d->started && s.n >= 3 && memcmp(s.p, mark, 3) == 0)
        s = str_cut(s, 3, s.n);
    d->started = true;
    while (s.n > 0) {
        const char *nul = memchr(s.p, '\0', s.n);
        size_t n = nul != NULL ? (size_t)(nul - s.p) : s.n;

        buf_put(out, s.p, n);
        if (nul != NULL) {
            d->nuls++;
            n++;
        }
        s = str_cut(s, n, s.n);
    }
}

static size_t
decode_utf8(struct text_decoder *d, struct str s, bool last, struct buf *out)
{
    size_t keep = last ? 0 : cut_tail(s);
    struct str body = str_cut(s, 0, s.n - keep);
    size_t from = 0;

    for (size_t at = 0; at < body.n;) {
        size_t was = at;

        if (utf8_next(body, &at) >= 0)
            continue;
        put_clean(d, str_cut(body, from, was), out);
        buf_puts(out, REPLACEMENT);
        d->bad++;
        from = at;
    }
    put_clean(d, str_cut(body, from, body.n), out);
    return body.n;
}

static size_t
decode_iconv(struct text_decoder *d, struct str s, bool last, struct buf *out)
{
    char *in = (char *)(uintptr_t)s.p;
    size_t left = s.n;

    while (left > 0) {
        char room[4096], *to = room;
        size_t space = sizeof(room);
        size_t rc = iconv(d->cd, &in, &left, &to, &space);
        int why = errno;

        put_clean(d, (struct str){ room, (size_t)(to - room) }, out);
        if (rc != (size_t)-1 || why == E2BIG)
            continue;
        if (why == EINVAL && !last)
            break;
        buf_puts(out, REPLACEMENT);
        d->bad++;
        in++;
        left--;
    }
    return s.n - left;
}

static size_t
decode_piece(struct text_decoder *d, struct str s, bool last, struct buf *out)
{
    return d->cd != NULL ? decode_iconv(d, s, last, out)
                         : decode_utf8(d, s, last, out);
}

void
text_decode(struct text_decoder *d, const char *p, size_t n, bool last,
            struct buf *out)
{
    size_t used;

    /* Finish first what the last piece left. */
    while (d->n_rest > 0 && (n > 0 || last)) {
        bool end = last && n == 0;

        if (n > 0 && d->n_rest < sizeof(d->rest)) {
            d->rest[d->n_rest++] = *p++;
            n--;
        }
        used = decode_piece(d, (struct str){ d->rest, d->n_rest },
                            end || d->n_rest == sizeof(d->rest), out);
        memmove(d->rest, d->rest + used, d->n_rest - used);
        d->n_rest -= used;
    }
    if (n == 0)
        return;
    used = decode_piece(d, (struct str){ p, n }, last, out);
    d->n_rest = n - used;
    if (d->n_rest > sizeof(d->rest))
        d->n_rest = 0; /* cannot be: no encoding has longer characters */
    memcpy(d->rest, p + used, d->n_rest);
}
