#include "unit.h"

#include "codec/svg.h"
#include "html/html.h"
#include "html/test_page.h"

static void
text_is_escaped(void **state)
{
    (void)state;
    BUF(b, 4096);

    HTML_TEXT(&b, STR("<a href=\"x\" id='y'>&amp; 安全</a>"));
    assert_string_equal(b.p, "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;"
                             "&amp;amp; 安全&lt;/a&gt;");
    buf_clear(&b);
    HTML_TEXT(&b, STR(""));
    HTML_TEXT(&b, (const char *)NULL);
    assert_int_equal(b.n, 0);
    HTML_ATTR(&b, "&");
    HTML_TEXT(&b, (int64_t)-7);
    HTML_TEXT(&b, (size_t)8);
    HTML_TEXT(&b, 9u);
    HTML_TEXT(&b, ((struct markup){ STR_INIT("<b>") }));
    assert_string_equal(b.p, "&amp;-789<b>");
}

static void
a_url_part_is_percent_encoded(void **state)
{
    (void)state;
    BUF(b, 4096);

    HTML_PCT(&b, STR("a/b c?安&\"~"));
    assert_string_equal(b.p, "a%2Fb%20c%3F%E5%AE%89%26%22~");
}

static void
only_a_same_site_path_becomes_a_url(void **state)
{
    static const char *const bad[] = {
        "",     "//evil.example",  "javascript:x", "https://evil.example",
        "a/b",  "/\\evil.example", "/a b",         "/a\r\nX: y",
        "\t/a", "/\x01",
    };
    struct url u = { STR_INIT("untouched") };
    (void)state;

    for (size_t i = 0; i < N_OF(bad); i++) {
        assert_false(html_url_vet(str_of(bad[i]), &u));
        assert_true(str_is(u.s, "untouched"));
    }
    assert_true(html_url_vet(STR("/t/2/hazard?x=1&y=2"), &u));
    BUF(b, 100);
    HTML_URL(&b, u);
    assert_string_equal(b.p, "/t/2/hazard?x=1&amp;y=2");
}

static void
a_page_is_filled_in_the_readers_language(void **state)
{
    static const int64_t ids[] = { 7, 8 };
    struct test_view v = { .lang = LANG_ZH,
                           .title = STR_INIT("<\"安\">"),
                           .back = { STR_INIT("/x?a&b") },
                           .note = { STR_INIT("<b>!</b>") },
                           .ids = ids,
                           .n_ids = 2 };
    (void)state;
    BUF(b, 4096);

    page_test(&b, &v);
    assert_string_equal(
        b.p,
        "<!doctype html>\n<title>登录</title>\n"
        "<h1 title=\"&lt;&quot;安&quot;&gt;\">&lt;&quot;安&quot;&gt;</h1>\n"
        "<a href=\"/x?a&amp;b\">办理记录</a>\n"
        "<input type=\"search\"\naria-label=\"显示全部\">\n<p>2 共 %ld 条</p>\n<ul>\n"
        "\n<li data-id=\"7\"><a href=\"/hazard/7\">7</a></li>\n\n"
        "\n<li data-id=\"8\"><a href=\"/hazard/8\">8</a></li>\n\n"
        "\n</ul>\n<pre>\n  kept\n\n  as it is\n</pre>\n<b>!</b>\n"
        "<a href=\"/search?q=%3C%22%E5%AE%89%22%3E\">?</a>\n");
    v.lang = LANG_EN;
    v.n_ids = 0;
    buf_clear(&b);
    page_test(&b, &v);
    assert_non_null(strstr(b.p, "<title>Sign in</title>"));
    assert_non_null(strstr(b.p, "aria-label=\"Show all\" disabled>"));
}

static void
a_mark_on_a_plan_is_a_link_and_writes_no_markup(void **state)
{
    const struct svg_pin pin = { .x = 10,
                                 .y = 740,
                                 .no = STR("1"),
                                 .label = STR("\"><script>"),
                                 .href = STR("/t/x/risk/7?a&b"),
                                 .class = STR("c-red") };

    (void)state;
    BUF(b, 4096);

    svg_plan(&b, STR("/t/x/file/1/large"), 750, STR("<Plan>"), &pin, 1);
    assert_non_null(strstr(b.p, "viewBox=\"0 0 1000 750\""));
    assert_non_null(strstr(b.p, "aria-label=\"&lt;Plan&gt;\""));
    assert_non_null(strstr(b.p, "<image href=\"/t/x/file/1/large\""));
    assert_non_null(strstr(b.p, "<a href=\"/t/x/risk/7?a&amp;b\""));
    assert_non_null(strstr(b.p, "cx=\"10\" cy=\"740\""));
    assert_null(strstr(b.p, "<script"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(a_url_part_is_percent_encoded),
        cmocka_unit_test(only_a_same_site_path_becomes_a_url),
        cmocka_unit_test(a_page_is_filled_in_the_readers_language),
        cmocka_unit_test(a_mark_on_a_plan_is_a_link_and_writes_no_markup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
