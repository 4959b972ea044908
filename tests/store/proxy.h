#ifndef TESTS_PROXY_H
#define TESTS_PROXY_H

/* Stands between a program and a PostgreSQL on a socket, and can cut what goes
 * through it. */
struct proxy;
struct proxy *proxy_start(const char *to_dir);
/* The folder of its own socket. */
const char *proxy_dir(const struct proxy *);
enum proxy_cut {
    CUT_NOT,
    CUT_BEFORE, /* the next commit never arrives */
    CUT_AFTER   /* the next commit arrives, and its answer is lost */
};
void proxy_arm(struct proxy *, enum proxy_cut);
/* Cuts made so far. */
int proxy_cuts(const struct proxy *);
void proxy_stop(struct proxy *);

#endif
