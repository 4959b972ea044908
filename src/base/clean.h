#ifndef BASE_CLEAN_H
#define BASE_CLEAN_H

#include "base/arena.h"
#include "base/buf.h"

/*
 * Text as it is taken in, and as it is given out.
 *
 * In: what people write is kept as it is, names above all, but for signs that
 * no writer can carry or that nobody sees: noncharacters, control characters,
 * marks that turn the direction of a line.  A radical (U+2E80 to U+2FD5), which
 * old PDF files hold in place of the sign that it looks like, becomes that
 * sign: nothing would find it otherwise.  Joiners stay: emoji and Indic scripts
 * need them; so do tabs and line ends, of whichever kind.
 *
 * Out: what was kept before this held, or came another way, must not spoil a
 * file: see text_carry().
 */

/* Nothing in it has to go. Invalid UTF-8 is not looked at. */
bool text_is_clean(struct str);
/* The text as it is kept: s itself when it is clean, else a copy. An empty
 * text when the arena is spent. */
struct str text_clean(struct arena *, struct str);
/* The same where a text is one line, such as the name of a file: tabs and line
 * ends are blanks. */
struct str text_clean_line(struct arena *, struct str);

/* XML, PDF and SVG can carry it: valid UTF-8, no noncharacter, no control
 * character but tab and line ends. */
bool text_is_carried(struct str);
/* Append it, with U+FFFD for each sign that they cannot carry; how many. */
size_t text_carry(struct buf *, struct str);

#endif
