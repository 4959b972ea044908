/* The site map: every address there is. The first row that fits wins. */
#include "web/handlers.h"
#include "web/route.h"

#define LIST                                                                   \
    "q:t org:i state:t overdue:i sort:k after:i key:i done:i limit:i page:i"

/* clang-format off */
const struct route routes[] = {
    /* method    address                             handler         who          flags             accepts */
    { HTTP_GET,  "/",                                start_page,     NEED_PUBLIC, 0,                NULL, NULL },
    { HTTP_GET,  "/sign-in",                         sign_in_page,   NEED_PUBLIC, 0,                "to:t", NULL },
    { HTTP_POST, "/sign-in",                         sign_in,        NEED_PUBLIC, 0,                "login:t password:t to:t", NULL },
    { HTTP_POST, "/sign-out",                        sign_out,       NEED_PERSON, RT_CSRF,          "everywhere:i key:h", NULL },
    { HTTP_POST, "/language",                        language_set,   NEED_PUBLIC, 0,                "lang:k to:t", NULL },
    { HTTP_GET,  "/account",                         account_page,   NEED_PERSON, 0,                "done:i", NULL },
    { HTTP_POST, "/account/password",                password_change, NEED_PERSON, RT_CSRF,         "old:t password:t key:h", NULL },
    { HTTP_GET,  "/once/{word}",                     once_page,      NEED_PUBLIC, 0,                NULL, NULL },
    { HTTP_POST, "/once/{word}",                     once_set,       NEED_PUBLIC, 0,                "password:t csrf:h key:h", NULL },
    { HTTP_GET,  "/about",                           about_page,     NEED_PUBLIC, 0,                NULL, NULL },
    { HTTP_GET,  "/healthz",                         health,         NEED_PUBLIC, 0,                NULL, NULL },
    { HTTP_GET,  "/metrics",                         metrics,        NEED_PUBLIC, 0,                NULL, NULL },
    { HTTP_GET,  "/robots.txt",                      robots,         NEED_PUBLIC, 0,                NULL, NULL },
    { HTTP_GET,  "/favicon.svg",                     favicon,        NEED_PUBLIC, 0,                NULL, NULL },
    { HTTP_GET,  "/favicon.ico",                     favicon,        NEED_PUBLIC, 0,                NULL, NULL },
    { HTTP_GET,  "/static/{rest}",                   asset_show,     NEED_PUBLIC, 0,                NULL, NULL },

    { HTTP_GET,  "/report/{tenant}",                 report_page,    NEED_VISITOR, 0,               NULL, NULL },
    { HTTP_GET,  "/report/{tenant}/{id}",            report_page,    NEED_VISITOR, 0,               NULL, NULL },
    { HTTP_POST, "/report/{tenant}",                 report_send,    NEED_VISITOR, RT_FILES,        "code:t school:i place:i description:t place_text:t who:t contact:t", NULL },
    { HTTP_GET,  "/receipt",                         receipt_ask,    NEED_VISITOR, 0,               NULL, NULL },
    { HTTP_POST, "/receipt",                         receipt_enter,  NEED_VISITOR, 0,               "code:t", NULL },
    { HTTP_GET,  "/receipt/{word}",                  receipt_page,   NEED_VISITOR, 0,               "done:i", NULL },
    { HTTP_POST, "/receipt/{word}",                  receipt_step,   NEED_VISITOR, 0,               "what:k rev:i comment:t", NULL },
    { HTTP_GET,  "/receipt/{word}/picture",          receipt_picture, NEED_VISITOR, 0,              NULL, NULL },

    { HTTP_GET,  "/api/v1/openapi.json",             api_openapi,    NEED_PUBLIC, RT_API,           NULL, NULL },
    { HTTP_GET,  "/api/v1/me",                       api_me,         NEED_PERSON, RT_API,           NULL, N_("Who the token speaks for") },
    { HTTP_POST, "/api/v1/{tenant}/files",           file_add,       NEED_TENANT, RT_API | RT_FILES, NULL, N_("Add files, to be named in a field later") },
    { HTTP_GET,  "/api/v1/{tenant}/files/{id}",      file_show,      NEED_TENANT, RT_API,           NULL, N_("One file") },
    { HTTP_GET,  "/api/v1/{tenant}/files/{id}/{word}", file_picture, NEED_TENANT, RT_API,           NULL, N_("A clean copy of a photograph: small or large") },
    { HTTP_GET,  "/api/v1/{tenant}/{ledger}",        api_list,       NEED_TENANT, RT_API | RT_LIST, LIST, N_("List records") },
    { HTTP_POST, "/api/v1/{tenant}/{ledger}",        api_create,     NEED_TENANT, RT_API | RT_FILES | RT_ANY, "org:i key:h comment:t occurred_at:t", N_("Make a record") },
    { HTTP_GET,  "/api/v1/{tenant}/{ledger}/{id}",   api_get,        NEED_TENANT, RT_API,           NULL, N_("One record and the steps open to you") },
    { HTTP_GET,  "/api/v1/{tenant}/{ledger}/{id}/history", api_history, NEED_TENANT, RT_API,        NULL, N_("The history of a record") },
    { HTTP_POST, "/api/v1/{tenant}/{ledger}/{id}/{word}", api_step,  NEED_TENANT, RT_API | RT_FILES | RT_ANY, "rev:i key:h comment:t", N_("Take a step") },

    { HTTP_GET,  "/t/{tenant}",                      board_page,     NEED_TENANT, 0,                "done:i", NULL },
    { HTTP_POST, "/t/{tenant}/seen",                 news_seen,      NEED_TENANT, RT_CSRF,          "upto:i key:h", NULL },
    { HTTP_GET,  "/t/{tenant}/setup",                setup_page,     NEED_TENANT, 0,                NULL, NULL },
    { HTTP_GET,  "/t/{tenant}/overview",             overview_page,  NEED_TENANT, 0,                NULL, NULL },
    { HTTP_GET,  "/t/{tenant}/figures",              office_page,    NEED_TENANT, 0,                "year:i quarter:k org:i", NULL },
    { HTTP_GET,  "/t/{tenant}/figures/{word}",       counted_page,   NEED_TENANT, 0,                "year:i quarter:k org:i grade:k", NULL },
    { HTTP_GET,  "/t/{tenant}/brief.pdf",            brief_pdf,      NEED_TENANT, 0,                "org:i", NULL },
    { HTTP_GET,  "/t/{tenant}/rules",                rules_page,     NEED_TENANT, 0,                NULL, NULL },
    { HTTP_GET,  "/log/{tenant}/checkpoint",         log_checkpoint, NEED_PUBLIC, 0,                NULL, NULL },
    { HTTP_GET,  "/log/{tenant}/tile/{rest}",        log_tile,       NEED_PUBLIC, 0,                NULL, NULL },
    { HTTP_GET,  "/t/{tenant}/log",                  log_page,       NEED_PUBLIC, 0,                NULL, NULL },
    { HTTP_GET,  "/t/{tenant}/{ledger}/{id}/proof",  record_proof,   NEED_TENANT, 0,                NULL, NULL },
    { HTTP_GET,  "/t/{tenant}/{ledger}/{id}/paper",  record_paper,   NEED_TENANT, 0,                NULL, NULL },
    { HTTP_GET,  "/t/{tenant}/file/{id}/{word}",     file_picture,   NEED_TENANT, 0,                NULL, NULL },
    { HTTP_GET,  "/t/{tenant}/file/{id}",            file_show,      NEED_TENANT, 0,                NULL, NULL },
    { HTTP_GET,  "/t/{tenant}/{ledger}",             record_list,    NEED_TENANT, RT_LIST,          LIST, NULL },
    { HTTP_GET,  "/t/{tenant}/{ledger}.csv",         list_csv,       NEED_TENANT, RT_LIST,          LIST, NULL },
    { HTTP_GET,  "/t/{tenant}/{ledger}.xlsx",        list_xlsx,      NEED_TENANT, RT_LIST,          LIST, NULL },
    { HTTP_GET,  "/t/{tenant}/{ledger}.pdf",         list_pdf,       NEED_TENANT, RT_LIST,          LIST, NULL },
    { HTTP_GET,  "/t/{tenant}/{ledger}/new",         record_new,     NEED_TENANT, 0,                "org:i", NULL },
    { HTTP_POST, "/t/{tenant}/{ledger}",             record_create,  NEED_TENANT, RT_CSRF | RT_FILES | RT_ANY, "org:i key:h comment:t occurred_at:t", NULL },
    { HTTP_GET,  "/t/{tenant}/{ledger}/round",       round_page,     NEED_TENANT, 0,                "org:i", NULL },
    { HTTP_POST, "/t/{tenant}/{ledger}/round",       round_send,     NEED_TENANT, RT_CSRF | RT_FILES | RT_ANY | RT_ROWS, "org:i key:h rows:i what:k occurred_at:t", NULL },
    { HTTP_GET,  "/t/{tenant}/{ledger}/together",    together_page,  NEED_TENANT, 0,                "verb:k", NULL },
    { HTTP_POST, "/t/{tenant}/{ledger}/together",    together_send,  NEED_TENANT, RT_CSRF,          "verb:k key:h pick:k comment:t", NULL },
    { HTTP_GET,  "/t/{tenant}/{ledger}/import",      import_page,    NEED_TENANT, 0,                NULL, NULL },
    { HTTP_POST, "/t/{tenant}/{ledger}/import",      import_upload,  NEED_TENANT, RT_CSRF | RT_FILES, "key:h", NULL },
    { HTTP_GET,  "/t/{tenant}/{ledger}/import/{id}", import_show,    NEED_TENANT, 0,                NULL, NULL },
    { HTTP_POST, "/t/{tenant}/{ledger}/import/{id}", import_run_now, NEED_TENANT, RT_CSRF | RT_COLUMNS, "what:k head:t", NULL },
    { HTTP_POST, "/t/{tenant}/{ledger}/import/{id}/cancel", import_cancel, NEED_TENANT, RT_CSRF,    NULL, NULL },
    { HTTP_GET,  "/t/{tenant}/{ledger}/{id}",        record_page,    NEED_TENANT, 0,                "done:i step:k", NULL },
    { HTTP_POST, "/t/{tenant}/person/{id}/link",     person_link,    NEED_TENANT, RT_CSRF,          "key:h", NULL },
    { HTTP_POST, "/t/{tenant}/{ledger}/{id}/{word}", record_step,    NEED_TENANT, RT_CSRF | RT_FILES | RT_ANY, "rev:i key:h comment:t", NULL },
};
/* clang-format on */
const size_t n_routes = N_OF(routes);
