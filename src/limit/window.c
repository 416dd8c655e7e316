/*
 * limit/window.c: the arithmetic of a sliding window.
 *
 * Two windows are counted, this one and the one before.  Of the one before, as much still counts as the last `window` seconds cover of it,
 * as if its units had come evenly: `previous * (window - elapsed) / window`.  One more may pass while less than N is used: a unit that has
 * left in part has left, or else who asks without pause would get N - 1 a window.  It is never divided: both sides of the
 * comparison are multiplied by the window instead, in microseconds, which stays below 2^57, so that nothing is rounded.
 *
 * A window that begins with a request (`opened`) has none before it, so its start is kept to some microseconds: N in any `window` seconds from a
 * quiet start, not one more, and whoever is refused waits for no longer than the window.  One that follows it starts where it ended, and from its
 * first count on at the next whole unit, since its word has no more room: what was counted before counts a little longer, never shorter.
 *
 * What is used only falls while nothing is taken, also where one window ends and the next begins (all of this window's count is then all of the
 * previous one's).  Therefore a moment found to be good for a request stays good, and a client that waits as told passes.  The counter is
 * quiet when less than one is used, which is when all N may pass at once: then the next request begins a new window.
 */
#include <string.h>

#include "limit/inside.h"

#define AGE_SHIFT   61
#define START_SHIFT 36
#define COUNT_BITS  18

/* A start is kept in units: fine beside the window, coarse enough that starts come again only after months (of /second, weeks). */
static const struct {
    apr_uint32_t seconds;
    apr_time_t unit;
} periods[] = {
    {1, APR_USEC_PER_SEC / 16},
    {60, APR_USEC_PER_SEC},
    {3600, APR_USEC_PER_SEC},
    {86400, APR_USEC_PER_SEC},
};

/* A counter as of a moment. */
typedef struct {
    apr_int64_t limit, window;         /* N, µs */
    apr_time_t unit;                   /* µs */
    apr_time_t start;                  /* µs since the epoch */
    apr_time_t elapsed;                /* µs since the start: 0 .. window - 1 */
    apr_int64_t previous, current;
    apr_uint32_t age;
    int opened;                        /* it began with a request: previous is 0 */
    int redated;                       /* the clock was set back */
} count_t;

int mact_limit_period(apr_uint32_t window)
{
    for (int i = 0; i < (int)(sizeof periods / sizeof periods[0]); i++) {
        if (periods[i].seconds == window) {
            return i;
        }
    }
    return -1;
}

apr_uint64_t mact_limit_pack(const mact_limit_word_t *word)
{
    return (apr_uint64_t)(word->opened ? 1 : 0) << 63 | (apr_uint64_t)(word->age % MACT_LIMIT_AGES) << AGE_SHIFT
         | (apr_uint64_t)(word->start % MACT_LIMIT_STARTS) << START_SHIFT | (apr_uint64_t)word->previous << COUNT_BITS | word->current;
}

void mact_limit_unpack(mact_limit_word_t *word, apr_uint64_t bits)
{
    word->opened = (int)(bits >> 63);
    word->age = (apr_uint32_t)(bits >> AGE_SHIFT) % MACT_LIMIT_AGES;
    word->start = (apr_uint32_t)(bits >> START_SHIFT) % MACT_LIMIT_STARTS;
    word->previous = (apr_uint32_t)(bits >> COUNT_BITS) & MACT_LIMIT_COUNT_MOST;
    word->current = (apr_uint32_t)bits & MACT_LIMIT_COUNT_MOST;
}

/* A new window from now on, in which `current` units count as taken at its start. */
static void begin(count_t *c, apr_time_t now, apr_int64_t current)
{
    c->start = now;
    c->elapsed = 0;
    c->previous = 0;
    c->current = current;
    c->opened = 1;
    c->age++;
}

/* Used units times the window. */
static apr_int64_t used(const count_t *c)
{
    return c->current * c->window + c->previous * (c->window - c->elapsed);
}

/* Goes on to the window that `now` lies in. */
static void advance(count_t *c, apr_time_t now)
{
    c->elapsed = now - c->start;
    if (c->elapsed >= c->window) {
        c->opened = 0;
        c->previous = c->elapsed < 2 * c->window ? c->current : 0;
        c->current = 0;
        c->start += c->window;
        c->elapsed -= c->window;
    }
    if (used(c) < c->window) {
        begin(c, now, 0);
    }
}

/* Where in its unit the first request came, as a fraction of MACT_LIMIT_COUNT_MOST + 1, rounded up: no window seems to have begun before it did. */
static apr_uint32_t fraction_of(apr_time_t offset, apr_time_t unit)
{
    return (apr_uint32_t)((offset * (MACT_LIMIT_COUNT_MOST + 1) + unit - 1) / unit);
}

/*
 * Reads a counter as of `now`.  A start ahead of `now` has one of two reasons.  A request was overtaken by one that came later: by some
 * milliseconds, and it is judged as if it had come at the start.  Or the clock was set back: then what was counted is taken
 * along to the present, all of it, so that nobody is freed and nobody has to wait for the clock to come where it has been.
 */
static void read_count(count_t *c, apr_uint64_t bits, int period, apr_time_t now)
{
    mact_limit_word_t word;
    apr_uint32_t behind;

    memset(c, 0, sizeof *c);
    c->unit = periods[period].unit;
    c->window = (apr_int64_t)periods[period].seconds * APR_USEC_PER_SEC;
    mact_limit_unpack(&word, bits);
    c->age = word.age;
    if (!word.current && (word.opened || !word.previous)) {
        begin(c, now, 0);
        return;
    }
    behind = (apr_uint32_t)((apr_uint64_t)(now / c->unit) - word.start) % MACT_LIMIT_STARTS;
    c->current = word.current;
    c->opened = word.opened;
    c->start = now - now % c->unit - (behind < MACT_LIMIT_STARTS - MACT_LIMIT_AHEAD ? (apr_time_t)behind
                                                                                    : (apr_time_t)behind - MACT_LIMIT_STARTS) * c->unit;
    if (word.opened) {
        c->start += word.previous * c->unit / (MACT_LIMIT_COUNT_MOST + 1);
    }
    else {
        c->previous = word.previous;
    }
    if (c->start <= now) {
        advance(c, now);
    }
    else if (c->start - now > MACT_LIMIT_LATE) {
        apr_int64_t all = c->previous + c->current;

        begin(c, now, all < MACT_LIMIT_COUNT_MOST ? all : MACT_LIMIT_COUNT_MOST);
        c->redated = 1;
    }
}

/* Makes the counter what its word will say, which is what later requests are judged by. */
static void settle(count_t *c, apr_time_t now)
{
    apr_time_t over = c->start % c->unit;
    apr_time_t kept = over ? c->unit : 0;

    if (c->opened) {
        kept = fraction_of(over, c->unit) * c->unit / (MACT_LIMIT_COUNT_MOST + 1);
    }
    c->start += kept - over;
    c->elapsed = now > c->start ? now - c->start : 0;
}

static apr_uint64_t write_count(const count_t *c)
{
    apr_uint32_t fraction = c->opened ? fraction_of(c->start % c->unit, c->unit) : 0;
    apr_uint64_t start = (apr_uint64_t)(c->start / c->unit);
    mact_limit_word_t word = {
        .opened = c->opened,
        .age = c->age,
        .start = (apr_uint32_t)((fraction <= MACT_LIMIT_COUNT_MOST ? start : start + 1) % MACT_LIMIT_STARTS),
        .previous = c->opened ? fraction & MACT_LIMIT_COUNT_MOST : (apr_uint32_t)c->previous,
        .current = (apr_uint32_t)c->current,
    };

    return mact_limit_pack(&word);
}

/* The first µs of a window at which `previous` of the one before count less than `units`. */
static apr_time_t fits(const count_t *c, apr_int64_t previous, apr_int64_t units)
{
    return previous < units ? 0 : c->window - (units * c->window + previous - 1) / previous + 1;
}

/* When less than `units` are used, if nothing more is taken. */
static apr_time_t falls_below(const count_t *c, apr_int64_t units)
{
    if (c->current < units) {
        return c->start + fits(c, c->previous, units - c->current);
    }
    return c->start + c->window + fits(c, c->current, units);
}

static apr_time_t whole_seconds(apr_time_t time)
{
    return (time + APR_USEC_PER_SEC - 1) / APR_USEC_PER_SEC;
}

static apr_time_t at_most(apr_time_t value, apr_time_t most)
{
    return value < most ? value : most;
}

apr_uint64_t mact_limit_judge(mact_verdict_t *verdict, apr_uint64_t bits, const mact_rate_t *rate, apr_time_t now)
{
    int period = mact_limit_period(rate->window);
    apr_time_t far = 2 * (apr_time_t)rate->window;      /* seconds; reached beyond only by a clock that was set back */
    apr_uint64_t after;
    count_t c;

    memset(verdict, 0, sizeof *verdict);
    if (now < 0) {
        now = 0;
    }
    read_count(&c, bits, period, now);
    c.limit = rate->count < MACT_RATE_MOST ? rate->count : MACT_RATE_MOST;
    verdict->limit = (apr_uint32_t)c.limit;
    verdict->allowed = used(&c) < c.limit * c.window;
    if (verdict->allowed) {
        apr_int64_t left;

        c.current++;
        settle(&c, now);
        left = c.limit * c.window - used(&c);
        verdict->remaining = left > 0 ? (apr_uint32_t)((left + c.window - 1) / c.window) : 0;
        after = write_count(&c);
    }
    else {
        apr_time_t wait = whole_seconds(falls_below(&c, c.limit) - now);

        verdict->retry_after = (apr_uint32_t)at_most(wait > 1 ? wait : 1, far);
        after = c.redated ? write_count(&c) : bits;
    }
    verdict->reset = at_most(whole_seconds(falls_below(&c, 1)), whole_seconds(now) + far);
    return after;
}

apr_time_t mact_limit_remains(apr_uint64_t bits, int period, apr_time_t now)
{
    count_t c;

    now = now < 0 ? 0 : now;
    read_count(&c, bits, period, now);
    return used(&c) < c.window ? 0 : falls_below(&c, 1) - now;
}
