#ifndef DOMAIN_ROLE_H
#define DOMAIN_ROLE_H

#include <stdint.h>

#include "domain/field.h"

/* What a post makes of a person, on its org node and all below. Permanent
 * numbers: posts keep them. */
enum role {
    ROLE_ADMIN = 1,
    ROLE_DISTRICT_OFFICER = 2,
    ROLE_INSPECTOR = 3,
    ROLE_AUDITOR = 4,
    ROLE_PRINCIPAL = 5,
    ROLE_SAFETY_MANAGER = 6,
    ROLE_DEPUTY_HEAD = 7,
    ROLE_DUTY_LEADER = 8,
    ROLE_CLASS_TEACHER = 9,
    ROLE_LOGISTICS = 10,
    ROLE_CANTEEN = 11,
    ROLE_DOCTOR = 12,
    ROLE_LEGAL_VICE = 13,
    ROLE_GUARD = 14,
    ROLE_STAFF = 15,
    ROLE_POLICE = 16,
    /* not posts: what a person is to one record */
    ROLE_CREATOR = 56,  /* entered it */
    ROLE_ANSWERS = 57,  /* is named as responsible */
    ROLE_SYSTEM = 58,   /* the scheduler */
    ROLE_REPORTER = 59, /* found it, by name */
    ROLE_PUBLIC = 60,   /* anybody, without an account */
};

/* Who stands in an event when somebody without an account acts. Ids hold the
 * time they were made: nobody ever gets this one. */
#define PERSON_PUBLIC 1

#define R(role)       (UINT64_C(1) << ROLE_##role)
#define R_MANAGE                                                               \
    (R(SAFETY_MANAGER) | R(PRINCIPAL) | R(DEPUTY_HEAD) | R(DISTRICT_OFFICER))
#define R_HEAD     (R(PRINCIPAL) | R(DISTRICT_OFFICER))
#define R_DISTRICT (R(DISTRICT_OFFICER))
#define R_STAFF                                                                \
    (R_MANAGE | R(DUTY_LEADER) | R(CLASS_TEACHER) | R(LOGISTICS) |             \
     R(CANTEEN) | R(DOCTOR) | R(LEGAL_VICE) | R(GUARD) | R(STAFF) |            \
     R(INSPECTOR))
#define R_READ  (R_STAFF | R(AUDITOR) | R(ADMIN))
#define R_SETUP (R(ADMIN) | R(DISTRICT_OFFICER))

/* Where a post is: it tells how far an administrator's right goes. */
enum role_where {
    AT_INSTALLATION, /* on the installation's own root */
    AT_TOP,          /* on a district's root */
    BELOW,           /* on a school, or anything below the root */
};

/*
 * Who stands above whom where rights are given, ended and reset (not where work
 * is done): a larger number stands higher. Roles that are not in the table are
 * RANK_OTHERS.
 */
enum { RANK_OTHERS = 10, RANK_WATCH = 60 /* inspector, auditor, police */ };
struct role_rank {
    int64_t role;
    int at[BELOW + 1];
};
extern const struct role_rank role_ranks[]; /* ends with .role == 0 */
int role_rank(int64_t role, enum role_where);

/* The posts a person can hold: key and label of every role up to POLICE. */
extern const struct choice role_choices[];

#endif
