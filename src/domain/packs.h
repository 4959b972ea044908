#ifndef DOMAIN_PACKS_H
#define DOMAIN_PACKS_H

/* The rule packs under db/rules, embedded at build; the last has no name. */
struct pack {
    const char *name;
    const char *text;
};

extern const struct pack packs[];

#endif
