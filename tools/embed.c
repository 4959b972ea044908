/*
 * embed: put the files of assets/ into one C file (src/web/asset.h).
 *
 *	embed OUT.c FILE...
 *
 * A file is served as /static/NAME-HASH.SUFFIX. Names inside files are not
 * rewritten: a script must not import another by relative name, and url(name)
 * in a style sheet is not supported; both are refused.
 */
#include <libdeflate.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH_BYTES 5 /* ten hex digits */

struct file {
    const char *name; /* without directories */
    const char *type;
    bool text; /* worth compressing */
    char path[200];
    unsigned char *data, *gz;
    size_t size, gz_size;
};

static const struct {
    const char *suffix, *type;
    bool text;
} types[] = {
    { ".css", "text/css; charset=utf-8", true },
    { ".js", "text/javascript; charset=utf-8", true },
    { ".svg", "image/svg+xml", true },
    { ".json", "application/json", true },
    { ".webmanifest", "application/manifest+json", true },
    { ".txt", "text/plain; charset=utf-8", true },
    { ".ico", "image/x-icon", true },
    { ".png", "image/png", false },
    { ".webp", "image/webp", false },
    { ".jpg", "image/jpeg", false },
    { ".woff2", "font/woff2", false },
    { ".mp3", "audio/mpeg", false },
};

static void __attribute__((noreturn)) fail(const char *file, const char *why)
{
    fprintf(stderr, "%s: error: %s\n", file, why);
    exit(1);
}

static void
slurp(const char *path, struct file *f)
{
    FILE *in = fopen(path, "rb");
    long size;

    if (in == NULL || fseek(in, 0, SEEK_END) != 0 || (size = ftell(in)) < 0)
        fail(path, "cannot be read");
    rewind(in);
    f->size = (size_t)size;
    if ((f->data = malloc(f->size + 1)) == NULL)
        abort();
    if (fread(f->data, 1, f->size, in) != f->size)
        fail(path, "cannot be read");
    f->data[f->size] = '\0';
    fclose(in);
}

static void
check_references(const char *path, const struct file *f)
{
    const char *p = (const char *)f->data;
    const char *const css[] = { "url(", "@import" };
    const char *const js[] = { "from \"./",  "from './",    "import \"./",
                               "import './", "import(\"./", "import('./" };

    if (strncmp(f->type, "text/css", 8) == 0) {
        for (size_t i = 0; i < sizeof(css) / sizeof(css[0]); i++)
            for (const char *q = p; (q = strstr(q, css[i])) != NULL; q++)
                if (strncmp(q, "url(data:", 9) != 0 &&
                    strncmp(q, "url(\"data:", 10) != 0)
                    fail(path, "url(name) and @import are not supported");
    }
    if (strncmp(f->type, "text/javascript", 15) == 0)
        for (size_t i = 0; i < sizeof(js) / sizeof(js[0]); i++)
            if (strstr(p, js[i]) != NULL)
                fail(path, "a script may not import another");
}

static void
name_it(const char *path, struct file *f)
{
    const char *slash = strrchr(path, '/'), *dot;
    unsigned char hash[EVP_MAX_MD_SIZE];
    char hex[HASH_BYTES * 2 + 1];

    f->name = slash != NULL ? slash + 1 : path;
    if ((dot = strrchr(f->name, '.')) == NULL)
        fail(path, "no suffix");
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (strcmp(dot, types[i].suffix) == 0) {
            f->type = types[i].type;
            f->text = types[i].text;
        }
    if (f->type == NULL)
        fail(path, "unknown suffix");
    if (EVP_Digest(f->data, f->size, hash, NULL, EVP_sha256(), NULL) != 1)
        fail(path, "no SHA-256");
    for (int i = 0; i < HASH_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    if (snprintf(f->path, sizeof(f->path), "/static/%.*s-%s%s",
                 (int)(dot - f->name), f->name, hex,
                 dot) >= (int)sizeof(f->path))
        fail(path, "name too long");
}

static void
compress_it(struct file *f)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(12);
    size_t bound;

    if (c == NULL)
        abort();
    bound = libdeflate_gzip_compress_bound(c, f->size);
    if ((f->gz = malloc(bound)) == NULL)
        abort();
    f->gz_size = libdeflate_gzip_compress(c, f->data, f->size, f->gz, bound);
    if (f->gz_size + 64 > f->size)
        f->gz_size = 0;
    libdeflate_free_compressor(c);
}

static void
put_bytes(FILE *out, const char *what, size_t i, const unsigned char *p,
          size_t n)
{
    fprintf(out, "static const unsigned char %s%zu[] = {", what, i);
    for (size_t k = 0; k < n; k++)
        fprintf(out, "%s%u,", k % 24 == 0 ? "\n" : "", p[k]);
    fputs(n > 0 ? "\n};\n" : "0};\n", out);
}

static void
put_table(FILE *out, const struct file *f, size_t n)
{
    fputs("const struct asset assets[] = {\n", out);
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "{ \"%s\", \"%s\", \"%s\", d%zu, %zu, ", f[i].name,
                f[i].path, f[i].type, i, f[i].size);
        if (f[i].gz_size > 0)
            fprintf(out, "z%zu, %zu },\n", i, f[i].gz_size);
        else
            fputs("0, 0 },\n", out);
    }
    fputs("{ 0, 0, 0, 0, 0, 0, 0 } };\n", out);
}

static int
by_path(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->path,
                  ((const struct file *)b)->path);
}

int
main(int argc, char **argv)
{
    size_t n = argc > 2 ? (size_t)argc - 2 : 0;
    struct file *f = argc < 2 ? NULL : calloc(n + 1, sizeof(*f));
    FILE *out;

    if (f == NULL) {
        fprintf(stderr, "usage: embed OUT.c FILE...\n");
        return 2;
    }
    for (size_t i = 0; i < n; i++) {
        slurp(argv[i + 2], &f[i]);
        name_it(argv[i + 2], &f[i]);
        check_references(argv[i + 2], &f[i]);
        if (f[i].text)
            compress_it(&f[i]);
    }
    qsort(f, n, sizeof(*f), by_path);
    if ((out = fopen(argv[1], "wb")) == NULL)
        fail(argv[1], "cannot be written");
    fputs("/* made by embed; do not edit */\n#include \"web/asset.h\"\n", out);
    for (size_t i = 0; i < n; i++) {
        put_bytes(out, "d", i, f[i].data, f[i].size);
        if (f[i].gz_size > 0)
            put_bytes(out, "z", i, f[i].gz, f[i].gz_size);
        free(f[i].data);
        free(f[i].gz);
    }
    put_table(out, f, n);
    free(f);
    return fclose(out) == 0 ? 0 : 1;
}
