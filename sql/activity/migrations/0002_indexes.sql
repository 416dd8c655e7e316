-- 0002: what lists search and sort by.  Each index serves what is said beside it; none holds a column that joining, leaving, casting or
-- rotating writes, so those updates stay HOT.  An index that would is refused in review.

SET LOCAL search_path = activity, pg_temp;

CREATE INDEX sessions_live ON sessions (user_id) WHERE ended_at IS NULL;                       -- to end them all

-- Activities.  The first and the fourth count a public list without the heap.
CREATE INDEX activities_agenda ON activities (scheduled_at, number)
    INCLUDE (activity_id, status, activity_privacy_level, activity_type, organizer_user_id, over_at)
    WHERE deleted_at IS NULL AND status = 'published';                                         -- lists by date, upcoming, counts
CREATE INDEX activities_closed ON activities (status, scheduled_at, number)
    WHERE deleted_at IS NULL AND status <> 'published';                                        -- drafts, cancelled, completed
CREATE INDEX activities_now ON activities USING gist (tstzrange(scheduled_at, over_at, '[]'))
    WHERE deleted_at IS NULL AND status = 'published';                                         -- running now
CREATE INDEX activities_newest ON activities (created_at, number)
    INCLUDE (activity_id, status, activity_privacy_level, activity_type, organizer_user_id)
    WHERE deleted_at IS NULL;                                                                  -- in order of creation, both ways
CREATE INDEX activities_changed ON activities (coalesce(updated_at, created_at), number) WHERE deleted_at IS NULL;
CREATE INDEX activities_title ON activities (title COLLATE folded, number) WHERE deleted_at IS NULL;
CREATE INDEX activities_organizer ON activities (organizer_user_id, scheduled_at) WHERE deleted_at IS NULL;      -- calendar, own
CREATE INDEX activities_city ON activities (city, scheduled_at) WHERE deleted_at IS NULL AND status = 'published';
CREATE INDEX activities_tags ON activities USING gin (tags) WHERE deleted_at IS NULL;
CREATE INDEX activities_channel ON activities (discord_channel_id, scheduled_at, number) WHERE deleted_at IS NULL;
-- One scan for all words of a search: a word has no line feed, so it cannot span title and description.
CREATE INDEX activities_search ON activities
    USING gin (lower((title || E'\n' || coalesce(description, '')) COLLATE folded) :"trgm".gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX activities_purge ON activities (deleted_at) WHERE deleted_at IS NOT NULL;

-- Participation.  Places are given in the order of registration, so joined_at sorts registration's lists as well.
CREATE INDEX participants_joined ON participants (activity_id, joined_at);
CREATE INDEX participants_staff ON participants (activity_id) WHERE role <> 'member';
CREATE INDEX participants_user ON participants (user_id, registered_at);
CREATE INDEX participants_attended ON participants (activity_id, attended_at) WHERE attended_at IS NOT NULL;
CREATE INDEX participants_attended_user ON participants (user_id, attended_at) WHERE attended_at IS NOT NULL;
CREATE INDEX waitlist_user ON waitlist_entries (user_id, registered_at);
CREATE INDEX invitations_received ON activity_invitations (user_id, invited_at DESC, invitation_id);
CREATE INDEX invitations_sent ON activity_invitations (invited_by_user_id, invited_at DESC, invitation_id);
CREATE INDEX invitations_activity ON activity_invitations (activity_id);                       -- deletion
CREATE INDEX confirmations_confirmed ON attendance_confirmations (confirmed_user_id);          -- audit of the count

-- People among people.
CREATE INDEX blocks_newest ON user_blocks (blocker_user_id, created_at DESC, blocked_user_id);
CREATE INDEX blocks_blocked ON user_blocks (blocked_user_id, blocker_user_id);
CREATE INDEX friendships_other ON friendships (user_id_2);
CREATE INDEX permissions_user ON permissions (user_id);                                        -- shared with me

-- Tasks and votes.
CREATE INDEX tasks_activity ON tasks (activity_id, created_at, task_id);
CREATE INDEX tasks_assignee ON tasks (assignee_user_id, created_at, task_id) WHERE assignee_user_id IS NOT NULL;
CREATE INDEX tasks_creator ON tasks (creator_user_id);
CREATE INDEX votes_activity ON votes (activity_id, created_at, vote_id);
CREATE INDEX votes_newest ON votes (created_at, vote_id);
CREATE INDEX votes_creator ON votes (creator_user_id);
CREATE INDEX votes_ending ON votes (ends_at) WHERE ended_sent_at IS NULL AND ends_at IS NOT NULL;
