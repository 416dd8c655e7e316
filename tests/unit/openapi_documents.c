/*
 * What a document says, as others see it once it is loaded; and every mistake that a document can have, with its line and its remedy.
 */
#include "suite.h"

#include "openapi/inside.h"

static int known_native(const char *name)
{
    return !strcmp(name, "health") || !strcmp(name, "login");
}

static const mact_oapi_doc_t *trial(void)
{
    const mact_oapi_doc_t *doc;
    const char *error;

    ck_assert_msg(mact_oapi_load(&doc, &error, "trial", suite_path("documents/trial.yaml"), known_native, suite_pool) == APR_SUCCESS, "%s", error);
    return doc;
}

static const mact_oapi_op_t *operation(const char *id)
{
    const mact_oapi_op_t *op = mact_oapi_operation(trial(), id);

    ck_assert_ptr_nonnull(op);
    return op;
}

/* ---- what it says ------------------------------------------------------------------------------------------ */

START_TEST(the_top_of_a_document)
{
    const mact_oapi_doc_t *doc = trial();

    ck_assert_str_eq(doc->name, "trial");
    ck_assert_str_eq(doc->title, "Trial");
    ck_assert_str_eq(doc->version, "1.2.3");
    ck_assert_int_eq(doc->auth, MACT_AUTH_OPTIONAL);
    ck_assert_int_eq(doc->auth_allowed, 1 << MACT_AUTH_OPTIONAL | 1 << MACT_AUTH_REQUIRED);
    ck_assert_str_eq(doc->cors, "*");
    ck_assert_str_eq(doc->caller->name, "caller");
    ck_assert_int_eq(doc->caller->args->nelts, 3);
    ck_assert_str_eq(apr_table_get(doc->headers, "cache-control"), "no-store");
    ck_assert_int_eq(doc->headers_below->nelts, 1);
    ck_assert_str_eq(APR_ARRAY_IDX(doc->headers_below, 0, mact_oapi_headers_below_t).path, "/events");
    ck_assert_str_eq(apr_table_get(APR_ARRAY_IDX(doc->headers_below, 0, mact_oapi_headers_below_t).headers, "x-below"), "yes");
    ck_assert_int_eq(doc->access_lifetime, 900);
    ck_assert_int_eq(doc->refresh_lifetime, 86400);
    ck_assert_str_eq(doc->methods, "DELETE, GET, HEAD, OPTIONS, POST, PUT");
    ck_assert(mact_oapi_limits(doc, "*") && mact_oapi_limits(doc, "write") && mact_oapi_limits(doc, "createEvent"));
    ck_assert(!mact_oapi_limits(doc, "createEvents"));
    ck_assert_ptr_null(mact_oapi_operation(doc, "createEvents"));
}
END_TEST

static const struct {
    const char *id, *class;
    mact_security_e security;
    apr_uint32_t count, window;
    mact_rate_key_e key;
    int read_only, has_body;
} operations[] = {
    {"getRoot", NULL, MACT_SECURITY_NONE, 0, 0, MACT_KEY_ADDRESS, 1, 0},
    {"listEvents", "read", MACT_SECURITY_OPTIONAL, 60, 60, MACT_KEY_ADDRESS, 1, 0},
    {"createEvent", "write", MACT_SECURITY_BEARER, 5, 60, MACT_KEY_ADDRESS, 0, 1},
    {"putEvent", NULL, MACT_SECURITY_BEARER, 0, 0, MACT_KEY_ADDRESS, 1, 1},
    {"removePerson", NULL, MACT_SECURITY_BEARER, 0, 0, MACT_KEY_ADDRESS, 0, 0},
    {"login", NULL, MACT_SECURITY_NONE, 0, 0, MACT_KEY_ADDRESS, 0, 1},
};

START_TEST(an_operation)
{
    const mact_oapi_op_t *op = operation(operations[_i].id);

    ck_assert_pstr_eq(op->rate_class, operations[_i].class);
    ck_assert_int_eq(op->security, operations[_i].security);
    ck_assert_uint_eq(op->rate.count, operations[_i].count);
    ck_assert_uint_eq(op->rate.window, operations[_i].window);
    ck_assert_int_eq(op->rate_key, operations[_i].key);
    ck_assert_int_eq(op->read_only, operations[_i].read_only);
    ck_assert_int_eq(op->has_body, operations[_i].has_body);
    ck_assert_ptr_eq(APR_ARRAY_IDX(op->doc->operations, op->index, const mact_oapi_op_t *), op);
}
END_TEST

START_TEST(what_an_operation_admits_and_may_take)
{
    const mact_oapi_op_t *op = operation("createEvent");

    ck_assert_int_eq(op->admits->nelts, 1);
    ck_assert_str_eq(APR_ARRAY_IDX(op->admits, 0, const char *), "user-banned");
    ck_assert_int_eq(op->body_limit, 2000000);
    ck_assert_int_eq(operation("login")->body_limit, 0);
}
END_TEST

START_TEST(types_of_arguments)
{
    static const char *const expected[] = {"json", "string", "integer", "json", "json", "string", "json", "string", "string", NULL};
    const mact_oapi_op_t *op = operation("createEvent");

    ck_assert_int_eq(op->call->args->nelts, 10);
    for (int i = 0; i < 10; i++) {
        ck_assert_pstr_eq(APR_ARRAY_IDX(op->call->args, i, mact_oapi_arg_t).type, expected[i]);
    }
    op = operation("removePerson");
    ck_assert_str_eq(APR_ARRAY_IDX(op->call->args, 0, mact_oapi_arg_t).type, "uuid");
    op = operation("listEvents");
    ck_assert_str_eq(APR_ARRAY_IDX(op->call->args, 2, mact_oapi_arg_t).type, "boolean");
    ck_assert_str_eq(APR_ARRAY_IDX(op->call->args, 3, mact_oapi_arg_t).type, "number");
    ck_assert_int_eq(APR_ARRAY_IDX(op->call->args, 7, mact_oapi_arg_t).index, -1);
}
END_TEST

START_TEST(a_native_its_options_and_its_procedures)
{
    const mact_oapi_op_t *op = operation("login");
    const mact_oapi_named_call_t *named;

    ck_assert_str_eq(op->native, "login");
    ck_assert_ptr_null(op->call);
    ck_assert_str_eq(mact_oapi_text(op->native_options, suite_pool), "{\"cost\":12}");
    ck_assert_int_eq(op->procedures->nelts, 2);
    named = &APR_ARRAY_IDX(op->procedures, 0, mact_oapi_named_call_t);
    ck_assert_str_eq(named->name, "credentials");
    ck_assert_str_eq(named->call->schema, "trial");
    ck_assert_str_eq(named->call->name, "credentials");
    ck_assert_str_eq(APR_ARRAY_IDX(named->call->args, 1, mact_oapi_arg_t).type, "string");
    ck_assert_int_eq(operation("getRoot")->procedures->nelts, 0);
}
END_TEST

START_TEST(tokens_a_secret_and_headers_of_an_operation)
{
    const mact_oapi_op_t *op = operation("issueTokens");

    ck_assert_int_eq(op->security, MACT_SECURITY_NONE);
    ck_assert_str_eq(op->secret->setting, "bot_key");
    ck_assert_str_eq(op->secret->scheme, "Bot");
    ck_assert_str_eq(op->secret->fault, "token-invalid");
    ck_assert_str_eq(mact_oapi_text(op->issue, suite_pool), "{\"token\":\"{access_token}\",\"type\":\"bearer\"}");
    ck_assert_str_eq(apr_table_get(op->headers, "X-Own"), "yes");
    ck_assert_ptr_null(operation("login")->secret);
    ck_assert_ptr_null(operation("login")->issue);
}
END_TEST

START_TEST(a_call_in_an_option)
{
    const mact_oapi_op_t *op = operation("login");
    const mact_oapi_call_t *call;
    const char *error;

    ck_assert_int_eq(mact_oapi_compile_call(&call, &error, op, " trial.x ( native.a ,body.age ) ", suite_pool), APR_SUCCESS);
    ck_assert_ptr_null(error);
    ck_assert_str_eq(APR_ARRAY_IDX(call->args, 1, mact_oapi_arg_t).type, "integer");
    ck_assert_int_eq(mact_oapi_compile_call(&call, &error, op, "trial.x(body.nothing)", suite_pool), APR_EGENERAL);
    ck_assert_ptr_nonnull(strstr(error, "trial.yaml:141: login: body.nothing names nothing: the body's schema has no property `nothing` in `trial.x(body.nothing)`"));
}
END_TEST

START_TEST(faults_of_the_document_and_of_an_operation)
{
    const mact_oapi_doc_t *doc = trial();
    const mact_oapi_op_t *create = mact_oapi_operation(doc, "createEvent");
    const mact_oapi_fault_t *fault = mact_oapi_fault(doc, NULL, "token-missing");

    ck_assert_int_eq(fault->status, 401);
    ck_assert_str_eq(apr_table_get(fault->headers, "WWW-Authenticate"), "Bearer");
    ck_assert_str_eq(mact_oapi_text(fault->body, suite_pool), "{\"detail\":\"{message}\",\"code\":\"{code}\"}");
    ck_assert_str_eq(json_string_value(json_object_get(fault->members, "message")), "Not authenticated");
    ck_assert_int_eq(mact_oapi_fault(doc, NULL, "http")->status, 0);
    ck_assert_ptr_null(mact_oapi_fault(doc, NULL, "duplicate"));
    ck_assert_int_eq(mact_oapi_fault(doc, create, "duplicate")->status, 409);
    ck_assert_int_eq(mact_oapi_fault(doc, NULL, "validation")->status, 422);
    fault = mact_oapi_fault(doc, create, "validation");
    ck_assert_int_eq(fault->status, 400);
    ck_assert_str_eq(mact_oapi_text(fault->body, suite_pool), "{\"detail\":\"{violations}\"}");
    ck_assert_int_eq(mact_oapi_fault(doc, create, "internal")->status, 500);
}
END_TEST

/* Whether a key that begins with x- stands anywhere but where it is a name or an example. */
static int has_own_key(const json_t *json, int names)
{
    const char *key;
    size_t i;
    json_t *value;
    int found = 0;

    json_object_foreach((json_t *)json, key, value) {
        int below = !strcmp(key, "properties") || !strcmp(key, "headers");
        found |= !names && !strncmp(key, "x-", 2);
        found |= strcmp(key, "example") ? has_own_key(value, below) : 0;
    }
    json_array_foreach(json, i, value) {
        found |= has_own_key(value, 0);
    }
    return found;
}

START_TEST(the_published_document_has_no_key_of_ours)
{
    const json_t *published = trial()->published;
    const json_t *components = json_object_get(published, "components");
    const json_t *event = json_object_get(json_object_get(components, "schemas"), "Event");
    const json_t *response = json_object_get(json_object_get(components, "responses"), "Event");

    ck_assert(!has_own_key(published, 0));
    ck_assert_ptr_nonnull(json_object_get(json_object_get(published, "paths"), "/events/"));
    ck_assert_ptr_nonnull(json_object_get(json_object_get(json_object_get(json_object_get(event, "properties"), "extra"), "properties"), "x-prop"));
    ck_assert_ptr_nonnull(json_object_get(json_object_get(response, "headers"), "x-lower"));
    ck_assert_str_eq(mact_oapi_text(json_object_get(json_object_get(json_object_get(response, "content"), "application/json"), "example"), suite_pool),
                     "{\"x-kept\":1}");
}
END_TEST

/* ---- mistakes ---------------------------------------------------------------------------------------------- */

/* The trial document with `to` for the first `from`, and what is said of it. */
static const struct {
    const char *from, *to, *error;
} mistakes[] = {
    {"title: Trial",
     "title: \"Trial",
     "trial.yaml:5: this is not YAML: did not find expected alphabetic or numeric character, while scanning an alias"},
    {"title: Trial",
     "title: T\xFF",
     "trial.yaml:3: this is not YAML: invalid leading UTF-8 octet"},
    {"title: Trial",
     "title: Trial, title: Again",
     "trial.yaml:3: `title` stands here twice (first on line 3): keep one of them"},
    {"title: Trial",
     "title: !!str Trial",
     "trial.yaml:3: the tag tag:yaml.org,2002:str has no meaning here: leave it out, quotes make text"},
    {"title: Trial",
     "title: *nobody",
     "trial.yaml:3: *nobody stands for nothing: an anchor &nobody must be complete before it"},
    {"title: Trial",
     "[a]: Trial",
     "trial.yaml:3: a key must be text, not a list, an object or an alias"},
    {"title: Trial",
     "title: .inf",
     "trial.yaml:3: .inf is no number that JSON knows: leave it out, or quote it if it is text"},
    {"title: Trial",
     "title: 99999999999999999999",
     "trial.yaml:3: the number 99999999999999999999 is too large: quote it if it is text"},
    {"version: 1.2.3",
     "version: 1.2",
     "trial.yaml:3: `version` must be text: quote what looks like a number or a word of YAML's"},
    {"components:",
     "---\ncomponents:",
     "trial.yaml:181: a second document begins here: keep one in a file"},
    {"# A document",
     "\t# A document",
     "trial.yaml:1: this is not YAML: found character that cannot start any token, while scanning for the next token"},
    {"openapi: 3.1.0",
     "openapi: 3.0.3",
     "trial.yaml:2: `openapi` must be 3.1.0 (or another 3.1), not 3.0.3"},
    {"openapi: 3.1.0\n",
     "",
     "trial.yaml:1: an API document needs `openapi`"},
    {"openapi: 3.1.0",
     "openapi: 3.1",
     "trial.yaml:2: `openapi` must be text: quote what looks like a number or a word of YAML's"},
    {"x-cors: \"*\"",
     "x-cors: all",
     "trial.yaml:5: `x-cors` must be none or *, not all"},
    {"x-cors: \"*\"",
     "x-corse: \"*\"",
     "trial.yaml:5: `x-corse` is no key of an API document: correct its spelling, or leave it out"},
    {"x-auth: {default: optional",
     "x-auth: {default: none",
     "trial.yaml:4: the `default` none is not among what `allow` allows"},
    {"allow: [optional, required]",
     "allow: [optional, sometimes]",
     "trial.yaml:4: `allow` lists none, optional and required, not sometimes"},
    {"allow: [optional, required]",
     "allow: optional",
     "trial.yaml:4: `allow` must be a list of names"},
    {"x-empty-query: absent",
     "x-empty-query: gone",
     "trial.yaml:12: `x-empty-query` must be given or absent, not gone"},
    {"x-headers: {Cache-Control: no-store}",
     "x-headers: {Cache-Control: 1}",
     "trial.yaml:11: `Cache-Control` must be one line of text: quote it"},
    {"title: Trial, ",
     "",
     "trial.yaml:3: info needs `title`"},
    {"rate: 60/minute",
     "rate: 60/minutes",
     "trial.yaml:8: the window of a rate is second, minute, hour or day"},
    {"rate: 60/minute",
     "rate: 0/minute",
     "trial.yaml:8: a rate counts from 1 to 250000"},
    {"rate: 60/minute",
     "rate: 60",
     "trial.yaml:8: `rate` must be text: quote what looks like a number or a word of YAML's"},
    {"rate: 60/minute",
     "rates: 60/minute",
     "trial.yaml:8: `rates` is no key of a rate class: correct its spelling, or leave it out"},
    {"key: user",
     "key: users",
     "trial.yaml:9: `key` must be address or user"},
    {"x-rate-class: read",
     "x-rate-class: reads",
     "trial.yaml:82: the rate class `reads` is not among x-rate-classes"},
    {"x-rate-limit: 5/minute",
     "x-rate-limit: 5 a minute",
     "trial.yaml:95: a rate is written N/second, N/minute, N/hour, N/day or off"},
    {"x-rate-key: address",
     "x-rate-key: ip",
     "trial.yaml:96: `x-rate-key` must be address or user"},
    {"    timeout: {status: 504, message: Timeout}\n",
     "",
     "trial.yaml:15: `faults` lacks `timeout`: say its status and message"},
    {"    token-expired: {status: 401, message: Expired}\n",
     "",
     "trial.yaml:15: `faults` lacks `token-expired`: say its status and message"},
    {"internal: {status: 500",
     "internal: {status: 200",
     "trial.yaml:25: `status` of the fault `internal` must be a number from 400 to 599"},
    {"internal: {status: 500",
     "internal: {status: \"500\"",
     "trial.yaml:25: `status` of the fault `internal` must be a number from 400 to 599"},
    {"internal: {status: 500, ",
     "internal: {",
     "trial.yaml:25: the fault `internal` needs a `status`"},
    {"message: Internal",
     "message: \"{messsage}\"",
     "trial.yaml:25: the placeholder {messsage} stands for nothing: no fault has such a member"},
    {"  body: {detail: \"{message}\", code: \"{code}\"}\n",
     "",
     "trial.yaml:15: the fault `not-found` has no `body`, and x-errors has none for all"},
    {"headers: {WWW-Authenticate: Bearer}",
     "headers: {WWW-Authenticate: [Bearer]}",
     "trial.yaml:18: the header WWW-Authenticate must be one line of text: quote it"},
    {"form: text",
     "form: html",
     "trial.yaml:30: `form` must be text, list or fields"},
    {"      enum: {message: \"must be {quoted}\"}\n",
     "",
     "trial.yaml:32: `words` lacks `enum`, which listEvents can need (line 87): give it a message"},
    {"      parse: {message: \"is no {type}\"}\n",
     "",
     "trial.yaml:32: `words` lacks `parse-integer`, which listEvents can need (line 83): give it a message"},
    {"      json: {message: is no JSON}\n",
     "",
     "trial.yaml:32: `words` lacks `json`, which createEvent can need: give it a message"},
    {"      instant: {message",
     "      instants: {message",
     "trial.yaml:66: `instants` is no kind of violation: docs/api-documents.md lists them"},
    {"      minLength: {message: \"must have {limit}",
     "      minLength: {message: \"must have {limits}",
     "trial.yaml:44: the placeholder {limits} is not known: limit, s, type, values, quoted and name"},
    {"      text: {message: is blank}",
     "      text: is blank",
     "trial.yaml:65: `text` must be an object"},
    {"      type-instant:",
     "      type-instants:",
     "trial.yaml:34: `type-instants` is no kind of violation: docs/api-documents.md lists them"},
    {"      type-integer@query:",
     "      type-integer@cookie:",
     "trial.yaml:33: `type-integer@cookie` is no kind of violation: docs/api-documents.md lists them"},
    {"x-violation: {enum: {type: choice, message: 'one of",
     "x-violation: {enumeration: {type: choice, message: 'one of",
     "trial.yaml:214: `enumeration` is no kind of violation: docs/api-documents.md lists them"},
    {"  /events/active:\n",
     "  /events:\n",
     "trial.yaml:111: GET /events is there already as /events/ (line 78)"},
    {"  /events/active:\n",
     "  events/active:\n",
     "trial.yaml:110: a path begins with a slash: /events/active"},
    {"  /events/active/people:",
     "  /events/{x}:",
     "trial.yaml:136: the path has {x}, but no path parameter `x` is described"},
    {"  /events/active/people:\n    get:",
     "  /events/{x}/:\n    parameters: [{name: x, in: path, required: true, schema: {type: string}}]\n    get:",
     "trial.yaml:137: GET /events/{x}/ is there already as /events/{event_id} (line 115)"},
    {"/{person}:\n    delete:",
     "/{person}/:\n    parameters: [{name: other, in: path, required: true, schema: {type: string}}]\n    delete:",
     "trial.yaml:129: the path parameter `other` is described, but the path has no {other}"},
    {"  /events/active/people:",
     "  /events/a{x}b:",
     "trial.yaml:135: a segment of /events/a{x}b is neither a {name} nor plain text"},
    {"  /events/active/people:",
     "  /events/{x}/{x}:",
     "trial.yaml:135: {x} stands twice in /events/{x}/{x}: give them names of their own"},
    {"operationId: listActivePeople",
     "operationId: listActive",
     "trial.yaml:137: the operationId `listActive` stands twice (first on line 112)"},
    {"operationId: listActivePeople",
     "operationId: read",
     "trial.yaml:137: the operationId `read` is also a rate class: ActivitiesRateLimit could not tell them apart"},
    {"operationId: listActivePeople",
     "operationId: list people",
     "trial.yaml:137: `operationId` must be letters, digits, _, - and dots: directives name it"},
    {"      operationId: listActivePeople\n",
     "",
     "trial.yaml:136: an operation needs `operationId`"},
    {"  /events/active/people:\n    get:",
     "  /events/active/people:\n    head:",
     "trial.yaml:136: `head` is no key of a path: the server answers that method itself"},
    {"  /events/active/people:\n    get:",
     "  /events/active/people:\n    gets:",
     "trial.yaml:136: `gets` is no key of a path: correct its spelling, or leave it out"},
    {"/{person}:",
     "/{persons}:",
     "trial.yaml:128: the path has {persons}, but no path parameter `persons` is described"},
    {"{name: person, in: path, required: true,",
     "{name: person, in: path,",
     "trial.yaml:131: the path parameter `person` needs `required: true`"},
    {"{name: person, in: path,",
     "{name: person, in: cookie,",
     "trial.yaml:131: `in` must be path, query or header; a cookie is read by a native: leave it out"},
    {"{name: flag, in: query,",
     "{name: limit, in: query,",
     "trial.yaml:85: the query parameter `limit` is described twice"},
    {"{name: flag, in: query, schema: {type: boolean}}",
     "{name: flag, in: query, schema: {type: array}}",
     "trial.yaml:85: the parameter `flag` must be a string, integer, number or boolean: its text is one value"},
    {"{name: flag, in: query, schema: {type: boolean}}",
     "{name: flag, in: query}",
     "trial.yaml:85: a parameter needs `schema`"},
    {"{name: flag, in: query, schema: {type: boolean}}",
     "{name: flag, in: query, style: form, schema: {type: boolean}}",
     "trial.yaml:85: `style` is no key of a parameter: a parameter is one value described by its `schema`"},
    {"[{$ref: '#/components/parameters/event_id'}]",
     "[{$ref: '#/components/parameters/event'}]",
     "trial.yaml:116: `$ref` #/components/parameters/event names nothing in this document"},
    {"[{$ref: '#/components/parameters/event_id'}]",
     "[{$ref: '#/components/schemas/Event'}]",
     "trial.yaml:116: the `$ref` of a parameter must be '#/components/parameters/NAME'"},
    {"[{$ref: '#/components/parameters/event_id'}]",
     "[{$ref: '#/components/parameters/event_id', required: true}]",
     "trial.yaml:116: `required` beside a `$ref` would be ignored: put it where the reference leads"},
    {"default: 20",
     "default: 200",
     "trial.yaml:84: the `default` 200 is not good by its own schema"},
    {"application/json: {schema: {$ref: '#/components/schemas/Event'}}\n      x-procedure",
     "text/plain: {schema: {$ref: '#/components/schemas/Event'}}\n      x-procedure",
     "trial.yaml:105: no body of type text/plain can be read: application/json, application/*+json, application/x-www-form-urlencoded, multipart/form-data or '*/*'"},
    {"{'*/*': {schema: {type: object}}}",
     "{'*/*': {schema: {type: array}}}",
     "trial.yaml:123: a body is an object: this schema refuses every one"},
    {"{'*/*': {schema: {type: object}}}",
     "{'*/*': {}}",
     "trial.yaml:123: */* needs a `schema`: without one nothing of the body is known"},
    {"{'*/*': {schema: {type: object}}}",
     "{}",
     "trial.yaml:123: `content` names no media type"},
    {"x-body-limit: 2000000",
     "x-body-limit: 2MB",
     "trial.yaml:98: `x-body-limit` must be a whole number"},
    {"security: [{bearer: []}]\npaths",
     "security: [{beerer: []}]\npaths",
     "trial.yaml:70: `beerer` is not among components.securitySchemes"},
    {"security: [{basic: []}]",
     "security: [basic]",
     "trial.yaml:143: `security` must be an object"},
    {"trial.active()",
     "trial.active",
     "trial.yaml:113: a call is written schema.name(source, ...)"},
    {"trial.active()",
     "Trial.active()",
     "trial.yaml:113: a call is written schema.name(source, ...)"},
    {"trial.active()",
     "trial.active(,)",
     "trial.yaml:113: an argument is missing"},
    {"trial.active()",
     "trial.active(path)",
     "trial.yaml:113: path needs a name, such as path.NAME"},
    {"trial.active()",
     "trial.active(path.id)",
     "trial.yaml:113: path.id names nothing: the operation has no path parameter `id`"},
    {"trial.active()",
     "trial.active(query.x)",
     "trial.yaml:113: query.x names nothing: the operation has no query parameter `x`"},
    {"trial.active()",
     "trial.active(body)",
     "trial.yaml:113: `body` names nothing: the operation describes no requestBody"},
    {"trial.active()",
     "trial.active(part.x)",
     "trial.yaml:113: part.x names nothing: the operation's multipart/form-data has no property `x`"},
    {"trial.active()",
     "trial.active(native.x)",
     "trial.yaml:113: native.x names nothing: the operation has no x-native"},
    {"trial.active()",
     "trial.active(cookie.x)",
     "trial.yaml:113: cookie.x is no source: path, query, header, body, part, token, caller, native, mount, client, request or document"},
    {"trial.active()",
     "trial.active(client.port)",
     "trial.yaml:113: client.port names nothing: there is client.address"},
    {"trial.active()",
     "trial.active(request.path)",
     "trial.yaml:113: request.path names nothing: there is request.base, request.mount, request.query, request.id"},
    {"trial.active()",
     "trial.active(document.title)",
     "trial.yaml:113: document.title names nothing: there is document.version"},
    {"trial.active()",
     "trial.active(token.)",
     "trial.yaml:113: token. ends in a dot: a name must follow"},
    {"trial.active()",
     "trial.active(token)",
     "trial.yaml:113: token needs a name, such as token.NAME"},
    {"trial.active()",
     "trial.active() ; drop",
     "trial.yaml:113: a call is written schema.name(source, ...)"},
    {"body.capacity, body.tags",
     "body.capacities, body.tags",
     "trial.yaml:106: body.capacities names nothing: the body's schema has no property `capacities`"},
    {"x-caller: trial.caller(token.sub,",
     "x-caller: trial.caller(caller.sub,",
     "trial.yaml:6: caller.sub belongs to one operation: x-caller is called for all of them"},
    {"x-caller: trial.caller(token.sub,",
     "x-caller: trial.caller(path.id,",
     "trial.yaml:6: path.id belongs to one operation: x-caller is called for all of them"},
    {"x-caller: trial.caller(token.sub, token.claims, client.address)\n",
     "",
     "trial.yaml:89: caller.id names nothing: the document has no x-caller"},
    {"x-admits: [user-banned]",
     "x-admits: [user-band]",
     "trial.yaml:97: `x-admits` names `user-band`, which is no fault of x-errors"},
    {"      x-procedure: trial.active()\n",
     "",
     "trial.yaml:111: `listActive` does nothing: give it an x-procedure or an x-native"},
    {"x-native: health",
     "x-native: helth",
     "trial.yaml:76: the module has no native `helth`: correct its name"},
    {"x-native: health",
     "x-native: [health]",
     "trial.yaml:76: `x-native` must be the name of a native, or an object with its `name`"},
    {"credentials: trial.credentials(native.login, body.username)",
     "credentials: trial.credentials(native.login, body.user)",
     "trial.yaml:159: body.user names nothing: the body's schema has no property `user`"},
    {"credentials: trial.credentials(native.login, body.username)",
     "credentials: [trial.credentials()]",
     "trial.yaml:159: `credentials` must be a call: schema.name(source, ...)"},
    {"x-procedure: trial.active()",
     "x-procedures: trial.active()",
     "trial.yaml:113: `x-procedures` is no key of an operation: correct its spelling, or leave it out"},
    {"x-read-only: true",
     "x-read-only: yes",
     "trial.yaml:125: `x-read-only` must be true or false"},
    {"x-secret: {setting: bot_key, scheme: Bot, fault: token-invalid}",
     "x-secret: {setting: bot_key, scheme: Bot, fault: bot}",
     "trial.yaml:185: `fault` names `bot`, which is no fault of x-errors"},
    {"security: [{bot: []}]",
     "security: [{}, {bot: []}]",
     "trial.yaml:175: `bot` has an x-secret, and stands alone in `security`"},
    {"x-issue: {token: \"{access_token}\"",
     "x-issue: {token: \"{accesstoken}\"",
     "trial.yaml:178: `{accesstoken}` stands for nothing: there are {access_token}, {refresh_token} and {expires_in}"},
    {"x-issue: {token: \"{access_token}\", type: bearer}",
     "x-issue: [token]",
     "trial.yaml:178: `x-issue` must be an object"},
    {"x-headers: {X-Own: yes}",
     "x-headers: {X-Own: 1}",
     "trial.yaml:179: `X-Own` must be one line of text: quote it"},
    {"x-tokens: {access: 900",
     "x-tokens: {access: 0",
     "trial.yaml:228: `access` is a lifetime in seconds, from 1 to ten years"},
    {"x-tokens: {access: 900",
     "x-tokens: {access: 15m",
     "trial.yaml:228: `access` must be a whole number"},
    {"x-headers-below: {/events: {X-Below: yes}}",
     "x-headers-below: {/events: {X-Below: 1}}",
     "trial.yaml:229: `X-Below` must be one line of text: quote it"},
    {"x-headers-below: {/events: {X-Below: yes}}",
     "x-headers-below: {/events: yes}",
     "trial.yaml:229: `/events` must be an object"},
    {"x-headers-below: {/events: ",
     "x-headers-below: {/events/: ",
     "trial.yaml:229: `/events/` must be a path such as /auth, without a slash at its end"},
    {"x-headers-below: {/events: ",
     "x-headers-below: {events: ",
     "trial.yaml:229: `events` must be a path such as /auth, without a slash at its end"},
    {"form: text",
     "form: text\n    rules: first",
     "trial.yaml:31: `rules` must be together or last"},
    {"anyOf: {at: a, type: missing",
     "anyOf: {in: a, type: missing",
     "trial.yaml:154: `anyOf` has `message` and `type` and `at`, all text: no `in`"},
    {"      enum: {message: \"must be {quoted}\"}",
     "      enum: {message: \"must be {quoted}\", at: x}",
     "trial.yaml:37: `enum` has `message` and `type`, all text: no `at`"},
    {"responses: {'204': {description: Gone}}",
     "responses: {'204': {}}",
     "trial.yaml:134: a response needs `description`"},
    {"responses: {'204': {description: Gone}}",
     "responses: {204 No Content: {description: Gone}}",
     "trial.yaml:134: `204 No Content` is no status of a response: 200, 4XX or default"},
    {"responses: {'204': {description: Gone}}",
     "responses: {'204': {description: Gone, links: {next: {operationId: nobody}}}}",
     "trial.yaml:134: the link `next` names the operation `nobody`, which does not exist"},
    {"responses: {'204': {description: Gone}}",
     "responses: {'204': {description: Gone, header: {}}}",
     "trial.yaml:134: `header` is no key of a response: correct its spelling, or leave it out"},
    {"type: integer, minimum: 1, maximum: 1000",
     "type: int, minimum: 1, maximum: 1000",
     "trial.yaml:201: `type` must be null, boolean, integer, number, string, array or object, or a list of them"},
    {"type: integer, minimum: 1, maximum: 1000",
     "type: [integer, null], minimum: 1, maximum: 1000",
     "trial.yaml:201: `type` must be null, boolean, integer, number, string, array or object, or a list of them: quote 'null'"},
    {"type: integer, minimum: 1, maximum: 1000",
     "type: integer, nullable: true",
     "trial.yaml:201: the schema keyword `nullable` is not known: OpenAPI 3.1 says type: [string, 'null']"},
    {"type: integer, minimum: 1, maximum: 1000",
     "type: integer, minimun: 1",
     "trial.yaml:201: the schema keyword `minimun` is not known: it would check nothing; docs/api-documents.md lists the keywords that are known"},
    {"type: integer, minimum: 1, maximum: 1000",
     "type: integer, minimum: one",
     "trial.yaml:201: `minimum` must be a number"},
    {"type: integer, minimum: 1, maximum: 1000",
     "type: integer, minLength: -1",
     "trial.yaml:201: `minLength` must be a whole number from 0"},
    {"multipleOf: 0.01",
     "multipleOf: 0",
     "trial.yaml:202: `multipleOf` must be greater than 0"},
    {"format: date}",
     "format: dates}",
     "trial.yaml:208: `format` would check nothing: known are uuid, date-time, date, email, uri, int64 and binary; a `pattern` can say the rest"},
    {"x-email: true",
     "x-email: 1",
     "trial.yaml:209: `x-email` must be true or false"},
    {"pattern: '^\"[0-9]+\"$'",
     "pattern: '(['",
     "trial.yaml:89: `pattern` is no regular expression: missing terminating ] for character class, near \"\""},
    {"pattern: '^\"[0-9]+\"$'",
     "pattern: '\\A[0-9]'",
     "trial.yaml:89: `pattern` is no regular expression: \\A is not known to ECMAScript"},
    {"pattern: '^\"[0-9]+\"$'",
     "pattern: '(*UTF)a'",
     "trial.yaml:89: `pattern` is no regular expression: (* is not known to ECMAScript"},
    {"pattern: '^\"[0-9]+\"$'",
     "pattern: '[0-9]', x-pattern: '[0-9]'",
     "trial.yaml:89: a schema has one `pattern` or one `x-pattern`; `allOf` can ask for more"},
    {"offset: required, fraction: 9",
     "offset: perhaps, fraction: 9",
     "trial.yaml:207: `offset` must be required or optional"},
    {"offset: required, fraction: 9",
     "offset: required, digits: 9",
     "trial.yaml:207: x-instant knows no `digits`: offset, date-only, space, seconds, short-offset, upper-case, fraction, from, to and utc"},
    {"offset: required, fraction: 9",
     "offset: required, fraction: 90",
     "trial.yaml:207: `fraction` must be a whole number from 0 to 30"},
    {"enum: [low, high, null]",
     "enum: []",
     "trial.yaml:214: `enum` must be a list of at least one value"},
    {"required: [title, capacity]",
     "required: title",
     "trial.yaml:198: `required` must be a list of the names of properties"},
    {"boss: {$ref: '#/components/schemas/Person'}",
     "boss: {$ref: '#/components/schemas/Persons'}",
     "trial.yaml:221: `$ref` #/components/schemas/Persons names nothing in this document"},
    {"boss: {$ref: '#/components/schemas/Person'}",
     "boss: {$ref: 'person.yaml'}",
     "trial.yaml:221: `$ref` must name something in this document, such as '#/components/schemas/Name'"},
    {"Person:\n      type: object",
     "Person:\n      allOf: [{$ref: '#/components/schemas/Person'}]\n      type: object",
     "trial.yaml:219: this schema leads back to itself without going into the value: it could never be decided"},
    {"forbidden: false",
     "forbidden: 1",
     "trial.yaml:215: a schema must be an object, true or false"},
};

START_TEST(a_mistake_is_told_with_its_line_and_remedy)
{
    const char *text = suite_text("documents/trial.yaml");
    const char *at = strstr(text, mistakes[_i].from);
    const mact_oapi_doc_t *doc;
    const char *error;

    ck_assert_msg(at != NULL, "the document has no %s", mistakes[_i].from);
    text = apr_pstrcat(suite_pool, apr_pstrmemdup(suite_pool, text, (apr_size_t)(at - text)), mistakes[_i].to, at + strlen(mistakes[_i].from), NULL);
    ck_assert_int_eq(mact_oapi_load_text(&doc, &error, "trial", "trial.yaml", text, strlen(text), known_native, suite_pool), APR_EGENERAL);
    ck_assert_str_eq(error, mistakes[_i].error);
    ck_assert_ptr_null(doc);
}
END_TEST

/* Whole documents that are none. */
static const struct {
    const char *text, *error;
} texts[] = {
    {"", "t.yaml:1: the file is empty: an OpenAPI document is needed"},
    {"# nothing\n", "t.yaml:1: the file is empty: an OpenAPI document is needed"},
    {"[]", "t.yaml:1: an API document is an object that begins with `openapi: 3.1.0`"},
    {"&a [*a]", "t.yaml:1: *a stands for nothing: an anchor &a must be complete before it"},
    {"a: {b: \"x\\0y\", \"c\\0\": 1}", "t.yaml:1: a key must not hold U+0000"},
    {"\xEF\xBB\xBFopenapi: 3.0.0\ninfo: {title: T, version: '1'}\npaths: {}\nx-errors: {faults: {}, violations: {form: text, words: {}}}\n",
     "t.yaml:1: `openapi` must be 3.1.0 (or another 3.1), not 3.0.0"},
    {"openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\nx-errors: {faults: {}, violations: {form: text, words: {}}}\n",
     "t.yaml:4: `faults` lacks `not-found`: say its status and message"},
};

START_TEST(a_text_that_is_no_document)
{
    const mact_oapi_doc_t *doc;
    const char *error;

    ck_assert_int_eq(mact_oapi_load_text(&doc, &error, "t", "t.yaml", texts[_i].text, strlen(texts[_i].text), NULL, suite_pool), APR_EGENERAL);
    ck_assert_str_eq(error, texts[_i].error);
}
END_TEST

START_TEST(aliases_of_aliases_are_bounded)
{
    const char *text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    const mact_oapi_doc_t *doc;
    const char *error;

    for (int i = 1; i < 9; i++) {
        text = apr_psprintf(suite_pool, "%sa%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", text, i, i, i - 1, i - 1, i - 1,
                            i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    }
    ck_assert_int_eq(mact_oapi_load_text(&doc, &error, "t", "t.yaml", text, strlen(text), NULL, suite_pool), APR_EGENERAL);
    ck_assert_ptr_nonnull(strstr(error, "the document has more than 500000 values"));
}
END_TEST

START_TEST(nesting_is_bounded)
{
    const mact_oapi_doc_t *doc;
    const char *error, *text = "";

    for (int i = 0; i < 300; i++) {
        text = apr_pstrcat(suite_pool, text, "[", NULL);
    }
    ck_assert_int_eq(mact_oapi_load_text(&doc, &error, "t", "t.yaml", text, strlen(text), NULL, suite_pool), APR_EGENERAL);
    ck_assert_str_eq(error, "t.yaml:1: nested more than 100 deep");
}
END_TEST

START_TEST(a_file_that_is_not_there)
{
    const mact_oapi_doc_t *doc;
    const char *error;

    ck_assert(APR_STATUS_IS_ENOENT(mact_oapi_load(&doc, &error, "t", "nowhere/t.yaml", NULL, suite_pool)));
    ck_assert_ptr_nonnull(strstr(error, "nowhere/t.yaml: cannot be read ("));
    ck_assert_int_eq(mact_oapi_load(&doc, &error, "t", suite_path("documents"), NULL, suite_pool), APR_EGENERAL);
    ck_assert_ptr_nonnull(strstr(error, "an API document is a YAML file"));
}
END_TEST

/* ---- YAML as JSON ------------------------------------------------------------------------------------------ */

static const struct {
    const char *yaml, *json;
} values[] = {
    {"null", "null"}, {"~", "null"}, {"a:", "{\"a\":null}"}, {"Null", "null"}, {"nul", "\"nul\""},
    {"true", "true"}, {"False", "false"}, {"yes", "\"yes\""}, {"off", "\"off\""}, {"'true'", "\"true\""},
    {"12", "12"}, {"-7", "-7"}, {"+7", "7"}, {"007", "7"}, {"0x1F", "31"}, {"0o17", "15"}, {"0x", "\"0x\""}, {"1_000", "\"1_000\""},
    {"1.5", "1.5"}, {"1.", "1"}, {".5", "0.5"}, {"-1.5e3", "-1500"}, {"1e3", "1000"}, {".", "\".\""}, {"1e", "\"1e\""}, {"1.2.3", "\"1.2.3\""},
    {"9223372036854775807", "9223372036854775807"}, {"3.1.0", "\"3.1.0\""}, {"2031-05-04", "\"2031-05-04\""}, {"12:30", "\"12:30\""},
    {"[a, {b: c}, []]", "[\"a\",{\"b\":\"c\"},[]]"}, {"- |\n  x\n  y\n", "[\"x\\u000ay\\u000a\"]"}, {"- >-\n  x\n  y\n", "[\"x y\"]"},
    {"200: a\nnull: b\ntrue: c\n", "{\"200\":\"a\",\"null\":\"b\",\"true\":\"c\"}"}, {"[&x {a: 1}, *x]", "[{\"a\":1},{\"a\":1}]"},
    {"\"\\u00e9\\0\"", "\"\xC3\xA9\\u0000\""},
};

START_TEST(a_value_of_yaml)
{
    mact_oapi_loader_t l = {0};

    l.pool = l.tmp = suite_pool;
    l.file = "t.yaml";
    ck_assert_msg(mact_oapi_yaml(&l, values[_i].yaml, strlen(values[_i].yaml)) == APR_SUCCESS, "%s", l.error);
    ck_assert_str_eq(mact_oapi_text(l.root, suite_pool), values[_i].json);
}
END_TEST

/* Whatever key the tables of shapes and keywords have must be found in the reference. */
START_TEST(every_key_of_ours_is_described)
{
    static const char *const sources[] = {"../../src/openapi/shape.c", "../../src/openapi/schema.c"};
    const char *reference = suite_text("../../docs/api-documents.md");
    int count = 0;

    for (int i = 0; i < 2; i++) {
        for (const char *at = suite_text(sources[i]); (at = strstr(at, "{\"x-")); at += 2) {
            const char *key = apr_pstrmemdup(suite_pool, at + 2, strcspn(at + 2, "\""));

            if (strchr(key, '.')) {
                continue; /* a name for messages */
            }
            ck_assert_msg(strstr(reference, apr_pstrcat(suite_pool, "`", key, NULL)) != NULL, "docs/api-documents.md has no `%s`", key);
            count++;
        }
    }
    ck_assert_int_gt(count, 20);
}
END_TEST

/* ---- the documents that are shipped ------------------------------------------------------------------------ */

static int any_native(const char *name)
{
    return name != NULL;
}

START_TEST(every_document_of_the_platform_is_good)
{
    const char *directory = suite_path("../../conf/api");
    const mact_oapi_doc_t *doc;
    const char *error;
    apr_finfo_t finfo;
    apr_dir_t *dir;
    int count = 0;

    ck_assert_int_eq(apr_dir_open(&dir, directory, suite_pool), APR_SUCCESS);
    while (apr_dir_read(&finfo, APR_FINFO_NAME, dir) == APR_SUCCESS) {
        if (strstr(finfo.name, ".yaml")) {
            const char *file = apr_pstrcat(suite_pool, directory, "/", finfo.name, NULL);
            ck_assert_msg(mact_oapi_load(&doc, &error, "t", file, any_native, suite_pool) == APR_SUCCESS, "%s", error);
            /* Tools that read it in other languages know no \p. */
            ck_assert_msg(!strstr(mact_oapi_text(doc->published, suite_pool), "\\\\p{"), "%s publishes a pattern with \\p", finfo.name);
            count++;
        }
    }
    apr_dir_close(dir);
    ck_assert_int_gt(count, 0);
}
END_TEST

/* ---- all of it --------------------------------------------------------------------------------------------- */

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static void add(Suite *suite)
{
    TCase *tests = suite_case(suite, "documents");

    tcase_add_test(tests, the_top_of_a_document);
    tcase_add_loop_test(tests, an_operation, 0, COUNT(operations));
    tcase_add_test(tests, what_an_operation_admits_and_may_take);
    tcase_add_test(tests, types_of_arguments);
    tcase_add_test(tests, a_native_its_options_and_its_procedures);
    tcase_add_test(tests, tokens_a_secret_and_headers_of_an_operation);
    tcase_add_test(tests, a_call_in_an_option);
    tcase_add_test(tests, faults_of_the_document_and_of_an_operation);
    tcase_add_test(tests, the_published_document_has_no_key_of_ours);
    tcase_add_loop_test(tests, a_mistake_is_told_with_its_line_and_remedy, 0, COUNT(mistakes));
    tcase_add_loop_test(tests, a_text_that_is_no_document, 0, COUNT(texts));
    tcase_add_test(tests, aliases_of_aliases_are_bounded);
    tcase_add_test(tests, nesting_is_bounded);
    tcase_add_test(tests, a_file_that_is_not_there);
    tcase_add_loop_test(tests, a_value_of_yaml, 0, COUNT(values));
    tcase_add_test(tests, every_key_of_ours_is_described);
    tcase_add_test(tests, every_document_of_the_platform_is_good);
}

int main(void)
{
    return suite_run("openapi: documents", add);
}
