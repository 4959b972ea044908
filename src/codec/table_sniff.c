#include "codec/table.h"

/* clang-format off */
static const struct {
    const char *magic;
    size_t n;
    const char *msg;
} foreign[] = {
    { "\x89PNG\r\n", 6, N_("this is a picture (PNG), not a table; give the ledger as .xlsx or .csv") },
    { "\xff\xd8\xff", 3, N_("this is a picture (JPEG), not a table; give the ledger as .xlsx or .csv") },
    { "GIF8", 4, N_("this is a picture (GIF), not a table; give the ledger as .xlsx or .csv") },
    { "%PDF-", 5, N_("this is a PDF; give the table it was printed from as .xlsx or .csv") },
    { "Rar!\x1a\x07", 6, N_("this is a RAR archive; unpack it and give the .xlsx or .csv file inside") },
    { "7z\xbc\xaf\x27\x1c", 6, N_("this is a 7z archive; unpack it and give the .xlsx or .csv file inside") },
    { "\x1f\x8b", 2, N_("this is a gzip archive; unpack it and give the .xlsx or .csv file inside") },
    { "{\\rtf", 5, N_("this is a text document (RTF); copy its table into Excel or WPS and save it as .xlsx") },
    { "SQLite format 3", 15, N_("this is a database, not a table; export the ledger as .csv") },
    { "\x7f" "ELF", 4, N_("this is a program, not a table; give the ledger as .xlsx or .csv") },
    { "\x09\x08", 2, N_("this is an .xls file of an old Excel; open it and save it as .xlsx") },
    { "\x09\x04\x06", 3, N_("this is an .xls file of an old Excel; open it and save it as .xlsx") },
};
/* clang-format on */

static bool
holds_wide(struct str s, const char *word)
{
    char wide[64];
    size_t n = strlen(word);

    for (size_t i = 0; i < n && i < 32; i++) {
        wide[2 * i] = word[i];
        wide[2 * i + 1] = '\0';
    }
    return s.n > 0 && memmem(s.p, s.n, wide, 2 * n) != NULL;
}

static bool
compound(struct str s, struct err *e)
{
    if (holds_wide(s, "EncryptedPackage"))
        return err_set(e, ERR_TYPE, NULL,
                       "the file is protected by a password; open it in Excel "
                       "or WPS, remove the password and save it");
    if (holds_wide(s, "WordDocument"))
        return err_set(e, ERR_TYPE, NULL,
                       "this is a Word document; copy its table into Excel or "
                       "WPS and save it as .xlsx");
    if (holds_wide(s, "PowerPoint Document"))
        return err_set(e, ERR_TYPE, NULL,
                       "this is a presentation, not a workbook; give a .xlsx "
                       "or .csv file");
    return err_set(e, ERR_TYPE, NULL,
                   "this is an .xls file of Excel 97-2003; open it in Excel or "
                   "WPS and save it as .xlsx");
}

static bool
holds_word(struct str s, const char *lower)
{
    size_t n = strlen(lower);

    for (size_t i = 0; i + n <= s.n; i++) {
        size_t k = 0;

        while (k < n && (s.p[i + k] | 32) == (lower[k] | 32))
            k++;
        if (k == n)
            return true;
    }
    return false;
}

static bool
markup(struct str s, struct err *e)
{
    struct str head = str_trim(str_cut(s, 0, 4096));

    if (str_starts(head, STR("\xef\xbb\xbf")))
        head = str_trim(str_cut(head, 3, head.n));
    if (head.n == 0 || head.p[0] != '<')
        return true;
    if (holds_word(head, "urn:schemas-microsoft-com:office:spreadsheet"))
        return err_set(e, ERR_TYPE, NULL,
                       "this is an XML spreadsheet of Excel 2003; open it in "
                       "Excel or WPS and save it as .xlsx");
    if (holds_word(head, "<html") || holds_word(head, "<table") ||
        holds_word(head, "<!doctype html"))
        return err_set(e, ERR_TYPE, NULL,
                       "this is a web page under another name; open it in "
                       "Excel or WPS and save it as .xlsx");
    if (holds_word(head, "<?xml"))
        return err_set(e, ERR_TYPE, NULL,
                       "this is an XML file, not a table; open it in Excel or "
                       "WPS and save it as .xlsx");
    return true;
}

bool
table_sniff(struct str s, struct err *e)
{
    if (s.n == 0)
        return err_set(e, ERR_TYPE, NULL,
                       "the file is empty; was it saved and fully copied?");
    if (s.n >= 8 && memcmp(s.p, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0)
        return compound(s, e);
    for (size_t i = 0; i < N_OF(foreign); i++) {
        if (s.n >= foreign[i].n &&
            memcmp(s.p, foreign[i].magic, foreign[i].n) == 0) {
            err_set(e, ERR_TYPE, NULL, " ");
            e->msg = foreign[i].msg;
            return false;
        }
    }
    return markup(s, e);
}
