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

/* What an older Anlan looks for among the settings. It knows nothing of the
 * table of those that ran; a name that it does not know makes it refuse. */
#define MIGRATION_STOPS "0033_newer_than_the_settings"

#endif
