#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include "unit.h"

#include "domain/hazard.h"
#include "service/change.h"
#include "service/install.h"
#include "service/verify.h"

/* A district with one school and three people, in a folder of its own. */
struct world {
    char dir[64];
    struct writer *w;
    int64_t tenant, root, school, manager, principal, teacher;
};

/* What the world's clock says; tests move it. */
extern int64_t world_now;
int64_t world_clock(void);

int world_set_up(void **state);
int world_tear_down(void **state);
/* This server leads, where several could. */
void world_lead(struct world *);
/* Close the writer and open it again. */
void world_reopen(struct world *);
/* It will not open, and says why. */
void world_cannot_reopen(struct world *, const char *why);

/* A new hazard at the school, by the teacher. */
struct change world_report(const struct world *, const struct input *, size_t);
/* A step on the record that c made. */
bool world_step(struct world *, struct change *c, int64_t who, const char *verb,
                struct err *);

/* Fail with the error's words. */
void world_must(bool ok, const struct err *);
/* Remove a folder with all that is in it. */
void world_wipe(const char *dir);

/* What verify says, line by line; the caller frees .all. */
struct world_heard {
    const char *want; /* NULL: nothing special */
    bool wanted;      /* out: it was said */
    struct buf all;
};
/* v: .dir is set, and whatever else is asked for. */
void world_listen(struct verify *v, struct world_heard *);

extern const struct input wet_floor[2];
extern const struct input assigned[3];

/* Check that the stored installation contradicts itself nowhere: a record's
 * events are as many as its revision, the counters add up, the tree's head is
 * the root of what is stored. Returns how many hazards there are. */
int64_t world_check(struct store *, int64_t tenant);

#endif
