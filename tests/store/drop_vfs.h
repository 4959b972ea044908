#ifndef TESTS_DROP_VFS_H
#define TESTS_DROP_VFS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A disk that can lose power and run full: a layer over SQLite's own VFS.
 * kill -9 proves little, for the page cache survives it; here what was not
 * synced is lost.
 *
 * Every write, truncation, sync and removal is one operation. After
 * drop_cut_at(n) the nth from now on does not happen, nor does anything
 * behind it: all calls fail, as on a machine that is off. Close everything,
 * then drop_restore() puts each file back to what was last synced; with
 * keep > 0 some of the writes that were not synced have reached the disk all
 * the same, the last of them perhaps only in part, in no order at all.
 */
void drop_install(void); /* becomes the default VFS; once */

void drop_reset(void); /* forget all files; no faults */
void drop_cut_at(int nth);
bool drop_is_cut(void);
/* keep: of 256 unsynced writes, about so many have arrived. */
void drop_restore(unsigned seed, unsigned keep);

/* The disk is full from the nth write on: half of it is written, the rest
 * fails with SQLITE_FULL. 0: there is room again. */
void drop_full_at(int nth);
/* The nth operation fails once with an I/O error; 0 = none. */
void drop_fail_at(int nth);

/* Operations since drop_reset(). */
int drop_ops(void);

#endif
