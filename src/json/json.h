/*
 * json/json.h: JSON from outside (RFC 8259): what a text would cost is seen before a parser follows it, and what it says that nobody can hold
 * does not spoil the rest.
 *
 * A parser calls itself for each level and allocates for each value, so that a short text of brackets costs much stack and forty times its
 * length in memory. This room knows nobody and holds nothing: any thread may call it.
 */
#ifndef MACT_JSON_H
#define MACT_JSON_H

#include <apr_pools.h>
#include <jansson.h>

/*
 * Whether arrays and objects are nested at most `depth` levels and there are at most `values` values, names of members counted as well.
 * One pass, no memory. A text that is no JSON is the parser's to refuse: of such a one too it meets no more than was counted here.
 */
int mact_json_within(const char *text, apr_size_t length, int depth, apr_size_t values);

/*
 * Parses, by jansson's `flags`.  Text may have U+0000; a number beyond 64 bits or a double is a text that begins with it, and a name that
 * has it is marked.  NULL: no JSON, no UTF-8, or an unpaired surrogate.  A new reference, `pool` is for scratch.  Where `wide` is not NULL an
 * integer beyond 64 bits is the double nearest to it instead, if there is one, and *wide is then set.
 */
json_t *mact_json_read(const char *text, apr_size_t length, size_t flags, int *wide, apr_pool_t *pool);

/* Whether there is any of that in the value, doubles aside: C text would cut it, and a database refuse it. */
int mact_json_unfit(const json_t *json);

int mact_json_has_nul(const json_t *text);         /* a text: U+0000 is in it */
int mact_json_marked(const char *name);            /* a member's name: U+0000 was in it */
const char *mact_json_number(const json_t *text);  /* the number whose mark the text is, or NULL */

#endif
