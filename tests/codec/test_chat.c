/* What goes to chats and mailboxes, byte by byte. */
#include "unit.h"

#include <string.h>

#include "codec/chat.h"
#include "codec/fill.h"
#include "codec/hash.h"
#include "codec/mail.h"

static void
a_bucket_never_passes_what_the_service_allows(void **state)
{
    (void)state;
    for (const struct chat_kind *k = chat_kinds; k->v != 0; k++)
        for (size_t i = 0; i < CHAT_LIMITS && k->limit[i].burst > 0; i++) {
            const struct limit *l = &k->limit[i];

            assert_true(l->burst + l->window_ms / l->every_ms <= l->most);
        }
}

static void
only_a_robots_own_host_is_an_address(void **state)
{
    static const struct {
        const char *url;
        bool ok;
    } rows[] = {
        { "https://oapi.dingtalk.com/robot/send?access_token=x", true },
        { "http://oapi.dingtalk.com/robot/send?access_token=x", false },
        { "https://oapi.dingtalk.com.evil.example/robot/send", false },
        { "https://oapi.dingtalk.com:444/robot/send", false },
        { "https://me@oapi.dingtalk.com/robot/send", false },
        { "https://oapi.dingtalk.com@evil.example/x", false },
        { "https://127.0.0.1/robot", false },
        { "https://oapi.dingtalk.com/\r\nX: y", false },
        { "https://oapi.dingtalk.com", false },
        { "https://oapi.dingtalk.com/", false },
        { "", false },
    };

    (void)state;
    for (size_t i = 0; i < N_OF(rows); i++)
        if (chat_url_ok(chat_kind(CHAT_DINGTALK), str_of(rows[i].url)) !=
            rows[i].ok)
            fail_msg("%s", rows[i].url);
}

static void
signatures_are_those_of_the_services(void **state)
{
    BUF(to, 1024);
    BUF(body, 4096);
    const int64_t now = INT64_C(1785000000000);

    (void)state;
    chat_make(chat_kind(CHAT_DINGTALK),
              STR("https://oapi.dingtalk.com/robot/send?access_token=x"),
              STR("SECabc"), STR(""), STR("a \"b\"\n<at>\\"), now, &to, &body);
    assert_string_equal(
        to.p, "https://oapi.dingtalk.com/robot/send?access_token=x"
              "&timestamp=1785000000000"
              "&sign=oK%2B93MM8nwneQPRBQN9P9sWJ9np5wFeFWbboj9059Wo%3D");
    assert_string_equal(body.p, "{\"msgtype\":\"text\",\"text\":{\"content\":"
                                "\"a \\\"b\\\"\\n＜at＞\\\\\"}}");
    buf_clear(&to);
    buf_clear(&body);
    chat_make(chat_kind(CHAT_FEISHU),
              STR("https://open.feishu.cn/open-apis/bot/v2/hook/x"),
              STR("SECabc"), STR("http://127.0.0.1:1"), STR("hi"), now, &to,
              &body);
    assert_string_equal(to.p, "http://127.0.0.1:1/open-apis/bot/v2/hook/x");
    assert_string_equal(
        body.p, "{\"timestamp\":\"1785000000\","
                "\"sign\":\"Qi0/5TpdVMwY/1AUmYtr3VFbfzCv55AMIce3RqTHpj8=\","
                "\"msg_type\":\"text\",\"content\":{\"text\":\"hi\"}}");
    buf_clear(&to);
    buf_clear(&body);
    chat_make(chat_kind(CHAT_WECOM),
              STR("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"),
              STR(""), STR(""), STR("hi"), now, &to, &body);
    assert_string_equal(
        to.p, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x");
}

static void
what_a_service_has_no_room_for_ends_with_a_mark(void **state)
{
    enum { N = 3000 };
    BUF(to, 1024);
    BUF(body, 16 * 1024);
    BUF(text, 4 * N);

    (void)state;
    for (int i = 0; i < N; i++)
        buf_puts(&text, "隐");
    chat_make(chat_kind(CHAT_WECOM),
              STR("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"),
              STR(""), STR(""), buf_str(&text), 0, &to, &body);
    assert_true(utf8_valid(buf_str(&body)));
    assert_non_null(strstr(body.p, "隐隐…\""));
    assert_true(body.n <= 2000 + strlen("{\"msgtype\":\"text\","
                                        "\"text\":{\"content\":\"\"}}"));
}

static void
an_answer_says_what_became_of_it(void **state)
{
    static const struct {
        long status;
        const char *body;
        enum verdict v;
    } rows[] = {
        { 200, "{\"errcode\":0,\"errmsg\":\"ok\"}", SENT_TAKEN },
        { 200, "{\"errcode\":130101}", SENT_WAIT },
        { 200, "{\"errcode\":310000}", SENT_NEVER },
        { 200, "{\"errcode\":\"0\"}", SENT_WAIT },
        { 200, "", SENT_WAIT },
        { 200, "\xff\xfe", SENT_WAIT },
        { 200, "[0]", SENT_WAIT },
        { 302, "{\"errcode\":0}", SENT_NEVER },
        { 404, "{\"errcode\":0}", SENT_NEVER },
        { 429, "", SENT_WAIT },
        { 503, "", SENT_WAIT },
    };
    char code[64];

    (void)state;
    for (size_t i = 0; i < N_OF(rows); i++)
        if (chat_answer(chat_kind(CHAT_DINGTALK), rows[i].status,
                        str_of(rows[i].body), code) != rows[i].v)
            fail_msg("%ld %s", rows[i].status, rows[i].body);
}

static void
a_hole_is_filled_as_its_place_wants(void **state)
{
    static const struct hole holes[] = { { "text", { "a&b 危\"", 8 } },
                                         { "key", { "k", 1 } } };
    BUF(b, 256);

    (void)state;
    fill(&b, STR("?t={text}&k={key}&x={other}{"), holes, 2, FILL_URL);
    assert_string_equal(b.p, "?t=a%26b%20%E5%8D%B1%22&k=k&x={other}{");
    buf_clear(&b);
    fill(&b, STR("{\"t\":\"{text}\"}"), holes, 2, FILL_JSON);
    assert_string_equal(b.p, "{\"t\":\"a&b 危\\\"\"}");
}

static void
nothing_in_a_mail_ends_its_header(void **state)
{
    const struct mail m = {
        .from = STR("anlan@d.example"),
        .from_name = STR("学区\r\nBcc: a@b"),
        .to = STR("zhang@d.example"),
        .subject = STR("安澜：2 项逾期\r\nBcc: evil@x.example\r\n\r\nboo, and "
                       "a subject that goes on for longer than a line has"),
        .text = STR("one\n.\ntwo"),
        .id = STR("1.2@d.example"),
        .leave = STR("https://a.example/stop/1-2-3"),
        .date_ms = INT64_C(1785000000000),
    };
    BUF(b, 16 * 1024);
    struct str rest, line;

    (void)state;
    mail_make(&b, &m);
    assert_null(strstr(b.p, "Bcc"));
    assert_non_null(strstr(b.p, "Date: Sat, 25 Jul 2026 17:20:00 +0000\r\n"));
    assert_non_null(strstr(b.p, "Message-ID: <1.2@d.example>\r\n"));
    assert_non_null(strstr(b.p, "\r\n\r\nb25lDQouDQp0d28=\r\n"));
    rest = buf_str(&b);
    while (str_split(&rest, '\n', &line))
        assert_true(line.n <= 79 &&
                    (line.n > 0 ? line.p[line.n - 1] == '\r' : rest.n == 0));
}

static void
hmac_is_that_of_rfc_4231(void **state)
{
    struct hash h;
    BUF(b, 128);
    char key[132];

    (void)state;
    hash_hmac(&h, STR("Jefe"), STR("what do ya want for nothing?"));
    hex_put(&b, hash_str(&h));
    assert_string_equal(b.p, "5bdcc146bf60754e6a042426089575c75a003f089d2739839"
                             "dec58b964ec3843");
    memset(key, 0xaa, 131);
    buf_clear(&b);
    hash_hmac(&h, (struct str){ key, 131 },
              STR("Test Using Larger Than Block-Size Key - Hash Key First"));
    hex_put(&b, hash_str(&h));
    assert_string_equal(b.p, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140"
                             "546040f0ee37f54");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_never_passes_what_the_service_allows),
        cmocka_unit_test(only_a_robots_own_host_is_an_address),
        cmocka_unit_test(signatures_are_those_of_the_services),
        cmocka_unit_test(what_a_service_has_no_room_for_ends_with_a_mark),
        cmocka_unit_test(an_answer_says_what_became_of_it),
        cmocka_unit_test(a_hole_is_filled_as_its_place_wants),
        cmocka_unit_test(nothing_in_a_mail_ends_its_header),
        cmocka_unit_test(hmac_is_that_of_rfc_4231),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
