/*
 * tests/api/harness_document.h: replies held against the document that the server publishes.
 */
#ifndef LIVE_HARNESS_DOCUMENT_H
#define LIVE_HARNESS_DOCUMENT_H

#include "harness.h"

/*
 * That the document of `mount` knows this operation, that a reply of success is one of those that it describes, and that a described reply
 * has exactly the members of its schema, with their types, all the way down. What the document does not describe (404 of a path, say) may
 * be anything.
 */
void expect_described(const char *mount, const char *method, const char *path, const live_reply_t *reply);

#endif
