-- A session's tokens are made of this row: whom, which session, which refresh token, and what an access token says besides.
CREATE OR REPLACE FUNCTION collaboration.session_reply(p_status int, p_user activity.users, p_grant activity.session_grant,
    OUT status int, OUT body text, OUT headers text, OUT subject uuid, OUT sid uuid, OUT jti uuid, OUT iat bigint, OUT exp bigint, OUT claims text)
LANGUAGE sql STABLE SET search_path = activity, pg_temp AS $$
    SELECT p_status,
           jsonb_build_object('user_id', p_user.number, 'username', username_of(p_user), 'role', p_user.role)::text, NULL::text,
           p_user.user_id, p_grant.sid, p_grant.jti, p_grant.iat, p_grant.exp,
           jsonb_build_object('username', username_of(p_user), 'email', p_user.email, 'role', p_user.role,
                              'subscription_level', p_user.subscription_level)::text;
$$;
