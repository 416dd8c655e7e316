-- The participation API: what shapes its requests and replies. Its rules are in schema activity, and so are, by the names that its source document gave
-- them, the procedures sp_*.
CREATE SCHEMA IF NOT EXISTS participation AUTHORIZATION activity_owner;
\set schema participation
\ir ../renew.sql

\ir problem.sql
\ir is_there.sql
\ir locked_activity.sql
\ir has_begun.sql
\ir effective_status.sql
\ir time_of.sql
\ir promotion.sql
\ir activity_json.sql
\ir show_activity.sql
\ir find_user.sql
\ir lock_pair.sql
\ir refused_gender.sql
\ir may_respond.sql
\ir activity_patch.sql
\ir friend_json.sql
\ir sp_join_activity.sql
\ir sp_leave_activity.sql
\ir sp_cancel_participation.sql
\ir get_my_participation.sql
\ir sp_list_participants.sql
\ir remove_participant.sql
\ir sp_get_user_activities.sql
\ir sp_promote_participant.sql
\ir sp_demote_participant.sql
\ir sp_mark_attendance.sql
\ir sp_confirm_attendance.sql
\ir sp_get_pending_verifications.sql
\ir sp_send_invitations.sql
\ir sp_accept_invitation.sql
\ir sp_decline_invitation.sql
\ir sp_cancel_invitation.sql
\ir sp_get_received_invitations.sql
\ir sp_get_sent_invitations.sql
\ir sp_get_waitlist.sql
\ir create_activity.sql
\ir list_activities.sql
\ir get_activity.sql
\ir update_activity.sql
\ir delete_activity.sql
\ir get_user.sql
\ir block_user.sql
\ir unblock_user.sql
\ir list_blocks.sql
\ir request_friend.sql
\ir accept_friend.sql
\ir decline_friend.sql
\ir remove_friend.sql
\ir list_friends.sql
\ir open_stream.sql
\ir render_changes.sql
\ir check_streams.sql
