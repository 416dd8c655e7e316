-- All functions of schema activity, made anew whole. 

SET LOCAL search_path = pg_catalog;

\set schema activity
\ir ../../renew.sql

\ir admit.sql
\ir blocked_pair.sql
\ir calendar_conflicts.sql
\ir caller.sql
\ir change_summary.sql
\ir check_columns.sql
\ir claim_text.sql
\ir create_activity.sql
\ir credentials.sql
\ir delete_activity.sql
\ir edit_activity.sql
\ir email_fits.sql
\ir emit.sql
\ir end_session.sql
\ir end_sessions.sql
\ir instant.sql
\ir invite.sql
\ir is_banned.sql
\ir is_staff.sql
\ir leave.sql
\ir level_of.sql
\ir lock_activity.sql
\ir lock_calendar.sql
\ir logged_in.sql
\ir mark_attendance.sql
\ir may_see.sql
\ir open_session.sql
\ir patched.sql
\ir phase.sql
\ir provision.sql
\ir rank_of.sql
\ir record_version.sql
\ir release_tasks.sql
\ir reply.sql
\ir restore_activity.sql
\ir revoke.sql
\ir rotate.sql
\ir session_granted.sql
\ir session_live.sql
\ir set_attendance.sql
\ir set_password.sql
\ir settle.sql
\ir shown_end.sql
\ir shown_name.sql
\ir sight.sql
\ir sight_of.sql
\ir sign_up.sql
\ir standing.sql
\ir summary_value.sql
\ir token_lives.sql
\ir use_invitation.sql
\ir username_of.sql
\ir version_data.sql
\ir version_patch.sql
\ir visible.sql
\ir wire_time.sql
\ir wire_time_six.sql
\ir words_agree.sql
