-- 0001: vocabularies, tables, keys and constraints of the platform.  Only what makes an impossible row impossible stands here; what lists
-- search by is 0002.

SET LOCAL search_path = activity, pg_temp;

-- ---- vocabularies: four bytes on the hottest rows, ordered by meaning; values are added, never removed ----

CREATE TYPE subscription_level   AS ENUM ('free', 'club', 'premium');
CREATE TYPE account_status       AS ENUM ('active', 'temporary_ban', 'banned');
CREATE TYPE account_role         AS ENUM ('user', 'admin');
CREATE TYPE activity_type        AS ENUM ('standard', 'womens_only', 'mens_only', 'xxl');
CREATE TYPE privacy_level        AS ENUM ('public', 'friends_only', 'invite_only');
CREATE TYPE activity_status      AS ENUM ('draft', 'published', 'completed', 'cancelled');
CREATE TYPE recurrence_type      AS ENUM ('none', 'daily', 'weekly', 'monthly', 'yearly');
CREATE TYPE participant_role     AS ENUM ('organizer', 'co_organizer', 'member');
CREATE TYPE participation_status AS ENUM ('registered', 'cancelled', 'declined');
CREATE TYPE attendance_status    AS ENUM ('registered', 'attended', 'no_show');
CREATE TYPE attendance_via       AS ENUM ('web', 'discord', 'organizer');
CREATE TYPE invitation_status    AS ENUM ('pending', 'accepted', 'declined', 'expired');
CREATE TYPE friendship_status    AS ENUM ('pending', 'accepted');
CREATE TYPE grant_level          AS ENUM ('viewer', 'editor', 'owner');
CREATE TYPE version_kind         AS ENUM ('created', 'updated', 'rolled_back', 'deleted', 'restored');
CREATE TYPE task_status          AS ENUM ('pending', 'in_progress', 'completed');
CREATE TYPE task_priority        AS ENUM ('low', 'medium', 'high');

-- The one collation of case-insensitive things: the database's own would fold ASCII only under C, and I wrongly under Turkish.
CREATE COLLATION folded (provider = icu, locale = 'und');

-- ---- what functions return; no table holds them ----

CREATE TYPE reply AS (status int, body text, headers text);
CREATE TYPE sight AS (user_id uuid, blocked uuid[], friends uuid[], staff uuid[], inside uuid[], invited uuid[]);
CREATE TYPE standing AS (
    activity_id uuid, user_id uuid, instant timestamptz, status activity_status, phase text, organizer boolean,
    registered boolean, role participant_role, participation participation_status, attendance attendance_status,
    waiting boolean, invited boolean, blocked boolean,
    refused_privacy privacy_level, refused_gender activity_type, refused_period boolean, free boolean);
CREATE TYPE admission AS (outcome text, at timestamptz, place_in_line int, current_participants_count int, waitlist_count int);
CREATE TYPE departure AS (was text, at timestamptz, promoted uuid[], promoted_at timestamptz, current_participants_count int);
CREATE TYPE edition AS (outcome text, changed text[], version int, promoted uuid[], current_participants_count int);
CREATE TYPE mark AS (outcome text, instant timestamptz, attended_at timestamptz);
CREATE TYPE session_grant AS (outcome text, user_id uuid, number bigint, sid uuid, jti uuid, iat bigint, exp bigint);

-- ---- people ----

CREATE TABLE users (
    user_id            uuid               NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    number             bigint             NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
    handle             text COLLATE "C"   UNIQUE CHECK (char_length(handle) BETWEEN 1 AND 100),
    username           text               CHECK (char_length(username) BETWEEN 1 AND 150 AND strpos(username, '@') = 0),
    email              text               CHECK (char_length(email) <= 254),
    name               text               CHECK (char_length(name) BETWEEN 1 AND 200),
    first_name         text               CHECK (char_length(first_name) BETWEEN 1 AND 150),
    last_name          text               CHECK (char_length(last_name) BETWEEN 1 AND 150),
    bio                text               NOT NULL DEFAULT '' CHECK (char_length(bio) <= 2000),
    main_photo_url     text               CHECK (char_length(main_photo_url) <= 2000),
    gender             text               CHECK (char_length(gender) BETWEEN 1 AND 50),
    role               account_role       NOT NULL DEFAULT 'user',
    subscription_level subscription_level NOT NULL DEFAULT 'free',
    password_hash      text,
    tokens_valid_after timestamptz,
    discord_user_id    text COLLATE "C"   UNIQUE CHECK (discord_user_id ~ '^[0-9]{1,20}$'),
    discord_username   text               CHECK (char_length(discord_username) BETWEEN 1 AND 64),
    discord_only       boolean            NOT NULL DEFAULT false,
    is_guest           boolean            NOT NULL DEFAULT false,
    is_active          boolean            NOT NULL DEFAULT true,
    is_verified        boolean            NOT NULL DEFAULT false,
    status             account_status     NOT NULL DEFAULT 'active',
    ban_expires_at     timestamptz,
    verification_count int                NOT NULL DEFAULT 0 CHECK (verification_count >= 0),
    no_show_count      int                NOT NULL DEFAULT 0 CHECK (no_show_count >= 0),
    created_at         timestamptz        NOT NULL DEFAULT clock_timestamp(),
    updated_at         timestamptz,
    last_login         timestamptz,
    -- The one form of an address: white space is Unicode's, said by code points so that no locale has a say.
    CONSTRAINT email_form CHECK (email ~
        '^[^@\u0001-\u0020\u007F-\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]{1,64}'
        '@[^@.\u0001-\u0020\u007F-\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+'
        '(\.[^@.\u0001-\u0020\u007F-\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+)+$'),
    CONSTRAINT guest_is_bare CHECK (NOT is_guest OR (
        num_nonnulls(username, email, password_hash, discord_user_id) = 0
        AND (handle IS NOT NULL) = is_active AND (name IS NOT NULL) = is_active))
) WITH (fillfactor = 85);

-- Identity and login: kept as given, compared folded.
CREATE UNIQUE INDEX users_username ON users (lower(username COLLATE folded));
CREATE UNIQUE INDEX users_email    ON users (lower(email COLLATE folded));

COMMENT ON TABLE users IS
    'People: accounts, and guests who have a handle and nothing to log in with. Never deleted (a forgotten guest is an empty, inactive '
    'row), so the hot tables need no foreign key here and no reference an ON DELETE. updated_at moves when the person changes something; '
    'counters and logins do not move it.';

CREATE TABLE sessions (
    sid          uuid        NOT NULL PRIMARY KEY,
    user_id      uuid        NOT NULL REFERENCES users,
    api          text        NOT NULL,
    refresh_jti  uuid        NOT NULL,
    previous_jti uuid,
    rotated_at   timestamptz,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz
) WITH (fillfactor = 70);
COMMENT ON TABLE sessions IS
    'One login: which refresh token is good, so that exactly one is, and whether the session has ended, so that its access tokens end '
    'everywhere. Nothing that rotation writes is indexed, so it stays HOT. No token text is kept: a refresh token is made again from the '
    'row (iat: rotated_at in whole seconds; exp: expires_at).';

CREATE TABLE revoked_tokens (
    digest     bytea       NOT NULL PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE revoked_tokens IS 'Logged-out tokens that belong to no session of ours, by SHA-256, until they would have expired anyhow.';

CREATE TABLE discord_links (
    user_id    uuid        NOT NULL PRIMARY KEY REFERENCES users,
    code_hash  bytea       NOT NULL UNIQUE,
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE discord_links IS 'A code that proves on Discord which web account somebody has; one a person, hashed, short-lived.';

CREATE TABLE avatars (
    user_id    uuid        NOT NULL PRIMARY KEY REFERENCES users,
    avatar_id  uuid        NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    media_type text        NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png')),
    content    bytea       NOT NULL CHECK (octet_length(content) BETWEEN 1 AND 5242880),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE avatars ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE avatars IS
    'Uploaded portraits. avatar_id is random and new with each upload: whoever has the URL may see it, nobody can guess it. Images are '
    'compressed already, so not again.';

CREATE TABLE user_blocks (
    blocker_user_id uuid        NOT NULL REFERENCES users,
    blocked_user_id uuid        NOT NULL REFERENCES users,
    reason          text        CHECK (char_length(reason) <= 500),
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (blocker_user_id, blocked_user_id),
    CHECK (blocker_user_id <> blocked_user_id)
);
COMMENT ON TABLE user_blocks IS 'Made by one side, felt by both; of no effect in an xxl activity.';

CREATE TABLE friendships (
    user_id_1    uuid              NOT NULL REFERENCES users,
    user_id_2    uuid              NOT NULL REFERENCES users,
    status       friendship_status NOT NULL DEFAULT 'pending',
    initiated_by uuid              NOT NULL,
    created_at   timestamptz       NOT NULL DEFAULT clock_timestamp(),
    accepted_at  timestamptz,
    PRIMARY KEY (user_id_1, user_id_2),
    CHECK (user_id_1 < user_id_2),
    CHECK (initiated_by IN (user_id_1, user_id_2)),
    CHECK ((accepted_at IS NOT NULL) = (status = 'accepted'))
);
COMMENT ON TABLE friendships IS 'One row for a pair, whoever asked: two who ask each other at once meet at it.';

-- ---- what takes place ----

CREATE TABLE activities (
    activity_id            uuid            NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    number                 bigint          NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
    slug                   text COLLATE "C" UNIQUE CHECK (char_length(slug) BETWEEN 1 AND 100),
    organizer_user_id      uuid            REFERENCES users,
    organizer_name         text            CHECK (char_length(organizer_name) BETWEEN 1 AND 100),
    title                  text            NOT NULL CHECK (char_length(title) BETWEEN 1 AND 255),
    description            text            CHECK (char_length(description) <= 10000),
    location               text            CHECK (char_length(location) <= 500),
    city                   text            CHECK (char_length(city) <= 100),
    language               text            NOT NULL DEFAULT 'en' CHECK (char_length(language) BETWEEN 2 AND 35),
    tags                   text[]          NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 20 AND array_position(tags, NULL) IS NULL),
    activity_type          activity_type   NOT NULL DEFAULT 'standard',
    activity_privacy_level privacy_level   NOT NULL DEFAULT 'public',
    status                 activity_status NOT NULL DEFAULT 'published',
    status_word            text            CHECK (status_word IN ('active', 'scheduled', 'ongoing')),
    scheduled_at           timestamptz     NOT NULL,
    date_text              text            CHECK (char_length(date_text) <= 50),
    ends_at                timestamptz,
    duration_minutes       int             CHECK (duration_minutes BETWEEN 1 AND 10080),
    -- Arithmetic in UTC, because timestamptz plus interval depends on the session's zone and could not be stored.
    over_at                timestamptz     NOT NULL GENERATED ALWAYS AS (least(
                               coalesce(ends_at, (scheduled_at AT TIME ZONE 'UTC'
                                                  + coalesce(duration_minutes, 1440) * interval '1 minute') AT TIME ZONE 'UTC'),
                               timestamptz '9999-12-31 23:59:59.999999+00')) STORED,
    clockless              boolean         NOT NULL DEFAULT false,
    joinable_at_free       timestamptz,
    discord_channel_id     text COLLATE "C" CHECK (discord_channel_id ~ '^[0-9]{1,20}$'),
    is_recurring           boolean         NOT NULL DEFAULT false,
    recurrence_type        recurrence_type NOT NULL DEFAULT 'none',
    recurrence_pattern     jsonb           CHECK (jsonb_typeof(recurrence_pattern) = 'object'),
    version                int             NOT NULL DEFAULT 1 CHECK (version >= 1),
    created_at             timestamptz     NOT NULL DEFAULT clock_timestamp(),
    updated_at             timestamptz,
    completed_at           timestamptz,
    cancelled_at           timestamptz,
    deleted_at             timestamptz,
    deleted_by             uuid            REFERENCES users,
    CONSTRAINT instants_in_range CHECK (
        scheduled_at BETWEEN '0001-01-01 00:00:00+00' AND '9999-12-31 23:59:59.999999+00'
        AND ends_at BETWEEN '0001-01-01 00:00:00+00' AND '9999-12-31 23:59:59.999999+00'
        AND joinable_at_free BETWEEN '0001-01-01 00:00:00+00' AND '9999-12-31 23:59:59.999999+00'),
    CONSTRAINT one_end CHECK (num_nonnulls(ends_at, duration_minutes) <= 1),
    CONSTRAINT end_after_start CHECK (ends_at > scheduled_at),
    CONSTRAINT word_while_published CHECK (status_word IS NULL OR status = 'published'),
    CONSTRAINT completed_at_in_status CHECK ((completed_at IS NOT NULL) = (status = 'completed')),
    CONSTRAINT cancelled_at_in_status CHECK ((cancelled_at IS NOT NULL) = (status = 'cancelled')),
    CONSTRAINT no_slug_once_deleted CHECK (slug IS NULL OR deleted_at IS NULL)
) WITH (fillfactor = 90);
COMMENT ON TABLE activities IS
    'What an activity is: read by every list, written only by editing. Joining, leaving and attending never touch it, so its many '
    'indexes cost them nothing and its pages stay all-visible. Deleted softly, purged after 30 days; the organizer never changes, so it '
    'may be read ahead of the lock.';
COMMENT ON COLUMN activities.over_at IS
    'The end everywhere: ends_at, else start plus duration, else 24 hours after the start. Stored because lists and the calendar search '
    'by it.';
COMMENT ON COLUMN activities.clockless IS
    'Made by an API without a clock: counts as ahead for joining, leaving and promotion, whatever its date.';

CREATE TABLE places (
    activity_id                uuid        NOT NULL PRIMARY KEY REFERENCES activities ON DELETE CASCADE,
    decided_at                 timestamptz NOT NULL DEFAULT clock_timestamp(),
    max_participants           int         CHECK (max_participants BETWEEN 1 AND 100000),
    current_participants_count int         NOT NULL DEFAULT 0 CHECK (current_participants_count >= 0),
    waitlist_count             int         NOT NULL DEFAULT 0 CHECK (waitlist_count >= 0),
    attended_count             int         NOT NULL DEFAULT 0 CHECK (attended_count >= 0),
    waitlist_enabled           boolean     NOT NULL DEFAULT true,
    CONSTRAINT never_over CHECK (current_participants_count <= max_participants),
    CONSTRAINT attended_hold_places CHECK (attended_count <= current_participants_count)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
COMMENT ON TABLE places IS
    'Who may still come in. This row is the activity row of every lock. It is rewritten at every join, so it is small, has no index but '
    'its key (all its updates are HOT) and stands beside nothing that is searched. decided_at is the last instant given under the lock; '
    'the next is later.';

-- No foreign key to users on the hot tables: users are never deleted, and the key would lock and log a users page at every join.
CREATE TABLE participants (
    activity_id          uuid                 NOT NULL REFERENCES places ON DELETE CASCADE,
    user_id              uuid                 NOT NULL,
    registered_at        timestamptz          NOT NULL,
    joined_at            timestamptz          NOT NULL,
    attended_at          timestamptz,
    left_at              timestamptz,
    role                 participant_role     NOT NULL DEFAULT 'member',
    participation_status participation_status NOT NULL DEFAULT 'registered',
    attendance_status    attendance_status    NOT NULL DEFAULT 'registered',
    attended_via         attendance_via,
    walk_in              boolean              NOT NULL DEFAULT false,
    cancel_reason        text                 CHECK (char_length(cancel_reason) <= 500),
    PRIMARY KEY (activity_id, user_id),
    CONSTRAINT left_at_unless_registered CHECK ((left_at IS NULL) = (participation_status = 'registered')),
    CONSTRAINT plain_unless_registered CHECK (participation_status = 'registered'
                                             OR (role = 'member' AND attendance_status = 'registered')),
    CONSTRAINT attended_at_when_attended CHECK ((attended_at IS NOT NULL) = (attendance_status = 'attended')),
    CONSTRAINT attended_via_when_attended CHECK ((attended_via IS NOT NULL) = (attendance_status = 'attended'))
) WITH (fillfactor = 90);
COMMENT ON TABLE participants IS
    'Who takes part, or did and cancelled. registered_at is the place in the order of decisions and survives promotion; joined_at is '
    'when the place was given.';

CREATE TABLE waitlist_entries (
    activity_id   uuid        NOT NULL REFERENCES places ON DELETE CASCADE,
    user_id       uuid        NOT NULL,
    registered_at timestamptz NOT NULL,
    notified_at   timestamptz,
    waitlist_id   uuid        NOT NULL DEFAULT gen_random_uuid(),
    PRIMARY KEY (activity_id, user_id),
    CONSTRAINT waitlist_line UNIQUE (activity_id, registered_at)
);
COMMENT ON TABLE waitlist_entries IS
    'The line, by registered_at, which strictly grows under the lock: nobody overtakes, ranks have no gap. Positions are computed, never '
    'stored.';

CREATE TABLE activity_invitations (
    invitation_id      uuid              NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    activity_id        uuid              NOT NULL REFERENCES activities ON DELETE CASCADE,
    user_id            uuid              NOT NULL REFERENCES users,
    invited_by_user_id uuid              NOT NULL REFERENCES users,
    status             invitation_status NOT NULL DEFAULT 'pending',
    message            text              CHECK (char_length(message) <= 1000),
    invited_at         timestamptz       NOT NULL,
    expires_at         timestamptz,
    responded_at       timestamptz,
    CONSTRAINT responded_when_answered CHECK ((responded_at IS NOT NULL) = (status IN ('accepted', 'declined')))
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX invitations_one_pending ON activity_invitations (activity_id, user_id) WHERE status = 'pending';
COMMENT ON TABLE activity_invitations IS
    'A pending one past expires_at counts as expired; who invites again marks it so first, under the lock, so that one is pending at '
    'most.';

CREATE TABLE attendance_confirmations (
    confirmation_id   uuid        NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    activity_id       uuid        REFERENCES activities ON DELETE SET NULL,
    confirmer_user_id uuid        NOT NULL REFERENCES users,
    confirmed_user_id uuid        NOT NULL REFERENCES users,
    created_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT confirmed_once UNIQUE (activity_id, confirmer_user_id, confirmed_user_id),
    CHECK (confirmer_user_id <> confirmed_user_id)
);
COMMENT ON TABLE attendance_confirmations IS
    'Peers vouch for attendance. They outlive the activity, because users.verification_count counts them.';

-- ---- keeping it together ----

CREATE TABLE permissions (
    activity_id uuid        NOT NULL REFERENCES activities ON DELETE CASCADE,
    user_id     uuid        NOT NULL REFERENCES users,
    level       grant_level NOT NULL,
    granted_by  uuid        REFERENCES users,
    granted_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at  timestamptz,
    PRIMARY KEY (activity_id, user_id)
);
COMMENT ON TABLE permissions IS
    'What the owner shares. Never a row for the organizer or a guest; at most 1000 of an activity, counted under its lock. Survives '
    'deletion, for restoring.';

CREATE TABLE activity_versions (
    id             bigint       NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    activity_id    uuid         NOT NULL REFERENCES activities ON DELETE CASCADE,
    version_number int          NOT NULL CHECK (version_number >= 1),
    kind           version_kind NOT NULL,
    data           jsonb        NOT NULL,
    changed_by     uuid         REFERENCES users,
    change_reason  text         NOT NULL DEFAULT 'Event lifecycle' CHECK (char_length(change_reason) BETWEEN 1 AND 500),
    change_summary text         NOT NULL,
    created_at     timestamptz  NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT versions_in_line UNIQUE (activity_id, version_number)
);
COMMENT ON TABLE activity_versions IS
    'The state after each change of one of eight fields, through whichever API. end_time is null where the activity has neither end nor '
    'duration: shown as 24 hours after the start, restored as none.';

CREATE TABLE tasks (
    task_id          bigint        NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    activity_id      uuid          NOT NULL REFERENCES activities ON DELETE CASCADE,
    creator_user_id  uuid          NOT NULL REFERENCES users,
    assignee_user_id uuid          REFERENCES users,
    title            text          NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    description      text          NOT NULL DEFAULT '' CHECK (char_length(description) <= 10000),
    status           task_status   NOT NULL DEFAULT 'pending',
    priority         task_priority NOT NULL DEFAULT 'medium',
    due_at           timestamptz   CHECK (due_at BETWEEN '0001-01-01 00:00:00+00' AND '9999-12-31 23:59:59.999999+00'),
    completed_at     timestamptz,
    created_at       timestamptz   NOT NULL DEFAULT clock_timestamp(),
    updated_at       timestamptz   NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT completed_at_when_completed CHECK ((completed_at IS NOT NULL) = (status = 'completed'))
);
COMMENT ON TABLE tasks IS
    'An open one is assigned to a participant, the organizer or nobody: leaving releases it, under the activity''s lock.';

CREATE TABLE votes (
    vote_id         bigint      NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    activity_id     uuid        NOT NULL REFERENCES activities ON DELETE CASCADE,
    creator_user_id uuid        NOT NULL REFERENCES users,
    title           text        NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    description     text        NOT NULL DEFAULT '' CHECK (char_length(description) <= 10000),
    multiple_choice boolean     NOT NULL DEFAULT false,
    ballot_count    int         NOT NULL DEFAULT 0 CHECK (ballot_count >= 0),
    ends_at         timestamptz CHECK (ends_at BETWEEN '0001-01-01 00:00:00+00' AND '9999-12-31 23:59:59.999999+00'),
    closed_at       timestamptz,
    ended_sent_at   timestamptz,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 70);
COMMENT ON TABLE votes IS 'Its row is the lock of its ballots. ended_sent_at: its end was told, which happens once.';

CREATE TABLE vote_options (
    option_id  bigint   NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vote_id    bigint   NOT NULL REFERENCES votes ON DELETE CASCADE,
    position   smallint NOT NULL,
    text       text     NOT NULL CHECK (char_length(text) BETWEEN 1 AND 200),
    vote_count int      NOT NULL DEFAULT 0 CHECK (vote_count >= 0),
    UNIQUE (vote_id, position)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX vote_options_text ON vote_options (vote_id, lower(text COLLATE folded));
COMMENT ON TABLE vote_options IS 'Counted as ballots come in, in their transaction; nothing written then is indexed.';

CREATE TABLE ballots (
    vote_id    bigint      NOT NULL REFERENCES votes ON DELETE CASCADE,
    user_id    uuid        NOT NULL,
    option_ids bigint[]    NOT NULL CHECK (cardinality(option_ids) BETWEEN 1 AND 20),
    voted_at   timestamptz NOT NULL,
    PRIMARY KEY (vote_id, user_id)
);
COMMENT ON TABLE ballots IS 'Final, secret, and only ever read whole: so its options are an array and not a table.';

-- ---- changes, told outside the transactions that make them ----

CREATE TABLE outbox (
    change_id   bigint      NOT NULL GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    activity_id uuid,
    user_id     uuid,
    object_id   bigint,
    n           int,
    kind        text        NOT NULL,
    payload     jsonb,
    audience    bigint[]
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
COMMENT ON TABLE outbox IS
    'What a transaction has changed, in its own transaction: who, what, the count it left; never a rendered object. publish() moves it '
    'to changes, in the order in which it was committed.';

CREATE TABLE changes (
    position    bigint      NOT NULL GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    created_at  timestamptz NOT NULL,
    activity_id uuid,
    user_id     uuid,
    object_id   bigint,
    n           int,
    kind        text        NOT NULL,
    payload     jsonb,
    audience    bigint[]
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
COMMENT ON TABLE changes IS 'Committed changes, numbered: position is what subscribers see as an id and resume from. Kept for minutes.';
