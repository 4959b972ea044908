#ifndef TESTS_DROP_NAMES_H
#define TESTS_DROP_NAMES_H

#include <stdbool.h>

/*
 * A power cut as strict POSIX allows it, for what the program keeps beside the
 * database. This file takes the place of mkdir, rename, unlink and fsync below
 * one folder: a name is only as old as the last fsync of its folder, bytes as
 * that of their file. (drop_vfs.h is the same for the database.)
 *
 * After names_cut_at(n) the nth of these calls from now on fails, and all
 * behind it; names_restore() then leaves only what was promised: folders and
 * names that were not synced are gone, a name that was moved over another
 * stands for the old file again, bytes that were not synced are not there.
 */
void names_begin(const char *folder); /* what lies there now is on the disk */
void names_cut_at(int nth);           /* 0: never */
int names_calls(void);
void names_restore(void);

#endif
