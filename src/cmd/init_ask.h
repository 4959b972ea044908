#ifndef CMD_INIT_ASK_H
#define CMD_INIT_ASK_H

#include <stdbool.h>

/* What an installation bears for ever, and so is never guessed. */
struct init_names {
    const char *code, *name, *name_zh, *origin; /* NULL: was not said */
    const char *public_url;                     /* "" = not known yet */
    const char *zone;
};

/* Say what is missing, with its flags; true: nothing is. */
bool init_names_whole(const struct init_names *);
/* Ask on the terminal for what was not said, and whether it shall be so. False:
 * the input ended, no answer would do, or it shall not. */
bool init_names_ask(struct init_names *);

#endif
