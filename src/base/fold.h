#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include "base/arena.h"

/*
 * Text as it is compared, never as it is kept: full-width letters, digits and
 * punctuation become ASCII, ideographic and no-break spaces a blank, circled
 * digits their number, curly quotes straight ones; zero-width marks go.  It
 * covers what Chinese office files hold of NFKC, not all of NFKC.
 */

/* One code point folded: up to 4 bytes into out, returns how many (0 = drop).*/
size_t fold_cp(int32_t cp, char out[4]);
/* The folded text; an empty one when the arena is spent. */
struct str fold_text(struct arena *, struct str);
/* Folded, ASCII letters in lower case, and every white space left out. */
struct str fold_key(struct arena *, struct str);
/* 1 to 50 for ① ⑴ ⒈ and their like; 0 for anything else. */
int fold_circled(int32_t cp);

#endif
