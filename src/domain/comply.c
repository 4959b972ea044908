#include "domain/comply.h"
#include "domain/checklist.h"

size_t
comply_rules(const struct rules *r, struct comply_rule *out, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n && n < max; i++) {
        struct str rest = r->rule[i].key, head, who, topic;
        const struct choice *c;

        if (!str_split(&rest, '.', &head) || !str_is(head, "comply") ||
            !str_split(&rest, '.', &who) || !str_split(&rest, '.', &topic) ||
            (c = choice_find(check_topic_choices, topic)) == NULL)
            continue;
        out[n++] = (struct comply_rule){ .rule = &r->rule[i],
                                         .topic = c->v,
                                         .all = str_is(who, "all") };
    }
    return n;
}

/* The last day on which it must be done again, done on that day. */
static int64_t
due_after(const struct rules *r, const struct rule *rule, int64_t day)
{
    enum { FAR = 400 }; /* no school year is longer */
    int64_t left = rule->value, d = day;

    if (rule->unit != UNIT_WORKDAY)
        return day + rule->value;
    while (left > 0 && d < day + FAR)
        left -= rules_is_school_day(r, ++d);
    return d;
}

enum comply
comply_judge(const struct rules *r, const struct comply_rule *c,
             int64_t last_ms, int64_t today, int64_t *since)
{
    int64_t due;

    *since = 0;
    if (last_ms == 0)
        return c->all ? COMPLY_BROKEN : COMPLY_UNUSED;
    due = due_after(r, c->rule, zone_day(r->zone, last_ms));
    if (due >= today)
        return COMPLY_KEPT;
    *since = due + 1;
    return COMPLY_BROKEN;
}
