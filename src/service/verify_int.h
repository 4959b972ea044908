#ifndef SERVICE_VERIFY_INT_H
#define SERVICE_VERIFY_INT_H

#include "service/logkey.h"
#include "service/replay.h"
#include "service/verify.h"
#include "store/stmt.h"

/* A line of log.head. */
struct verify_given {
    struct str log;
    uint64_t size;
    struct hash root;
    struct verify_given *next;
};

/* Shared by verify*.c only. */
struct checking {
    struct verify *v;
    struct store *st;
    const struct tenant *tenant;
    struct arena *arena; /* for the tenant */
    struct note_key key; /* the installation's */
    bool has_key;
    struct note_key former[16]; /* under which the log was signed before */
    size_t n_former;
    struct replay_numbers *numbers;
    struct verify_given *given;
    struct looks *looks;       /* what the log says of days of looks */
    unsigned char row_key[32]; /* see service/seal.h */
    bool has_row_key;
    struct credentials *credentials; /* what the log says of them */
};

struct spot {
    const char *kind;
    int64_t id, seq;
    const char *field;
};

void verify_say(struct checking *, struct spot, const struct err *what);

/* Report: SAY(c, (place), "message", ...) */
#define SAY(c, where, ...)                                                     \
    do {                                                                       \
        struct err what_ = { 0 };                                              \
                                                                               \
        (void)err_set(&what_, ERR_STORE, NULL, __VA_ARGS__);                   \
        verify_say((c), (where), &what_);                                      \
    } while (0)

static inline struct spot
spot(const char *kind, int64_t id, int64_t seq)
{
    return (struct spot){ .kind = kind, .id = id, .seq = seq };
}

/* Each: false only when it cannot go on. */
bool verify_log(struct checking *, struct err *) MUST_USE;
bool verify_looks_event(struct checking *, int64_t seq, struct str said,
                        struct err *) MUST_USE;
bool verify_tenant(struct checking *, struct err *) MUST_USE;
/* Of the whole installation. */
bool verify_settings(struct checking *, struct err *) MUST_USE;
/* Behind verify_log(), which knows the former keys. */
bool verify_outside(struct checking *, struct err *) MUST_USE;
void verify_outside_end(struct checking *);
bool verify_seal_key(struct checking *, struct err *) MUST_USE;
bool verify_seals(struct checking *, struct err *) MUST_USE;
/* The files log.head of the folder: read before the snapshot, for what was signed
 * is in the log by then. */
bool verify_given_read(struct checking *, struct err *) MUST_USE;
bool verify_given(struct checking *, struct err *) MUST_USE;
bool verify_rows(struct checking *, struct err *) MUST_USE;
bool verify_files(struct checking *, struct err *) MUST_USE;
/* Behind verify_log(), which hands over the events of credentials. */
bool verify_credentials(struct checking *, struct err *) MUST_USE;
bool verify_credential_event(struct checking *, int64_t seq, struct str body,
                             struct err *) MUST_USE;
/* Does the log hold such a step of that record, not before seq? An older one
 * excuses nothing that was told since. */
bool verify_was_erased(struct checking *, int64_t record, int64_t seq,
                       const char *verb, struct err *);
/* Does the log hold a step that took words out of that event and left these
 * bytes? */
bool verify_was_retold(struct checking *, int64_t record, int64_t seq,
                       struct str body, struct err *);
/* Are the rows of files as that list of an event says, or as a later one does? */
bool verify_file_rows(struct checking *, int64_t seq, struct str list,
                      struct err *) MUST_USE;
/* Is that file of an event there, under that hash? Says so if not. */
bool verify_named_file(struct checking *, int64_t seq, int64_t record,
                       int64_t file, struct str sha, struct err *) MUST_USE;

#endif
