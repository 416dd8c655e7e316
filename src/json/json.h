/*
 * json/json.h: what a JSON text would cost, seen before a parser follows it.
 *
 * A parser calls itself for each level and allocates for each value, so that a short text of brackets costs much stack and forty times its
 * length in memory. This room knows nobody and holds nothing: any thread may call it.
 */
#ifndef MACT_JSON_H
#define MACT_JSON_H

#include <apr.h>

/*
 * Whether arrays and objects are nested at most `depth` levels and there are at most `values` values, names of members counted as well.
 * One pass, no memory. A text that is no JSON is the parser's to refuse: of such a one too it meets no more than was counted here.
 */
int mact_json_within(const char *text, apr_size_t length, int depth, apr_size_t values);

#endif
