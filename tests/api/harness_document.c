/*
 * Replies held against the published document. Only what schemas of replies use is known here; a member that no schema names is a mistake.
 */
#include <string.h>
#include <strings.h>

#include "harness_document.h"

static json_t *document;            /* of one mount: a program asks about one */

static const json_t *published(const char *mount)
{
    if (!document) {
        live_reply_t *reply = live_ask("GET", live_text("%s/openapi.json", mount), NULL, NULL);

        live_expect(reply, 200);
        document = reply->json;
    }
    return document;
}

/* Behind its $ref, if it is one: all of them point from the root. */
static const json_t *resolved(const json_t *node)
{
    const char *reference;

    while ((reference = json_string_value(json_object_get(node, "$ref")))) {
        char *path = live_text("%s", reference + strlen("#/")), *rest;

        node = document;
        for (char *key = strtok_r(path, "/", &rest); key; key = strtok_r(NULL, "/", &rest)) {
            node = json_object_get(node, key);
        }
        ck_assert_msg(node != NULL, "%s leads nowhere", reference);
    }
    return node;
}

static const char *type_of(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: return "object";
    case JSON_ARRAY: return "array";
    case JSON_STRING: return "string";
    case JSON_INTEGER: return "integer";
    case JSON_REAL: return "number";
    case JSON_NULL: return "null";
    default: return "boolean";
    }
}

static int is_type(const json_t *type, const json_t *value)
{
    const char *name = json_string_value(type), *is = type_of(value);
    const json_t *one;
    size_t i;

    if (name) {
        return !strcmp(name, is) || (!strcmp(name, "number") && json_is_integer(value));
    }
    json_array_foreach(type, i, one) {
        if (is_type(one, value)) {
            return 1;
        }
    }
    return !type;
}

/* The members that a schema and its allOf name; of two the later counts. */
static void gather(const json_t *schema, json_t *members)
{
    const json_t *one;
    size_t i;

    schema = resolved(schema);
    json_array_foreach(json_object_get(schema, "allOf"), i, one) {
        gather(one, members);
    }
    if (json_object_get(schema, "properties")) {
        json_object_update(members, json_object_get(schema, "properties"));
    }
}

static const char *difference(const json_t *schema, const json_t *value, const char *at);

static const char *object_difference(const json_t *schema, const json_t *value, const char *at)
{
    json_t *members = json_object(), *one;
    const char *found = NULL, *name;

    gather(schema, members);
    json_object_foreach(members, name, one) {
        const json_t *there = json_object_get(value, name);

        found = found ? found : !there ? live_text("%s.%s is missing", at, name) : difference(one, there, live_text("%s.%s", at, name));
    }
    json_object_foreach((json_t *)value, name, one) {
        if (!found && json_object_size(members) > 0 && !json_object_get(members, name)) {
            found = live_text("%s.%s is in no schema", at, name);
        }
    }
    json_decref(members);
    return found;
}

/* Where a value is not as its schema says, or NULL. */
static const char *difference(const json_t *schema, const json_t *value, const char *at)
{
    const json_t *choices, *one;
    const char *found = NULL;
    size_t i;

    schema = resolved(schema);
    choices = json_object_get(schema, "anyOf");
    json_array_foreach(choices, i, one) {
        found = difference(one, value, at);
        if (!found) {
            return NULL;
        }
    }
    if (choices) {
        return found;
    }
    if (!is_type(json_object_get(schema, "type"), value)) {
        return live_text("%s is %s", at, type_of(value));
    }
    if (json_is_object(value)) {
        return object_difference(schema, value, at);
    }
    if (json_is_array(value) && json_object_get(schema, "items")) {
        json_array_foreach(value, i, one) {
            found = found ? found : difference(json_object_get(schema, "items"), one, live_text("%s.%zu", at, i));
        }
    }
    return found;
}

/* Whether a path of the document, with its {names}, is this one, whose query and last slash do not count. */
static int is_path(const char *pattern, const char *path)
{
    while (*pattern && *path && *path != '?') {
        if (*pattern == '{') {
            pattern = strchr(pattern, '}') + 1;
            path += strcspn(path, "/?");
        } else if (*pattern++ != *path++) {
            return 0;
        }
    }
    return !pattern[strspn(pattern, "/")] && (!*path || *path == '?');
}

static const json_t *operation_of(const json_t *paths, const char *method, const char *path)
{
    const char *pattern, *name;
    json_t *item, *operation;

    json_object_foreach((json_t *)paths, pattern, item) {
        if (is_path(pattern, path)) {
            json_object_foreach(item, name, operation) {
                if (!strcasecmp(name, method)) {
                    return operation;
                }
            }
        }
    }
    return NULL;
}

void expect_described(const char *mount, const char *method, const char *path, const live_reply_t *reply)
{
    const json_t *operation = operation_of(json_object_get(published(mount), "paths"), method, path + strlen(mount)), *described, *content;
    const char *found;

    if (!operation) {
        ck_assert_msg(reply->status >= 400, "%s %s is in no document: %s", method, path, reply->body);
        return;
    }
    described = resolved(json_object_get(json_object_get(operation, "responses"), live_text("%ld", reply->status)));
    ck_assert_msg(described || reply->status >= 400, "%s %s: the document has no %ld", method, path, reply->status);
    content = json_object_get(json_object_get(json_object_get(described, "content"), "application/json"), "schema");
    if (content && reply->json) {
        found = difference(content, reply->json, "");
        ck_assert_msg(!found, "%s %s, %ld: %s: %.500s", method, path, reply->status, found, reply->body);
    }
}
