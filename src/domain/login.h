#ifndef DOMAIN_LOGIN_H
#define DOMAIN_LOGIN_H

#include "base/arena.h"
#include "base/err.h"

/* Sign-in names: what two people would take for one name is one name. */

/* The name as it is kept and looked up: full-width signs as the plain ones,
 * signs that nobody sees left out, ASCII, Latin-1, Greek and Cyrillic letters
 * small. Empty when the arena is spent. */
struct str login_fold(struct arena *, struct str typed);

/* Whether a new name may be taken: no blanks, letters of one script (Chinese,
 * Japanese and Korean go with Latin ones), none that stand for another letter,
 * and not a name that looks Latin without being it. Names that exist are never
 * asked. Errors: ERR_INVALID, field "login". */
bool login_check(struct str, struct err *) MUST_USE;

#endif
