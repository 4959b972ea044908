#ifndef SERVICE_TOKEN_H
#define SERVICE_TOKEN_H

#include "domain/token_scope.h"
#include "service/account.h"

/*
 * Bearer tokens of programs. The text is "anlan_", 32 random bytes in base64url
 * (43 characters) and the CRC-32 of those characters in base 62 (6 digits), so
 * that a scanner finds one that leaked and a mistyped one is told before
 * anything is looked up. Only its hash is stored. Up to 0.1.0 tokens were 64
 * hex digits; those stay valid until their end.
 */
enum { TOKEN_TEXT = 6 + 43 + 6, TOKENS_MAX = 50 /* of one person at once */ };

enum token_kind {
    TOKEN_OLD = 0,  /* made before kinds: ends at its own time alone */
    TOKEN_OWN = 1,  /* a person's: ends with the next password */
    TOKEN_TOOL = 2, /* an integration's: acts by one post, ends with it */
};

struct token_new {
    int64_t tenant, person; /* whom it acts for */
    int64_t by;             /* who makes it; 0 = the command line */
    enum token_kind kind;
    int64_t post; /* of TOKEN_TOOL: one of the person's */
    struct str name, scopes;
    int64_t until;             /* ms; 0 = never */
    int64_t id;                /* out */
    char text[TOKEN_TEXT + 1]; /* out: shown once */
};
/* Errors: ERR_INVALID (.field), name, scopes or post; ERR_CONFLICT, the person
 * has TOKENS_MAX of them. */
bool token_add_job(struct tx *, void *, struct err *);

struct token_end {
    int64_t tenant, id, by;
};
/* Errors: ERR_MISSING, there is none, or it has ended. */
bool token_end_job(struct tx *, void *, struct err *);
/* Inside a job: all that are the person's own. */
bool token_end_own(struct tx *, int64_t tenant, int64_t person, int64_t by,
                   struct err *) MUST_USE;

struct token {
    int64_t tenant, id, person;
    int64_t kind, post;
    int64_t made_at, until, ended_at, used_at; /* ms; 0 = never */
    struct str name, scopes;
};

/* Whose token it is, with what it may do. Does not know the directory: a token
 * of a post is valid only while the post is in force, see token_in_force().
 * Errors: ERR_SIGN_IN, unknown, mistyped or over. */
bool token_find(struct store *, struct str text, int64_t now, struct arena *,
                struct token *, struct err *) MUST_USE;
/* An integration's token: is its post held today, by that person? Any other's:
 * yes. */
bool token_in_force(const struct token *, const struct dir *, int64_t now);

/* A person's that have not ended, the newest first: at most TOKENS_MAX. */
bool token_of(struct store *, int64_t tenant, int64_t person, int64_t now,
              struct arena *, struct token *out, size_t *n,
              struct err *) MUST_USE;

/* Note that it was used: at most once an hour, outside the log. */
struct token_use {
    int64_t tenant, id;
};
bool token_is_stale(const struct token *, int64_t now);
bool token_use_job(struct tx *, void *, struct err *);

#endif
