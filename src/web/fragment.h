#ifndef WEB_FRAGMENT_H
#define WEB_FRAGMENT_H

#include "codec/hash.h"
#include "web/app.h"

/*
 * Rendered pieces of pages, shared by all threads, bounded.  A piece is found
 * by the hash of everything that it depends on (tenant, ledger, parameters,
 * language, posts of the reader) and is good only at the versions of ledger
 * and directory at which it was made, read in the snapshot that answers, and
 * until its own hour: the next due time in it, or midnight.
 */
struct fragments;
struct fragment;

struct fragments *fragments_new(size_t max_bytes, struct err *) MUST_USE;
void fragments_free(struct fragments *);

struct fragment_key {
    struct hash hash;
    int64_t ledger_version, dir_version;
};

/* PART_FORM depends on the directory and on what is asked, not on records nor
 * on how far a reader has paged. */
enum fragment_part { PART_FORM, PART_ROWS };

/* What that part of a list page of the asking person depends on.
 * Errors: ERR_STORE, ERR_BUSY. */
bool fragment_key_of(struct rq *, const struct ledger *, enum fragment_part,
                     struct fragment_key *, struct err *) MUST_USE;

/* A reference to the piece, or NULL. */
struct fragment *fragment_find(struct fragments *, const struct fragment_key *,
                               int64_t now);
/* Keep a copy of the bytes; a reference to it, or NULL without memory. */
struct fragment *fragment_keep(struct fragments *, const struct fragment_key *,
                               struct str bytes, int64_t valid_until);
struct str fragment_bytes(const struct fragment *);
/* Give a reference back; fits http_piece.release. */
void fragment_release(void *);

#endif
