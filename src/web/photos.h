#ifndef WEB_PHOTOS_H
#define WEB_PHOTOS_H

#include "domain/reading_checklist.h"
#include "web/post.h"

/*
 * Guidance photographs that travel with a checklist's file. What leaves is
 * clean (picture_is_clean: neither place nor device, PICTURE_LARGE_PX at most)
 * and is called by its hash, so that what comes in again is the same bytes.
 */
struct photo {
    struct str name; /* "0123456789abcdef.jpg"; "" = none */
    char *jpeg;      /* the caller frees; NULL: only its name travels */
    size_t n;
    unsigned h; /* pixels */
};

/* Of one item, on the heavy worker. ids: of check_item.photo. */
void photo_read(struct rq *, struct str ids, struct photo *);
/* The names of all. Errors: ERR_TOO_LARGE when they are more than could be
 * read again; ERR_BUSY. */
bool photo_names(struct rq *, const struct check_item *, size_t n, bool with,
                 struct str **names, struct err *) MUST_USE;

/* Those of a workbook that its rows name: written beside path as temporary
 * files for keep_files(). On a worker.
 *	max	bytes of all together
 * Errors: as xlsx_pictures(). */
bool photos_take(int fd, const char *path, const struct checklist_read *,
                 int64_t max, struct arena *, struct keeping *,
                 struct err *) MUST_USE;
/* The id of the kept one that has this name; 0: none was kept. */
int64_t photo_kept(const struct keeping *, struct str name);

#endif
