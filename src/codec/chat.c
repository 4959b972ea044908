#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "base/err.h"
#include "codec/chat.h"
#include "codec/fill.h"
#include "codec/hash.h"

enum { MINUTE = 60 * 1000 };

/* clang-format off */
const struct chat_kind chat_kinds[] = {
    { .v = CHAT_DINGTALK, .key = "dingtalk", .label = N_("DingTalk robot"),
      .hosts = "oapi.dingtalk.com",
      .body = "{\"msgtype\":\"text\",\"text\":{\"content\":\"{text}\"}}",
      .signed_query = "&timestamp={time}&sign={sign}",
      .sign = SIGN_BY_SECRET, .time_ms = 1, .text_max = CHAT_TEXT_MAX,
      .answer = "errcode", .too_fast = "130101 410100 -1", .wait_ms = 10 * MINUTE,
      /* 20 a minute; whoever sends more is shut out for ten minutes */
      .limit = { { 4, 4000, 20, MINUTE } } },
    { .v = CHAT_WECOM, .key = "wecom", .label = N_("WeCom robot"),
      .hosts = "qyapi.weixin.qq.com",
      .body = "{\"msgtype\":\"text\",\"text\":{\"content\":\"{text}\"}}",
      .sign = SIGN_NONE, .text_max = 2000,
      .answer = "errcode", .too_fast = "45009 -1", .wait_ms = MINUTE,
      .limit = { { 4, 4000, 20, MINUTE } } },
    { .v = CHAT_FEISHU, .key = "feishu", .label = N_("Feishu robot"),
      .hosts = "open.feishu.cn open.larksuite.com",
      .body = "{\"msg_type\":\"text\",\"content\":{\"text\":\"{text}\"}}",
      .signed_body = "{\"timestamp\":\"{time}\",\"sign\":\"{sign}\","
                     "\"msg_type\":\"text\",\"content\":{\"text\":\"{text}\"}}",
      .sign = SIGN_BY_TIME, .time_ms = 1000, .text_max = CHAT_TEXT_MAX,
      .answer = "code", .too_fast = "11232 9499 11233", .wait_ms = MINUTE,
      .limit = { { 3, 500, 5, 1000 }, { 20, 800, 100, MINUTE } } },
    { 0 },
};
/* clang-format on */

const struct chat_kind *
chat_kind(int64_t v)
{
    for (const struct chat_kind *k = chat_kinds; k->v != 0; k++)
        if (k->v == v)
            return k;
    return NULL;
}

const struct chat_kind *
chat_kind_find(struct str key)
{
    for (const struct chat_kind *k = chat_kinds; k->v != 0; k++)
        if (str_is(key, k->key))
            return k;
    return NULL;
}

/* What follows https://host, or n == 0: the address is not one of the kind's. */
static struct str
path_of(const struct chat_kind *k, struct str url)
{
    struct str rest = str_of(k->hosts), host;

    while (str_split(&rest, ' ', &host)) {
        size_t at = strlen("https://") + host.n;

        if (str_starts(url, STR("https://")) && url.n > at + 1 &&
            str_eq(str_cut(url, 8, at), host) && url.p[at] == '/')
            return str_cut(url, at, url.n);
    }
    return STR("");
}

bool
chat_url_ok(const struct chat_kind *k, struct str url)
{
    for (size_t i = 0; i < url.n; i++)
        if (url.p[i] <= ' ' || url.p[i] > '~' || url.p[i] == '#' ||
            url.p[i] == '\\')
            return false;
    return path_of(k, url).n > 0;
}

static void
sign(const struct chat_kind *k, struct str secret, struct str time,
     struct buf *out)
{
    struct hash h;
    BUF(b, 4096);

    buf_printf(&b, "%.*s\n%.*s", STR_ARG(time), STR_ARG(secret));
    if (k->sign == SIGN_BY_SECRET)
        hash_hmac(&h, secret, buf_str(&b));
    else
        hash_hmac(&h, buf_str(&b), STR(""));
    base64_put(out, hash_str(&h));
}

/* Signs by which a robot would call everybody, or draw what it is told. */
static void
defuse(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '<')
            buf_puts(out, "＜");
        else if (text.p[i] == '>')
            buf_puts(out, "＞");
        else
            buf_putc(out, text.p[i]);
    }
}

void
chat_make(const struct chat_kind *k, struct str url, struct str secret,
          struct str relay, struct str text, int64_t now_ms, struct buf *to,
          struct buf *body)
{
    char digits[24];
    struct str time =
        i64_digits(k->time_ms > 0 ? now_ms / k->time_ms : 0, digits);
    char said[CHAT_TEXT_MAX + 1];
    BUF(words, 64 * 1024);
    BUF(signature, 128);
    bool sealed = secret.n > 0 && k->sign != SIGN_NONE;

    defuse(&words, text);
    if (sealed)
        sign(k, secret, time, &signature);
    const struct hole holes[] = {
        { "text", (struct str){ said, utf8_fit(buf_str(&words), said,
                                               k->text_max + 1) } },
        { "time", time },
        { "sign", buf_str(&signature) },
    };
    if (relay.n > 0)
        buf_printf(to, "%.*s%.*s", STR_ARG(relay), STR_ARG(path_of(k, url)));
    else
        buf_str_put(to, url);
    if (sealed && k->signed_query != NULL)
        fill(to, str_of(k->signed_query), holes, N_OF(holes), FILL_URL);
    fill(body,
         str_of(sealed && k->signed_body != NULL ? k->signed_body : k->body),
         holes, N_OF(holes), FILL_JSON);
}

enum verdict
http_verdict(long status, char code[64])
{
    snprintf(code, 64, "HTTP %ld", status);
    if (status >= 200 && status < 300)
        return SENT_TAKEN;
    if (status == 408 || status == 425 || status == 429 || status >= 500)
        return SENT_WAIT;
    return SENT_NEVER;
}

enum verdict
chat_answer(const struct chat_kind *k, long status, struct str body,
            char code[64])
{
    enum verdict v = http_verdict(status, code);
    json_t *j, *n;
    char digits[24];

    if (v != SENT_TAKEN)
        return v;
    j = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES, NULL);
    n = json_object_get(j, k->answer);
    if (!json_is_integer(n)) {
        json_decref(j);
        snprintf(code, 64, "an answer that is not understood");
        return SENT_WAIT;
    }
    snprintf(code, 64, "%s %" PRId64, k->answer,
             (int64_t)json_integer_value(n));
    if (json_integer_value(n) != 0)
        v = str_in_words(i64_digits(json_integer_value(n), digits), k->too_fast)
                ? SENT_WAIT
                : SENT_NEVER;
    json_decref(j);
    return v;
}
