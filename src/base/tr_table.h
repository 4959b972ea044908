#ifndef BASE_TR_TABLE_H
#define BASE_TR_TABLE_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

/*
 * The catalogue of one language, made from po/zh_CN.po by tools/poc: a table
 * of mask + 1 slots with open addressing, never full. id == NULL: free.
 */
struct tr_entry {
    const char *id, *text;
};

extern const struct tr_entry tr_zh[];
extern const uint32_t tr_zh_mask;

/* Where to begin looking; poc and tr must agree on it. */
static inline uint32_t
tr_hash(const char *p, size_t n)
{
    uint64_t h = n * UINT64_C(0x9e3779b97f4a7c15), w;

    for (; n >= 8; p += 8, n -= 8) {
        memcpy(&w, p, 8);
        h = (h ^ le64toh(w)) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
    }
    w = 0;
    memcpy(&w, p, n);
    h = (h ^ le64toh(w)) * UINT64_C(0xff51afd7ed558ccd);
    return (uint32_t)(h >> 32);
}

#endif
