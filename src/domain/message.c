#include "domain/message.h"
#include "base/err.h"

enum { DAY_MINUTES = 24 * 60, MINUTE_MS = 60 * 1000, HORIZON_DAYS = 60 };

/* clang-format off */
const struct message_class message_classes[] = {
    { MSG_OVERDUE,  "overdue",  N_("Overdue"),         N_("%ld overdue"),  true,  true },
    { MSG_DUE_SOON, "due_soon", N_("Due soon"),        N_("%ld due soon"), false, true },
    { MSG_WAITING,  "waiting",  N_("Waiting for you"), N_("%ld waiting"),  false, true },
    { MSG_REJECTED, "rejected", N_("What was rejected"),        N_("%ld rejected"), false, true },
    { MSG_ACCEPTED, "accepted", N_("What was accepted"),        N_("%ld accepted"), false, true },
    { MSG_NEWS,     "news",     N_("News"),            N_("%ld news"),     false, true },
    { MSG_TEST,     "test",     N_("Test"),            N_("test"),         true,  false },
    { MSG_LINK,     "own-link", N_("A one-time link to your account was made"), N_("a link to your account"), true, false, true },
    { MSG_PASSWORD, "own-password", N_("Your password was set"), N_("your password was set"), true, false, true },
    { MSG_TOKEN,    "own-token", N_("A token that acts in your name was made"), N_("a token in your name"), true, false, true },
    { MSG_SIGN_IN,  "own-sign-in", N_("Your sign-in name, telephone or e-mail was changed"), N_("your sign-in data were changed"), true, false, true },
    { MSG_POST,     "own-post", N_("A post was given to you or changed"), N_("a post of yours"), true, false, true },
    { MSG_POST_ENDED, "own-post-ended", N_("A post of yours was ended"), N_("a post of yours was ended"), true, false, true },
    { 0 },
};
/* clang-format on */

const struct message_class *
message_class(int64_t v)
{
    for (const struct message_class *c = message_classes; c->v != 0; c++)
        if (c->v == v)
            return c;
    return NULL;
}

enum message_kind
message_of(struct str verb)
{
    if (str_is(verb, "escalate"))
        return MSG_OVERDUE;
    if (str_in_words(verb, "reject refuse_extension not_hazard"))
        return MSG_REJECTED;
    if (str_in_words(verb, "accept close approve grant_extension delist"))
        return MSG_ACCEPTED;
    for (const struct message_class *c = message_classes; c->v != 0; c++)
        if (c->own && str_is(verb, c->key))
            return (enum message_kind)c->v;
    return MSG_NEWS;
}

const struct wish wish_preset = {
    .digest_at = 7 * 60 + 30,
    .quiet_from = 21 * 60,
    .quiet_until = 7 * 60,
};

const struct wish wish_chat = {
    .digest_at = 7 * 60 + 37,
    .quiet_from = 21 * 60,
    .quiet_until = 7 * 60,
};

bool
wish_wants(const struct wish *w, int64_t kind)
{
    const struct message_class *c = message_class(kind);

    return c != NULL && (c->duty || !(w->off >> kind & 1));
}

bool
wish_check(const struct wish *w, struct err *e)
{
    if (w->digest_at < 0 || w->digest_at >= DAY_MINUTES)
        return err_set(e, ERR_INVALID, "digest_at",
                       "A time of the day is wanted, such as 07:30");
    if (w->quiet_from < 0 || w->quiet_from >= DAY_MINUTES)
        return err_set(e, ERR_INVALID, "quiet_from",
                       "A time of the day is wanted, such as 07:30");
    if (w->quiet_until < 0 || w->quiet_until >= DAY_MINUTES)
        return err_set(e, ERR_INVALID, "quiet_until",
                       "A time of the day is wanted, such as 07:30");
    if ((w->quiet_until - w->quiet_from + DAY_MINUTES) % DAY_MINUTES > 14 * 60)
        return err_set(e, ERR_INVALID, "quiet_until",
                       "At most 14 hours can be quiet");
    return true;
}

static bool
is_quiet(const struct wish *w, int64_t minute)
{
    if (w->quiet_from <= w->quiet_until)
        return minute >= w->quiet_from && minute < w->quiet_until;
    return minute >= w->quiet_from || minute < w->quiet_until;
}

int64_t
wish_awake(const struct wish *w, const struct zone *z, int64_t now)
{
    int64_t day = zone_day(z, now);
    int64_t minute = (now - zone_time(z, day, 0)) / MINUTE_MS;

    if (!is_quiet(w, minute))
        return now;
    if (minute >= w->quiet_until)
        day++;
    return zone_time(z, day, (int)w->quiet_until);
}

int64_t
wish_digest(const struct wish *w, const struct rules *r, int64_t now)
{
    int64_t day = zone_day(r->zone, now);

    for (int64_t last = day + HORIZON_DAYS; day < last; day++) {
        int64_t at = zone_time(r->zone, day, (int)w->digest_at);

        at = wish_awake(w, r->zone, at);
        if (at > now && rules_is_workday(r, zone_day(r->zone, at)))
            return at;
    }
    return now + MS_PER_DAY;
}

int64_t
message_back_off(int64_t tries)
{
    static const int minutes[] = { 1, 5, 15, 60, 180, 360, 720, 720, 720 };

    if (tries < 1 || (size_t)tries > N_OF(minutes))
        return 0;
    return (int64_t)minutes[tries - 1] * MINUTE_MS;
}
