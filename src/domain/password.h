#ifndef DOMAIN_PASSWORD_H
#define DOMAIN_PASSWORD_H

#include "base/arena.h"

/* Whether a password is one of those that are tried first: words that many take
 * (domain/password_words.c), one or two of them, with digits, signs and walks
 * over the keyboard around them, letters written as digits or not; a part that
 * repeats; the sign-in name with digits; a short number. Three words or more
 * that nobody chose for it are none. */
bool password_is_common(struct arena *, struct str password, struct str login);

/* The words, in lower case, with blanks between. */
extern const char password_words[];

#endif
