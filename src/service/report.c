#include "service/report.h"
#include "base/fold.h"
#include "codec/hash.h"
#include "domain/hazard.h"
#include "domain/report.h"
#include "store/stmt.h"

/* ---- the code on a receipt ------------------------------------------------ */

static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum { DIGITS = 26 }; /* of five bits each: 130, the last two are 0 */

struct str
receipt_text(struct arena *a, const unsigned char code[RECEIPT_BYTES])
{
    BUF(b, RECEIPT_TEXT + 1);

    for (int i = 0; i < DIGITS; i++) {
        int bit = i * 5, v = 0;

        for (int k = 0; k < 5; k++, bit++)
            v = v << 1 | (bit < 128 ? code[bit / 8] >> (7 - bit % 8) & 1 : 0);
        if (i > 0 && i % 5 == 0 && i < DIGITS - 1)
            buf_putc(&b, '-');
        buf_putc(&b, letters[v]);
    }
    return arena_dup(a, buf_str(&b));
}

static int
value_of(char c)
{
    const char *at;

    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c == 'O')
        c = '0';
    if (c == 'I' || c == 'L')
        c = '1';
    at = c != '\0' ? strchr(letters, c) : NULL;
    return at != NULL ? (int)(at - letters) : -1;
}

/* The next sign that counts, full-width ones as the plain ones; 0: the end. */
static char
next_sign(struct str typed, size_t *at)
{
    char sign[4];

    while (*at < typed.n) {
        size_t got = fold_cp(utf8_next(typed, at), sign);

        if (got > 1)
            return '?';
        if (got == 1 && sign[0] != '-' && sign[0] != ' ')
            return sign[0];
    }
    return '\0';
}

bool
receipt_read(struct str typed, unsigned char code[RECEIPT_BYTES])
{
    size_t at = 0;
    char c;
    int n = 0;

    memset(code, 0, RECEIPT_BYTES);
    while ((c = next_sign(typed, &at)) != '\0') {
        int v = value_of(c);

        if (v < 0 || n == DIGITS)
            return false;
        for (int k = 0; k < 5; k++) {
            int bit = n * 5 + k, on = v >> (4 - k) & 1;

            if (bit < 128)
                code[bit / 8] |= (unsigned char)(on << (7 - bit % 8));
            else if (on)
                return false;
        }
        n++;
    }
    return n == DIGITS;
}

static struct str
hash_text(struct arena *a, const unsigned char code[RECEIPT_BYTES])
{
    struct hash h;
    BUF(hex, 128);

    hash_of(&h, (const struct str[]){ { (const char *)code, RECEIPT_BYTES } },
            1);
    hex_put(&hex, hash_str(&h));
    return arena_dup(a, buf_str(&hex));
}

bool
receipt_find(struct store *st, const unsigned char code[RECEIPT_BYTES],
             struct receipt *out, struct err *e)
{
    ARENA(a, 4096);

    return stmt_one(
        st, &stmts[Q_RECEIPT_GET], ARGS(ARG(hash_text(a, code))), NULL,
        COLS(COL(&out->tenant), COL(&out->report), COL(&out->hazard)), e);
}

/* ---- a report ---------------------------------------------------------------- */

/* "12,13": the photographs as rows, nobody's yet but the public's. */
static bool
file_ids(struct tx *tx, struct report_new *r, struct str *ids, struct err *e)
{
    BUF(b, 1024);

    for (size_t i = 0; i < r->n_files; i++) {
        struct file_row f = r->file[i];

        f.id = tx_id(tx);
        f.added_at = tx->now;
        f.added_by = PERSON_PUBLIC;
        if (!files_add(tx->st, r->tenant, &f, e))
            return false;
        buf_puts(&b, i > 0 ? "," : "");
        buf_i64(&b, f.id);
    }
    *ids = arena_dup(tx->arena, buf_str(&b));
    return true;
}

static bool
make_hazard(struct tx *tx, struct report_new *r, struct err *e)
{
    struct input in[5] = { { STR("description"), r->description },
                           { STR("source"), STR("public") } };
    struct change c = { .ledger = &hazard_ledger,
                        .tenant = r->tenant,
                        .person = PERSON_PUBLIC,
                        .org = r->org,
                        .verb = STR("report"),
                        .input = in,
                        .n_inputs = 2 };
    struct str ids;

    if (!file_ids(tx, r, &ids, e))
        return false;
    if (r->place != 0)
        in[c.n_inputs++] =
            (struct input){ STR("place"), arena_i64(tx->arena, r->place) };
    if (r->place_text.n > 0)
        in[c.n_inputs++] = (struct input){ STR("place_text"), r->place_text };
    if (ids.n > 0)
        in[c.n_inputs++] = (struct input){ STR("photos_before"), ids };
    if (!change_run(tx, &c, e))
        return false;
    r->hazard = c.out_id;
    return true;
}

bool
report_job(struct tx *tx, void *arg, struct err *e)
{
    struct report_new *r = arg;
    struct hazard h = { .source = 0 };
    struct receipt was;
    struct input in[5];
    struct change c = { .ledger = &report_ledger,
                        .tenant = r->tenant,
                        .person = PERSON_PUBLIC,
                        .org = r->org,
                        .verb = STR("receive"),
                        .by_receipt = true,
                        .input = in };

    if (receipt_find(tx->st, r->code, &was, e)) {
        r->hazard = was.hazard;
        return true;
    }
    if (e->code != ERR_MISSING || !make_hazard(tx, r, e) ||
        !store_rec_get(tx->st, r->tenant, &hazard_ledger, r->hazard, tx->arena,
                       &h, e))
        return false;
    in[c.n_inputs++] = (struct input){ STR("about"), h.r.no };
    in[c.n_inputs++] =
        (struct input){ STR("hazard"), arena_i64(tx->arena, r->hazard) };
    in[c.n_inputs++] =
        (struct input){ STR("receipt"), hash_text(tx->arena, r->code) };
    if (r->who.n > 0)
        in[c.n_inputs++] = (struct input){ STR("who"), r->who };
    if (r->contact.n > 0)
        in[c.n_inputs++] = (struct input){ STR("contact"), r->contact };
    return change_run(tx, &c, e);
}
