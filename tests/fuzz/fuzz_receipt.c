/* The doors that anybody may knock at: reports and receipts, asked as a whole
 * through the server. Input: a byte that chooses the door, then what follows
 * in the address up to a newline, then the body; 0x01 stands for the code of a
 * receipt that there is, 0x02 for the form's other fields. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http/client.h"
#include "service/install.h"
#include "service/report.h"
#include "web/serve.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);
int LLVMFuzzerInitialize(int *, char ***);

/* More parameters than that fill the library's memory for a head; it then
 * closes without an answer. */
enum { REQUEST = 128 * 1024, ANSWER = 1 << 20, PARAMETERS = 60 };

static const char secret[] = "Mrs-Tapir-13900001111";
static const unsigned char code[RECEIPT_BYTES] = "0123456789abcde";
static struct server *server;
static char dir[64], receipt[RECEIPT_TEXT + 8];
/* From 2020 on: files that the server makes meanwhile are never old to it. */
static _Atomic int64_t now = INT64_C(1577836800000);

/* Every look at the clock is a minute later: nobody is throttled for long. */
static int64_t
fast_clock(void)
{
    return atomic_fetch_add(&now, 60000);
}

static void
must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "fuzz_receipt: %s\n", what);
    abort();
}

static void
tidy(void)
{
    char command[128];
    int n = snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    FILE *f;

    server_stop(server);
    if (n > 0 && (f = popen(command, "r")) != NULL)
        pclose(f);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static struct install_tenant t = { .code = STR_INIT("one"),
                                       .name = { STR_INIT("One"),
                                                 STR_INIT("一") },
                                       .zone = STR_INIT("Asia/Shanghai"),
                                       .origin = STR_INIT("fuzz/one") };
    struct err e = { 0 };
    struct writer *w;
    struct report_new r = { .description = STR("wobbly railing"),
                            .place_text = STR("stairs"),
                            .who = str_of(secret),
                            .contact = str_of(secret) };
    static struct serve_config c = { .address = "127.0.0.1",
                                     .threads = 1,
                                     .connections = 64,
                                     .per_address = 64,
                                     .header_seconds = 10,
                                     .body_seconds = 10,
                                     .idle_seconds = 10,
                                     .public_url = "",
                                     .insecure = true };
    ARENA(a, 4096);

    (void)argc;
    (void)argv;
    snprintf(dir, sizeof(dir), "/dev/shm/anlan-fuzz-XXXXXX");
    must(mkdtemp(dir) != NULL, "no folder");
    w = writer_new(dir, fast_clock, &e);
    must(w != NULL && writer_run(w, install_tenant_job, &t, &e), "no district");
    writer_free(w);
    c.data_dir = dir;
    c.gateways.smtp_url = c.gateways.sms_url = "";
    server = server_start(&c, fast_clock, &e);
    must(server != NULL, "no server");
    memcpy(r.code, code, sizeof(code));
    r.tenant = t.id;
    r.org = t.root;
    must(writer_run(server_writer(server), report_job, &r, &e), "no report");
    snprintf(receipt, sizeof(receipt), "%.*s", STR_ARG(receipt_text(a, code)));
    atexit(tidy);
    return 0;
}

/* Text of the input, with what the marks stand for. */
static void
put(struct buf *b, const uint8_t *p, size_t n, bool address)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] == 1)
            buf_puts(b, receipt);
        else if (p[i] == 2)
            buf_puts(b, "&description=d&place_text=p&school=&place=&kept=");
        else if (address && (p[i] <= ' ' || p[i] == 127))
            buf_printf(b, "%%%02x", p[i]);
        else
            buf_putc(b, (char)p[i]);
    }
}

/* The status, 0 = no answer. A flood of connections from one address may find
 * the door shut for a moment: asked again. */
static int
ask(const char *request, size_t n, char *answer)
{
    for (int tries = 0; tries < 5; tries++) {
        int fd = client_open(server_port(server));

        answer[0] = '\0';
        if (fd >= 0 && client_send(fd, request, n))
            client_read(fd, answer, ANSWER, 10000);
        if (fd >= 0)
            close(fd);
        if (strncmp(answer, "HTTP/1.1 ", 9) == 0)
            return atoi(answer + 9);
        usleep(100000);
    }
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const char *const doors[] = {
        "GET /receipt/",   "POST /receipt",    "POST /receipt/",
        "GET /report/one", "POST /report/one", "GET /check/one/",
    };
    static char request[REQUEST + 8192], answer[ANSWER];
    BUF(body, REQUEST);
    BUF(path, 4096);
    const uint8_t *line = n > 1 ? memchr(p + 1, '\n', n - 1) : NULL;
    const size_t to = line != NULL ? (size_t)(line - p) : n;
    int len, status;
    size_t amp = 0;

    /* who brings the name along gets it back */
    if (n == 0 || memmem(p, n, "Tapir", 5) != NULL)
        return 0;
    put(&path, p + 1, to - 1, true);
    if (to < n && doors[p[0] % 6][0] == 'P')
        put(&body, p + to + 1, n - to - 1, false);
    for (size_t i = 0; i < path.n; i++)
        amp += path.p[i] == '&';
    if (path.over || body.over || amp > PARAMETERS)
        return 0;
    len = snprintf(request, sizeof(request),
                   "%s%s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                   "Content-Type: application/x-www-form-urlencoded\r\n"
                   "Content-Length: %zu\r\n\r\n",
                   doors[p[0] % 6], path.n > 0 ? path.p : "", body.n);
    memcpy(request + len, body.n > 0 ? body.p : "", body.n);
    status = ask(request, (size_t)len + body.n, answer);
    if (status == 0 || (status >= 500 && status != 503) ||
        strstr(answer, secret) != NULL) {
        fprintf(stderr, "%d\n%.2000s\n", status, answer);
        abort();
    }
    return 0;
}
