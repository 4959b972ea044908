/* anlan verify: is everything as the log says, or does a proof hold? */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/time.h"
#include "cmd/cmd.h"
#include "service/proof.h"
#include "service/verify.h"

enum { PROOF_MAX = 64 << 20, PRINTED_MAX = 1000 };

struct printing {
    bool json;
    int64_t n, rebuilt; /* so many; of them a rebuild makes anew */
};

static void
print(const struct finding *f, void *arg)
{
    struct printing *p = arg;
    BUF(b, 8192);

    p->rebuilt += finding_is_rebuilt(f);
    if (p->n++ >= PRINTED_MAX)
        return;
    if (p->json) {
        buf_puts(&b, p->n == 1 ? "\n" : ",\n");
        finding_json(&b, f);
    } else {
        finding_format(&b, f);
        buf_putc(&b, '\n');
    }
    fwrite(b.p, 1, b.n, stdout);
}

static void
print_json_end(const struct verify *v, bool ok)
{
    printf("],\"complete\":%s,\"count\":%ld,\"tenants\":%ld,\"events\":%ld,"
           "\"rows\":%ld,\"tiles\":%ld,\"checkpoints\":%ld,\"files\":%ld,"
           "\"words\":%s,\"read_only\":%s}\n",
           ok ? "true" : "false", (long)v->findings, (long)v->tenants,
           (long)v->events, (long)v->rows, (long)v->tiles, (long)v->checkpoints,
           (long)v->files, v->words_wait ? "false" : "true",
           v->read_only ? "true" : "false");
}

static void
print_way_back(const struct printing *p)
{
    if (p->rebuilt > 0)
        printf("\"anlan rebuild\" makes rows, indexes, counters, names and "
               "words anew from the log: that is the way back for %ld of "
               "them.\n",
               (long)p->rebuilt);
    if (p->rebuilt < p->n)
        printf("What stands in the log, in files, keys or beside the log "
               "comes back from a backup only: see \"anlan restore\".\n");
}

static void
print_end(const struct verify *v, const struct printing *p)
{
    if (v->read_only)
        printf("It is marked as restored and can only be read.\n");
    if (v->words_wait)
        printf("The index of words is being made anew: it was not "
               "compared.\n");
    if (v->seals_wait)
        printf("Sessions, keys of requests, notices and messages were not "
               "compared: their key row.key is not here.\n");
    if (v->files_bare > 0)
        printf("Names and types of %ld files are of before the log told of "
               "them: they were not compared.\n",
               (long)v->files_bare);
    if (v->findings > 0) {
        printf("%ld things are wrong.\n", (long)v->findings);
        print_way_back(p);
    } else
        printf("All is as the log says: %ld tenants, %ld events, %ld records, "
               "%ld tiles, %ld checkpoints, %ld files.\n",
               (long)v->tenants, (long)v->events, (long)v->rows, (long)v->tiles,
               (long)v->checkpoints, (long)v->files);
}

bool
file_read(const char *path, size_t max, struct buf *b, struct err *e)
{
    char piece[16 * 1024];
    FILE *f = fopen(path, "re");
    size_t n;
    bool ok = f != NULL;

    buf_init(b, max);
    while (ok && (n = fread(piece, 1, sizeof(piece), f)) > 0)
        buf_put(b, piece, n);
    ok = ok && !ferror(f) && !b->over;
    if (f != NULL)
        fclose(f);
    return ok || err_set(e, ERR_INVALID, NULL, "%s cannot be read", path);
}

bool
checkpoints_read(struct checkpoint_files *f, const char *const *path, size_t n,
                 struct err *e)
{
    *f = (struct checkpoint_files){ .n = 0 };
    if (n > CHECKPOINTS_MAX)
        return err_set(e, ERR_INVALID, NULL, "At most %d checkpoints at a time",
                       CHECKPOINTS_MAX);
    for (; f->n < n; f->n++) {
        if (!file_read(path[f->n], 64 * 1024, &f->file[f->n], e)) {
            f->n++;
            return false;
        }
        f->note[f->n] = buf_str(&f->file[f->n]);
    }
    return true;
}

void
checkpoints_fini(struct checkpoint_files *f)
{
    for (size_t i = 0; i < f->n; i++)
        buf_fini(&f->file[i]);
}

static int
check_all(struct verify *v, bool json, struct err *e)
{
    bool ok;

    if ((v->st = store_open(v->dir, STORE_READ, e)) == NULL)
        return cmd_fail(e);
    if (!store_is_current(v->st, e)) {
        store_close(v->st);
        return cmd_fail(e);
    }
    if (json)
        printf("{\"findings\":[");
    ok = verify_run(v, e);
    store_close(v->st);
    if (json)
        print_json_end(v, ok);
    else if (ok)
        print_end(v, v->arg);
    if (!ok)
        return cmd_fail(e);
    return v->findings == 0 ? EXIT_OK : EXIT_WRONG;
}

/* When a file was last written: since then it has been kept. */
static int64_t
kept_since(const char *path)
{
    struct stat s;

    return stat(path, &s) == 0 ? (int64_t)s.st_mtime * 1000 : 0;
}

int
verify_print(const struct verify_ask *ask, struct err *e)
{
    struct printing p = { .json = ask->json };
    struct checkpoint_files files;
    struct verify_outside outside[CHECKPOINTS_MAX];
    struct verify v = { .dir = ask->data,
                        .vkey = str_of(ask->vkey),
                        .outside = outside,
                        .found = print,
                        .arg = &p };
    int rc;

    if (!checkpoints_read(&files, ask->checkpoint, ask->n_checkpoints, e)) {
        checkpoints_fini(&files);
        return cmd_fail(e);
    }
    for (; v.n_outside < files.n; v.n_outside++)
        outside[v.n_outside] = (struct verify_outside){
            .name = str_of(ask->checkpoint[v.n_outside]),
            .note = files.note[v.n_outside],
            .at_ms = kept_since(ask->checkpoint[v.n_outside])
        };
    rc = check_all(&v, ask->json, e);
    checkpoints_fini(&files);
    return rc;
}

static void
print_said(const struct proof_said *s)
{
    BUF(b, 4096);

    buf_printf(&b, "event %ld of %.*s: logged ", (long)s->seq,
               STR_ARG(s->head.origin));
    time_format_utc(&b, s->at_ms);
    buf_printf(&b, ", in the tree of %ld entries", (long)s->head.size);
    if (s->opened)
        buf_printf(&b, "; record %ld, change %ld, step \"%.*s\", person %ld",
                   (long)s->event.record, (long)s->event.rev,
                   STR_ARG(s->event.verb), (long)s->event.actor);
    buf_putc(&b, '\n');
    fwrite(b.p, 1, b.n, stdout);
}

static int
check_proofs(const char *path, const char *vkey)
{
    struct err e = { 0 };
    struct note_key key;
    struct buf file = { 0 };
    struct str rest, one;
    int n = 0;
    bool ok = vkey_parse(str_of(vkey), &key, &e) &&
              file_read(path, PROOF_MAX, &file, &e);

    rest = buf_str(&file);
    for (; ok && tlog_proof_next(&rest, &one); n++) {
        ARENA(a, PROOF_MAX);
        struct proof_said said;

        if ((ok = proof_check(one, &key, a, &said, &e)))
            print_said(&said);
    }
    if (ok && n == 0)
        ok = err_set(&e, ERR_INVALID, NULL, "This is no proof from a log");
    buf_fini(&file);
    return ok ? EXIT_OK : cmd_fail(&e);
}

int
cmd_verify(int argc, char **argv)
{
    const char *data = "data", *proof = NULL, *vkey = NULL, *first = NULL;
    const char *word[CHECKPOINTS_MAX];
    bool json = false;
    const struct option o[] = { { "--data", &data, NULL },
                                { "--proof", &proof, NULL },
                                { "--vkey", &vkey, NULL },
                                { "--checkpoint", &first, NULL },
                                { "--json", NULL, &json } };
    const struct verb *v = verb_find("verify");
    size_t n = CHECKPOINTS_MAX - 1;
    struct err e = { 0 };

    if (!options_read(v, argc, argv, o, N_OF(o), word, &n))
        return EXIT_MISUSE;
    if (proof != NULL && vkey == NULL) {
        fprintf(stderr, "anlan verify: --proof needs --vkey, the public key of "
                        "the log\n");
        return EXIT_MISUSE;
    }
    if (first == NULL ? n > 0 : proof != NULL) {
        fprintf(stderr, "usage: anlan verify %s\n", v->args);
        return EXIT_MISUSE;
    }
    if (proof != NULL)
        return check_proofs(proof, vkey);
    if (first != NULL)
        word[n++] = first;
    return verify_print(&(struct verify_ask){ .data = data,
                                              .vkey = vkey,
                                              .checkpoint = word,
                                              .n_checkpoints = n,
                                              .json = json },
                        &e);
}
