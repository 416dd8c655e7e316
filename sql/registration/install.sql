-- The registration API: what shapes its requests and replies. Its rules are in schema activity.
CREATE SCHEMA IF NOT EXISTS registration AUTHORIZATION activity_owner;
\set schema registration
\ir ../renew.sql

\ir problem.sql
\ir too_many_rows.sql
\ir event_id.sql
\ir event_word.sql
\ir event_json.sql
\ir registration_json.sql
\ir find_event.sql
\ir locked_event.sql
\ir may_act_for.sql
\ir may_change.sql
\ir event_patch.sql
\ir sp_info.sql
\ir sp_health.sql
\ir sp_list_events.sql
\ir sp_create_event.sql
\ir sp_get_event.sql
\ir sp_update_event.sql
\ir sp_delete_event.sql
\ir sp_create_user.sql
\ir sp_get_user.sql
\ir sp_update_user.sql
\ir sp_delete_user.sql
\ir sp_register.sql
\ir sp_unregister.sql
\ir sp_get_registration.sql
\ir sp_list_event_registrations.sql
\ir sp_list_user_registrations.sql
