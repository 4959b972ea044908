#ifndef CODEC_MAIL_H
#define CODEC_MAIL_H

#include "base/buf.h"
#include "base/contact.h" /* of addresses */

/* One plain-text message (RFC 5322, RFC 2045), lines ending in CR LF. */
struct mail {
    struct str from, from_name; /* an address; what is shown with it */
    struct str to;
    struct str subject, text;
    struct str id;    /* without <>: the same for every try */
    struct str leave; /* RFC 8058: where to stop it; "" = nowhere */
    int64_t date_ms;
};

/* What stands behind the @. */
struct str mail_domain(struct str address);
void mail_make(struct buf *, const struct mail *);

#endif
