#ifndef DOMAIN_NOTICE_H
#define DOMAIN_NOTICE_H

#include "domain/ledger.h"

/* Rectification notices 整改通知书: records.md 2. One notice for many hazards;
 * which ones, the hazards say. */
enum notice_state {
    NT_DRAFT = 1,
    NT_ISSUED = 2,
    NT_SERVED = 3,
    NT_REPLIED = 4,
    NT_CLOSED = 5,
    NT_REPLACED = 6, /* a second notice stands in its place */
    NT_REFERRED = 7,
    NT_DROPPED = 8,
};
/* Who issued it: the school itself, for example to its contractor, or the
 * district and its inspectors to the school. */
enum notice_side { SIDE_SCHOOL = 1, SIDE_ABOVE = 2 };
enum notice_service { SERVED_SIGNED = 1, SERVED_REFUSED = 2, SERVED_LEFT = 3 };

struct notice {
    struct rec r;
    struct str title, doc_no;
    int64_t inspected_on;
    struct str inspected_at, problems, clause, requirement;
    int64_t deadline;
    struct str inspectors;
    int64_t previous;
    int64_t issued_on, issuer;
    struct str code; /* what the QR code leads to: 128 random bits in hex */
    int64_t served, served_on;
    struct str receiver, witness;
    struct str situation, replied_by;
    int64_t replied_on;
    struct str opinion, referred_to;
    struct str files;
    int64_t step_due;
    int64_t inspection; /* that it was drafted from */
    struct str hazards; /* ids, as they stood on it when it was issued */
    int64_t side;       /* enum notice_side; 0: from before it was kept */
};

/* It is out and waits for what it asks for. */
#define NT_IN_FORCE (IN(NT_ISSUED) | IN(NT_SERVED) | IN(NT_REPLIED))

/* It has been issued. */
#define NT_OUT (NT_IN_FORCE | IN(NT_CLOSED) | IN(NT_REPLACED) | IN(NT_REFERRED))

/* It counts: neither dropped nor replaced by a second one. */
#define NT_STANDING (~(IN(NT_REPLACED) | IN(NT_DROPPED)))

/* A paper has room for so many hazards, and so long are their ids. */
enum { NOTICE_HAZARDS = 100, NOTICE_HAZARDS_MAX = 2100 };

extern const struct ledger notice_ledger;

/* Who inspected, as people write it: "张老师、李老师", "Teacher Li, Teacher
 * Wang", or in Chinese with blanks alone between them. Returns how many, at
 * most max. */
size_t notice_inspectors(struct str, struct str *names, size_t max);

/* Did that hazard stand on it when it was issued? */
bool notice_holds(const struct notice *, int64_t hazard);

#endif
