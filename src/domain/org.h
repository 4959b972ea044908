#ifndef DOMAIN_ORG_H
#define DOMAIN_ORG_H

#include "domain/ledger.h"

/* The directory's ledgers: who and where. records.md; product.md D1. */

enum org_kind {
    ORG_DISTRICT = 1,
    ORG_CENTRAL_PRIMARY = 2,
    ORG_VILLAGE_PRIMARY = 3,
    ORG_TEACHING_POINT = 4,
    ORG_JUNIOR = 5,
    ORG_SENIOR = 6,
    ORG_NINE_YEAR = 7,
    ORG_KINDERGARTEN = 8,
    ORG_BOARDING = 9,
    ORG_DEPARTMENT = 10,
    ORG_AUTHORITY = 11,
};

struct org {
    struct rec r;
    struct text2 name;
    int64_t kind;
    int64_t parent; /* 0: the tenant's root */
    struct str code;
    int64_t head;
    struct str township, police, health;
    int64_t pupils, staff;
    struct str phone;
    struct str plan; /* pictures of the grounds; never public */
};

struct person {
    struct rec r;
    struct str name;
    struct str login;
    struct str phone, email;
    int64_t lang;
};

/* A grant: the person holds the role on the node and all below it. */
struct post {
    struct rec r;
    int64_t person;
    int64_t role;
    struct str title;
    int64_t from_on, to_on;
};

enum place_kind { PLACE_AREA = 1, PLACE_BUILDING, PLACE_FLOOR, PLACE_ROOM };

struct place {
    struct rec r;
    struct text2 name;
    int64_t kind;
    int64_t parent;
    struct str note;
    struct str plan; /* a floor plan; never public */
};

enum calendar_kind {
    CAL_HOLIDAY = 1,
    CAL_WORKDAY = 2,
    CAL_TERM = 3,
    CAL_KEY = 4
};

struct calendar {
    struct rec r;
    struct text2 name;
    int64_t kind;
    int64_t from_on, to_on;
};

struct rule_change {
    struct rec r;
    struct str rule_key;
    int64_t value;
    int64_t unit; /* enum rule_unit */
    struct str note;
};

extern const struct ledger org_ledger, person_ledger, post_ledger, place_ledger,
    calendar_ledger, rule_ledger;

#endif
