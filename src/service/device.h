#ifndef SERVICE_DEVICE_H
#define SERVICE_DEVICE_H

#include "service/account.h"

/*
 * A device that many use, such as the guards' at the gate: somebody who manages
 * the school enrols it, and who has set a PIN of six digits opens it with that.
 * A PIN is nothing anywhere else.
 */
enum { PIN_DIGITS = 6, PIN_HOURS = 2 };

struct device {
    int64_t tenant, id, org;
    struct str name;
    int64_t made_at;
};

struct device_new {
    int64_t tenant, org, person;
    struct str name;
    char secret[SECRET_HEX + 1]; /* out: the cookie */
};
bool device_add_job(struct tx *, void *, struct err *);

struct device_end {
    int64_t tenant, id, by;
};
bool device_end_job(struct tx *, void *, struct err *);

struct pin_set {
    int64_t tenant, person;
    const char *hash;
};
bool pin_set_job(struct tx *, void *, struct err *);
/* Inside a job: the PIN goes, if there is one. */
bool pin_end(struct tx *, int64_t tenant, int64_t person,
             struct err *) MUST_USE;

/* Six digits that are not one digit, nor a run. Errors: ERR_INVALID. */
bool pin_check(struct str pin, struct err *) MUST_USE;
/* Errors: ERR_MISSING. */
bool device_find(struct store *, struct str secret, struct arena *,
                 struct device *, struct err *) MUST_USE;
bool pin_find(struct store *, int64_t tenant, int64_t person, struct arena *,
              struct str *hash, struct err *) MUST_USE;
/* Those of a tenant that were not ended: at most cap. */
bool device_each(struct store *, int64_t tenant, struct arena *,
                 struct device *, size_t cap, size_t *n, struct err *) MUST_USE;
/* Who has a PIN: at most cap. */
bool pin_each(struct store *, int64_t tenant, int64_t *people, size_t cap,
              size_t *n, struct err *) MUST_USE;

#endif
