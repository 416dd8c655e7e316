/*
 * json/inside.h: what the files of this folder share.
 */
#ifndef MACT_JSON_INSIDE_H
#define MACT_JSON_INSIDE_H

#include "json/json.h"

/* cost.c: what follows the quotation mark before `p`: behind the closing one, or the end of the text. */
const char *mact_json_string_end(const char *p, const char *end);

#endif
