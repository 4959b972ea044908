/* Laws over the site map. */
#include "unit.h"

#include "base/clean.h"
#include "domain/ledger.h"
#include "web/openapi.h"

/* FDD0, a control character, a mark of direction, a Kangxi radical. */
#define DIRTY "Rail\xef\xb7\x90ing\x08 \xe2\x80\xae⼈ loose"
#define CLEAN "Railing 人 loose"

static bool
takes(struct rq *rq, struct http_param *p, bool by_form)
{
    struct err e = { 0 };

    *rq->http = (struct http_request){ .arena = rq->arena };
    if (by_form) {
        rq->http->form = p;
        rq->http->n_form = 1;
    } else {
        rq->http->query = p;
        rq->http->n_query = 1;
    }
    return route_accepts(rq, &e);
}

static struct str
taken(const struct rq *rq, bool by_form)
{
    return by_form ? rq->http->form[0].value : rq->http->query[0].value;
}

/* One parameter: text is cleaned, a secret is not, a word of signs is refused or
 * folded into one that has none. */
static size_t
law_of(struct rq *rq, struct str name, char type)
{
    for (int by_form = 0; by_form < 2; by_form++) {
        struct http_param p = { name, STR(DIRTY) };
        bool ok = takes(rq, &p, by_form);

        if (type == 's')
            assert_true(ok && str_is(taken(rq, by_form), DIRTY));
        else if (type == 't')
            assert_true(ok && str_is(taken(rq, by_form), CLEAN));
        else
            assert_false(ok);
        if (type != 'i')
            continue;
        p = (struct http_param){ name, STR("１２") };
        assert_true(takes(rq, &p, by_form) && str_is(taken(rq, by_form), "12"));
    }
    return type == 't';
}

static void
no_route_takes_text_that_a_writer_cannot_carry(void **state)
{
    size_t texts = 0, fields = 0;

    (void)state;
    for (size_t i = 0; i < n_routes; i++) {
        ARENA(a, 1 << 20);
        struct http_request http;
        struct rq rq = { .arena = a, .http = &http, .route = &routes[i] };
        struct str rest = str_of(routes[i].accepts), one;

        while (routes[i].accepts != NULL && str_split(&rest, ' ', &one))
            texts += law_of(&rq, str_cut(one, 0, one.n - 2), one.p[one.n - 1]);
        for (size_t l = 0; (routes[i].flags & RT_ANY) && l < n_ledgers; l++) {
            rq.ledger = ledgers[l];
            for (size_t k = 0; k < ledgers[l]->n_fields; k++) {
                struct str name = str_of(ledgers[l]->fields[k].name);

                if (routes[i].accepts != NULL &&
                    route_lists(&routes[i], ledgers[l]->fields[k].name))
                    continue;
                fields += law_of(&rq, name, 't');
            }
        }
    }
    assert_true(texts > 40);
    assert_true(fields > 500);
}

/* A route of the API that the description does not know would be a secret. */
static void
every_route_of_the_api_is_described(void **state)
{
    size_t n = 0;

    (void)state;
    for (size_t i = 0; i < n_routes; i++) {
        struct str rest = str_of(routes[i].accepts), one;

        if (!(routes[i].flags & RT_API))
            continue;
        n++;
        if (doc_operation(&routes[i]) == NULL || routes[i].help == NULL)
            fail_msg("%s is not described", routes[i].path);
        while (routes[i].method == HTTP_GET && routes[i].accepts != NULL &&
               str_split(&rest, ' ', &one))
            if (!doc_tells(str_cut(one, 0, one.n - 2)))
                fail_msg("%s: no words for %.*s", routes[i].path, STR_ARG(one));
    }
    assert_true(n >= 12);
}

/* What is hashed is hashed as it was typed: a password set before this rule
 * still opens. */
static void
secrets_are_called_secrets(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_routes; i++) {
        struct str rest = str_of(routes[i].accepts), one;

        while (routes[i].accepts != NULL && str_split(&rest, ' ', &one))
            if (str_in_words(str_cut(one, 0, one.n - 2),
                             "password old sign_password secret") ||
                str_eq(one, STR("pin:t")))
                assert_int_equal(one.p[one.n - 1], 's');
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_route_takes_text_that_a_writer_cannot_carry),
        cmocka_unit_test(every_route_of_the_api_is_described),
        cmocka_unit_test(secrets_are_called_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
