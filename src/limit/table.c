/*
 * limit/table.c: where the counters are.
 *
 *     shared segment
 *     +--------+-----------+-----------+- ... -+
 *     | header | set       | set       |       |        a key belongs to one set, in which it may have any slot
 *     +--------+-----------+-----------+- ... -+
 *                    |
 *     set            v          two cache lines
 *     +-------+-------+- ... -+-------+
 *     | key 0 | key 1 |       | key 7 |      a lookup reads this line alone
 *     +-------+-------+- ... -+-------+
 *     | word 0| word 1|       | word 7|      and one word of this one
 *     +-------+-------+- ... -+-------+
 *
 *     key      63                                 5 4   3     2     1    0
 *             +------------------------------------+-----+---------+--------+
 *             | keyed hash                         | age | claimed | period |      0: nobody's
 *             +------------------------------------+-----+---------+--------+
 *
 * The period is part of the key, so that a slot's word can be read without its rate: a key whose rate gets another period is another key.
 * There is no lock: a child that is stopped or killed anywhere leaves nothing that others have to wait for.
 *
 * Taking.  The word that was read is replaced by the word that was decided, in one compare-and-swap; of two takers of one key one
 * decides again.  Decisions about a key are therefore in one order, whichever child takes them.
 *
 * Getting a slot.  A key must never have two: each would let N pass.  So a slot is first claimed (its key replaced by ours with the mark),
 * then the former owner's word is wiped, then the set is looked through for the same key in another slot, and only then the mark goes.
 * Nobody counts in a claimed slot.  Of two that claim different slots for one key, whoever claims later sees the other in looking through,
 * and either finds it done, and gives up the own claim, or takes it away; taking the mark off what has been taken away fails.  Whoever
 * comes with the key of a claim finishes it; one that a killed child left behind costs its set one slot at most.
 *
 * Losing a slot.  Who wants one reads a key, then its word, and may be held up before it claims what it found quiet.  Meanwhile the owner
 * may have come back.  Therefore the counter that begins anew takes a new age, and nobody returns from taking before the key has that age
 * as well: the late claim, which names the old one, fails.  And who takes looks at the key once more after replacing the word: if the slot
 * is another's by then, it starts over.  The word that it has replaced was the former owner's and is wiped by the new one, or it was wiped
 * before: then its age was another, and it could not be replaced.  So no order of events lets one pass too many or too few, but for a key
 * that is counted and loses its slot because the set is full of others that are: that begins anew, which is what pressure means.
 */
#include <apr_general.h>
#include <apr_shm.h>
#include <apr_siphash.h>
#include <apr_strings.h>
#include <stdarg.h>
#include <string.h>

#include "limit/inside.h"

#define WAYS        8
#define LINE        64
#define LEAST       ((apr_size_t)64 * 1024)
#define KEY_PERIOD  ((apr_uint64_t)3)
#define KEY_CLAIMED ((apr_uint64_t)4)
#define KEY_AGE     ((apr_uint64_t)(MACT_LIMIT_AGES - 1) << KEY_AGE_SHIFT)
#define KEY_HASH    (~(KEY_PERIOD | KEY_CLAIMED | KEY_AGE))
#define KEY_AGE_SHIFT 3
#define KEY_HASH_SHIFT 5
#define NONE        (-1)

/*
 * Changed with every change of what lies in the segment: a module that is replaced over a graceful restart must not read the former one's.
 */
#define LAYOUT      "mact_limit:2:%" APR_SIZE_T_FMT

typedef struct {
    apr_uint64_t keys[WAYS];
    apr_uint64_t words[WAYS];
} set_t;

/* Lies in the segment itself; the pointer is the same in all children, which are forked. */
struct mact_limit_t {
    unsigned char secret[APR_SIPHASH_KSIZE];
    apr_size_t sets;
    set_t *first;                      /* on a cache line */
};

_Static_assert(sizeof(apr_uint64_t) == 8 && __atomic_always_lock_free(8, 0), "a counter must be replaceable by one instruction");
_Static_assert(sizeof(set_t) == 2 * LINE, "keys have a cache line, words have one");

/* ---- words that others change ------------------------------------------------------------------------------- */

static apr_uint64_t look(const apr_uint64_t *at)
{
    return __atomic_load_n(at, __ATOMIC_SEQ_CST);
}

/* Whether `*at` was `from` and is `to` now. */
static int replace(apr_uint64_t *at, apr_uint64_t from, apr_uint64_t to)
{
    return __atomic_compare_exchange_n(at, &from, to, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

/* ---- the segment -------------------------------------------------------------------------------------------- */

apr_status_t mact_limit_open(mact_limit_t **limit, apr_size_t bytes, apr_pool_t *process)
{
    apr_size_t size = (bytes < LEAST ? LEAST : bytes) / sizeof(set_t) * sizeof(set_t);
    char name[sizeof LAYOUT + 20];
    apr_shm_t *segment;
    mact_limit_t *made;
    void *found = NULL;
    apr_status_t rv;

    apr_snprintf(name, sizeof name, LAYOUT, size);
    rv = apr_pool_userdata_get(&found, name, process);

    if (rv == APR_SUCCESS && found) {
        *limit = found;
        return APR_SUCCESS;
    }
    /* Its cleanup is apr's: one of ours would be called on the process pool when this module is no longer loaded. */
    rv = apr_shm_create(&segment, sizeof(mact_limit_t) + LINE + size, NULL, process);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    made = apr_shm_baseaddr_get(segment);               /* an anonymous segment is zero: all slots are nobody's */
    made->sets = size / sizeof(set_t);
    made->first = (set_t *)(((apr_uintptr_t)(made + 1) + LINE - 1) / LINE * LINE);
    rv = apr_generate_random_bytes(made->secret, sizeof made->secret);
    if (rv == APR_SUCCESS) {
        rv = apr_pool_userdata_set(made, name, NULL, process);
    }
    if (rv != APR_SUCCESS) {
        apr_shm_destroy(segment);
        return rv;
    }
    *limit = made;
    return APR_SUCCESS;
}

apr_uint64_t mact_limit_key(const mact_limit_t *limit, ...)
{
    unsigned char text[512];
    apr_size_t filled = 0;
    const char *part;
    va_list parts;

    /* Each part with its NUL, so that no two lists give the same bytes; what does not fit goes on after the hash of what did. */
    va_start(parts, limit);
    while ((part = va_arg(parts, const char *)) != NULL) {
        apr_size_t left = strlen(part) + 1;

        while (left) {
            apr_size_t n = left < sizeof text - filled ? left : sizeof text - filled;

            memcpy(text + filled, part, n);
            filled += n;
            part += n;
            left -= n;
            if (filled == sizeof text) {
                apr_siphash24_auth(text, text, filled, limit->secret);
                filled = APR_SIPHASH_DSIZE;
            }
        }
    }
    va_end(parts);
    return apr_siphash24(text, filled, limit->secret);
}

/* ---- finding and getting a slot ----------------------------------------------------------------------------- */

static apr_uint64_t key_of(apr_uint64_t hash, int period)
{
    apr_uint64_t key = hash & KEY_HASH;

    return (key ? key : (apr_uint64_t)1 << KEY_HASH_SHIFT) | (apr_uint64_t)period;
}

static set_t *set_of(const mact_limit_t *limit, apr_uint64_t key)
{
    return &limit->first[((key >> 32) * limit->sets) >> 32];
}

/* The slot of that key, whatever its age. */
static int find(const set_t *set, apr_uint64_t key, int except)
{
    for (int i = 0; i < WAYS; i++) {
        if (i != except && (look(&set->keys[i]) & ~KEY_AGE) == key) {
            return i;
        }
    }
    return NONE;
}

static apr_uint64_t age_of(apr_uint64_t word)
{
    mact_limit_word_t fields;

    mact_limit_unpack(&fields, word);
    return (apr_uint64_t)fields.age << KEY_AGE_SHIFT;
}

/* A quiet word that is not `word`, nor what anybody makes of it. */
static apr_uint64_t wiped(apr_uint64_t word)
{
    mact_limit_word_t fields;
    mact_limit_word_t quiet = {0};

    mact_limit_unpack(&fields, word);
    quiet.age = fields.age + 2;
    return mact_limit_pack(&quiet);
}

/*
 * The slot that costs least to give away: nobody's, else one whose counts are all out of their window, else the one that will be the
 * soonest.  The search begins where the key says, so that newcomers do not all want the same one.  *was is what its key was.  NONE if the
 * key itself is met: somebody else has just brought it, and nobody must lose a slot to it.
 */
static int cheapest(apr_uint64_t *was, const set_t *set, apr_uint64_t key, apr_time_t now)
{
    apr_time_t least = 0;
    int best = NONE;

    for (int n = 0; n < WAYS; n++) {
        int i = (int)(((key >> KEY_HASH_SHIFT) + (apr_uint64_t)n) % WAYS);
        apr_uint64_t owner = look(&set->keys[i]);
        apr_time_t remains;

        if ((owner & ~(KEY_AGE | KEY_CLAIMED)) == key) {
            return NONE;
        }
        /* A claim is in somebody's hands right now; who took it away would be robbed the same way. */
        remains = !owner ? -1 : owner & KEY_CLAIMED ? APR_INT64_MAX
                : mact_limit_remains(look(&set->words[i]), (int)(owner & KEY_PERIOD), now);

        if (best == NONE || remains < least) {
            best = i;
            least = remains;
            *was = owner;
        }
    }
    return best;
}

/*
 * Finishes a claim of `key` at `at`, if nothing stands in its way.  Whether somebody's claim of the same key, or the key itself, is found
 * elsewhere, or the claim is lost: the caller looks again.
 */
static void finish(set_t *set, apr_uint64_t key, int at)
{
    apr_uint64_t word = look(&set->words[at]);
    apr_uint64_t claim = look(&set->keys[at]);
    apr_uint64_t quiet = wiped(word);
    int other;

    /* Once the mark is gone there may be counts, which must not be wiped: this replaces only what was there while the mark was seen. */
    if ((claim & ~KEY_AGE) != (key | KEY_CLAIMED) || !replace(&set->words[at], word, quiet)) {
        return;
    }
    if (find(set, key, at) != NONE) {
        replace(&set->keys[at], claim, 0);
        return;
    }
    other = find(set, key | KEY_CLAIMED, at);
    if (other != NONE) {
        replace(&set->keys[at > other ? at : other], key | KEY_CLAIMED, 0);
        return;
    }
    replace(&set->keys[at], claim, key | age_of(quiet));
}

/* Makes the key at `at` as old as its word.  0 if it is another key by now. */
static int settle_age(set_t *set, apr_uint64_t key, int at)
{
    for (;;) {
        apr_uint64_t owner = look(&set->keys[at]);
        apr_uint64_t aged = key | age_of(look(&set->words[at]));

        if ((owner & ~KEY_AGE) != key) {
            return 0;
        }
        if (owner == aged || replace(&set->keys[at], owner, aged)) {
            return 1;
        }
    }
}

/* The slot of the key, which gets one if it has none.  Each further round is one in which another taker got ahead. */
static int slot_of(set_t *set, apr_uint64_t key, apr_time_t now)
{
    for (;;) {
        apr_uint64_t was = 0;
        int at = find(set, key, NONE);

        if (at != NONE) {
            return at;
        }
        at = find(set, key | KEY_CLAIMED, NONE);
        if (at == NONE) {
            at = cheapest(&was, set, key, now);
            if (at == NONE || !replace(&set->keys[at], was, key | KEY_CLAIMED)) {
                continue;
            }
        }
        finish(set, key, at);
    }
}

void mact_limit_take(mact_verdict_t *verdict, mact_limit_t *limit, apr_uint64_t hash, const mact_rate_t *rate, apr_time_t now)
{
    int period = mact_limit_period(rate->window);
    apr_uint64_t key;
    set_t *set;

    if (!rate->count || period < 0) {
        memset(verdict, 0, sizeof *verdict);
        verdict->allowed = 1;
        return;
    }
    key = key_of(hash, period);
    set = set_of(limit, key);
    for (;;) {
        int at = slot_of(set, key, now);
        apr_uint64_t before, after;

        do {
            before = look(&set->words[at]);
            after = mact_limit_judge(verdict, before, rate, now);
        } while (after != before && !replace(&set->words[at], before, after));
        if (settle_age(set, key, at)) {
            return;
        }
    }
}

/* ---- for tests ---------------------------------------------------------------------------------------------- */

apr_size_t mact_limit_slots(const mact_limit_t *limit)
{
    return limit->sets * WAYS;
}

static const char *unsound_slot(const mact_limit_t *limit, const set_t *set, int at)
{
    apr_uint64_t key = set->keys[at];

    if (!key) {
        return NULL;
    }
    if (!(key & KEY_HASH)) {
        return "a key without a hash";
    }
    if (set_of(limit, key) != set) {
        return "a key outside its set";
    }
    if (find(set, key & ~(KEY_CLAIMED | KEY_AGE), at) != NONE) {
        return "a key twice in its set";
    }
    return NULL;
}

const char *mact_limit_unsound(const mact_limit_t *limit, apr_size_t *used)
{
    apr_size_t n = 0;

    for (apr_size_t i = 0; i < limit->sets; i++) {
        for (int at = 0; at < WAYS; at++) {
            const char *why = unsound_slot(limit, &limit->first[i], at);

            if (why) {
                return why;
            }
            n += limit->first[i].keys[at] != 0;
        }
    }
    if (used) {
        *used = n;
    }
    return NULL;
}
