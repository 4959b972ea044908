#ifndef CMD_LINK_H
#define CMD_LINK_H

#include "base/err.h"
#include "base/str.h"

/* Print a one-time link as the person can open it: under public-url of the data
 * folder's settings, else where this server listens; with a QR code where it
 * goes to a terminal. */
void link_print(const char *data, const char *secret);
/* Is it http(s)://host, perhaps with a port or a path? */
bool link_base_ok(struct str url);
/* Write public-url into the folder's anlan.conf.
 * Errors: ERR_CONFLICT, the file says another; ERR_STORE. */
bool link_base_put(const char *data, const char *url, struct err *) MUST_USE;

#endif
