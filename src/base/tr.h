#ifndef BASE_TR_H
#define BASE_TR_H

#include "base/err.h"
#include "base/str.h"

/* The languages Anlan speaks; English is the message id. */
enum lang { LANG_EN, LANG_ZH, LANG__MAX };

/* The text of a message in that language; the id itself where the catalogue
 * has none. Never NULL for a non-NULL id; the result lives for ever. */
const char *tr(enum lang, const char *msgid);
/* Plural forms: Chinese has one. one and many are English ids. */
const char *trn(enum lang, const char *one, const char *many, int64_t n);
/* True when the catalogue has an own text for it (always true for English). */
bool tr_has(enum lang, const char *msgid);

/* Append an error in words of that language, the labels in it, too. */
void tr_err(enum lang, const struct err *, struct buf *);

/* "zh-CN,zh;q=0.9,en;q=0.8" -> the best of ours; fallback when none fits. */
enum lang lang_accept(struct str accept_language, enum lang fallback);
const char *lang_tag(enum lang); /* "en", "zh-CN" */

#endif
