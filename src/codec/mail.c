#include <inttypes.h>

#include "base/err.h"
#include "base/time.h"
#include "codec/hash.h"
#include "codec/mail.h"

struct str
mail_domain(struct str s)
{
    ptrdiff_t at = str_find(s, STR("@"));

    return at < 0 ? STR("") : str_cut(s, (size_t)at + 1, s.n);
}

/* RFC 2047: words of at most 75 signs, each of whole characters. Whatever
 * could end the line is among the encoded. */
static void
words(struct buf *b, struct str s)
{
    bool first = true;

    while (s.n > 0) {
        struct str piece = utf8_head(s, 39);

        if (piece.n == 0)
            piece = str_cut(s, 0, 1);
        buf_puts(b, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
        base64_put(b, piece);
        buf_puts(b, "?=");
        s = str_cut(s, piece.n, s.n);
        first = false;
    }
}

static void
date(struct buf *b, int64_t ms)
{
    static const char days[] = "MonTueWedThuFriSatSun";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t day = ms / MS_PER_DAY, s = ms % MS_PER_DAY / MS_PER_SECOND;
    struct civil c = civil_of(day);

    buf_printf(b, "Date: %.3s, %02d %.3s %04" PRId64,
               days + 3 * (weekday_of(day) - 1), c.day,
               months + 3 * (c.month - 1), c.year);
    buf_printf(b, " %02d:%02d:%02d +0000\r\n", (int)(s / 3600),
               (int)(s / 60 % 60), (int)(s % 60));
}

static void
body(struct buf *b, struct str text)
{
    BUF(lines, 256 * 1024);
    struct str rest;

    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\n')
            buf_putc(&lines, '\r');
        buf_putc(&lines, text.p[i]);
    }
    for (rest = buf_str(&lines); rest.n > 0; rest = str_cut(rest, 57, rest.n)) {
        base64_put(b, str_cut(rest, 0, 57));
        buf_puts(b, "\r\n");
    }
}

void
mail_make(struct buf *b, const struct mail *m)
{
    date(b, m->date_ms);
    buf_puts(b, "From: ");
    words(b, m->from_name);
    buf_printf(b, "\r\n <%.*s>\r\n", STR_ARG(m->from));
    buf_printf(b, "To: <%.*s>\r\n", STR_ARG(m->to));
    buf_puts(b, "Subject: ");
    words(b, m->subject);
    buf_printf(b, "\r\nMessage-ID: <%.*s>\r\n", STR_ARG(m->id));
    if (m->leave.n > 0)
        buf_printf(b,
                   "List-Unsubscribe: <%.*s>\r\n"
                   "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
                   STR_ARG(m->leave));
    buf_puts(b, "Auto-Submitted: auto-generated\r\n"
                "X-Auto-Response-Suppress: All\r\n"
                "MIME-Version: 1.0\r\n"
                "Content-Type: text/plain; charset=UTF-8\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\n");
    body(b, m->text);
}
