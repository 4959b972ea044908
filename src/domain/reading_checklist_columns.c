/* The heading of a school's own checklist, and what its columns hold. */
#include "domain/reading_checklist_part.h"

struct heading_score {
    size_t known, filled, content, answers;
};

static struct heading_score
score_of(struct arena *a, const struct cl_row *k)
{
    struct heading_score s = { 0 };
    bool tick;

    for (size_t c = 0; c < k->n; c++) {
        enum cl_role role;

        if (cl_new(k, c).n == 0)
            continue;
        s.filled++;
        role = cl_role_of(a, k->text[c], &tick);
        s.known += role != CR_NONE;
        s.content += role == CR_ITEM || role == CR_EITHER ||
                     role == CR_STANDARD || role == CR_SECTION;
        s.answers += role == CR_ANSWER || role == CR_OTHER;
    }
    return s;
}

/* The row that names the most columns; a row with one word for a column is
 * none, unless the rest of it is for answers. */
size_t
cl_heading(struct arena *a, const struct cl_row *row, size_t n)
{
    size_t best = n, points = 0;

    for (size_t i = 0; i < n && i < HEAD_ROWS; i++) {
        struct heading_score s = score_of(a, &row[i]);

        if (s.known * 2 < s.filled || s.filled < 2 ||
            (s.content == 0 && (s.answers == 0 || s.known == s.filled)) ||
            s.known <= points)
            continue;
        best = i;
        points = s.known;
    }
    return best;
}

static int
first_of(const struct cl_form *f, enum cl_role role, int after)
{
    for (int c = after + 1; c < (int)f->n_columns; c++)
        if (f->role[c] == role)
            return c;
    return -1;
}

/* Which unnamed column has the most words in it. */
static int
wordiest(const struct cl_form *f)
{
    size_t most = 0;
    int best = -1;

    for (size_t c = 0; c < f->n_columns; c++) {
        size_t n = 0;

        if (f->role[c] != CR_NONE)
            continue;
        for (size_t i = f->heading + 1; i < f->n_rows; i++)
            n += cl_new(&f->row[i], c).n;
        if (n > most) {
            most = n;
            best = (int)c;
        }
    }
    return best;
}

/* Something has to be what is looked at. */
static void
find_item(struct cl_form *f)
{
    static const enum cl_role next_best[] = { CR_ITEM, CR_EITHER };

    f->item = -1;
    for (size_t i = 0; i < N_OF(next_best) && f->item < 0; i++)
        f->item = first_of(f, next_best[i], -1);
    if (f->item < 0)
        f->item = wordiest(f);
    if (f->item < 0)
        f->item = first_of(f, CR_STANDARD, -1);
    if (f->item < 0)
        f->item = first_of(f, CR_SECTION, -1);
    if (f->item >= 0)
        f->role[f->item] = CR_ITEM;
}

/* Whether most of what stands in a column is Chinese. */
static bool
is_chinese(const struct cl_form *f, int column)
{
    size_t zh = 0, n = 0;

    for (size_t i = f->heading + 1; i < f->n_rows; i++) {
        struct str s = cl_new(&f->row[i], (size_t)column);

        n += s.n > 0;
        zh += s.n > 0 && rt_has_cjk(s);
    }
    return zh * 2 > n;
}

/* The same in the other language, in a column beside it. */
static int
beside(const struct cl_form *f, int column, enum cl_role role, enum cl_role or)
{
    for (int c = column - 1; column >= 0 && c <= column + 1; c += 2)
        if (c >= 0 && c < (int)f->n_columns &&
            (f->role[c] == role || f->role[c] == or) &&
            is_chinese(f, c) != is_chinese(f, column))
            return c;
    return -1;
}

/* "1.2": a number below another. */
bool
cl_is_dotted(struct str s)
{
    size_t i = 0;
    int64_t n;

    return rt_number(s, &i, &n) && i + 1 < s.n && s.p[i] == '.' &&
           rt_digit(s.p[i + 1]);
}

static void
look_at_numbers(struct cl_form *f)
{
    for (size_t i = f->heading + 1; f->no >= 0 && i < f->n_rows; i++) {
        struct str v = fold_text(f->r->a, cl_new(&f->row[i], (size_t)f->no));

        f->digits |= v.n > 0 && rt_digit(v.p[0]);
        f->dotted |= cl_is_dotted(v);
    }
}

bool
cl_in_capitals(struct str s)
{
    size_t upper = 0;

    for (size_t i = 0; i < s.n; i++) {
        if ((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] & 0x80) != 0)
            return false;
        upper += s.p[i] >= 'A' && s.p[i] <= 'Z';
    }
    return upper > 2;
}

/* What tells the name of a section in a column of items: it is no question
 * among questions, or stands in capitals among lines that do not. */
static void
look_at_words(struct cl_form *f)
{
    size_t n = 0, questions = 0, capitals = 0;

    for (size_t i = f->heading + 1; f->item >= 0 && i < f->n_rows; i++) {
        struct str s = cl_new(&f->row[i], (size_t)f->item);

        n += s.n > 0;
        questions += rt_ends(s, "?|？");
        capitals += cl_in_capitals(s);
    }
    f->asks = questions * 2 > n;
    f->shouts = capitals > 0 && capitals * 2 < n;
}

void
cl_form_columns(struct cl_form *f)
{
    find_item(f);
    f->item2 = beside(f, f->item, CR_ITEM, CR_EITHER);
    if (f->item2 >= 0)
        f->role[f->item2] = CR_OTHER;
    for (size_t c = 0; c < f->n_columns; c++)
        if (f->role[c] == CR_EITHER)
            f->role[c] = (int)c < f->item ? CR_SECTION : CR_NONE;
    f->no = first_of(f, CR_NO, -1);
    f->section[0] = first_of(f, CR_SECTION, -1);
    f->section[1] =
        f->section[0] >= 0 ? first_of(f, CR_SECTION, f->section[0]) : -1;
    f->standard = first_of(f, CR_STANDARD, -1);
    f->standard2 = beside(f, f->standard, CR_STANDARD, CR_STANDARD);
    f->code = first_of(f, CR_CODE, -1);
    f->weight = first_of(f, CR_WEIGHT, -1);
    look_at_numbers(f);
    look_at_words(f);
}

/* "No" beside "Yes" is an answer, not a number. */
void
cl_form_heading(struct cl_form *f)
{
    const struct cl_row *k = &f->row[f->heading];
    struct arena *a = f->r->a;
    int no = -1;
    bool yes = false, tick;

    f->n_columns = k->n;
    for (size_t c = 0; c < k->n; c++) {
        struct str key = fold_key(a, cl_own(k, c));

        f->role[c] = cl_role_of(a, cl_own(k, c), &tick);
        yes |= str_is(key, "yes");
        if (str_is(key, "no"))
            no = (int)c;
        if (tick && f->boxes.n == 0)
            f->boxes = k->text[c];
    }
    if (yes && no >= 0)
        f->role[no] = CR_ANSWER;
    cl_form_columns(f);
}
