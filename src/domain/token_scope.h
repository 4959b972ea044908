#ifndef DOMAIN_TOKEN_SCOPE_H
#define DOMAIN_TOKEN_SCOPE_H

#include "domain/ledger.h"

/*
 * What a token may do, as words with blanks between: LEDGER:VERB, with "*" on
 * either side. Verbs are "read", "export", "import", "files", or a step of the
 * ledger; a signing step wants "sign" beside its own. Three words stand alone:
 * "read" is *:read, "write" is *:* (everything but signing), "sign" is *:sign.
 * A token never does more than its person may.
 */

/* True when the words allow it. l NULL: on every ledger. A right that is no
 * such verb (to see people, for example) goes with "read". */
bool token_scope_has(struct str words, const struct ledger *l,
                     const char *verb);
/* True when the words allow the verb on some ledger. */
bool token_scope_somewhere(struct str words, const char *verb);
/* True when the words allow more than reading and exporting. */
bool token_scope_writes(struct str words);

/* Errors: ERR_INVALID (.field "scopes"), none, or a word that is no scope. */
bool token_scope_check(struct str words, struct err *) MUST_USE;

#endif
