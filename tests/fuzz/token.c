/*
 * An Authorization header, judged by keys that the input cannot know, and by one that it is signed with here.
 *
 * The first byte chooses what the rest is: a header as it is; or a token's header and claims, a line feed between them, which are
 * signed with a known secret, so that what lies behind the signature is reached as well.
 */
#include "fuzz.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include "auth/auth.h"
#include "auth/inside.h"

#define NOW    apr_time_from_sec(1900000000)
#define SECRET "a secret that the fuzzer knows, of more than 32 bytes"

static mact_auth_rules_t unknown, known;

static void add_public(apr_array_header_t *keys, EVP_PKEY *pkey, apr_pool_t *pool)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *pem;
    long n;

    MUST(PEM_write_bio_PUBKEY(bio, pkey));
    n = BIO_get_mem_data(bio, &pem);
    MUST(!mact_auth_public_key(apr_array_push(keys), pem, (apr_size_t)n, pool));
    BIO_free(bio);
    EVP_PKEY_free(pkey);
}

/* Once: keys of all kinds that are new in each run, and every algorithm allowed. */
static void make_rules(void)
{
    apr_pool_t *pool = fuzz_process_pool();
    apr_array_header_t *keys = apr_array_make(pool, 4, sizeof(mact_auth_key_t));
    unsigned char secret[64];

    if (known.keys) {
        return;
    }
    MUST(RAND_bytes(secret, sizeof secret) == 1);
    MUST(!mact_auth_secret(apr_array_push(keys), (const char *)secret, sizeof secret, pool));
    add_public(keys, EVP_RSA_gen(2048), pool);
    add_public(keys, EVP_EC_gen("P-256"), pool);
    add_public(keys, EVP_EC_gen("P-521"), pool);
    unknown.keys = keys;
    unknown.algorithms = ~0u;
    keys = apr_array_make(pool, 1, sizeof(mact_auth_key_t));
    MUST(!mact_auth_secret(apr_array_push(keys), SECRET, sizeof SECRET - 1, pool));
    known.keys = keys;
    known.algorithms = mact_auth_algorithm("HS256");
}

static const char *url64(const void *bytes, apr_size_t length, apr_pool_t *pool)
{
    char *text = apr_palloc(pool, length * 2 + 8);
    int n = EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);

    while (n && text[n - 1] == '=') {
        n--;
    }
    text[n] = '\0';
    for (char *c = text; *c; c++) {
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
    }
    return text;
}

static const char *sign(const char *data, apr_size_t size, apr_pool_t *pool)
{
    const char *line = memchr(data, '\n', size);
    apr_size_t header = line ? (apr_size_t)(line - data) : size;
    const char *input = apr_pstrcat(pool, url64(data, header, pool), ".", line ? url64(line + 1, size - header - 1, pool) : "", NULL);
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    HMAC(EVP_sha256(), SECRET, sizeof SECRET - 1, (const unsigned char *)input, strlen(input), mac, &n);
    return apr_pstrcat(pool, input, ".", url64(mac, n, pool), NULL);
}

static int is_uuid(const char *text)
{
    return strlen(text) == 36 && strspn(text, "0123456789abcdef-") == 36;
}

/* Whatever a verdict, it is whole. */
static void check_token(mact_token_e verdict, const mact_auth_token_t *token, apr_pool_t *pool)
{
    MUST(token && (verdict == MACT_TOKEN_GOOD) == (token->why == NULL));
    if (verdict == MACT_TOKEN_GOOD || verdict == MACT_TOKEN_EXPIRED) {
        const json_t *exp = json_object_get(token->claims, "exp");
        const char *text = mact_auth_value(token, "claims", pool);

        MUST(is_uuid(token->sub) && strlen(token->digest) == 66 && token->exp);
        MUST((!token->sid || is_uuid(token->sid)) && (!token->jti || is_uuid(token->jti)));
        MUST(json_is_number(exp) && (json_number_value(exp) > 1900000000.0) == (verdict == MACT_TOKEN_GOOD));
        MUST(text && *text == '{');
    }
    else {
        MUST(!token->sub && !token->claims && !token->digest);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *user, *password, *text;
    mact_auth_token_t *token;
    mact_token_e verdict;
    apr_pool_t *pool;

    make_rules();
    if (!size) {
        return 0;
    }
    apr_pool_create(&pool, fuzz_process_pool());
    text = apr_pstrmemdup(pool, (const char *)data + 1, size - 1);
    if (*data == 's') {
        text = sign((const char *)data + 1, size - 1, pool);
        verdict = mact_auth_token(&token, text, &known, NOW, pool);
        check_token(verdict, token, pool);
    }
    verdict = mact_auth_token(&token, text, &unknown, NOW, pool);
    MUST(verdict == MACT_TOKEN_INVALID);
    check_token(verdict, token, pool);
    verdict = mact_auth_bearer(&token, text, &unknown, NOW, pool);
    MUST(verdict == MACT_TOKEN_INVALID || verdict == MACT_TOKEN_MISSING);
    check_token(verdict, token, pool);
    if (mact_auth_basic(&user, &password, text, pool) == MACT_BASIC_GOOD) {
        json_t *good = json_pack("[s, s]", user, password);        /* only of UTF-8 */

        MUST(good && !strchr(user, ':'));
        json_decref(good);
    }
    apr_pool_destroy(pool);
    return 0;
}
