#ifndef BASE_DISK_H
#define BASE_DISK_H

#include "base/attr.h"
#include "base/str.h"

/*
 * Names that outlive a power cut. POSIX promises a file's name only when the
 * folder that holds it was synced, and a folder's when the one above it was:
 * so everything that is acknowledged goes to the disk through here. All of
 * these say what went wrong in errno.
 */

/* A file or a folder is on the disk as it is now. */
bool disk_sync(const char *path) MUST_USE;

/* Move a file that nobody writes any more to PATH, which lies somewhere below
 * the folder root. Afterwards its bytes, its name and every folder between are
 * on the disk, also those that an earlier try made and did not sync. What had
 * that name before is there until then. */
bool disk_move(const char *root, const char *from, const char *path) MUST_USE;

/* The same for a file that is in its place already. */
bool disk_settle(const char *root, const char *path) MUST_USE;

/* Write a small file of a folder anew: nobody ever sees half of it, and a
 * power cut leaves the old one or the new one. */
bool disk_write(const char *folder, const char *name,
                struct str bytes) MUST_USE;

/* Remove a folder and all that is in it; no link is followed. What is not
 * there is no error. */
bool disk_remove(const char *path) MUST_USE;

#endif
