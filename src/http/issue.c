/*
 * x-issue: tokens of our own, made of the row that a procedure answered with.
 *
 *     x-issue: {access_token: "{access_token}", refresh_token: "{refresh_token}", token_type: bearer, expires_in: "{expires_in}"}
 *
 * The row has the columns `subject` (the user's UUID), `claims` (JSON text: what the access token says besides) and, where a session is
 * carried on, `sid`, `jti`, `iat` and `exp` (Unix seconds) of the refresh token.  A refresh token is made of nothing else, so that a row
 * that comes again makes the same one, and none is stored.
 */
#include <stdlib.h>

#include <apr_strings.h>
#include <httpd.h>
#include <http_log.h>

#include "http/inside.h"

APLOG_USE_MODULE(activities);

/* ---- making -------------------------------------------------------------------------------------------------- */

static void set_text(json_t *claims, const char *name, const char *value)
{
    if (value) {
        json_object_set_new(claims, name, json_string(value));
    }
}

static apr_status_t issue_access(const char **token, int *lifetime, const mact_exchange_t *x, const mact_auth_signer_t *signer,
                                 const mact_db_reply_t *row, const json_t *said)
{
    const mact_auth_rules_t *rules = mact_config_token_rules(x->config);
    json_t *claims = json_is_object(said) ? json_deep_copy(said) : json_object();
    const char *jti = NULL;
    apr_status_t rv = mact_auth_uuid(&jti, x->r->pool);

    set_text(claims, "sub", mact_db_column(row, "subject"));
    set_text(claims, "type", "access");
    set_text(claims, "sid", mact_db_column(row, "sid"));
    set_text(claims, "jti", jti);
    set_text(claims, "iss", rules->issuer);
    set_text(claims, "aud", rules->audience);
    *lifetime = mact_config_access_lifetime(x->config);
    if (rv == APR_SUCCESS) {
        rv = mact_auth_issue(token, signer, claims, (apr_int64_t)apr_time_sec(apr_time_now()), *lifetime, x->r->pool);
    }
    json_decref(claims);
    return rv;
}

/* NULL: the row has none to make one of. */
static apr_status_t issue_refresh(const char **token, const mact_exchange_t *x, const mact_auth_signer_t *signer,
                                  const mact_db_reply_t *row, const json_t *said)
{
    const char *jti = mact_db_column(row, "jti"), *iat = mact_db_column(row, "iat"), *exp = mact_db_column(row, "exp");
    json_t *claims;
    apr_status_t rv;

    *token = NULL;
    if (!jti || !iat || !exp) {
        return APR_SUCCESS;
    }
    claims = json_object();
    set_text(claims, "sub", mact_db_column(row, "subject"));
    set_text(claims, "type", "refresh");
    set_text(claims, "token_type", json_object_get(said, "token_type") ? "refresh" : NULL);
    set_text(claims, "sid", mact_db_column(row, "sid"));
    set_text(claims, "jti", jti);
    rv = mact_auth_issue(token, signer, claims, apr_atoi64(iat), (int)(apr_atoi64(exp) - apr_atoi64(iat)), x->r->pool);
    json_decref(claims);
    return rv;
}

/* What x-issue's template is filled with, a new reference. */
static apr_status_t issue_all(json_t **values, const mact_exchange_t *x, const mact_db_reply_t *row)
{
    const char *text = mact_db_column(row, "claims"), *access = NULL, *refresh = NULL;
    json_t *claims = text ? json_loads(text, 0, NULL) : NULL;
    mact_auth_signer_t signer;
    int lifetime = 0;
    apr_status_t rv = mact_config_signer(&signer, x->config) ? issue_access(&access, &lifetime, x, &signer, row, claims) : APR_ENOTIMPL;

    if (rv == APR_SUCCESS) {
        rv = issue_refresh(&refresh, x, &signer, row, claims);
    }
    json_decref(claims);
    *values = json_object();
    set_text(*values, "access_token", access);
    set_text(*values, "refresh_token", refresh);
    json_object_set_new(*values, "expires_in", json_integer(lifetime));
    return rv;
}

/* ---- the reply ----------------------------------------------------------------------------------------------- */

/* The procedure's body with the template's members in it. */
static const char *merged(const mact_exchange_t *x, const mact_db_reply_t *row, const json_t *values)
{
    mact_facts_t facts = {.extra = values};
    json_t *body = row->body ? json_loadb(row->body, row->body_length, 0, NULL) : json_object();
    json_t *issued = mact_http_fill(x->op->issue, NULL, x, &facts);
    const char *text = NULL;
    char *dumped;

    if (json_is_object(body) && json_object_update(body, issued) == 0) {
        dumped = json_dumps(body, JSON_COMPACT);
        text = dumped ? apr_pstrdup(x->r->pool, dumped) : NULL;
        free(dumped);
    }
    json_decref(issued);
    json_decref(body);
    return text;
}

int mact_http_issue(mact_exchange_t *x, const mact_db_reply_t *reply)
{
    mact_db_reply_t sent = *reply;
    json_t *values;
    apr_status_t rv;

    if (reply->outcome != MACT_DB_DONE || reply->refusal || reply->status < 200 || reply->status > 299
        || !mact_db_column(reply, "subject")) {
        return mact_http_reply(x, reply);
    }
    rv = issue_all(&values, x, reply);
    sent.body = rv == APR_SUCCESS ? merged(x, reply, values) : NULL;
    json_decref(values);
    if (!sent.body) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, rv, x->r, "ACT0143: request %s, operation %s: 500, no token could be made of what the "
                      "procedure answered: its body must be a JSON object, and the mount needs a key to sign with",
                      x->request_id, x->op->id);
        return mact_http_fault(x, "internal", NULL);
    }
    sent.body_length = strlen(sent.body);
    return mact_http_reply(x, &sent);
}
