/*
 * limit/inside.h: what the files of this folder share, and its tests look at.
 *
 * window.c is arithmetic alone: a word and a clock in, a word and a verdict out.  table.c keeps the words, and lets the one that
 * was decided upon take the place of the one that was looked at.
 */
#ifndef MACT_LIMIT_INSIDE_H
#define MACT_LIMIT_INSIDE_H

#include "limit/limit.h"

/*
 * One counter, as a word of 64 bits that one compare-and-swap replaces:
 *
 *      63       62 61   60                        36 35               18 17                0
 *     +--------+-------+----------------------------+-------------------+-------------------+
 *     | opened | age   | start of the window, units | previous window's | this window's     |
 *     |        |       |                            | or rest of start  |                   |
 *     +--------+-------+----------------------------+-------------------+-------------------+
 *
 * A window begins with the first request after a quiet time, not with the minute of the wall clock.  So a burst lies within one
 * window, and what a boundary could let through too early is nothing.  Such a window is `opened`: there is no previous one, and
 * its field says to a fraction of 2^18 of the unit when within the unit that request came.
 *
 * `age` goes on with each such beginning, for the sake of table.c.  A word without counts is quiet, whatever else it says: 0 is a
 * new counter.
 */
typedef struct {
    int opened;
    apr_uint32_t age;                  /* modulo MACT_LIMIT_AGES */
    apr_uint32_t start;                /* in units of the period, modulo MACT_LIMIT_STARTS */
    apr_uint32_t previous;             /* a count; opened: the rest of the start */
    apr_uint32_t current;
} mact_limit_word_t;

#define MACT_LIMIT_COUNT_MOST ((1u << 18) - 1)
#define MACT_LIMIT_AGES       4u
#define MACT_LIMIT_STARTS     (1u << 25)
#define MACT_LIMIT_AHEAD      (1u << 22)    /* units (3 days of /second, 48 of the others) that a start may lie ahead of a clock that was set back */
#define MACT_LIMIT_LATE       APR_TIME_C(5000000)   /* µs by which requests overtake each other; more is a clock set back */

/* The code of a rate's window, 0 to 3; -1 if it is none of second, minute, hour, day. */
int mact_limit_period(apr_uint32_t window);

apr_uint64_t mact_limit_pack(const mact_limit_word_t *word);
void mact_limit_unpack(mact_limit_word_t *word, apr_uint64_t bits);

/*
 * Decides about one more unit at `now`, of which `bits` is the counter.  Returns the counter afterwards: a refusal changes it only where the
 * clock was set back.  `rate` has a window of mact_limit_period.  Any `bits` and any `now` are good.
 */
apr_uint64_t mact_limit_judge(mact_verdict_t *verdict, apr_uint64_t bits, const mact_rate_t *rate, apr_time_t now);

/* Microseconds from `now` until the counter is quiet; 0 when it is. */
apr_time_t mact_limit_remains(apr_uint64_t bits, int period, apr_time_t now);

/*
 * Walks the table.  NULL when it is sound, else what is wrong: a key outside its set, twice in it, or of an impossible form.
 * `used`, if not NULL, becomes the number of slots that have a key.  For tests, while nobody takes.
 */
const char *mact_limit_unsound(const mact_limit_t *limit, apr_size_t *used);

/* How many keys the table can hold. */
apr_size_t mact_limit_slots(const mact_limit_t *limit);

#endif
