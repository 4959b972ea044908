/* Listing of major hazards for supervision 挂牌督办: it stands beside the
 * life, each step with a clock of its own. rules.md 2. */
#include "domain/hazard_life.h"

bool
hazard_is_listed(const void *rec)
{
    int64_t l = ((const struct hazard *)rec)->listing;

    return l >= LISTING_LISTED && l <= LISTING_EXT_ASKED;
}

bool
hazard_can_list(const void *rec)
{
    int64_t l = ((const struct hazard *)rec)->listing;

    return ((const struct hazard *)rec)->grade == GRADE_MAJOR &&
           (l == 0 || l == LISTING_ENDED);
}

bool
hazard_can_publish(const void *rec)
{
    return ((const struct hazard *)rec)->listing == LISTING_LISTED;
}

bool
hazard_can_end_listing(const void *rec)
{
    return ((const struct hazard *)rec)->listing == LISTING_DELISTED;
}

bool
hazard_check_listing(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct hazard *h = rec;
    const struct rule *r = rules_find(c->rules, STR("listing.longest"));

    if (h->listing_deadline <= c->today)
        return err_set(e, ERR_INVALID, "listing_deadline",
                       "The deadline lies in the past");
    if (r != NULL && h->listing_deadline > c->today + r->value)
        return err_set(e, ERR_INVALID, "listing_deadline",
                       "A listing lasts at most %ld days (rule %.*s)",
                       (long)r->value, STR_ARG(r->key));
    return true;
}

static void
listing_clock(struct hazard *h, const struct step_ctx *c, const char *rule,
              int64_t due)
{
    h->listing_due = due;
    h->listing_rule = due != 0 ? rules_name(c->rules, c->arena, rule) : STR("");
}

void
hazard_apply_list(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    h->listing = LISTING_LISTED;
    h->listed_at = c->now;
    listing_clock(h, c, "listing.publish_within",
                  rules_due(c->rules, "listing.publish_within", c->now));
}

void
hazard_apply_publish(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    h->listing = LISTING_PUBLISHED;
    listing_clock(h, c, "listing.longest",
                  rules_end_of(c->rules, h->listing_deadline));
}

void
hazard_apply_delist(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    h->listing = LISTING_DELISTED;
    listing_clock(h, c, "listing.delist_publish",
                  rules_due(c->rules, "listing.delist_publish", c->now));
}

void
hazard_apply_end_listing(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    h->listing = LISTING_ENDED;
    listing_clock(h, c, "", 0);
}
