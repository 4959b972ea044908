#ifndef WEB_ADDRESS_H
#define WEB_ADDRESS_H

#include "base/str.h"

/* Whether a telephone could open an address that was given for codes and
 * messages: http(s), and no name of this machine alone. */
bool address_is_outside(struct str url);
/* Whether a request's address is this machine's own: 127.0.0.0/8 or ::1. */
bool address_is_own(struct str peer);

#endif
