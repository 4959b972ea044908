#ifndef BASE_LETTERS_H
#define BASE_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Which code points make words, and as which they are found.  For looking, never
 * for keeping.  Permanent as long as an index of words stands that was made by
 * them.
 */

/* A letter, a digit, or a mark that belongs to one (as in हिन्दी). Not: signs,
 * punctuation, emoji, accents that stand by themselves. */
bool letter_is(int32_t cp);
/* As lower case without accents in Latin, Greek and Cyrillic; full width and half
 * width alike; compatibility ideographs and radicals as the character they stand
 * for. */
int32_t letter_fold(int32_t cp);

#endif
