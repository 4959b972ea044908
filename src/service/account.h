#ifndef SERVICE_ACCOUNT_H
#define SERVICE_ACCOUNT_H

#include "service/writer.h"

/* Secrets: passwords (argon2id), sessions, one-time links, API tokens. What
 * is stored of a random secret is its SHA-256 only. */

enum { SECRET_HEX = 64, SESSION_DAYS = 90, ONCE_HOURS = 72 };

struct account {
    int64_t tenant, person;
    struct str hash; /* "" while no password was set */
};

/* By sign-in name, as it is or as login_fold() makes it. Errors: ERR_MISSING, ERR_STORE. */
bool account_find(struct store *, struct str login, struct arena *,
                  struct account *, struct err *) MUST_USE;

/* The hash of a person's password. Errors: ERR_MISSING, there is none. */
bool account_secret(struct store *, int64_t tenant, int64_t person,
                    struct arena *, struct str *hash, struct err *) MUST_USE;
/* argon2id, 19 MiB, t = 2: slow on purpose, never on an I/O thread. With
 * hash "" it takes as long and says no. */
bool account_verify(struct str hash, struct str password);
/* Errors: ERR_INVALID, shorter than 10 characters, the name itself, or one that
 * many take (domain/password.h). */
bool account_check_password(struct str password, struct str login,
                            struct err *) MUST_USE;
/* out: at least 128 bytes. ERR_BUSY: no memory for it. */
bool account_hash(struct str password, char out[128], struct err *) MUST_USE;

/* 32 random bytes as hex, and what is stored of it. */
void secret_new(char out[SECRET_HEX + 1]);
struct str secret_digest(struct arena *, struct str secret);

/* ---- jobs: arg is the struct ---------------------------------------------- */

struct session_new {
    int64_t tenant, person;
    int64_t hours;               /* 0: SESSION_DAYS */
    char secret[SECRET_HEX + 1]; /* out: the cookie */
    char csrf[SECRET_HEX + 1];   /* out */
};
bool session_add_job(struct tx *, void *, struct err *);

struct session_end {
    int64_t tenant, person;
    struct str secret;
    bool everywhere;
};
bool session_end_job(struct tx *, void *, struct err *);

struct password_set {
    int64_t tenant, person;
    const char *hash; /* argon2id */
    struct str keep;  /* the session that goes on; "" = none */
};
bool password_set_job(struct tx *, void *, struct err *);

struct once_new {
    int64_t tenant, person;
    char secret[SECRET_HEX + 1]; /* out: goes into the link */
};
bool once_new_job(struct tx *, void *, struct err *);

struct token_new {
    int64_t tenant, person;
    struct str name, scopes; /* "read write" */
    int64_t until;
    int64_t id;                  /* out */
    char secret[SECRET_HEX + 1]; /* out: shown once */
};
bool token_add_job(struct tx *, void *, struct err *);

/* ---- reads ------------------------------------------------------------------ */

struct session {
    int64_t tenant, person, until;
    struct str csrf;
};
/* Errors: ERR_SIGN_IN when there is none or it is over. */
bool session_find(struct store *, struct str secret, int64_t now,
                  struct arena *, struct session *, struct err *) MUST_USE;

struct token {
    int64_t tenant, id, person;
    struct str scopes;
};
bool token_find(struct store *, struct str secret, int64_t now, struct arena *,
                struct token *, struct err *) MUST_USE;

/* Whose link it is. Errors: ERR_MISSING, over or unknown. */
bool once_find(struct store *, struct str secret, int64_t now, struct account *,
               struct err *) MUST_USE;

#endif
