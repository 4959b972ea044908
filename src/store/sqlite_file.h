#ifndef STORE_SQLITE_FILE_H
#define STORE_SQLITE_FILE_H

#include <sqlite3.h>

#include "base/err.h"

/* Is the database file as long as it says of itself, or can its write-ahead log
 * make good what it lacks (https://sqlite.org/fileformat2.html)? The library
 * finds out only when it comes to a page that is not there. An empty file is
 * whole. Before the first statement. Errors: ERR_STORE, it was cut. */
bool sqlite_file_check(sqlite3 *, const char *path, struct err *) MUST_USE;

#endif
