/*
 * openapi/publish.c: the document for clients: everything but our x- keys.
 *
 * A key is ours only where OpenAPI has keys: a property, a header or a response may have any name, and what an
 * example shows is not ours to change.
 */
#include "inside.h"

#include <string.h>

/* Their values are somebody's data. */
static const char *const data[] = {"example", "examples", "default", "enum", "const", "value", "security", NULL};

/* Their keys are names, and below each name keys begin again. */
static const char *const maps[] = {
    "properties",      "$defs", "paths",     "schemas", "responses", "parameters", "requestBodies", "headers",
    "securitySchemes", "links", "callbacks", "content", "encoding",  "variables",  "webhooks",      NULL};

static int is_in(const char *const *list, const char *key)
{
    for (; *list; list++) {
        if (!strcmp(*list, key)) {
            return 1;
        }
    }
    return 0;
}

static json_t *published(const json_t *json, int names)
{
    json_t *copy, *value;
    const char *key;
    size_t i;

    if (json_is_array(json)) {
        copy = json_array();
        json_array_foreach(json, i, value) {
            json_array_append_new(copy, published(value, 0));
        }
        return copy;
    }
    if (!json_is_object(json)) {
        return json_deep_copy(json);
    }
    copy = json_object();
    json_object_foreach((json_t *)json, key, value) {
        if (names) {
            json_object_set_new(copy, key, published(value, 0));
        } else if (is_in(data, key)) {
            json_object_set_new(copy, key, json_deep_copy(value));
        } else if (strncmp(key, "x-", 2)) {
            json_object_set_new(copy, key, published(value, is_in(maps, key)));
        }
    }
    return copy;
}

json_t *mact_oapi_publish(const json_t *root)
{
    return published(root, 0);
}
