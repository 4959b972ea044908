#ifndef SERVICE_HEALTH_H
#define SERVICE_HEALTH_H

#include "service/writer.h"

/*
 * What is wrong with a running server, for who watches it. The writer and the
 * scheduler note it as they meet it; any thread may note and look.
 */
enum trouble {
    TROUBLE_WRITER,    /* changes wait, and none is done */
    TROUBLE_DATABASE,  /* the last batch of changes failed */
    TROUBLE_READS,     /* a question failed in the last minutes */
    TROUBLE_DISK,      /* full, or nearly */
    TROUBLE_READ_ONLY, /* restored, and not yet continued */
    TROUBLE_LOG,       /* no checkpoint can be published */
    TROUBLE_CLOCK,     /* it lies behind what it stamped before */
    TROUBLE__MAX
};

struct trouble_info {
    const char *name; /* in /healthz */
    const char *says; /* to people, translated */
    bool down;        /* people are turned away: 503 */
    bool told;        /* to administrators on their pages */
};
extern const struct trouble_info trouble_info[TROUBLE__MAX];

struct health {
    bool noted[TROUBLE__MAX]; /* atomic, each */
    int64_t behind_ms;        /* how far the clock lies behind; atomic */
    int64_t read_failed;      /* clock_watch_ms of the last question; atomic */
};

struct health *writer_health(struct writer *);
void health_note(struct health *, enum trouble, bool is_so);
/* A question to the database failed just now. */
void health_read_failed(struct health *);
/* Bits 1 << TROUBLE_. data_dir: where there has to be room. */
unsigned health_look(struct writer *, const char *data_dir);
/* Is one of them such that people are turned away? */
bool health_is_down(unsigned troubles);

/* Once a minute: the clock against the log's last time of each tenant, and
 * against a watch. Writes a line where that is new.
 * Errors: those of the database. */
struct clock_look {
    int64_t wall, watch; /* of the last time; zeroed at first */
};
bool health_look_at_clock(struct writer *, struct clock_look *, int64_t now,
                          struct err *) MUST_USE;

#endif
