#include "domain/credential.h"

static const struct choice kinds[] = {
    { CRED_LINK, "link", N_("One-time link") },
    { CRED_PASSWORD, "password", N_("Password") },
    { CRED_TOKEN, "token", N_("Token") },
    { CRED_PIN, "pin", N_("PIN") },
    { CRED_DEVICE, "device", N_("Shared device") },
    { CRED_ROBOT, "robot", N_("Robot of a chat") },
    { 0 },
};

static const struct field fields[] = {
    FIELD(struct credential, 32, kind, FK_ENUM, N_("Kind"), .choices = kinds),
    FIELD(struct credential, 33, id, FK_INT, N_("Number")),
    FIELD(struct credential, 34, until, FK_TIME, N_("Until")),
    FIELD(struct credential, 35, print, FK_LINE, N_("Fingerprint")),
    FIELD(struct credential, 36, person, FK_REF, N_("Person"), .ref = "person",
          .flags = F_PERSONAL),
    FIELD(struct credential, 37, scopes, FK_LINE, N_("What it may do"),
          .flags = F_PERSONAL),
};

const struct ledger credential_ledger = {
    .name = "credential",
    .tag = 0,
    .size = sizeof(struct credential),
    .fields = fields,
    .n_fields = N_OF(fields),
};
