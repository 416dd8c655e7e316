/*
 * The natives of passwords.
 *
 *     x-native: {name: hash-password, member: password, procedures: {claim: schema.name(…), release: schema.name(…)}}
 *     x-native: {name: check-password, login: [email, username], password: password, basic: true, rate: 100/minute,
 *                procedures: {credentials: schema.name(native.login)}}
 *     x-native: {name: change-password, current: current_password, new: new_password, unlike: [username],
 *                procedures: {credentials: schema.name(caller.user_id)}}
 *
 * Whose password it is stays unknown to whoever does not know it: an account that does not exist, has no password or may not log in costs
 * the same work as another, and the same bytes are answered.
 */
#include <apr_lib.h>
#include <apr_strings.h>
#include <httpd.h>
#include <http_log.h>

#include "account/inside.h"

APLOG_USE_MODULE(activities);

#define KELVIN "\xE2\x84\xAA"           /* U+212A */

/* As good as it goes: where the database does not answer, the claim ends by itself. */
void mact_account_hash_password_undo(mact_exchange_t *x)
{
    (void)mact_http_call_named(x, "release");
}

/* All turns are taken, and no more can wait. */
static int too_many(mact_exchange_t *x)
{
    mact_account_hash_password_undo(x);
    ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, x->r, "ACT0141: request %s, operation %s: 503, no turn at hashing came in time", x->request_id,
                  x->op->id);
    return mact_http_fault(x, "unavailable", NULL);
}

/* What there is to do once the turn has come.  DECLINED, or the answer. */
typedef int in_turn_fn(mact_exchange_t *x, mact_account_turn_t *turn);

static int with_turn(mact_exchange_t *x, in_turn_fn *run)
{
    mact_account_turn_t *turn = mact_account_turn();
    int answer;

    if (!turn) {
        return too_many(x);
    }
    answer = run(x, turn);
    mact_account_turn_back(turn);
    return answer;
}

/* Makes native.hash of a member of the body. */
static int make_hash(mact_exchange_t *x, mact_account_turn_t *turn, const char *option)
{
    apr_size_t length;
    const char *password = mact_account_member(&length, x, mact_account_option(x, option)), *hash;
    apr_status_t rv;

    if (!password) {
        return DECLINED;                   /* the schema lets it be absent: native.hash is null */
    }
    rv = mact_account_turn_hash(turn, &hash, password, length, mact_config_password_cost(x->config), x->r->pool);
    if (rv != APR_SUCCESS) {
        mact_account_hash_password_undo(x);
        ap_log_rerror(APLOG_MARK, APLOG_ERR, rv, x->r, "ACT0142: request %s, operation %s: 500, a password could not be hashed: see that the "
                      "system gives random bytes", x->request_id, x->op->id);
        return mact_http_fault(x, "internal", NULL);
    }
    mact_account_made(x, "hash", hash);
    return DECLINED;
}

/* Whether a procedure of a native answered with a row of its own; else *answer is what the client is told. */
static int has_row(int *answer, mact_exchange_t *x, const mact_db_reply_t *reply)
{
    if (reply->outcome == MACT_DB_DONE && !reply->refusal) {
        return 1;
    }
    *answer = mact_http_reply(x, reply);
    return 0;
}

/* ---- hash-password ------------------------------------------------------------------------------------------ */

static int hash_member(mact_exchange_t *x, mact_account_turn_t *turn)
{
    return make_hash(x, turn, "member");
}

/*
 * What is refused anyhow is not worth a hash, and not a place in the line for one.  The claim is what makes that so for a crowd, too: of a
 * thousand that want one name the first waits for its hash, and the others have their answer meanwhile.
 */
int mact_account_hash_password(mact_exchange_t *x)
{
    const mact_db_reply_t *reply = mact_http_call_named(x, "claim");
    int answer;

    if (reply && !has_row(&answer, x, reply)) {
        return answer;
    }
    return reply && reply->status ? mact_http_reply(x, reply) : with_turn(x, hash_member);
}

const char *mact_account_hash_password_flaw(const mact_oapi_op_t *op, apr_pool_t *pool)
{
    static const char *const options[] = {"member", NULL};
    const char *flaw = mact_account_known_options(op, options, pool);

    flaw = flaw ? flaw : mact_account_needs_member(op, "member", pool);
    return flaw || mact_account_needs_procedure(op, "claim", pool) ? flaw : mact_account_needs_procedure(op, "release", pool);
}

/* ---- check-password ----------------------------------------------------------------------------------------- */

/* Credentials on their way from the header, or the body, to the comparison. */
typedef struct {
    const char *login, *password;
    apr_size_t length;
    int basic;                             /* they came in a Basic header */
} credentials_t;

/* A Basic header wins over any body, which is then not looked at. */
int mact_account_check_password_raw(mact_exchange_t *x)
{
    credentials_t *credentials;

    if (!mact_account_option_set(x, "basic")) {
        return DECLINED;
    }
    credentials = apr_pcalloc(x->r->pool, sizeof *credentials);
    switch (mact_auth_basic(&credentials->login, &credentials->password, apr_table_get(x->r->headers_in, "Authorization"), x->r->pool)) {
    case MACT_BASIC_GOOD:
        credentials->length = strlen(credentials->password);
        credentials->basic = 1;
        x->native_state = credentials;
        x->unread = 1;
        return DECLINED;
    case MACT_BASIC_INVALID:
        return mact_http_fault(x, "basic-malformed", NULL);
    case MACT_BASIC_MISSING:
        break;
    }
    return x->body ? DECLINED : mact_http_fault(x, "login-missing", NULL);
}

/* Those of the body; the first member that is there is the login. */
static credentials_t *from_body(const mact_exchange_t *x)
{
    const json_t *logins = json_object_get(x->op->native_options, "login"), *name;
    credentials_t *credentials = apr_pcalloc(x->r->pool, sizeof *credentials);
    apr_size_t unused;
    size_t i;

    json_array_foreach(logins, i, name) {
        if (!credentials->login) {
            credentials->login = mact_account_member(&unused, x, json_string_value(name));
        }
    }
    credentials->password = mact_account_member(&credentials->length, x, mact_account_option(x, "password"));
    return credentials;
}

static int refused(mact_exchange_t *x, const credentials_t *credentials)
{
    return mact_http_fault(x, credentials->basic ? "basic-refused" : "login-refused", NULL);
}

static int check(mact_exchange_t *x, mact_account_turn_t *turn)
{
    const credentials_t *credentials = x->native_state;
    const mact_db_reply_t *reply = mact_http_call_named(x, "credentials");
    const char *refusal;
    int answer;

    if (!has_row(&answer, x, reply)) {
        return answer;
    }
    if (!mact_account_turn_verify(turn, credentials->password, credentials->length, mact_db_column(reply, "password_hash"),
                                  mact_config_password_cost(x->config), x->r->pool)) {
        return refused(x, credentials);
    }
    refusal = mact_db_column(reply, "refusal");
    if (refusal) {
        return mact_http_fault(x, refusal, NULL);
    }
    mact_account_made(x, "user_id", mact_db_column(reply, "user_id"));
    return DECLINED;
}

/*
 * What attempts at an account are counted by.  A database folds case by Unicode's rules, and an account must not be tried once more for each
 * spelling: of an ASCII name these are by case, and by the Kelvin sign, the one character beyond ASCII that folds to one of it.
 */
static const char *account_key(const char *login, apr_pool_t *pool)
{
    char *key = apr_palloc(pool, strlen(login) + 1), *to = key;

    while (*login) {
        int kelvin = !strncmp(login, KELVIN, sizeof KELVIN - 1);

        *to++ = kelvin ? 'k' : (char)apr_tolower(*login);
        login += kelvin ? sizeof KELVIN - 1 : 1;
    }
    *to = '\0';
    return key;
}

/* How often the account is tried, from wherever. */
static int limited(mact_exchange_t *x, const char *login)
{
    const char *said = mact_account_option(x, "rate");
    mact_rate_t rate;

    if (!said || mact_oapi_rate(&rate, said) || !rate.count) {
        return DECLINED;
    }
    return mact_http_limit_by(x, "account", account_key(login, x->r->pool), &rate);
}

int mact_account_check_password(mact_exchange_t *x)
{
    credentials_t *credentials = x->native_state ? x->native_state : from_body(x);
    int answer;

    x->native_state = credentials;
    if (!credentials->login || !credentials->password) {
        return refused(x, credentials);    /* the schema lets them be absent */
    }
    answer = limited(x, credentials->login);
    if (answer != DECLINED) {
        return answer;
    }
    mact_account_made(x, "login", credentials->login);
    return with_turn(x, check);
}

const char *mact_account_check_password_flaw(const mact_oapi_op_t *op, apr_pool_t *pool)
{
    static const char *const options[] = {"login", "password", "basic", "rate", NULL};
    static const char *const faults[] = {"login-refused", NULL};
    static const char *const basic_faults[] = {"login-missing", "basic-malformed", "basic-refused", NULL};
    const json_t *rate = json_object_get(op->native_options, "rate");
    const char *flaw = mact_account_known_options(op, options, pool);
    mact_rate_t unused;

    flaw = flaw ? flaw : mact_account_needs_member(op, "login", pool);
    flaw = flaw ? flaw : mact_account_needs_member(op, "password", pool);
    flaw = flaw ? flaw : mact_account_needs_procedure(op, "credentials", pool);
    flaw = flaw ? flaw : mact_account_needs_faults(op, faults, pool);
    if (!flaw && json_is_true(json_object_get(op->native_options, "basic"))) {
        flaw = mact_account_needs_faults(op, basic_faults, pool);
    }
    if (!flaw && !json_is_array(json_object_get(op->native_options, "login"))) {
        flaw = "`login' is a list of members: the first that is there counts";
    }
    if (!flaw && rate) {
        flaw = json_is_string(rate) ? mact_oapi_rate(&unused, json_string_value(rate)) : "`rate' is no text such as 100/minute";
    }
    return flaw;
}

/* ---- change-password ---------------------------------------------------------------------------------------- */

/* Whether the new password is, but for the case, in one of the columns of the credentials' row that the option `unlike` names. */
static int is_alike(const mact_exchange_t *x, const mact_db_reply_t *reply)
{
    const json_t *name;
    apr_size_t length;
    const char *password = mact_account_member(&length, x, mact_account_option(x, "new"));
    size_t i;

    json_array_foreach(json_object_get(x->op->native_options, "unlike"), i, name) {
        const char *value = mact_db_column(reply, json_string_value(name));

        if (password && value && mact_oapi_same_caseless(value, strlen(value), password, length)) {
            return 1;
        }
    }
    return 0;
}

static int change(mact_exchange_t *x, mact_account_turn_t *turn)
{
    const mact_db_reply_t *reply = mact_http_call_named(x, "credentials");
    apr_size_t length;
    const char *current = mact_account_member(&length, x, mact_account_option(x, "current")), *hash;
    int answer;

    if (!has_row(&answer, x, reply)) {
        return answer;
    }
    hash = mact_db_column(reply, "password_hash");
    if (!hash) {
        return mact_http_fault(x, "password-missing", NULL);
    }
    if (!current || !mact_account_turn_verify(turn, current, length, hash, mact_config_password_cost(x->config), x->r->pool)) {
        return mact_http_fault(x, "password-wrong", NULL);
    }
    if (is_alike(x, reply)) {
        return mact_http_fault(x, "password-alike", NULL);
    }
    mact_account_made(x, "old_hash", apr_pstrdup(x->r->pool, hash));
    return make_hash(x, turn, "new");
}

int mact_account_change_password(mact_exchange_t *x)
{
    return with_turn(x, change);
}

const char *mact_account_change_password_flaw(const mact_oapi_op_t *op, apr_pool_t *pool)
{
    static const char *const options[] = {"current", "new", "unlike", NULL};
    static const char *const faults[] = {"password-missing", "password-wrong", NULL};
    static const char *const alike_faults[] = {"password-alike", NULL};
    const json_t *unlike = json_object_get(op->native_options, "unlike"), *name;
    size_t i;
    const char *flaw = mact_account_known_options(op, options, pool);

    flaw = flaw ? flaw : mact_account_needs_member(op, "current", pool);
    flaw = flaw ? flaw : mact_account_needs_member(op, "new", pool);
    flaw = flaw ? flaw : mact_account_needs_procedure(op, "credentials", pool);
    flaw = flaw ? flaw : mact_account_needs_faults(op, faults, pool);
    if (!flaw && unlike) {
        flaw = json_is_array(unlike) ? mact_account_needs_faults(op, alike_faults, pool) : "`unlike' is a list of columns of the credentials";
    }
    json_array_foreach(unlike, i, name) {
        flaw = flaw || json_is_string(name) ? flaw : "`unlike' is a list of columns of the credentials";
    }
    return flaw;
}
