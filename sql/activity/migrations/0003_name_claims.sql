-- 0003: who is about to have a name.  Hashing a password takes a thousand times what anything else about a registration takes, so of a
-- crowd that wants one name only the first may cost a hash: it claims the name before, and the others are told at once that it is taken.

SET LOCAL search_path = activity, pg_temp;

-- Unlogged: a claim outlives neither its seconds nor a crash, and writing it waits for no disk.
CREATE UNLOGGED TABLE name_claims (
    kind       text        NOT NULL CHECK (kind IN ('username', 'email', 'discord_user_id')),
    name       text        COLLATE "C" NOT NULL,
    claimant   text        NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (kind, name)
);
COMMENT ON TABLE name_claims IS
    'Names that a registration under way has claimed, folded, for some seconds. The unique indexes of users decide in the end; a claim '
    'only spares the work of those who would lose.';
