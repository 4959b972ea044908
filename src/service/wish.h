#ifndef SERVICE_WISH_H
#define SERVICE_WISH_H

#include "domain/message.h"
#include "service/writer.h"

/* What a person chose of messages; the preset where nothing was chosen. */
bool wish_get(struct store *, int64_t tenant, int64_t person, struct wish *,
              struct err *) MUST_USE;

struct wish_new {
    int64_t tenant, person;
    bool off_only; /* by the link of a mail: the rest stays as it is */
    bool all_off;  /* all that is no duty */
    struct wish wish;
};
/* A writer's job. Errors: ERR_INVALID (.field). */
bool wish_put_job(struct tx *, void *, struct err *);

/* The key of the links in mails; made where there is none yet. */
bool link_key_make(struct tx *, struct err *) MUST_USE;

/*
 * The word by which somebody stops messages without signing in:
 * TENANT-PERSON-MAC, signed with the installation's key.  It opens nothing
 * else and does not wear out: an old mail's link must still work.
 */
struct str link_word(struct store *, struct arena *, int64_t tenant,
                     int64_t person, struct err *);
/* Errors: ERR_MISSING. */
bool link_read(struct store *, struct arena *, struct str word, int64_t *tenant,
               int64_t *person, struct err *) MUST_USE;

#endif
