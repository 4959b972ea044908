#ifndef CODEC_TILE_H
#define CODEC_TILE_H

#include "base/err.h"
#include "codec/merkle.h"

/* Names of a log's tiles (c2sp.org/tlog-tiles): 256 hashes a tile, n in groups
 * of three digits, "0/x001/x234/067" or, not full yet, "0/x001/x234/067.p/8". */
struct tile_path {
    bool entries; /* a bundle of entries, not of hashes */
    unsigned level;
    uint64_t n;
    unsigned width; /* 1 to 256 */
};

void tile_path_format(struct buf *, const struct tile_path *);
/* What stands behind "tile/". False: no such name. */
bool tile_path_parse(struct str, struct tile_path *) MUST_USE;
/* How many hashes the tile has in a tree of that size; 0: it is not there. */
unsigned tile_width(const struct tile_path *, uint64_t size);

/*
 * A proof to take away (c2sp.org/tlog-proof): what stands in the log at index,
 * checked offline against the log's public key.
 */
struct tlog_proof {
    struct str extra; /* base64; "" = none */
    uint64_t index;
    struct merkle_proof path;
    struct str checkpoint; /* the signed note */
};

void tlog_proof_format(struct buf *, const struct tlog_proof *);
/* Errors: ERR_INVALID. Strings are views of text. */
bool tlog_proof_parse(struct str text, struct tlog_proof *,
                      struct err *) MUST_USE;
/* A file may hold several, one behind the other: take one off its front. */
bool tlog_proof_next(struct str *rest, struct str *one);

#endif
