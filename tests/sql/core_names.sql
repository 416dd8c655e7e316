-- Names that a registration under way has claimed.
BEGIN;
SELECT no_plan();
\ir lib/core.sql

SELECT t.person('mira') \g /dev/null
UPDATE users SET username = 'Mira', email = 'mira@example.org', discord_user_id = '100' WHERE user_id = t.id('mira');

CREATE FUNCTION t.claims() RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(kind || ' ' || name || ' ' || claimant, ', ' ORDER BY kind, name), '') FROM activity.name_claims
$$;

-- ---- what an account has

SELECT is(claim_names('{"username": "mIRA", "email": "MIRA@example.org", "discord_user_id": "100"}', 'r1'), '{username,email,discord_user_id}', 'all that an account has, whatever the case');
SELECT is(claim_names('{"username": "jo", "email": "MIRA@example.org"}', 'r1'), '{email}', 'some');
SELECT is(t.claims(), '', 'nothing claimed of what is refused');

-- ---- what is being made

SELECT is(claim_names('{"username": "Jo", "email": "Jo@example.org"}', 'r1'), NULL, 'free');
SELECT is(t.claims(), 'email jo@example.org r1, username jo r1', 'claimed, folded');
SELECT is(claim_names('{"username": "JO", "email": "JO@example.org"}', 'r2'), '{username,email}', 'both are another''s');
SELECT is(claim_names('{"username": "jo", "email": "other@example.org"}', 'r2'), '{username}', 'one is');
SELECT is(claim_names('{"username": "mira", "email": "jo@example.org"}', 'r2'), '{username,email}', 'an account''s and a claim''s');
SELECT is(t.claims(), 'email jo@example.org r1, username jo r1', 'and the other is not held for it');
SELECT is(claim_names('{"email": "kim@example.org", "discord_user_id": "200"}', 'r3'), NULL, 'whatever names there are');
SELECT is(claim_names('{}', 'r4'), NULL, 'even none');

-- ---- how a claim ends

SELECT release_names('r3') \g /dev/null
SELECT is(t.claims(), 'email jo@example.org r1, username jo r1', 'given back');
SELECT is((sign_up('{"username": "jo", "email": "other@example.org", "password_hash": "1:x"}')).taken, NULL, 'a claim does not decide');
SELECT is(t.claims(), 'email jo@example.org r1', 'and ends when the name is had');
SELECT is(claim_names('{"email": "jo@example.org"}', 'r5'), '{email}', 'held');
UPDATE name_claims SET expires_at = clock_timestamp();
SELECT is(claim_names('{"email": "jo@example.org"}', 'r5'), NULL, 'but not for long');
SELECT is(t.claims(), 'email jo@example.org r5', 'it is the other''s now');
SELECT is((sign_up('{"email": "jo@example.org", "password_hash": "1:x"}')).taken, NULL, 'had');
SELECT is((sign_up('{"email": "JO@example.org", "password_hash": "1:x"}')).taken, '{email}', 'once');
SELECT is(claim_names('{"username": "kim"}', 'r6'), NULL, 'a claim of somebody who was never seen again'), is(prune(), 0, 'is kept');
UPDATE name_claims SET expires_at = clock_timestamp();
SELECT is(prune(), 1, 'as long as it holds'), is(t.claims(), '', 'no longer');

SELECT * FROM finish();
ROLLBACK;
