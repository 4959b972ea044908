#ifndef CODEC_FILL_H
#define CODEC_FILL_H

#include "base/buf.h"

/* A text with holes, {name}: bodies and addresses that other services want. */
enum fill_how {
    FILL_PLAIN,
    FILL_URL,  /* values percent-encoded: for addresses and forms */
    FILL_JSON, /* values as the inside of a JSON string */
};

struct hole {
    const char *name;
    struct str value;
};

/* Braces that hold no known name stay as they are. */
void fill(struct buf *, struct str text, const struct hole *, size_t n,
          enum fill_how);

/* RFC 3986: everything but letters, digits and -._~ as %XX. */
void url_put(struct buf *, struct str);

#endif
