#include "domain/password.h"
#include "base/fold.h"
#include "domain/login.h"

/* Longer ones are looked at for repetition only. */
enum { LOOKED_MAX = 64, WORDS_MAX = 2, WALK_MIN = 3, NUMBER_MIN = 14 };

static const char *const walks[] = {
    "1234567890",
    "01234567890123456789",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "!@#$%^&*()",
    "147258369",
    "qweasdzxc",
};

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The letter that a sign stands for in "p@ssw0rd". */
static char
plain(char c)
{
    static const char from[] = "@430!1$57", to[] = "aaeoiisst";
    const char *at = c != '\0' ? strchr(from, c) : NULL;

    return at != NULL ? to[at - from] : c;
}

/* Whether p goes along that walk from some key of it, or back. */
static bool
walks_along(const char *walk, const char *p, size_t n)
{
    size_t keys = strlen(walk);

    for (size_t at = 0; at + n <= keys; at++) {
        bool on = true, back = true;

        for (size_t i = 0; i < n && (on || back); i++) {
            on &= walk[at + i] == p[i];
            back &= walk[at + n - 1 - i] == p[i];
        }
        if (on || back)
            return true;
    }
    return false;
}

static bool
is_walk(const char *p, size_t n)
{
    bool same = n >= WALK_MIN;

    for (size_t i = 1; i < n && same; i++)
        same = p[i] == p[0];
    if (same)
        return true;
    for (size_t w = 0; n >= WALK_MIN && w < N_OF(walks); w++)
        if (walks_along(walks[w], p, n))
            return true;
    return false;
}

static bool
is_word(const char *p, size_t n, struct str login)
{
    char z[LOOKED_MAX];

    if (n > sizeof(z))
        return false;
    if (n < 3) /* a letter or two among digits */
        return is_letter(p[0]) && is_letter(p[n - 1]);
    if (str_eq((struct str){ p, n }, login) ||
        str_in_words((struct str){ p, n }, password_words))
        return true;
    for (size_t i = 0; i < n; i++)
        z[i] = plain(p[i]);
    return str_in_words((struct str){ z, n }, password_words);
}

/* How few words it is made of, with what counts for nothing around them. */
static unsigned
words_of(struct str s, struct str login)
{
    unsigned least[LOOKED_MAX + 1];

    least[0] = 0;
    for (size_t end = 1; end <= s.n; end++) {
        least[end] = is_letter(s.p[end - 1]) ? WORDS_MAX + 1 : least[end - 1];
        for (size_t from = 0; from < end; from++) {
            unsigned n = least[from];

            if (n > WORDS_MAX || n >= least[end])
                continue;
            if (is_walk(s.p + from, end - from))
                least[end] = n;
            else if (n + 1 < least[end] &&
                     is_word(s.p + from, end - from, login))
                least[end] = n + 1;
        }
    }
    return least[s.n];
}

/* "abcabcabc": a part of at most a third, again and again. */
static bool
repeats(struct str s)
{
    for (size_t part = 1; 3 * part <= s.n; part++) {
        size_t i = part;

        while (i < s.n && s.p[i] == s.p[i - part])
            i++;
        if (i == s.n)
            return true;
    }
    return false;
}

static bool
is_number(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return true;
}

bool
password_is_common(struct arena *a, struct str password, struct str login)
{
    struct str key = fold_key(a, password);

    if (key.n == 0 || repeats(key))
        return true;
    if (key.n > LOOKED_MAX)
        return false;
    if (is_number(key) && key.n >= NUMBER_MIN)
        return is_walk(key.p, key.n);
    return words_of(key, login_fold(a, login)) <= WORDS_MAX;
}
