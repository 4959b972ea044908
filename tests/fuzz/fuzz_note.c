/* What a log's friends and foes hand us: notes, checkpoints, keys, proofs, names
 * of tiles, the answers of the picture program. What is read and written again
 * must be the same. Input: a byte that chooses, then the text. */
#include <stdlib.h>

#include "codec/note.h"
#include "codec/picture.h"
#include "codec/tile.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool ok)
{
    if (!ok)
        abort();
}

static void
note(struct str s)
{
    static struct note_signer signer;
    struct checkpoint c;
    struct str text;
    struct err e;
    BUF(b, 1 << 20);

    if (signer.key.name.n == 0)
        signer_make(&signer, STR("fuzz.example/log"));
    must(!note_open(s, &signer.key, 1, &text, &e)); /* nobody signs for us */
    (void)checkpoint_open(s, &signer.key, &c, &e);
    if (s.n == 0 || s.n > NOTE_MAX / 2 || s.p[s.n - 1] != '\n')
        return;
    note_sign(&b, &signer, s);
    if (note_open(buf_str(&b), &signer.key, 1, &text, &e))
        must(str_eq(text, s));
}

static void
checkpoint(struct str s)
{
    struct checkpoint c, again;
    struct err e;
    BUF(b, 1 << 16);

    /* it comes out of a note, which has no NUL */
    if (memchr(s.p, '\0', s.n) != NULL || !checkpoint_parse(s, &c, &e))
        return;
    checkpoint_format(&b, &c);
    if (b.over)
        return;
    must(checkpoint_parse(buf_str(&b), &again, &e));
    must(again.size == c.size && str_eq(again.origin, c.origin) &&
         memcmp(again.root.b, c.root.b, sizeof(c.root.b)) == 0);
}

static void
keys(struct str s)
{
    struct note_key k, again;
    struct note_signer signer;
    struct err e;
    BUF(b, 1 << 16);

    if (vkey_parse(s, &k, &e)) {
        vkey_format(&b, &k);
        must(vkey_parse(buf_str(&b), &again, &e));
        must(again.id == k.id && str_eq(again.name, k.name) &&
             memcmp(again.pub, k.pub, sizeof(k.pub)) == 0);
    }
    (void)signer_parse(s, &signer, &e);
}

static void
tile(struct str s)
{
    struct tile_path t, again;
    BUF(b, 4096);

    if (!tile_path_parse(s, &t))
        return;
    tile_path_format(&b, &t);
    must(tile_path_parse(buf_str(&b), &again));
    (void)tile_width(&t, UINT64_MAX);
}

static void
proof(struct str s)
{
    struct tlog_proof p;
    struct str one, rest = s;
    struct err e;

    (void)tlog_proof_parse(s, &p, &e);
    while (tlog_proof_next(&rest, &one)) {
        must(one.n <= s.n);
        (void)tlog_proof_parse(one, &p, &e);
    }
}

static void
answer(struct str s)
{
    struct picture_copy copy[PICTURE_COPIES];
    enum picture_fault fault;
    unsigned w, h;

    if (picture_parse(s, &fault, copy) && fault == PICTURE_OK)
        for (int i = 0; i < PICTURE_COPIES; i++)
            must(picture_is_clean(copy[i].jpeg, &w, &h) && w == copy[i].w &&
                 h == copy[i].h);
    (void)picture_is_clean(s, &w, &h);
    (void)picture_size(s, &w, &h);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static void (*const doors[])(struct str) = { note, checkpoint, keys,
                                                 tile, proof,      answer };

    if (n > 0)
        doors[p[0] % N_OF(doors)]((struct str){ (const char *)p + 1, n - 1 });
    return 0;
}
