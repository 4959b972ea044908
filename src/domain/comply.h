#ifndef DOMAIN_COMPLY_H
#define DOMAIN_COMPLY_H

#include "domain/rules.h"

/*
 * Rules that say how often something must be looked at: rows of rule packs
 * named comply.all.TOPIC.NAME (every school) or comply.used.TOPIC.NAME (where
 * the topic is inspected at all). Each is judged by itself. product.md C2, F3.
 */
struct comply_rule {
    const struct rule *rule;
    int64_t topic; /* of checklists */
    bool all;
};

enum { COMPLY_MAX = 40 };
/* Those of the set, in its order; returns how many. */
size_t comply_rules(const struct rules *, struct comply_rule *, size_t max);

enum comply { COMPLY_UNUSED, COMPLY_KEPT, COMPLY_BROKEN };

/* Judge one rule for one school.
 *	last_ms	when the topic was last inspected there; 0 = never
 *	*since	out: the first day without, where it is broken; 0 = it never was
 *		kept
 * A number of working days counts school days. */
enum comply comply_judge(const struct rules *, const struct comply_rule *,
                         int64_t last_ms, int64_t today, int64_t *since);

#endif
