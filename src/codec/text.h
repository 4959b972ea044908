#ifndef CODEC_TEXT_H
#define CODEC_TEXT_H

#include "base/err.h"

/*
 * Bytes of unknown encoding to UTF-8.  Chinese office files without a mark are
 * either UTF-8 or GB18030; what is valid UTF-8 is taken for it.  English ones
 * of Western Windows have lone bytes beyond ASCII where GB18030 has pairs.
 */
enum text_encoding {
    TEXT_UTF8,
    TEXT_UTF8_BOM,
    TEXT_GB18030,
    TEXT_UTF16LE, /* with or without its mark */
    TEXT_UTF16BE,
    TEXT_CP1252, /* Western Windows */
    TEXT__MAX
};

/* "utf-8", "utf-8-sig", "gb18030", "utf-16le", "utf-16be",
 * "windows-1252": stable. */
const char *text_encoding_name(enum text_encoding);

/* Looks at a file piece by piece, then tells its encoding. Init to zero. */
struct text_probe {
    char tail[4]; /* a UTF-8 sequence cut by the end of a piece */
    size_t n_tail;
    char head[4];
    size_t n_head;
    size_t bytes, nul_even, nul_odd, bad_utf8;
    size_t run, runs, odd_runs; /* of bytes beyond ASCII */
};

void text_probe_feed(struct text_probe *, const char *, size_t);
/* After the last piece. */
enum text_encoding text_probe_end(const struct text_probe *);

/*
 * Decodes piece by piece.  A byte sequence that means nothing becomes U+FFFD
 * and counts in .bad; a NUL is dropped and counts in .nuls.
 */
struct text_decoder {
    enum text_encoding enc;
    void *cd; /* iconv_t, NULL for UTF-8 */
    char rest[8];
    size_t n_rest;
    bool started;
    uint64_t bad, nuls;
};

/* ERR_STORE when the C library lacks the conversion. */
bool text_decoder_init(struct text_decoder *, enum text_encoding, struct err *);
void text_decoder_fini(struct text_decoder *);
/* Append the text of n bytes to out. last: no more bytes will come. */
void text_decode(struct text_decoder *, const char *, size_t n, bool last,
                 struct buf *out);

#endif
