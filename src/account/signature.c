/*
 * The native `signature`: only who holds the private key is heard.
 *
 *     x-native: {name: signature, key: discord_public_key, signature: X-Signature-Ed25519, timestamp: X-Signature-Timestamp, window: 300}
 *
 * The signature (Ed25519, 128 hexadecimal digits) is over the timestamp's text and the raw body.  Without a key in the mount everything is refused.
 */
#include <apr_strings.h>

#include "account/inside.h"

#define WINDOW_MOST 86400

/* The settings that hold a public key. */
static const char *key_of(const mact_exchange_t *x)
{
    const char *name = mact_account_option(x, "key");

    return name && !strcmp(name, "discord_public_key") ? mact_config_discord_public_key(x->config) : NULL;
}

static const char *header_of(const mact_exchange_t *x, const char *option)
{
    return apr_table_get(x->r->headers_in, mact_account_option(x, option));
}

static int is_hex(const char *text, apr_size_t digits)
{
    return text && strlen(text) == digits && strspn(text, "0123456789abcdefABCDEF") == digits;
}

/* What can be told before limits are counted and the body is read: who has no signature at all is nobody. */
int mact_account_signature_early(mact_exchange_t *x)
{
    return key_of(x) && is_hex(header_of(x, "signature"), 128) && header_of(x, "timestamp") ? DECLINED
                                                                                            : mact_http_fault(x, "signature-invalid", NULL);
}

int mact_account_signature_raw(mact_exchange_t *x)
{
    int window = (int)json_integer_value(json_object_get(x->op->native_options, "window"));
    mact_auth_ed25519_t key;

    if (mact_auth_ed25519(&key, key_of(x))
        || !mact_auth_signed(&key, header_of(x, "signature"), header_of(x, "timestamp"), x->body, x->body_length, apr_time_now(), window,
                             x->r->pool)) {
        return mact_http_fault(x, "signature-invalid", NULL);
    }
    return DECLINED;
}

const char *mact_account_signature_flaw(const mact_oapi_op_t *op, apr_pool_t *pool)
{
    static const char *const options[] = {"key", "signature", "timestamp", "window", NULL};
    static const char *const faults[] = {"signature-invalid", NULL};
    const json_t *window = json_object_get(op->native_options, "window");
    const char *key = json_string_value(json_object_get(op->native_options, "key"));
    const char *flaw = mact_account_known_options(op, options, pool);

    if (!flaw && (!key || strcmp(key, "discord_public_key"))) {
        flaw = "`key' names the setting with the public key: discord_public_key";
    }
    if (!flaw && (!json_is_string(json_object_get(op->native_options, "signature"))
                  || !json_is_string(json_object_get(op->native_options, "timestamp")))) {
        flaw = "`signature' and `timestamp' name headers";
    }
    if (!flaw && (!json_is_integer(window) || json_integer_value(window) < 1 || json_integer_value(window) > WINDOW_MOST)) {
        flaw = "`window' is a number of seconds, from 1 to 86400";
    }
    if (!flaw && !op->has_body) {
        flaw = "the operation describes no requestBody, so that none would be read";
    }
    return flaw ? flaw : mact_account_needs_faults(op, faults, pool);
}
