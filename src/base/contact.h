#ifndef BASE_CONTACT_H
#define BASE_CONTACT_H

#include "base/str.h"

/* Where people are reached, as a mail server and a telephone take it. */

/* local@domain in ASCII, one address alone, nothing that could end a header or
 * an SMTP line. */
bool mail_address_ok(struct str);
/* One number: an optional +, 5 to 15 digits, blanks - . ( ) between them.
 *	extension	also with one behind it: "0871-6512345转8012", "... ext 12" */
bool phone_number_ok(struct str, bool extension);

#endif
