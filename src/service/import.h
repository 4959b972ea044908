#ifndef SERVICE_IMPORT_H
#define SERVICE_IMPORT_H

#include "domain/reading.h"
#include "service/actor.h"
#include "service/writer.h"

/*
 * Bringing an old ledger over: B11.  A row becomes a record "from paper": its
 * raw cells are kept, required fields are waived, what was no date stays in
 * words.  A row's identity is school + text + day found + how many-th of
 * these, so that the same file twice adds nothing.  Chunks of 500 are written
 * together; cancelling keeps the chunks that are finished.
 */
enum import_state {
    IMPORT_UPLOADED = 1,
    IMPORT_RUNNING = 2,
    IMPORT_DONE = 3,
    IMPORT_CANCELLED = 4,
    IMPORT_FAILED = 5,
};

struct import_row {
    int64_t id, org, person;
    struct str name, path, mapping, message;
    int64_t ledger, state, done, skipped, total, at_ms;
};

bool import_get(struct store *, int64_t tenant, int64_t id, struct arena *,
                struct import_row *, struct err *) MUST_USE;

/* Jobs; arg is the struct. */
struct import_new {
    int64_t tenant, org, person;
    struct str name, path;
    int64_t id; /* out */
};
bool import_add_job(struct tx *, void *, struct err *);

struct import_put {
    int64_t tenant;
    struct import_row row;
};
bool import_put_job(struct tx *, void *, struct err *);

/* One that nobody works at any more is over. */
struct import_stop {
    int64_t tenant, id;
};
bool import_stop_job(struct tx *, void *, struct err *);

/* The columns that a school chose for files with these headings. */
bool import_mapping_get(struct store *, int64_t tenant, int64_t org,
                        struct str head, struct arena *, struct str *columns,
                        struct err *) MUST_USE;

/* The uploaded file of an import; swept a week after it was last opened.
 * -1: ERR_MISSING. */
int import_open(struct str path, struct err *);

/* Is there a reader of old files for that ledger? */
bool import_reads(const struct ledger *);

/* "3=place,5=ignore" -> overrides. Errors: ERR_INVALID. */
bool import_mapping_parse(struct str, struct reading_override *, size_t *n,
                          struct err *) MUST_USE;

/* The school that a row is entered for: the one that its words name, if it is
 * fallback or below it and the actor may bring rows over for it; else fallback.
 *	*known	out: the words are empty, or name that school */
int64_t import_school(const struct actor *, struct str words, int64_t fallback,
                      bool *known);

/* The whole run, on a thread of its own. */
struct import_run {
    struct writer *writer;
    const char *data_dir;
    int64_t tenant, id, org, person;
    bool clean_only; /* leave out rows with a doubt: they can come later */
    struct str path, mapping, head;
    int64_t done_before; /* rows that a run brought over which was cut off */
    const bool *cancel;  /* atomic; may be NULL */
};
/* Rows and how far it is are saved together, so a run that a stop of the server
 * cuts off can go on: what is in is known by its identity. Such a row stays
 * IMPORT_RUNNING, with IMPORT_CLEAN as its message where clean_only was set. */
#define IMPORT_CLEAN "clean"
bool import_run(const struct import_run *, struct err *) MUST_USE;

#endif
