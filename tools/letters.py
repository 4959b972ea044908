#!/usr/bin/env python3
"""Write src/base/letters.c from Python's tables of Unicode.
usage: tools/letters.py >src/base/letters.c

Only when another version of Unicode is wanted: every index of words must then be made anew (a migration like
db/0035_search.sql), for what it holds is what these tables said when it was written."""
import unicodedata as u

SIGNS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF), (0x0300, 0x036F))  # how a letter looks, not which it is
BLOCKS = ((0x0080, 0x024F), (0x0370, 0x052F), (0x1E00, 0x1FFF), (0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF),
          (0x2F800, 0x2FA1F))
MARKED = "LATIN", "GREEK", "CYRILLIC", "FEMININE", "MASCULINE", "SUPERSCRIPT"


def is_letter(c):
    return u.category(chr(c))[0] in "LMN" and not any(a <= c <= b for a, b in SIGNS)


def ranges():
    got = []
    for c in range(0x80, 0x110000):
        if not is_letter(c):
            continue
        gap = got and all(u.category(chr(x)) == "Cn" for x in range(got[-1][1] + 1, min(c, got[-1][1] + 65)))
        if got and c - got[-1][1] <= 64 and gap:
            got[-1][1] = c
        else:
            got.append([c, c])
    return got


def fold(c):
    s = chr(c)
    if c >= 0x2E80:  # radicals are signs that stand for letters
        n = u.normalize("NFKC", s).casefold()
        return ord(n) if len(n) == 1 and is_letter(ord(n)) else c
    if not is_letter(c):
        return c
    n = s.casefold()
    if u.name(s, "").split(" ")[0] in MARKED:
        plain = "".join(x for x in u.normalize("NFKD", n) if not u.combining(x)).casefold()
        n = plain if len(plain) == 1 else n
    return ord(n) if len(n) == 1 else c


def lines(items, n):
    for i in range(0, len(items), n):
        print("    " + ", ".join(items[i:i + n]) + ",")


print(f"""/* Made by tools/letters.py from Unicode {u.unidata_version}. */
#include "base/letters.h"

#include <stddef.h>

/* clang-format off */
static const int32_t letters[][2] = {{""")
lines([f"{{0x{a:x}, 0x{b:x}}}" for a, b in ranges()], 5)
print("};\n")
for at, end in BLOCKS:
    print(f"static const int32_t from_{at:x}[] = {{")
    lines([f"0x{fold(c):x}" for c in range(at, end + 1)], 12)
    print("};\n")
print("static const struct {\n    int32_t at, n;\n    const int32_t *to;\n} blocks[] = {")
for at, end in BLOCKS:
    print(f"    {{ 0x{at:x}, 0x{end - at + 1:x}, from_{at:x} }},")
print("""};
/* clang-format on */

bool
letter_is(int32_t cp)
{
    size_t low = 0, high = sizeof(letters) / sizeof(letters[0]);

    if (cp < 0x80)
        return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') ||
               (cp >= 'A' && cp <= 'Z');
    while (low < high) {
        size_t mid = (low + high) / 2;

        if (cp > letters[mid][1])
            low = mid + 1;
        else
            high = mid;
    }
    return low < sizeof(letters) / sizeof(letters[0]) && cp >= letters[low][0];
}

int32_t
letter_fold(int32_t cp)
{
    if (cp < 0x80)
        return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
        if (cp >= blocks[i].at && cp < blocks[i].at + blocks[i].n)
            return blocks[i].to[cp - blocks[i].at];
    return cp;
}""")
