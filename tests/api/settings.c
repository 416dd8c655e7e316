/*
 * What directives do to the participation API: keys and rules of tokens, body size, pages of other origins, documentation. Each line of the
 * table is a mount of one server; the directives' forms are in config.c, limits in limits.c.
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness_api.h"

#define OLD "the secret that was there before the other one"
#define NEW "the secret that is there since, of 32 bytes or more"
#define INVALID "401 INVALID_TOKEN Invalid token"
#define EXPIRED "401 TOKEN_EXPIRED Token has expired"

/* ---- RS256 -------------------------------------------------------------------------------------------------- */

static char *rs256(EVP_PKEY *key, const char *claims)
{
    const char *header = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
    char *text = live_text("%s.%s", live_base64url(header, strlen(header)), live_base64url(claims, strlen(claims)));
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char signature[512];
    size_t length = sizeof signature;

    ck_assert_int_eq(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key), 1);
    ck_assert_int_eq(EVP_DigestSign(context, signature, &length, (const unsigned char *)text, strlen(text)), 1);
    EVP_MD_CTX_free(context);
    return live_text("%s.%s", text, live_base64url(signature, length));
}

/* Writes the public key; the name of its file. */
static char *publish(EVP_PKEY *key)
{
    char *name = live_text("%s/issuer.pem", live_var());
    FILE *f = fopen(name, "w");

    ck_assert_ptr_nonnull(f);
    PEM_write_PUBKEY(f, key);
    fclose(f);
    return name;
}

/* ---- tokens ------------------------------------------------------------------------------------------------- */

static const char MOUNTS[] =
    "ActivitiesRateLimit * off\n"
    "ActivitiesJWTSecret \"" NEW "\"\nActivitiesJWTSecret \"" OLD "\"\n"
    "<Location /only-new>\n ActivitiesAPI participation\n Require all granted\n ActivitiesJWTSecret \"" NEW "\"\n</Location>\n"
    "<Location /iss>\n ActivitiesAPI participation\n Require all granted\n ActivitiesJWTIssuer https://login.example.org\n</Location>\n"
    "<Location /aud>\n ActivitiesAPI participation\n Require all granted\n ActivitiesJWTAudience activities\n</Location>\n"
    "<Location /leeway>\n ActivitiesAPI participation\n Require all granted\n ActivitiesJWTLeeway 30s\n</Location>\n"
    "<Location /hs512>\n ActivitiesAPI participation\n Require all granted\n ActivitiesJWTAlgorithms HS512 HS256\n"
    " ActivitiesJWTSecret \"0123456789012345678901234567890123456789012345678901234567890123\"\n</Location>\n"
    "<Location /rs256>\n ActivitiesAPI participation\n Require all granted\n ActivitiesJWTAlgorithms RS256\n ActivitiesJWTPublicKeyFile \"%s\"\n</Location>\n";

START_TEST(tokens_are_judged_by_the_mounts_rules)
{
    person_t jo = person("jo");
    EVP_PKEY *key = EVP_RSA_gen(2048), *other = EVP_RSA_gen(2048);
    char *pem_file = publish(key), *pem = live_read(pem_file), *base = live_server(live_text(MOUNTS, pem_file));
    long long now = live_now();
    const char *hs256 = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", *hs512 = "{\"alg\":\"HS512\"}";
    const char *long_secret = "0123456789012345678901234567890123456789012345678901234567890123";
#define CLAIMS(exp, more) quoted(live_text("{'sub': '%s', 'exp': %lld" more "}", jo.id, now + (exp)))
    const struct {
        const char *mount;
        char *token;
        const char *refusal;            /* NULL: 200 */
    } cases[] = {
        {API, live_sign(hs256, CLAIMS(60, ""), NEW), NULL},
        {API, live_sign(hs256, CLAIMS(60, ""), OLD), NULL},
        {API, live_token(jo.id), NULL},                         /* the instance's own: keys of one context add up */
        {API, live_sign(hs256, CLAIMS(-1, ""), OLD), EXPIRED},
        {API, rs256(key, CLAIMS(60, "")), INVALID},
        {"/only-new", live_sign(hs256, CLAIMS(60, ""), NEW), NULL},
        {"/only-new", live_sign(hs256, CLAIMS(60, ""), OLD), INVALID},
        {"/only-new", live_token(jo.id), INVALID},
        {"/only-new", live_sign(hs256, CLAIMS(-1, ""), OLD), INVALID},          /* nobody knows whether it ever was one */
        {"/iss", live_sign(hs256, CLAIMS(60, ", 'iss': 'https://login.example.org'"), NEW), NULL},
        {"/iss", live_sign(hs256, CLAIMS(60, ", 'iss': 'https://login.example.org/'"), NEW), INVALID},
        {"/iss", live_sign(hs256, CLAIMS(60, ""), NEW), INVALID},
        {"/aud", live_sign(hs256, CLAIMS(60, ", 'aud': 'activities'"), NEW), NULL},
        {"/aud", live_sign(hs256, CLAIMS(60, ", 'aud': ['x', 'activities']"), NEW), NULL},
        {"/aud", live_sign(hs256, CLAIMS(60, ", 'aud': ['x']"), NEW), INVALID},
        {"/aud", live_sign(hs256, CLAIMS(60, ""), NEW), INVALID},
        {"/leeway", live_sign(hs256, CLAIMS(-10, ""), NEW), NULL},
        {"/leeway", live_sign(hs256, CLAIMS(-40, ""), NEW), EXPIRED},
        {"/leeway", live_sign(hs256, quoted(live_text("{'sub': '%s', 'exp': %lld, 'nbf': %lld}", jo.id, now + 60, now + 15)), NEW), NULL},
        {"/leeway", live_sign(hs256, quoted(live_text("{'sub': '%s', 'exp': %lld, 'nbf': %lld}", jo.id, now + 60, now + 90)), NEW), INVALID},
        {"/hs512", live_sign(hs512, CLAIMS(60, ""), long_secret), NULL},
        {"/hs512", live_sign(hs256, CLAIMS(60, ""), long_secret), NULL},
        {"/hs512", live_sign("{\"alg\":\"HS384\"}", CLAIMS(60, ""), long_secret), INVALID},
        {"/rs256", rs256(key, CLAIMS(60, "")), NULL},
        {"/rs256", rs256(key, CLAIMS(-1, "")), EXPIRED},
        {"/rs256", rs256(other, CLAIMS(60, "")), INVALID},
        {"/rs256", live_sign(hs256, CLAIMS(60, ""), NEW), INVALID},
        {"/rs256", live_sign(hs256, CLAIMS(60, ""), pem), INVALID},             /* the public key as an HMAC secret */
        {"/rs256", live_sign("{\"alg\":\"none\"}", CLAIMS(60, ""), NULL), INVALID},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        live_reply_t *reply = live_send(&(live_request_t){.base = base, .path = live_text("%s/blocks", cases[i].mount), .token = cases[i].token});

        ck_assert_msg(reply->status == (cases[i].refusal ? 401 : 200), "case %zu, %s: %ld %s", i, cases[i].mount, reply->status, reply->body);
        if (cases[i].refusal) {
            expect_refusal(reply, cases[i].refusal);
        }
    }
    live_stop(base);
}
END_TEST

/* Writes the private key; the name of its file. */
static char *keep(EVP_PKEY *key, const char *file, mode_t mode)
{
    char *name = live_text("%s/%s", live_var(), file);
    FILE *f = fopen(name, "w");

    ck_assert_ptr_nonnull(f);
    PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
    fclose(f);
    chmod(name, mode);
    return name;
}

START_TEST(tokens_are_signed_with_a_private_key)
{
    EVP_PKEY *key = EVP_RSA_gen(2048);
    char *base = live_server(live_text("ActivitiesRateLimit * off\n"
        "<Location /signs>\n ActivitiesAPI gatherhub\n Require all granted\n ActivitiesJWTAlgorithms RS256\n"
        " ActivitiesJWTPrivateKeyFile \"%s\"\n</Location>\n"
        "<Location /rs256>\n ActivitiesAPI participation\n Require all granted\n ActivitiesJWTAlgorithms RS256\n"
        " ActivitiesJWTPublicKeyFile \"%s\"\n</Location>\n", keep(key, "signer.pem", 0600), publish(key)));
    char *name = live_text("k%s", live_sql("SELECT left(md5(random()::text), 12)", NULL)), *once;
    live_request_t q = {.base = base, .method = "POST", .path = "/signs/api/v1/auth/register/",
                        .json = live_text("{\"username\": \"%s\", \"email\": \"%s@example.org\", \"password\": \"abcd12345\","
                                          " \"password_confirm\": \"abcd12345\"}", name, name)};
    live_reply_t *reply = live_send(&q), *again;
    const char *access;

    live_expect(reply, 201);
    access = live_string(reply, "access");
    live_expect(live_send(&(live_request_t){.base = base, .path = "/signs/api/v1/auth/profile/", .token = access}), 200);
    live_expect(live_send(&(live_request_t){.base = base, .path = "/rs256/blocks", .token = access}), 200);
    expect_refusal(live_send(&(live_request_t){.base = base, .path = "/rs256/blocks", .token = live_string(reply, "refresh")}), INVALID);
    expect_refusal(live_send(&(live_request_t){.base = base, .path = API "/blocks", .token = access}), INVALID);
    ck_assert_int_eq(strncmp(access, live_base64url("{\"alg\":\"RS256\"", 14), 16), 0);
    once = live_text("{\"refresh\": \"%s\"}", live_string(reply, "refresh"));
    q.path = "/signs/api/v1/auth/refresh/";
    q.json = once;
    reply = live_send(&q);
    live_expect(reply, 200);
    again = live_send(&q);
    live_expect(again, 200);
    ck_assert_str_eq(live_string(reply, "refresh"), live_string(again, "refresh"));     /* made again, to the letter */
    live_stop(base);
    EVP_PKEY_free(key);
}
END_TEST

START_TEST(a_key_that_signs_is_judged_at_configtest)
{
    static const char form[] = "<Location /signs>\nActivitiesAPI %s\nRequire all granted\nActivitiesJWTAlgorithms %s\n"
                               "ActivitiesJWTPrivateKeyFile \"%s\"\n%s\n</Location>\n";
    EVP_PKEY *ec = EVP_EC_gen("P-256"), *rsa = EVP_RSA_gen(2048);
    char *ec_file = keep(ec, "ec.pem", 0600), *rsa_file = keep(rsa, "rsa.pem", 0644), *second, *said;

    /* issues no refresh tokens */
    ck_assert_msg(live_configtest(live_text(form, "attendance", "ES256", ec_file, ""), &said), "%s", said);
    ck_assert(!strstr(said, "ACT0400"));
    ck_assert(!live_configtest(live_text(form, "gatherhub", "ES256", ec_file, ""), &said));
    ck_assert_msg(strstr(said, "extra.conf:") && strstr(said, "put a secret or an RSA key in front of it"), "%s", said);
    ck_assert(!live_configtest(live_text(form, "gatherhub", "ES256", rsa_file, ""), &said));
    ck_assert_msg(strstr(said, "is an RSA private key, and none of its algorithms is allowed: add `ActivitiesJWTAlgorithms RS256'"),
                  "%s", said);
    second = live_text("ActivitiesJWTPrivateKeyFile \"%s\"", ec_file);
    ck_assert_msg(live_configtest(live_text(form, "gatherhub", "ES256 RS256", rsa_file, second), &said), "%s", said);
    ck_assert_msg(strstr(said, "ACT0400") && strstr(said, "may read the private key in"), "%s", said);
    EVP_PKEY_free(ec);
    EVP_PKEY_free(rsa);
}
END_TEST

/* ---- the rest ----------------------------------------------------------------------------------------------- */

START_TEST(a_mount_has_settings_of_its_own)
{
    person_t jo = person("jo");
    char *base = live_server("ActivitiesRateLimit * off\nActivitiesCORSOrigins https://app.example.org\nActivitiesBodyLimit 100\n"
                             "<Location /other>\n ActivitiesAPI participation\n Require all granted\n ActivitiesDocs Off\n ActivitiesBodyLimit default\n"
                             " ActivitiesCORSOrigins default\n</Location>\n");
    const char *origin[] = {"Origin: https://app.example.org", NULL}, *stranger_origin[] = {"Origin: https://example.net", NULL};
    const char *preflight[] = {origin[0], "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization", NULL};
    char *body = live_text("{\"activity_id\": 1, \"x\": \"%0100d\"}", 0);
    live_request_t q = {.base = base, .path = API "/blocks", .token = jo.token, .headers = origin};
    live_reply_t *reply = live_send(&q);

    live_expect(reply, 200);
    ck_assert_str_eq(live_header(reply, "Access-Control-Allow-Origin"), "https://app.example.org");
    ck_assert_ptr_null(live_header(reply, "Access-Control-Allow-Credentials"));
    ck_assert_ptr_nonnull(strstr(live_header(reply, "Vary"), "Origin"));
    q.headers = stranger_origin;
    reply = live_send(&q);
    live_expect(reply, 200);
    ck_assert_ptr_null(live_header(reply, "Access-Control-Allow-Origin"));
    reply = live_send(&(live_request_t){.base = base, .method = "OPTIONS", .path = API "/activities/x/join", .headers = preflight});
    live_expect(reply, 204);
    ck_assert_ptr_nonnull(strstr(live_header(reply, "Access-Control-Allow-Methods"), "POST"));
    q.headers = origin;
    q.path = "/other/blocks";
    reply = live_send(&q);
    live_expect(reply, 200);
    ck_assert_ptr_null(strstr(reply->headers, "Access-Control-"));

    live_expect(live_send(&(live_request_t){.base = base, .path = API "/docs"}), 200);
    expect_refusal(live_send(&(live_request_t){.base = base, .path = "/other/docs"}), "404 NOT_FOUND Not Found");
    expect_refusal(live_send(&(live_request_t){.base = base, .path = "/other/openapi.json"}), "404 NOT_FOUND Not Found");
    q = (live_request_t){.base = base, .method = "POST", .path = API "/attendance/confirm", .token = jo.token, .json = body};
    expect_refusal(live_send(&q), "413 BODY_TOO_LARGE Request body too large");
    q.path = "/other/attendance/confirm";
    live_expect(live_send(&q), 400);
    live_stop(base);
}
END_TEST

/* Other mounts show themselves where they are, and their clients need not know of it. */
START_TEST(a_mount_may_be_anywhere)
{
    person_t jo = person("jo");
    char *base = live_server("ActivitiesRateLimit * off\n"
                             "<VirtualHost *>\n <Location \"/a b/c\">\n  ActivitiesAPI participation\n  Require all granted\n </Location>\n</VirtualHost>\n"
                             "<VirtualHost *>\n ServerName root.example.org\n <Location />\n  ActivitiesAPI participation\n  Require all granted\n </Location>\n</VirtualHost>\n");
    const char *host[] = {"Host: root.example.org", NULL};
    live_request_t q = {.base = base, .method = "POST", .path = "/a%20b/c/activities", .token = jo.token,
                        .json = "{\"title\": \"x\", \"scheduled_at\": \"2131-01-01T00:00:00Z\"}"};
    live_reply_t *reply = live_send(&q);
    const char *location;

    live_expect(reply, 201);
    location = live_header(reply, "Location");
    ck_assert_str_eq(location, live_text("/a%%20b/c/activities/%s", live_string(reply, "activity_id")));
    ck_assert_str_eq(live_string(live_send(&(live_request_t){.base = base, .path = "/a%20b/c/openapi.json"}), "servers.0.url"), "/a%20b/c");
    live_expect(live_send(&(live_request_t){.base = base, .path = location, .token = jo.token}), 200);
    q.path = "/activities";
    q.headers = host;
    reply = live_send(&q);
    live_expect(reply, 201);
    ck_assert_str_eq(live_header(reply, "Location"), live_text("/activities/%s", live_string(reply, "activity_id")));
    reply = live_send(&(live_request_t){.base = base, .path = "/openapi.json", .headers = host});
    live_expect(reply, 200);
    ck_assert_str_eq(live_string(reply, "servers.0.url"), "/");
    /* the list of all APIs, which the main server has at /, is not in the way of one that is there */
    live_expect(live_send(&(live_request_t){.base = base, .path = "/", .headers = host}), 404);
    live_expect(live_send(&(live_request_t){.base = base, .path = "/apis.css", .headers = host}), 404);
    live_expect(live_send(&(live_request_t){.base = base, .path = "/"}), 200);
    live_stop(base);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("settings");
    TCase *tc = tcase_create("settings");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, tokens_are_judged_by_the_mounts_rules);
    tcase_add_test(tc, tokens_are_signed_with_a_private_key);
    tcase_add_test(tc, a_key_that_signs_is_judged_at_configtest);
    tcase_add_test(tc, a_mount_has_settings_of_its_own);
    tcase_add_test(tc, a_mount_may_be_anywhere);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
