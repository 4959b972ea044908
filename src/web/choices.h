#ifndef WEB_CHOICES_H
#define WEB_CHOICES_H

#include "web/view.h"

/* What a question offers: people, places, units, in the reader's language and
 * within the reader's rights. .on marks the one that is chosen. */
struct choices {
    struct v_choice *at;
    size_t n, room;
    size_t left_off; /* did not fit any more: the form says so */
};

/* The largest list that a form carries; a school's own stand first. */
enum { CHOICES_MAX = 4096 };

void choice_add(struct rq *, struct choices *, struct v_choice);
/* For a record's work: people of the node, of those below it and of the
 * district's office. Who only looks at work (auditor, administrator, police) is
 * left out; who holds no post yet may be named, and acts as the one named.
 *	on	who is chosen, offered in any case; 0: nobody */
void choices_workers(struct rq *, struct choices *, int64_t org, int64_t on);
/* For the directory, where people are appointed: everybody in force whom the
 * reader may open, those of the node first. */
void choices_everybody(struct rq *, struct choices *, int64_t org, int64_t on);
void choices_places(struct rq *, struct choices *, int64_t org, int64_t on);
/* Units where the reader may do that with records of the ledger. */
void choices_orgs(struct rq *, struct choices *, int64_t on,
                  const struct ledger *, const char *verb);

#endif
