#ifndef DOMAIN_PARTS_H
#define DOMAIN_PARTS_H

#include "base/arena.h"
#include "domain/field.h"

/*
 * Child rows of a record, in one field (FK_PARTS): the items of a checklist,
 * the answers of an inspection. Each part is a struct of its own whose first
 * member is its id, stable for the life of the record.
 *
 * The field's value is text that is the same wherever it stands, in memory, in
 * the column and in the event: for each part its id, then for each field that
 * is filled in, in rising tags, US tag "=" value (the Chinese side of a text in
 * two languages: tag "z"), then RS. Numbers are decimal. An event carries only
 * the parts that changed: see parts_delta.
 */
struct part_kind {
    const struct field *fields; /* tags 1 and up */
    size_t n_fields;
    size_t size; /* of the struct, at most PART_SIZE_MAX */
    int64_t max; /* how many */
};

enum { PART_SIZE_MAX = 512 };

/* The next part of a value into *part (kind->size bytes, zeroed first); its
 * texts are views of the value. Tags that this version does not know are
 * passed over. False: none left, or malformed (e set). */
bool parts_next(const struct part_kind *, struct str *rest, void *part,
                struct err *e) MUST_USE;
/* All of them, in the arena. Errors: ERR_INVALID, ERR_BUSY. */
bool parts_read(const struct part_kind *, struct str value, struct arena *,
                void *array_of_parts, size_t *n, struct err *e) MUST_USE;
size_t parts_count(struct str value);

/* Append one part. */
void parts_put(const struct part_kind *, const void *part, struct buf *);
/* The value of n parts; "" when there is no memory. */
struct str parts_write(const struct part_kind *, const void *parts, size_t n,
                       struct arena *);
/* The same parts with ids for those that have none (0): above all that the
 * value before or this one has. */
struct str parts_number(struct str before, struct str value, struct arena *);

/* The value as it is kept: its texts cleaned (base/clean.h), its parts as they
 * are. "" when the arena is spent. */
struct str parts_clean(struct str value, struct arena *);

/* Well formed, ids from 1 and each once, no more than fit, every field within
 * its range. Errors: ERR_INVALID (.field = f->name). */
bool parts_check(const struct field *f, struct str value,
                 struct err *e) MUST_USE;

/* What changed, as parts: changed and new ones whole, "id US -" for one that
 * is gone, and at the end "@id,id,..." where the order is not what follows
 * from that. */
void parts_delta(struct str before, struct str after, struct buf *);
/* The inverse; ERR_BUSY. */
bool parts_apply(struct str before, struct str delta, struct arena *,
                 struct str *after, struct err *e) MUST_USE;

/* A value or a delta with "…" where these words stand in its texts. An event
 * carries a changed row whole, so what is taken out of every event is out of
 * the record as well. *n: how often they stood there, added. */
void parts_without(const struct part_kind *, struct str value, struct str words,
                   struct buf *out, size_t *n);

/* The ids of the attachments that a field names, also in its child rows. */
struct field_files {
    const struct field *field;
    struct str list, rest; /* of the value, or of one part; parts to come */
    size_t next;           /* field of the part */
    _Alignas(16) char part[PART_SIZE_MAX];
};
void field_files_of(const struct field *, const void *rec,
                    struct field_files *);
bool field_files_next(struct field_files *, struct str *id);
/* True when it may name some. */
bool field_has_files(const struct field *);

/* Each part that a delta names. */
struct part_change {
    int64_t id;
    bool gone;
};
bool parts_changed(struct str *rest, struct part_change *);

#endif
