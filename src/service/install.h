#ifndef SERVICE_INSTALL_H
#define SERVICE_INSTALL_H

#include "service/account.h"
#include "service/change.h"

/* The first things of an installation and of a district. */
struct install_tenant {
    int64_t id;      /* 0: the next */
    struct str code; /* in addresses: a-z 0-9 - */
    struct text2 name;
    struct str zone;   /* "Asia/Shanghai" */
    struct str origin; /* of checkpoints, e.g. "example.org/anlan" */
    int64_t root;      /* out: the district's node */
};
/* 2 to 32 of a-z, 0-9 and -, which does not come first. */
bool install_code_ok(struct str);
/* A tenant with its root node and its log. Errors: ERR_INVALID, ERR_CONFLICT. */
bool install_tenant_job(struct tx *, void *, struct err *);

/* A person with one post, able to sign in once a password is set. */
struct install_person {
    int64_t tenant, org;
    struct str name, login;
    enum role role;
    int64_t id; /* out */
};
bool install_person_job(struct tx *, void *, struct err *);

/* Run a creating or other step as the system; shorter to write. */
bool install_change(struct tx *, int64_t tenant, const struct ledger *,
                    int64_t id, const char *verb, int64_t org,
                    const struct input *, size_t n, int64_t *out_id,
                    struct err *) MUST_USE;

/* Settings that the program itself keeps. */
bool setting_put(struct tx *, const char *name, struct str value,
                 struct err *) MUST_USE;
/* "" when it was never set. */
bool setting_get(struct store *, const char *name, struct arena *,
                 struct str *value, struct err *) MUST_USE;

#endif
