#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"

enum err_code {
    ERR_NONE,
    ERR_INVALID,   /* a value the caller sent is wrong; .field says which */
    ERR_SIGN_IN,   /* nobody is signed in */
    ERR_DENIED,    /* the actor lacks the right */
    ERR_MISSING,   /* no such record, or not visible to the actor */
    ERR_METHOD,    /* the address exists, the method does not */
    ERR_CONFLICT,  /* the record changed, or the step is not allowed now */
    ERR_BLIND,     /* the caller did not say which revision it saw */
    ERR_STALE,     /* the header that says so names an older one */
    ERR_TOO_LARGE, /* a declared limit was reached */
    ERR_TYPE,      /* the content is of a type that is not accepted */
    ERR_RATE,      /* too many tries; wait */
    ERR_BUSY,      /* transient: the same call may be made again */
    ERR_FULL,      /* the disk is full: reads go on, writes wait */
    ERR_STORE,     /* the database or the file system failed */
    ERR__MAX
};

/* Whose fault it is decides who is told: the client, or the operator's log. */
enum err_fault { FAULT_NONE, FAULT_CLIENT, FAULT_SERVER };

struct err_info {
    const char *name; /* stable: it appears in the JSON API; two errors may
                       * share one, and differ by status */
    int http;
    enum err_fault fault;
};

extern const struct err_info err_info[ERR__MAX];

/* A message id with its values: put into words at the edge, in the reader's
 * language. Values are copied; a long text is cut at 95 bytes. */
struct err_arg {
    char type; /* 'd' number, 's' text, 'm' text that is itself a message id */
    int64_t d;
    char s[96];
};

struct err {
    enum err_code code;
    const char *field; /* static string, or NULL */
    const char *msg;   /* static: the English text is the message id */
    unsigned n;
    struct err_arg arg[4];
};

/* Marks a text for the catalogue where it cannot be translated on the spot. */
#define N_(msgid) msgid

/* What a call of the system that failed to write means: ERR_FULL for a disk or
 * a quota that is full, ERR_STORE for anything else. No other failure may be
 * called a full disk: it would send the administrator the wrong way. */
enum err_code err_disk(int errnum);

/* Always returns false, so that a check reads: return err_set(e, ...).
 *	fmt	a literal; %s %d %ld %zu %.*s only, at most four */
#define err_set(...) err_false(err_put(__VA_ARGS__))
struct err *err_put(struct err *, enum err_code, const char *field,
                    const char *fmt, ...) PRINTF(4, 5);

/* The value, counted from 0, is itself a message id, such as a state's label:
 * tr_err() puts it into the reader's language, too. Returns false. */
bool err_label(struct err *, unsigned i);

/* In the header, so that a compiler and an analyzer see what it returns. */
static inline bool
err_false(const struct err *e)
{
    (void)e;
    return false;
}

/* What others are told of an ERR_STORE, whose words are for the log alone; a
 * message id. */
extern const char err_ours[];

/* Only the text and its values: what err_format() wants. */
void err_take(struct err *, const char *fmt, va_list);

/* Append the message in words. fmt is e->msg or its translation, which may
 * number its values: %2$s. For a reader: tr_err(). */
void err_format(const struct err *, const char *fmt, struct buf *);

/* The English words, cut to fit cap bytes: for logs and the command line. */
const char *err_text(const struct err *, char *out, size_t cap);

#endif
