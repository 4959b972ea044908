#ifndef SERVICE_DIR_H
#define SERVICE_DIR_H

#include "domain/org.h"
#include "domain/rules.h"
#include "store/store.h"

/*
 * The directory of one tenant as it stood at one version: org tree, people,
 * posts, places, rules and calendar, small enough to hold in memory.  It is
 * a projection like any other, never changed once made.
 */
struct dir_org {
    int64_t id, parent, kind, state, head;
    struct text2 name;
    struct str code;
    int64_t pre, post; /* of the depth-first walk: a is below b when
                        * b.pre <= a.pre && a.post <= b.post */
    int depth;
};

struct dir_person {
    int64_t id, org, state, lang;
    struct str name, login;
};

struct dir_post {
    int64_t id, person, org, role, from_on, to_on;
    struct str title;
};

struct dir_place {
    int64_t id, org, parent, kind, state;
    struct text2 name;
};

struct tenant {
    int64_t id;
    struct str code, zone, currency, origin;
    struct text2 name;       /* as its root node is called today */
    struct text2 first_name; /* as it was made under */
    int64_t created_at;
};

struct dir {
    struct arena *arena;
    int64_t version;
    struct tenant tenant;
    struct dir_org *org; /* by id */
    size_t n_org;
    const struct dir_org **tree; /* the same, parents before children */
    struct dir_person *person;   /* by id */
    size_t n_person;
    struct dir_post *post; /* in force or not; by person */
    size_t n_post;
    struct dir_place *place; /* by id */
    size_t n_place;
    struct rules rules;
    int64_t root; /* the district's node; 0 while there is none */
};

/* A school in being: not the district, a department or an authority. */
bool dir_is_school(const struct dir_org *);
/* Read it all. Errors: ERR_MISSING no such tenant, ERR_STORE, ERR_BUSY. */
struct dir *dir_load(struct store *, int64_t tenant, struct err *) MUST_USE;
void dir_free(struct dir *);

/* A few directories for one thread, checked against the stored version. */
struct dir_cache;
struct dir_cache *dir_cache_new(void);
void dir_cache_free(struct dir_cache *);
/* For a writer: a transaction begins; what was read since then is not so (it
 * was rolled back, and its version will be given to something else). */
void dir_cache_mark(struct dir_cache *);
void dir_cache_undo(struct dir_cache *);
/* The directory as of now; it lives until the next call. */
const struct dir *dir_get(struct dir_cache *, struct store *, int64_t tenant,
                          struct err *) MUST_USE;

/* NULL: none with that id. */
const struct dir_org *dir_org(const struct dir *, int64_t id);
const struct dir_person *dir_person(const struct dir *, int64_t id);
const struct dir_place *dir_place(const struct dir *, int64_t id);
/* Is the post held on that day? */
bool dir_in_force(const struct dir_post *, int64_t today);
/* True when node is top or stands below it. */
bool dir_below(const struct dir *, int64_t node, int64_t top);
/* The school that a node belongs to: itself, or the nearest above that is no
 * department. */
int64_t dir_school(const struct dir *, int64_t node);
/* May a record of the unit name that place? A school's own; of an office above
 * the schools any below it. */
bool dir_place_of(const struct dir *, const struct dir_place *, int64_t org);
/* Does the person belong to what a record of the unit is about: to the unit, to
 * one below or above it, or by a post there? Records name nobody else. */
bool dir_person_of(const struct dir *, const struct dir_person *, int64_t org);
/* That side of a text, or the other where it is empty. zh: enum lang's. */
struct str text2_in(struct text2, bool zh);

/* All tenants, in the order of ids. */
bool tenants_read(struct store *, struct arena *, struct tenant **, size_t *n,
                  struct err *) MUST_USE;

#endif
