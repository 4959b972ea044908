/* The ZIP around a workbook: opened, looked at, read at a price. */
#include <fcntl.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "codec/xlsx_part.h"

/* A ledger of a school inflates to ten or twenty times its file, and is gone
 * over three times. */
enum { INFLATED_LEAST = 128 * 1024 * 1024, INFLATED_RATIO = 100 };

void
budget_init(struct xlsx_budget *b, int fd, unsigned seconds)
{
    struct stat st;
    int64_t bytes = fstat(fd, &st) == 0 ? st.st_size : 0;

    *b = (struct xlsx_budget){
        .most = INFLATED_LEAST + INFLATED_RATIO * bytes,
        .end_ms = steady_ms() + 1000 * (int64_t)seconds,
    };
}

bool
budget_spend(struct xlsx_budget *b, int64_t bytes, struct err *e)
{
    b->inflated += bytes;
    if (b->inflated > b->most)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "the file unpacks to far more than its size, like "
                       "a file made to do harm; it is refused. If it is "
                       "a real ledger, split it into smaller files");
    return steady_ms() < b->end_ms ||
           err_set(e, ERR_TOO_LARGE, NULL,
                   "the workbook takes too long to read; split it into "
                   "smaller files");
}

static bool
part_damaged(const char *part, struct err *e)
{
    return err_set(e, ERR_TYPE, NULL,
                   "the file is damaged or was cut short while it was "
                   "copied (%s); copy it again, or open it in Excel "
                   "or WPS and save it anew",
                   part);
}

bool
part_open(struct part_reader *r, struct package *p, const char *part,
          struct err *e)
{
    zip_int64_t i = zip_name_locate(p->zip, part, ZIP_FL_NOCASE);
    zip_stat_t st = { .valid = 0 };

    *r = (struct part_reader){ .budget = p->budget, .name = part };
    if (i >= 0 && zip_stat_index(p->zip, (zip_uint64_t)i, 0, &st) == 0)
        r->file = zip_fopen_index(p->zip, (zip_uint64_t)i, 0);
    if (r->file != NULL) {
        r->claimed = st.valid & ZIP_STAT_SIZE ? (int64_t)st.size : -1;
        return true;
    }
    if (zip_error_code_zip(zip_get_error(p->zip)) == ZIP_ER_NOPASSWD)
        return err_set(e, ERR_TYPE, NULL,
                       "the file is protected by a password; open it in "
                       "Excel or WPS, remove the password and save it");
    return err_set(e, ERR_TYPE, NULL,
                   "the workbook is damaged: %s cannot be read. Open it "
                   "in Excel or WPS and save it anew",
                   part);
}

bool
part_read(struct part_reader *r, void *room, size_t cap, size_t *n,
          struct err *e)
{
    zip_int64_t got = zip_fread(r->file, room, cap);

    *n = 0;
    if (got < 0)
        return part_damaged(r->name, e);
    r->total += got;
    if (r->total > XLSX_PART_MAX)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "the workbook unpacks to more than a ledger can "
                       "need; split it into smaller files");
    /* what the archive says of it and what it is */
    if (r->claimed >= 0 &&
        (r->total > r->claimed || (got == 0 && r->total != r->claimed)))
        return part_damaged(r->name, e);
    *n = (size_t)got;
    return budget_spend(r->budget, got, e);
}

void
part_close(struct part_reader *r)
{
    if (r->file != NULL)
        zip_fclose(r->file);
    r->file = NULL;
}

bool
zip_has(struct package *p, const char *part)
{
    return zip_name_locate(p->zip, part, ZIP_FL_NOCASE) >= 0;
}

static int
by_name(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcasecmp(*x, *y);
}

/* Which of two would be read is anybody's guess: programs differ. */
static bool
names_differ(zip_t *z, zip_int64_t n, struct err *e)
{
    const char **name = calloc((size_t)n + 1, sizeof(*name));
    size_t kept = 0;
    bool ok = true;

    if (name == NULL)
        return err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
    for (zip_int64_t i = 0; i < n; i++)
        if ((name[kept] = zip_get_name(z, (zip_uint64_t)i, 0)) != NULL)
            kept++;
    qsort(name, kept, sizeof(*name), by_name);
    for (size_t i = 1; i < kept && ok; i++)
        ok = strcasecmp(name[i - 1], name[i]) != 0;
    free(name);
    return ok || err_set(e, ERR_TYPE, NULL,
                         "the file holds two parts of one name; it is "
                         "refused. Open it in Excel or WPS and save it anew");
}

bool
zip_bounds(struct package *p, struct err *e)
{
    zip_int64_t n = zip_get_num_entries(p->zip, 0);
    uint64_t total = 0;

    if (n > XLSX_ENTRIES_MAX)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "the file holds %ld parts; a workbook has at most %d",
                       (long)n, XLSX_ENTRIES_MAX);
    for (zip_int64_t i = 0; i < n; i++) {
        zip_stat_t st;

        if (zip_stat_index(p->zip, (zip_uint64_t)i, 0, &st) != 0)
            continue;
        if (st.size > XLSX_PART_MAX ||
            (total += st.size) > 2 * (uint64_t)XLSX_PART_MAX ||
            (st.size > XLSX_RATIO_FROM &&
             st.size / (st.comp_size + 1) > XLSX_RATIO_MAX))
            return err_set(e, ERR_TOO_LARGE, NULL,
                           "the file unpacks to far more than its size, like "
                           "a file made to do harm; it is refused. If it is "
                           "a real ledger, split it into smaller files");
    }
    return names_differ(p->zip, n, e);
}

/* ---- what stands twice ------------------------------------------------------ */

enum { CENTRAL = 46, LOCAL = 30, DESCRIPTOR = 8 };

static uint32_t
le32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static unsigned
le16(const unsigned char *p)
{
    return p[0] | (unsigned)p[1] << 8;
}

/* A part's size stands in front of it and in the list at the end. */
static bool
sizes_agree(int fd, const unsigned char *c)
{
    unsigned char l[LOCAL];

    if (le32(c + 20) == UINT32_MAX || le32(c + 24) == UINT32_MAX ||
        le32(c + 42) == UINT32_MAX)
        return true; /* ZIP64: both stand elsewhere */
    if (pread(fd, l, LOCAL, le32(c + 42)) != LOCAL ||
        memcmp(l, "PK\3\4", 4) != 0)
        return false;
    return (le16(l + 6) & DESCRIPTOR) != 0 ||
           (le32(l + 18) == le32(c + 20) && le32(l + 22) == le32(c + 24));
}

bool
zip_honest(int fd, struct err *e)
{
    unsigned char end[22 + 65535], c[CENTRAL];
    off_t size = lseek(fd, 0, SEEK_END);
    off_t from = size > (off_t)sizeof(end) ? size - (off_t)sizeof(end) : 0;
    ssize_t n = pread(fd, end, sizeof(end), from);
    ssize_t at = n - 22;
    bool ok = true;

    while (at >= 0 && memcmp(end + at, "PK\5\6", 4) != 0)
        at--;
    if (at < 0) /* the library says what is wrong */
        return true;
    from = le32(end + at + 16);
    for (unsigned i = 0; ok && i < le16(end + at + 10); i++) {
        if (pread(fd, c, CENTRAL, from) != CENTRAL ||
            memcmp(c, "PK\1\2", 4) != 0)
            return true; /* ZIP64, or bytes in front: the library knows */
        ok = sizes_agree(fd, c);
        from += CENTRAL + (off_t)le16(c + 28) + le16(c + 30) + le16(c + 32);
    }
    return ok || err_set(e, ERR_TYPE, NULL,
                         "the file says two things of the size of a part; it "
                         "is refused. Open it in Excel or WPS and save it "
                         "anew");
}
