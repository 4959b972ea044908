#ifndef SERVICE_CHANGE_H
#define SERVICE_CHANGE_H

#include "service/actor.h"
#include "service/writer.h"

/* A value as it was sent: a field's name (for two languages with _en, _zh),
 * or one of the names below, which every step accepts:
 *	comment		words: reason or opinion
 *	occurred_at	when it happened, as claimed (late entry, from paper) */
struct input {
    struct str name, value;
};

/*
 * One change of one record: made by a creating step, or a step in its life.
 * The same for a form, the API, an import and the system.
 */
struct change {
    const struct ledger *ledger;
    int64_t tenant, person;   /* person 0 = the system */
    const struct str *scopes; /* as struct actor's */
    int64_t post;
    bool by_hand; /* the password was given for it, or a token may sign */
    int64_t id;   /* 0: make a record */
    int64_t org;  /* of a new record */
    int64_t rev;  /* the one the user saw; 0 = whatever it is (API refuses) */
    struct str verb;
    const struct input *input;
    size_t n_inputs;
    /* what the service has found out for a step that is S_GIVEN: values that
     * nobody may send */
    const struct input *given;
    size_t n_given;
    struct str idem; /* idempotency key; "" = none */
    /* of a form: the same words by the same person within ten minutes are the
     * same record, for a browser may come back with a fresh key */
    bool once;
    /* what the key stands for, where that is not the input itself: a file sent
     * along has a new id each time */
    const struct input *asked;
    size_t n_asked;
    int64_t origin;       /* enum origin; 0 = entered here */
    int64_t state;        /* of an import: the state to arrive in; of an
                      * escalation: how far up it is told */
    struct str raw;       /* of an import: the cells as they stood */
    struct str retold;    /* for the event: see domain/event.h */
    struct str file_rows; /* the same, beside those that the change names */
    bool by_receipt;      /* the caller has seen the receipt of this record */
    bool by_program;      /* it follows from a step that was allowed */
    /* results */
    int64_t out_id, out_rev, out_state, out_due;
    const struct step *out_step;
    bool repeated; /* the key was known: this is the first answer again */
    bool alike;    /* the same, known by its words: see .once */
    bool begun;    /* an error came after all checks: something was written */
};

/*
 * Run a change inside a job.
 * Errors: ERR_MISSING, no such record or not visible to the person;
 * ERR_DENIED; ERR_CONFLICT, wrong state or rev (.field "rev": somebody was
 * faster; see change_since()); ERR_INVALID (.field); ERR_STORE, ERR_FULL,
 * ERR_BUSY.
 * All or nothing: an error leaves no change, no event, no message.
 */
bool change_run(struct tx *, struct change *, struct err *) MUST_USE;
/* The same as a job's function: arg is a struct change. */
bool change_job(struct tx *, void *change, struct err *) MUST_USE;

/* Check and convert inputs for a step into rec, as change_run does, without
 * writing: forms use it to show what they would do. */
bool change_fill(const struct change *, const struct step *,
                 const struct actor *, void *rec, struct arena *,
                 struct str *comment, struct err *) MUST_USE;

#endif
