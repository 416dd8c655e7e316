-- Who sees what: every privacy, type and state with every relation, and every block, against the rule written a second time here; and that a list, a single look and nobody agree.
BEGIN;
SELECT plan(18);
\ir lib/core.sql

-- One organizer for each kind of activity, one person for each relation and direction of block.
CREATE TABLE t.kinds AS
    SELECT row_number() OVER () AS k, p.privacy, y.type, s.status
      FROM unnest(enum_range(NULL::privacy_level)) p (privacy), unnest('{standard,xxl}'::activity_type[]) y (type), unnest(enum_range(NULL::activity_status)) s (status);
CREATE TABLE t.relations AS
    SELECT row_number() OVER () AS r, relation, block
      FROM unnest('{stranger,friend,asked,invited,expired,declined,registered,cancelled,waiting,viewer,editor,co_organizer,organizer}'::text[]) relation,
           unnest('{none,by,of}'::text[]) block
     WHERE relation <> 'organizer' OR block = 'none';

SELECT t.person('k' || k) FROM t.kinds \g /dev/null
SELECT t.person('r' || k || '_' || r) FROM t.kinds, t.relations WHERE relation <> 'organizer' \g /dev/null
SELECT t.make('a' || k, 'k' || k, jsonb_build_object('activity_privacy_level', privacy, 'activity_type', type, 'status', status)) FROM t.kinds \g /dev/null
CREATE TABLE t.cases AS
    SELECT k.*, r.*, t.a('a' || k) AS activity_id, t.id('k' || k) AS organizer,
           CASE relation WHEN 'organizer' THEN t.id('k' || k) ELSE t.id('r' || k || '_' || r) END AS user_id
      FROM t.kinds k, t.relations r;

INSERT INTO participants (activity_id, user_id, registered_at, joined_at, left_at, role, participation_status)
SELECT activity_id, user_id, now(), now(), CASE relation WHEN 'cancelled' THEN now() END,
       CASE relation WHEN 'co_organizer' THEN 'co_organizer' ELSE 'member' END::participant_role,
       CASE relation WHEN 'cancelled' THEN 'cancelled' ELSE 'registered' END::participation_status
  FROM t.cases WHERE relation IN ('registered', 'cancelled', 'co_organizer');
INSERT INTO waitlist_entries (activity_id, user_id, registered_at)
SELECT activity_id, user_id, now() + r * interval '1 second' FROM t.cases WHERE relation = 'waiting';
INSERT INTO permissions (activity_id, user_id, level) SELECT activity_id, user_id, relation::grant_level FROM t.cases WHERE relation IN ('viewer', 'editor');
INSERT INTO friendships (user_id_1, user_id_2, status, initiated_by, accepted_at)
SELECT least(user_id, organizer), greatest(user_id, organizer), CASE relation WHEN 'friend' THEN 'accepted' ELSE 'pending' END::friendship_status, user_id,
       CASE relation WHEN 'friend' THEN now() END
  FROM t.cases WHERE relation IN ('friend', 'asked');
INSERT INTO activity_invitations (activity_id, user_id, invited_by_user_id, invited_at, expires_at, status, responded_at)
SELECT activity_id, user_id, organizer, now(), CASE relation WHEN 'expired' THEN now() - interval '1 second' WHEN 'invited' THEN now() + interval '1 hour' END,
       CASE relation WHEN 'declined' THEN 'declined' ELSE 'pending' END::invitation_status, CASE relation WHEN 'declined' THEN now() END
  FROM t.cases WHERE relation IN ('invited', 'expired', 'declined');
INSERT INTO user_blocks (blocker_user_id, blocked_user_id)
SELECT CASE block WHEN 'by' THEN user_id ELSE organizer END, CASE block WHEN 'by' THEN organizer ELSE user_id END FROM t.cases WHERE block <> 'none';

-- The rule, in other words.
CREATE FUNCTION t.expected(c t.cases) RETURNS boolean LANGUAGE sql AS $$
    SELECT CASE WHEN c.relation IN ('organizer', 'co_organizer') THEN true
                WHEN c.status = 'draft' THEN false
                WHEN c.relation IN ('registered', 'waiting', 'viewer', 'editor') THEN true
                WHEN c.block <> 'none' AND c.type <> 'xxl' THEN false
                ELSE c.privacy = 'public' OR (c.privacy = 'friends_only' AND c.relation = 'friend') OR (c.privacy = 'invite_only' AND c.relation = 'invited') END
$$;

SELECT is((SELECT count(*) FROM t.cases), 24 * 37::bigint, 'every case');
SELECT is_empty($$SELECT c.privacy, c.type, c.status, c.relation, c.block FROM t.cases c WHERE may_see(c.activity_id, c.user_id) <> t.expected(c)$$, 'a single look is the rule');
SELECT is_empty($$SELECT c.privacy, c.type, c.status, c.relation, c.block
                    FROM t.cases c JOIN activities a USING (activity_id), LATERAL (SELECT sight(c.user_id) AS s OFFSET 0) s
                   WHERE visible(a, s.s) IS DISTINCT FROM t.expected(c)$$, 'and so is a list');
SELECT is_empty($$SELECT * FROM activities a WHERE visible(a, sight(NULL)) IS DISTINCT FROM (a.activity_privacy_level = 'public' AND a.status <> 'draft')$$, 'nobody sees what is public and no draft');
SELECT is_empty($$SELECT * FROM activities a WHERE may_see(a, NULL::uuid) IS DISTINCT FROM (a.activity_privacy_level = 'public' AND a.status <> 'draft')$$, 'by a single look too');
SELECT is_empty($$SELECT c.* FROM t.cases c WHERE is_staff(c.activity_id, c.user_id) <> (c.relation IN ('organizer', 'co_organizer'))$$, 'staff');
SELECT is_empty($$SELECT c.privacy, c.type, c.status, c.relation, c.block, level_of(c.activity_id, c.user_id)
                    FROM t.cases c
                   WHERE level_of(c.activity_id, c.user_id) IS DISTINCT FROM
                         CASE WHEN c.relation = 'organizer' THEN 'owner' WHEN c.relation IN ('editor', 'co_organizer') THEN 'editor'
                              WHEN c.relation = 'viewer' OR t.expected(c) THEN 'viewer' END::grant_level$$, 'levels');
SELECT is_empty($$SELECT c.* FROM t.cases c WHERE blocked_pair(c.organizer, c.user_id) <> (c.block <> 'none') OR blocked_pair(c.user_id, c.organizer) <> (c.block <> 'none')$$, 'a block acts both ways');
SELECT is(blocked_pair(NULL, t.id('k1')), false, 'nobody blocks nobody');

-- What keeps from joining is told fact by fact.
SELECT is_empty($$SELECT c.privacy, c.type, c.status, c.relation, c.block, s.*
                    FROM t.cases c, LATERAL (SELECT (t.standing('a' || c.k, CASE c.relation WHEN 'organizer' THEN 'k' || c.k ELSE 'r' || c.k || '_' || c.r END)).*) s
                   WHERE s.status IS DISTINCT FROM c.status OR s.organizer <> (c.relation = 'organizer')
                      OR s.registered <> (c.relation IN ('registered', 'co_organizer'))
                      OR s.blocked <> (c.block <> 'none' AND c.type <> 'xxl')
                      OR s.invited <> (c.relation = 'invited')
                      OR s.refused_privacy IS DISTINCT FROM
                         CASE WHEN c.relation <> 'organizer' AND (c.privacy = 'friends_only' AND c.relation <> 'friend' OR c.privacy = 'invite_only' AND c.relation <> 'invited')
                              THEN c.privacy END$$, 'standing');

-- Without an organizer.
SELECT t.person('x', 'f', 'm') \g /dev/null
INSERT INTO t.known SELECT 'open', activity_id FROM create_activity('{"title": "open", "scheduled_at": "2031-05-04T18:00:00Z"}', false);
SELECT is(may_see(t.a('open'), t.id('x')), true, 'what nobody organizes is seen'), is(may_see(t.a('open'), NULL), true, 'by nobody as well'),
       is(is_staff(t.a('open'), t.id('x')), false, 'has no staff'), is((t.standing('open', 'x')).organizer, false, 'nor organizer');

-- Gender and period.
UPDATE users SET gender = CASE user_id WHEN t.id('f') THEN 'Female' ELSE 'other' END WHERE user_id IN (t.id('f'), t.id('m'));
SELECT t.make('women', 'k1', '{"activity_type": "womens_only"}'), t.make('men', 'k1', '{"activity_type": "mens_only"}') \g /dev/null
SELECT is((SELECT array_agg((t.standing(a, p)).refused_gender ORDER BY a, p) FROM unnest('{men,women}'::text[]) a, unnest('{f,m,x}'::text[]) p),
          '{mens_only,mens_only,NULL,NULL,womens_only,NULL}', 'a known other gender is refused, an unknown passes');
SELECT t.make('early', 'k1', jsonb_build_object('joinable_at_free', clock_timestamp() + interval '1 hour')), t.make('late', 'k1', jsonb_build_object('joinable_at_free', clock_timestamp())) \g /dev/null
SELECT is(ARRAY[(t.standing('early', 'x', 'free')).refused_period, (t.standing('early', 'x', NULL)).refused_period, (t.standing('early', 'x', 'club')).refused_period,
                (t.standing('late', 'x', 'free')).refused_period], '{t,t,f,f}', 'the first period is for club and premium');

SELECT delete_activity(t.a('open'), NULL) \g /dev/null
SELECT is(may_see(t.a('open'), t.id('x')), false, 'what is deleted is seen by nobody'), is(may_see(t.id('none'), t.id('x')), false, 'nor what never was');
SELECT * FROM finish();
ROLLBACK;
