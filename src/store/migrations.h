#ifndef STORE_MIGRATIONS_H
#define STORE_MIGRATIONS_H

/* The files under db/ in the order of their numbers, embedded at build, each
 * run once; the last has no name. A migration that has landed is never edited:
 * a database remembers the hash of each that it ran. */
struct migration {
    const char *name;
    const char *text;
};

extern const struct migration migrations[];

#endif
