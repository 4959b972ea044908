#include <string.h>
#include <strings.h>

#include "base/tr.h"
#include "base/tr_table.h"

static const char *
zh_find(const char *msgid)
{
    uint32_t i = tr_hash(msgid, strlen(msgid));

    for (;; i++) {
        const struct tr_entry *t = &tr_zh[i & tr_zh_mask];

        if (t->id == NULL)
            return NULL;
        if (strcmp(t->id, msgid) == 0)
            return t->text;
    }
}

const char *
tr(enum lang lang, const char *msgid)
{
    const char *text = NULL;

    if (lang == LANG_ZH && msgid != NULL)
        text = zh_find(msgid);
    return text != NULL ? text : msgid;
}

const char *
trn(enum lang lang, const char *one, const char *many, int64_t n)
{
    const char *text = lang == LANG_ZH ? zh_find(one) : NULL;

    if (text != NULL)
        return text;
    return n == 1 ? one : many;
}

bool
tr_has(enum lang lang, const char *msgid)
{
    return lang == LANG_EN || zh_find(msgid) != NULL;
}

void
tr_err(enum lang lang, const struct err *e, struct buf *b)
{
    struct err said = *e;

    for (unsigned i = 0; i < said.n; i++) {
        struct err_arg *a = &said.arg[i];
        const char *words;

        if (a->type != 'm')
            continue;
        if ((words = tr(lang, a->s)) != a->s)
            utf8_fit(str_of(words), a->s, sizeof(a->s));
    }
    err_format(&said, tr(lang, e->msg), b);
}

const char *
lang_tag(enum lang lang)
{
    return lang == LANG_ZH ? "zh-CN" : "en";
}

/* "0.8" -> 800. Anything else counts as 0: not wanted. */
static int
quality(struct str s)
{
    int v = 0, scale = 100;

    if (s.n == 0 || (s.p[0] != '0' && s.p[0] != '1'))
        return 0;
    if (s.p[0] == '1')
        return 1000;
    for (size_t i = 2; i < s.n && i < 5 && s.p[1] == '.'; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return 0;
        v += (s.p[i] - '0') * scale;
        scale /= 10;
    }
    return v;
}

/* "zh", "zh-TW", "zh-Hans-CN" are all Chinese to us, and so for English. */
static bool
is_language(struct str tag, const char *two)
{
    return tag.n >= 2 && strncasecmp(tag.p, two, 2) == 0 &&
           (tag.n == 2 || tag.p[2] == '-');
}

enum lang
lang_accept(struct str accept, enum lang fallback)
{
    enum lang best = fallback, lang;
    struct str range, tag, q;
    int best_q = 0, v;

    while (str_split(&accept, ',', &range)) {
        if (!str_split(&range, ';', &tag))
            continue;
        tag = str_trim(tag);
        if (is_language(tag, "zh"))
            lang = LANG_ZH;
        else if (is_language(tag, "en"))
            lang = LANG_EN;
        else if (str_is(tag, "*"))
            lang = fallback;
        else
            continue;
        q = str_trim(range);
        v = str_starts(q, STR("q=")) ? quality(str_cut(q, 2, q.n)) : 1000;
        if (v > best_q) {
            best_q = v;
            best = lang;
        }
    }
    return best;
}
