#include <sodium.h>

#include "codec/note.h"

enum { ALG_ED25519 = 1, SIGNATURE = 64, PARSED_MAX = 8192 };

static const char dash[] = "\xe2\x80\x94 ";
static const char private_key[] = "PRIVATE+KEY+";

static bool
is_space(int32_t c)
{
    return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xa0 ||
           c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
           c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

bool
note_name_ok(struct str s)
{
    if (s.n == 0 || s.n > NOTE_NAME_MAX || !utf8_valid(s))
        return false;
    for (size_t at = 0; at < s.n;) {
        int32_t c = utf8_next(s, &at);

        if (c < ' ' || c == '+' || is_space(c))
            return false;
    }
    return true;
}

static uint32_t
be32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

void
note_key_name(struct note_key *k, struct str name)
{
    struct hash h;

    hash_of(&h,
            (const struct str[]){
                name, STR("\n\1"), { (const char *)k->pub, sizeof(k->pub) } },
            3);
    k->name = name;
    k->id = be32(h.b);
}

/* "name+hexid+base64(1, 32 bytes)" */
static bool
parse_key(struct str s, struct str *name, uint32_t *id, unsigned char raw[32])
{
    unsigned char all[33], hash[4];
    struct str hex;

    if (!str_split(&s, '+', name) || !str_split(&s, '+', &hex) ||
        !note_name_ok(*name) || !hex_parse(hex, hash, sizeof(hash)) ||
        base64_parse(s, all, sizeof(all)) != sizeof(all) ||
        all[0] != ALG_ED25519)
        return false;
    *id = be32(hash);
    memcpy(raw, all + 1, 32);
    sodium_memzero(all, sizeof(all));
    return true;
}

static void
format_key(struct buf *b, const struct note_key *k, const unsigned char raw[32])
{
    unsigned char all[33] = { ALG_ED25519 };

    memcpy(all + 1, raw, 32);
    buf_printf(b, "%.*s+%08x+", STR_ARG(k->name), k->id);
    base64_put(b, (struct str){ (const char *)all, sizeof(all) });
    sodium_memzero(all, sizeof(all));
}

bool
vkey_parse(struct str s, struct note_key *k, struct err *e)
{
    struct note_key is;
    uint32_t id;

    if (!parse_key(s, &is.name, &id, is.pub))
        return err_set(e, ERR_INVALID, NULL, "This is no public key of a log");
    note_key_name(&is, is.name);
    if (is.id != id)
        return err_set(e, ERR_INVALID, NULL,
                       "The public key and its short id do not belong "
                       "together");
    *k = is;
    return true;
}

void
vkey_format(struct buf *b, const struct note_key *k)
{
    format_key(b, k, k->pub);
}

static void
signer_of(struct note_signer *s, const unsigned char seed[32], struct str name)
{
    crypto_sign_seed_keypair(s->key.pub, s->secret, seed);
    note_key_name(&s->key, name);
}

bool
signer_parse(struct str s, struct note_signer *out, struct err *e)
{
    unsigned char seed[32];
    struct str name;
    uint32_t id;

    if (!str_starts(s, str_of(private_key)) ||
        !parse_key(str_cut(s, sizeof(private_key) - 1, s.n), &name, &id, seed))
        return err_set(e, ERR_INVALID, NULL, "This is no signing key of a log");
    signer_of(out, seed, name);
    sodium_memzero(seed, sizeof(seed));
    return out->key.id == id ||
           err_set(e, ERR_INVALID, NULL,
                   "The signing key and its short id do not belong together");
}

void
signer_format(struct buf *b, const struct note_signer *s)
{
    unsigned char seed[32];

    crypto_sign_ed25519_sk_to_seed(seed, s->secret);
    buf_puts(b, private_key);
    format_key(b, &s->key, seed);
    sodium_memzero(seed, sizeof(seed));
}

void
signer_make(struct note_signer *s, struct str name)
{
    unsigned char seed[32];

    randombytes_buf(seed, sizeof(seed));
    signer_of(s, seed, name);
    sodium_memzero(seed, sizeof(seed));
}

void
note_sign(struct buf *out, const struct note_signer *s, struct str text)
{
    unsigned char sig[4 + SIGNATURE];

    for (int i = 0; i < 4; i++)
        sig[i] = (unsigned char)(s->key.id >> (24 - 8 * i));
    crypto_sign_detached(sig + 4, NULL, (const unsigned char *)text.p, text.n,
                         s->secret);
    buf_str_put(out, text);
    buf_printf(out, "\n%s%.*s ", dash, STR_ARG(s->key.name));
    base64_put(out, (struct str){ (const char *)sig, sizeof(sig) });
    buf_putc(out, '\n');
}

static bool
malformed(struct err *e)
{
    return err_set(e, ERR_INVALID, NULL, "This is no signed note");
}

/* The last empty line parts the text from the signatures. */
static bool
part(struct str note, struct str *text, struct str *lines)
{
    if (note.n > NOTE_MAX || note.n < 3 || note.p[note.n - 1] != '\n' ||
        !utf8_valid(note))
        return false;
    for (size_t i = 0; i < note.n; i++)
        if ((unsigned char)note.p[i] < ' ' && note.p[i] != '\n')
            return false;
    for (size_t i = note.n - 1; i > 0; i--)
        if (note.p[i] == '\n' && note.p[i - 1] == '\n') {
            *text = str_cut(note, 0, i);
            *lines = str_cut(note, i + 1, note.n - 1);
            return lines->n > 0;
        }
    return false;
}

/* *good: it is one of the keys' and right. */
static bool
check_line(struct str line, struct str text, const struct note_key *keys,
           size_t n, bool *good, struct err *e)
{
    unsigned char sig[PARSED_MAX];
    struct str name;
    ptrdiff_t got;

    if (!str_starts(line, str_of(dash)))
        return malformed(e);
    line = str_cut(line, sizeof(dash) - 1, line.n);
    if (!str_split(&line, ' ', &name) || !note_name_ok(name) ||
        (got = base64_parse(line, sig, sizeof(sig))) < 5)
        return malformed(e);
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(name, keys[i].name) || be32(sig) != keys[i].id)
            continue;
        if (got != 4 + SIGNATURE ||
            crypto_sign_verify_detached(sig + 4, (const unsigned char *)text.p,
                                        text.n, keys[i].pub) != 0)
            return err_set(e, ERR_INVALID, NULL,
                           "The signature of %.*s is wrong", STR_ARG(name));
        *good = true;
    }
    return true;
}

bool
note_open(struct str note, const struct note_key *keys, size_t n,
          struct str *text, struct err *e)
{
    struct str is, lines, line;
    bool good = false;
    int count = 0;

    if (!part(note, &is, &lines))
        return malformed(e);
    while (str_split(&lines, '\n', &line)) {
        if (++count > NOTE_SIGNATURES_MAX)
            return malformed(e);
        if (!check_line(line, is, keys, n, &good, e))
            return false;
    }
    if (!good)
        return err_set(e, ERR_INVALID, NULL,
                       "Nobody who is trusted has signed this note");
    *text = is;
    return true;
}

void
checkpoint_format(struct buf *b, const struct checkpoint *c)
{
    buf_printf(b, "%.*s\n%ld\n", STR_ARG(c->origin), (long)c->size);
    base64_put(b, hash_str(&c->root));
    buf_putc(b, '\n');
}

/* ASCII decimal without sign and leading zeroes. */
static bool
parse_size(struct str s, uint64_t *out)
{
    int64_t n;

    if (!str_i64(s, &n) || n < 0 || s.p[0] == '-' || (s.n > 1 && s.p[0] == '0'))
        return false;
    *out = (uint64_t)n;
    return true;
}

static bool
parse_lines(struct str text, struct checkpoint *c)
{
    struct str size, root, line;

    if (text.n == 0 || text.p[text.n - 1] != '\n')
        return false;
    text = str_cut(text, 0, text.n - 1);
    if (!str_split(&text, '\n', &c->origin) || !str_split(&text, '\n', &size) ||
        !str_split(&text, '\n', &root) || c->origin.n == 0 ||
        !parse_size(size, &c->size) ||
        base64_parse(root, c->root.b, sizeof(c->root.b)) != 32)
        return false;
    while (str_split(&text, '\n', &line))
        if (line.n == 0)
            return false;
    return true;
}

bool
checkpoint_parse(struct str text, struct checkpoint *out, struct err *e)
{
    struct checkpoint c;

    if (!parse_lines(text, &c))
        return err_set(e, ERR_INVALID, NULL, "This is no checkpoint of a log");
    *out = c;
    return true;
}

bool
checkpoint_open(struct str note, const struct note_key *k,
                struct checkpoint *out, struct err *e)
{
    struct str text;

    if (!note_open(note, k, 1, &text, e) || !checkpoint_parse(text, out, e))
        return false;
    return str_eq(out->origin, k->name) ||
           err_set(e, ERR_INVALID, NULL,
                   "The checkpoint is of another log: %.*s",
                   STR_ARG(out->origin));
}

__attribute__((constructor)) static void
note_init(void)
{
    if (sodium_init() < 0)
        __builtin_trap();
}
