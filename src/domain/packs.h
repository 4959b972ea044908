#ifndef DOMAIN_PACKS_H
#define DOMAIN_PACKS_H

/* The rule packs under db/rules, embedded at build; the last has no name. */
struct pack {
    const char *name;
    const char *text;
};

extern const struct pack packs[];

/* The checklists under db/checklists, likewise: CSV in the form of
 * reading_checklist.h. The name is a key of check_topic_choices. */
extern const struct pack checklist_packs[];

#endif
