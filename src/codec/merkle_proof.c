#include "codec/merkle.h"

/* The root of leaves [lo, hi), where lo is a multiple of the power of two not
 * below hi - lo: perfect subtrees, put together from the right. */
static bool
range_root(const struct merkle_source *src, uint64_t lo, uint64_t hi,
           struct hash *out, struct err *e)
{
    uint64_t n = hi - lo, end = hi;
    bool any = false;
    struct hash h;

    for (unsigned k = 0; k < 63 && n >> k != 0; k++) {
        if (!(n >> k & 1))
            continue;
        end -= UINT64_C(1) << k;
        if (!src->load(src->arg, k, end >> k, &h, e))
            return false;
        if (any)
            merkle_node(out, &h, out);
        else
            *out = h;
        any = true;
    }
    return true;
}

bool
merkle_root_at(const struct merkle_source *src, uint64_t size, struct hash *out,
               struct err *e)
{
    if (size > 0)
        return range_root(src, 0, size, out, e);
    merkle_empty(out);
    return true;
}

/* The largest power of two below n; n > 1. */
static uint64_t
split_at(uint64_t n)
{
    uint64_t k = 1;

    while (k << 1 < n)
        k <<= 1;
    return k;
}

static void
reverse(struct merkle_proof *p)
{
    for (size_t i = 0; i < p->n / 2; i++) {
        struct hash h = p->at[i];

        p->at[i] = p->at[p->n - 1 - i];
        p->at[p->n - 1 - i] = h;
    }
}

bool
merkle_include(const struct merkle_source *src, uint64_t index, uint64_t size,
               struct merkle_proof *p, struct err *e)
{
    uint64_t lo = 0, hi = size;

    p->n = 0;
    if (index >= size || size >> 62 != 0)
        return err_set(e, ERR_INVALID, NULL, "The log has no such entry");
    while (hi - lo > 1) {
        uint64_t mid = lo + split_at(hi - lo);
        bool left = index < mid;

        if (!range_root(src, left ? mid : lo, left ? hi : mid, &p->at[p->n++],
                        e))
            return false;
        if (left)
            hi = mid;
        else
            lo = mid;
    }
    reverse(p);
    return true;
}

bool
merkle_extend(const struct merkle_source *src, uint64_t old, uint64_t size,
              struct merkle_proof *p, struct err *e)
{
    uint64_t lo = 0, hi = size;

    p->n = 0;
    if (old == 0 || old > size || size >> 62 != 0)
        return err_set(e, ERR_INVALID, NULL,
                       "There is no proof from %ld to %ld entries", (long)old,
                       (long)size);
    while (hi != old) {
        uint64_t mid = lo + split_at(hi - lo);
        bool left = old <= mid;

        if (!range_root(src, left ? mid : lo, left ? hi : mid, &p->at[p->n++],
                        e))
            return false;
        if (left)
            hi = mid;
        else
            lo = mid;
    }
    if (lo > 0 && !range_root(src, lo, hi, &p->at[p->n++], e))
        return false;
    reverse(p);
    return true;
}

static bool
equal(const struct hash *a, const struct hash *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

/* One node up, past every level at which the path is a lone left edge. */
static void
climb(uint64_t *fn, uint64_t *sn, bool right)
{
    if (right && !(*fn & 1))
        while (*fn != 0 && !(*fn & 1)) {
            *fn >>= 1;
            *sn >>= 1;
        }
    *fn >>= 1;
    *sn >>= 1;
}

bool
merkle_included(const struct hash *leaf, uint64_t index, uint64_t size,
                const struct merkle_proof *p, const struct hash *root)
{
    uint64_t fn = index, sn = size - 1;
    struct hash r = *leaf;

    if (index >= size)
        return false;
    for (size_t i = 0; i < p->n; i++) {
        bool right = (fn & 1) || fn == sn;

        if (sn == 0)
            return false;
        if (right)
            merkle_node(&r, &p->at[i], &r);
        else
            merkle_node(&r, &r, &p->at[i]);
        climb(&fn, &sn, right);
    }
    return sn == 0 && equal(&r, root);
}

bool
merkle_extended(const struct hash *old_root, uint64_t old,
                const struct hash *root, uint64_t size,
                const struct merkle_proof *p)
{
    uint64_t fn = old - 1, sn = size - 1;
    struct hash fr, sr;
    size_t i = 0;

    if (old == 0 || old > size)
        return false;
    if (old == size)
        return p->n == 0 && equal(old_root, root);
    if (p->n == 0)
        return false;
    fr = sr = (old & (old - 1)) == 0 ? *old_root : p->at[i++];
    for (; fn & 1; fn >>= 1)
        sn >>= 1;
    for (; i < p->n; i++) {
        bool right = (fn & 1) || fn == sn;

        if (sn == 0)
            return false;
        if (right) {
            merkle_node(&fr, &p->at[i], &fr);
            merkle_node(&sr, &p->at[i], &sr);
        } else
            merkle_node(&sr, &sr, &p->at[i]);
        climb(&fn, &sn, right);
    }
    return sn == 0 && equal(&fr, old_root) && equal(&sr, root);
}
