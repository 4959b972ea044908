#include "domain/rules.h"
#include "domain/packs.h"

static const struct {
    const char *name;
    enum rule_unit unit;
} units[] = {
    { "hour", UNIT_HOUR },
    { "day", UNIT_DAY },
    { "workday", UNIT_WORKDAY },
    { "count", UNIT_COUNT },
};

static bool
unit_parse(struct str s, enum rule_unit *out)
{
    for (size_t i = 0; i < N_OF(units); i++)
        if (str_is(s, units[i].name)) {
            *out = units[i].unit;
            return true;
        }
    return false;
}

/* One line of a pack:
 * key | version | value | unit | source | 来源 | note | 注 */
static bool
row_parse(struct str line, struct rule *r)
{
    struct str col[8] = { 0 }, rest = line;
    size_t n = 0;

    while (n < N_OF(col) && str_split(&rest, '|', &col[n])) {
        col[n] = str_trim(col[n]);
        n++;
    }
    *r = (struct rule){ .key = col[0],
                        .source = { col[4], col[5] },
                        .note = { col[6], col[7] } };
    return n == N_OF(col) && col[0].n > 0 && str_i64(col[1], &r->version) &&
           str_i64(col[2], &r->value) && unit_parse(col[3], &r->unit) &&
           r->source.en.n > 0 && r->source.zh.n > 0;
}

static size_t
count_lines(const struct pack *p)
{
    size_t n = 0;

    for (; p->name != NULL; p++)
        for (const char *c = p->text; *c != '\0'; c++)
            n += *c == '\n';
    return n;
}

bool
rules_load_packs(struct rules *r, struct arena *a, struct err *e)
{
    r->n = 0;
    r->rule = arena_new_array(a, struct rule, count_lines(packs));
    if (r->rule == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (const struct pack *p = packs; p->name != NULL; p++) {
        struct str rest = str_of(p->text), line;

        while (str_split(&rest, '\n', &line)) {
            line = str_trim(line);
            if (line.n == 0 || line.p[0] == '#')
                continue;
            if (!row_parse(line, &r->rule[r->n]))
                return err_set(e, ERR_STORE, NULL, "Rule pack %s: bad row %.*s",
                               p->name, STR_ARG(line));
            r->rule[r->n++].pack = str_of(p->name);
        }
    }
    return true;
}

static struct rule *
rule_at(const struct rules *r, struct str key)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(r->rule[i].key, key))
            return &r->rule[i];
    return NULL;
}

const struct rule *
rules_find(const struct rules *r, struct str key)
{
    return rule_at(r, key);
}

bool
rules_override(struct rules *r, const struct rule *own, struct err *e)
{
    struct rule *at = rule_at(r, own->key);

    if (at == NULL)
        return err_set(e, ERR_INVALID, "key",
                       "No rule pack has a rule called \"%.*s\"",
                       STR_ARG(own->key));
    if (own->version > at->version || !at->own) {
        struct str pack = at->pack;

        *at = *own;
        at->own = true;
        at->pack = pack;
    }
    return true;
}

bool
rules_is_workday(const struct rules *r, int64_t day)
{
    for (size_t i = r->n_off; i-- > 0;)
        if (day >= r->off[i].from && day <= r->off[i].to)
            return r->off[i].work;
    return weekday_of(day) <= 5;
}

bool
rules_is_school_day(const struct rules *r, int64_t day)
{
    bool in_term = r->n_term == 0;

    for (size_t i = 0; i < r->n_term; i++)
        in_term |= day >= r->term[i].from && day <= r->term[i].to;
    return in_term && rules_is_workday(r, day);
}

int64_t
rules_end_of(const struct rules *r, int64_t day)
{
    return zone_time(r->zone, day + 1, 0);
}

int64_t
rules_due(const struct rules *r, const char *key, int64_t from_ms)
{
    const struct rule *rule = rules_find(r, str_of(key));
    int64_t day;

    if (rule == NULL)
        return 0;
    if (rule->unit == UNIT_HOUR)
        return from_ms + rule->value * MS_PER_HOUR;
    day = zone_day(r->zone, from_ms);
    if (rule->unit == UNIT_DAY)
        return rules_end_of(r, day + rule->value);
    for (int64_t left = rule->value; left > 0;)
        if (rules_is_workday(r, ++day))
            left--;
    return rules_end_of(r, day);
}

struct str
rules_name(const struct rules *r, struct arena *a, const char *key)
{
    const struct rule *rule = rules_find(r, str_of(key));

    if (rule == NULL)
        return STR("");
    return arena_printf(a, "%.*s@%s%d", STR_ARG(rule->key),
                        rule->own ? "own" : "", (int)rule->version);
}
