#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/fill.h"
#include "service/wire.h"

enum {
    ANSWER_MAX = 16 * 1024,
    CONNECT_SECONDS = 10,
    IDLE_SECONDS = 60, /* a connection is kept for the next mail this long */
    WAIT_MAX_S = 6 * 3600,
};

struct wire {
    const struct gateways *g;
    const atomic_bool *closing;
    CURL *mail, *http;
    struct buf answer;
    struct str rest; /* of what is being sent */
};

static int
progress(void *arg, curl_off_t dt, curl_off_t dn, curl_off_t ut, curl_off_t un)
{
    const struct wire *w = arg;

    (void)dt, (void)dn, (void)ut, (void)un;
    return atomic_load(w->closing) ? 1 : 0;
}

static size_t
on_answer(char *p, size_t size, size_t n, void *arg)
{
    struct wire *w = arg;

    if (w->answer.n + size * n > ANSWER_MAX)
        return 0;
    buf_put(&w->answer, p, size * n);
    return size * n;
}

static size_t
on_send(char *p, size_t size, size_t n, void *arg)
{
    struct wire *w = arg;
    size_t k = size * n < w->rest.n ? size * n : w->rest.n;

    memcpy(p, w->rest.p, k);
    w->rest = str_cut(w->rest, k, w->rest.n);
    return k;
}

static void
common(struct wire *w, CURL *c)
{
    curl_easy_reset(c);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)w->g->seconds);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(c, CURLOPT_MAXAGE_CONN, (long)IDLE_SECONDS);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, progress);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, w);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_answer);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, w);
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (w->g->ca_file[0] != '\0')
        curl_easy_setopt(c, CURLOPT_CAINFO, w->g->ca_file);
    buf_clear(&w->answer);
}

/* The first line of a file. */
static void
read_secret(const char *path, struct buf *out)
{
    char line[512] = "";
    FILE *f = path[0] != '\0' ? fopen(path, "r") : NULL;

    if (f == NULL)
        return;
    if (fgets(line, sizeof(line), f) != NULL)
        buf_str_put(out, str_trim(str_of(line)));
    fclose(f);
}

/* What went wrong before or below the other side's words. */
static bool
line_failed(struct wire *w, CURLcode rc, struct outcome *o)
{
    static const struct {
        CURLcode rc;
        const char *reason;
    } reasons[] = {
        { CURLE_COULDNT_RESOLVE_HOST, N_("the host has no address") },
        { CURLE_COULDNT_CONNECT, N_("no connection") },
        { CURLE_OPERATION_TIMEDOUT, N_("too slow: the deadline has passed") },
        { CURLE_PEER_FAILED_VERIFICATION,
          N_("the certificate is not to be trusted") },
        { CURLE_SSL_CONNECT_ERROR, N_("TLS failed") },
        { CURLE_USE_SSL_FAILED, N_("the server offers no TLS") },
        { CURLE_SSL_CACERT_BADFILE, N_("the file of authorities is bad") },
        { CURLE_LOGIN_DENIED, N_("signing in was refused") },
        { CURLE_WEIRD_SERVER_REPLY, N_("an answer that is not understood") },
        { CURLE_WRITE_ERROR, N_("an answer that is too long") },
        { CURLE_GOT_NOTHING, N_("the connection broke off") },
        { CURLE_RECV_ERROR, N_("the connection broke off") },
        { CURLE_SEND_ERROR, N_("the connection broke off") },
    };

    if (rc == CURLE_OK)
        return false;
    *o = (struct outcome){ .verdict = SENT_WAIT,
                           .stopped = atomic_load(w->closing),
                           .reason = N_("the transfer failed") };
    for (size_t i = 0; i < N_OF(reasons); i++)
        if (reasons[i].rc == rc)
            o->reason = reasons[i].reason;
    snprintf(o->answer, sizeof(o->answer), "curl %d", (int)rc);
    return true;
}

/* ---- mail -------------------------------------------------------------------- */

/* 4xx: not now. 421, 454: the server, not the message. 5xx: never, unless it
 * concerns us and not the reader: 530, 534, 535, 538 are about signing in. */
static void
smtp_verdict(struct wire *w, CURLcode rc, struct outcome *o)
{
    long code = 0;

    curl_easy_getinfo(w->mail, CURLINFO_RESPONSE_CODE, &code);
    if (line_failed(w, rc, o)) {
        if (code < 400 || code > 599 || rc == CURLE_LOGIN_DENIED ||
            rc == CURLE_OPERATION_TIMEDOUT || rc == CURLE_USE_SSL_FAILED)
            return;
        if (rc == CURLE_WEIRD_SERVER_REPLY && w->rest.n > 0) {
            /* its greeting: it takes nobody's mail now */
            o->reason = N_("not now, says the mail server");
            snprintf(o->answer, sizeof(o->answer), "SMTP %ld", code);
            return;
        }
        snprintf(o->answer, sizeof(o->answer), "SMTP %ld", code);
        if (code == 421 || code == 454 || (code >= 530 && code <= 538))
            return;
        o->verdict = code < 500 ? SENT_AGAIN : SENT_NEVER;
        o->reason = code < 500 ? N_("not now, says the mail server")
                               : N_("refused by the mail server");
        return;
    }
    *o = (struct outcome){ .verdict = SENT_TAKEN, .reason = "" };
    snprintf(o->answer, sizeof(o->answer), "SMTP %ld", code);
}

void
wire_mail(struct wire *w, const struct mail *m, struct outcome *o)
{
    struct curl_slist *to = NULL;
    CURLcode rc;
    char from[300], whom[300], url[600];
    BUF(password, 512);
    BUF(bytes, 512 * 1024);
    CURL *c = w->mail;

    common(w, c);
    mail_make(&bytes, m);
    read_secret(w->g->smtp_password_file, &password);
    w->rest = buf_str(&bytes);
    snprintf(from, sizeof(from), "<%.*s>", STR_ARG(m->from));
    snprintf(whom, sizeof(whom), "<%.*s>", STR_ARG(m->to));
    /* the name in EHLO is that of our own domain */
    snprintf(url, sizeof(url), "%s/%.*s", w->g->smtp_url,
             STR_ARG(mail_domain(m->from)));
    to = curl_slist_append(NULL, whom);
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(c, CURLOPT_USE_SSL,
                     w->g->smtp_plain ? (long)CURLUSESSL_NONE
                                      : (long)CURLUSESSL_ALL);
    if (w->g->smtp_user[0] != '\0') {
        curl_easy_setopt(c, CURLOPT_USERNAME, w->g->smtp_user);
        curl_easy_setopt(c, CURLOPT_PASSWORD, password.n > 0 ? password.p : "");
    }
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_READFUNCTION, on_send);
    curl_easy_setopt(c, CURLOPT_READDATA, w);
    curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)bytes.n);
    rc = to == NULL || bytes.over ? CURLE_OUT_OF_MEMORY : curl_easy_perform(c);
    smtp_verdict(w, rc, o);
    curl_slist_free_all(to);
    if (password.p != NULL)
        explicit_bzero(password.p, password.n);
}

/* ---- HTTP ----------------------------------------------------------------------- */

/* body.n == 0: GET. False: nothing came back that could be judged. */
static bool
ask(struct wire *w, const char *url, struct str body, const char *type,
    long *status, struct outcome *o)
{
    struct curl_slist *head = curl_slist_append(NULL, type);
    curl_off_t wait = 0;
    CURL *c = w->http;
    CURLcode rc;

    common(w, c);
    /* plain HTTP only where the administrator wrote it: see gateways */
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR,
                     str_starts(str_of(url), STR("http://")) ? "http"
                                                             : "https");
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "Anlan");
    /* on a connection that is used again libcurl would repeat by itself */
    curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(c, CURLOPT_MAXFILESIZE, (long)ANSWER_MAX);
    if (body.n > 0) {
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n);
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, body.p);
        curl_easy_setopt(c, CURLOPT_HTTPHEADER, head);
    }
    rc = head == NULL ? CURLE_OUT_OF_MEMORY : curl_easy_perform(c);
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, status);
    curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &wait);
    curl_slist_free_all(head);
    if (rc == CURLE_FILESIZE_EXCEEDED)
        rc = CURLE_WRITE_ERROR;
    if (line_failed(w, rc, o))
        return false;
    *o = (struct outcome){ .reason = "" };
    if (wait > 0)
        o->wait_ms = (wait < WAIT_MAX_S ? wait : WAIT_MAX_S) * 1000;
    return true;
}

static void
reason_of(struct outcome *o)
{
    o->reason = o->verdict == SENT_TAKEN  ? ""
                : o->verdict == SENT_WAIT ? N_("not now, says the service")
                                          : N_("refused by the service");
}

void
wire_sms(struct wire *w, struct str phone, struct str text, struct outcome *o)
{
    BUF(key, 512);
    BUF(url, 8 * 1024);
    BUF(body, 16 * 1024);
    struct str shape = str_of(w->g->sms_body);
    bool json = shape.n > 0 && shape.p[0] == '{';
    long status = 0;

    read_secret(w->g->sms_key_file, &key);
    const struct hole holes[] = { { "phone", phone },
                                  { "text", text },
                                  { "key", buf_str(&key) } };
    fill(&url, str_of(w->g->sms_url), holes, N_OF(holes), FILL_URL);
    fill(&body, shape, holes, N_OF(holes), json ? FILL_JSON : FILL_URL);
    if (url.over || body.over) {
        *o = (struct outcome){ .verdict = SENT_NEVER,
                               .reason = N_("the message is too long") };
        return;
    }
    if (ask(w, url.p, buf_str(&body),
            json ? "Content-Type: application/json; charset=utf-8"
                 : "Content-Type: application/x-www-form-urlencoded",
            &status, o)) {
        o->verdict = http_verdict(status, o->answer);
        if (o->verdict == SENT_TAKEN && w->g->sms_ok[0] != '\0' &&
            str_find(buf_str(&w->answer), str_of(w->g->sms_ok)) < 0)
            o->verdict = SENT_AGAIN;
        reason_of(o);
        if (o->verdict == SENT_AGAIN)
            o->reason = N_("not accepted by the gateway");
    }
    if (key.p != NULL)
        explicit_bzero(key.p, key.n);
}

void
wire_chat(struct wire *w, const struct chat_kind *k, struct str url,
          struct str secret, struct str text, int64_t now_ms, struct outcome *o)
{
    BUF(to, 8 * 1024);
    BUF(body, 64 * 1024);
    long status = 0;

    chat_make(k, url, secret, str_of(w->g->chat_relay), text, now_ms, &to,
              &body);
    if (!ask(w, to.p, buf_str(&body),
             "Content-Type: application/json; charset=utf-8", &status, o))
        return;
    o->verdict = chat_answer(k, status, buf_str(&w->answer), o->answer);
    if (o->verdict == SENT_WAIT && o->wait_ms == 0)
        o->wait_ms = k->wait_ms;
    reason_of(o);
}

/* ---- life ------------------------------------------------------------------------- */

struct wire *
wire_new(const struct gateways *g, const atomic_bool *closing, struct err *e)
{
    struct wire *w = calloc(1, sizeof(*w));

    if (w != NULL) {
        w->g = g;
        w->closing = closing;
        buf_init(&w->answer, ANSWER_MAX + 1);
        w->mail = curl_easy_init();
        w->http = curl_easy_init();
        if (w->mail != NULL && w->http != NULL)
            return w;
    }
    wire_free(w);
    err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return NULL;
}

void
wire_free(struct wire *w)
{
    if (w == NULL)
        return;
    curl_easy_cleanup(w->mail);
    curl_easy_cleanup(w->http);
    buf_fini(&w->answer);
    free(w);
}
