#ifndef CODEC_CHAT_H
#define CODEC_CHAT_H

#include "base/arena.h"
#include "base/buf.h"

/*
 * Robots of chat groups.  They differ in a table and in nothing else: where
 * they are, what a message looks like, how it is signed, what the answer
 * means, how many they take.	(rules.md 13)
 */

/* What became of a try, whatever it went through. */
enum verdict {
    SENT_TAKEN = 1, /* the other side has it */
    SENT_AGAIN,     /* not this time; the fault is the message's or nobody's */
    SENT_WAIT,      /* not this time; leave the channel alone for a while */
    SENT_NEVER,     /* trying again would not help */
};

/* A token bucket: at most burst at once, then one every so often. It keeps
 * within `most` in any `window`, which is what the service allows. */
struct limit {
    int64_t burst, every_ms;
    int64_t most, window_ms;
};

enum chat_kind_v { CHAT_DINGTALK = 1, CHAT_WECOM = 2, CHAT_FEISHU = 3 };
enum chat_sign { SIGN_NONE, SIGN_BY_SECRET, SIGN_BY_TIME };
enum { CHAT_LIMITS = 2 };

enum { CHAT_TEXT_MAX = 6000 };

struct chat_kind {
    int64_t v; /* permanent: rows keep it */
    const char *key, *label;
    const char *hosts; /* where its robots live, with blanks between */
    const char *body;  /* {text} {time} {sign} */
    const char *signed_body, *signed_query; /* where there is a secret */
    enum chat_sign sign;
    int64_t time_ms;      /* the unit of its time stamp, in ms */
    size_t text_max;      /* bytes of {text}, at most CHAT_TEXT_MAX; what is cut
                           * ends with "…" */
    const char *answer;   /* the number that must be 0 in its answer */
    const char *too_fast; /* answers that mean: wait */
    int64_t wait_ms;      /* how long */
    struct limit limit[CHAT_LIMITS]; /* .burst 0: none */
};

extern const struct chat_kind chat_kinds[];   /* ends with .v == 0 */
const struct chat_kind *chat_kind(int64_t v); /* NULL: none */
const struct chat_kind *chat_kind_find(struct str key);

/* True for https://HOST/… on one of the kind's own hosts. */
bool chat_url_ok(const struct chat_kind *, struct str url);

/* Address and body of one message.
 *	relay	"http://host:port" that stands for https://HOST; "" = none */
void chat_make(const struct chat_kind *, struct str url, struct str secret,
               struct str relay, struct str text, int64_t now_ms,
               struct buf *to, struct buf *body);

/* What the answer means. code: in words for the log, at most 60 bytes. */
enum verdict chat_answer(const struct chat_kind *, long status, struct str body,
                         char code[64]);
/* The same of any other HTTP service. */
enum verdict http_verdict(long status, char code[64]);

#endif
