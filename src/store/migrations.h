#ifndef STORE_MIGRATIONS_H
#define STORE_MIGRATIONS_H

/* The files under db/, embedded at build, each run once; the last has no
 * name. A migration that has landed is never edited. */
struct migration {
    const char *name;
    const char *text;
};

extern const struct migration migrations[];

#endif
