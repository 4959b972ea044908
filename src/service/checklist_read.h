#ifndef SERVICE_CHECKLIST_READ_H
#define SERVICE_CHECKLIST_READ_H

#include "codec/table.h"
#include "domain/reading_checklist.h"

/* Reads a checklist from a file; see domain/reading_checklist.h.
 *	fd	a regular file
 *	tmp_dir	for the temporary file of a large workbook, or NULL
 *	a	the result lives in it; CHECKLIST_READ_MEMORY is enough
 * Errors: ERR_TYPE, ERR_TOO_LARGE, ERR_STORE, ERR_BUSY with a message that says
 * what to do. */
enum { CHECKLIST_READ_MEMORY = 32 * 1024 * 1024 };
const struct checklist_read *checklist_read_fd(int fd, const char *tmp_dir,
                                               struct arena *a, struct err *e);
/* The same from bytes: one of the checklists that ship (domain/packs.h). */
const struct checklist_read *checklist_read_csv(struct str text,
                                                struct arena *a, struct err *e);

#endif
