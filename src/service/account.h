#ifndef SERVICE_ACCOUNT_H
#define SERVICE_ACCOUNT_H

#include "service/writer.h"

/* Secrets: passwords (argon2id), sessions, one-time links; tokens stand in
 * service/token.h. What is stored of a random secret is its SHA-256 only. */

enum {
    SECRET_HEX = 64,
    SESSION_DAYS = 90,
    SESSION_IDLE_DAYS = 30,
    ONCE_HOURS = 72
};

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

/* A new password ends what the old one let in: every session, the PIN, the
 * person's own tokens, the one-time link. */
struct password_set {
    int64_t tenant, person;
    const char *hash; /* argon2id */
    struct str once;  /* the one-time link that allows it; "" = the person, who
                       * gave the old password */
    struct str
        keep; /* the session that goes on, under a new secret; "" = none */
    char secret[SECRET_HEX + 1]; /* out, with .keep: the new cookie ... */
    int64_t until;               /* ... which lasts until then, ms */
};
/* Errors: ERR_MISSING, the link was used in the meantime or is too old. */
bool password_set_job(struct tx *, void *, struct err *);

struct once_new {
    int64_t tenant, person;
    int64_t by;                  /* who makes it; 0 = the command line */
    char secret[SECRET_HEX + 1]; /* out: goes into the link */
};
bool once_new_job(struct tx *, void *, struct err *);

/* ---- reads ------------------------------------------------------------------ */

struct session {
    int64_t tenant, person, until, used_at;
    struct str csrf, hash;
};
/* Errors: ERR_SIGN_IN when there is none or it is over: at its end, or after
 * SESSION_IDLE_DAYS in which nobody used it. */
bool session_find(struct store *, struct str secret, int64_t now,
                  struct arena *, struct session *, struct err *) MUST_USE;

/* Note that it was used: at most once an hour, outside the log. */
struct session_use {
    struct str hash;
};
bool session_is_stale(const struct session *, int64_t now);
bool session_use_job(struct tx *, void *, struct err *);

/* Whose link it is. Errors: ERR_MISSING, over or unknown. */
bool once_find(struct store *, struct str secret, int64_t now, struct account *,
               struct err *) MUST_USE;

#endif
