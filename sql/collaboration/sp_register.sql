-- A new account and its first session.
CREATE OR REPLACE FUNCTION collaboration.sp_register(p_username text, p_email text, p_hash text, p_full_name text, p_lifetime int)
RETURNS TABLE (status int, body text, headers text, subject uuid, sid uuid, jti uuid, iat bigint, exp bigint, claims text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_made record;
    v_user users;
BEGIN
    SELECT s.* INTO v_made FROM sign_up(jsonb_strip_nulls(jsonb_build_object(
        'username', p_username, 'email', p_email, 'password_hash', p_hash, 'name', p_full_name))) s;
    IF v_made.taken IS NOT NULL THEN
        RETURN QUERY SELECT p.*, NULL::uuid, NULL::uuid, NULL::uuid, NULL::bigint, NULL::bigint, NULL::text
            FROM name_taken(v_made.taken) p;
        RETURN;
    END IF;
    v_user := v_made.account;
    RETURN QUERY SELECT s.* FROM session_reply(201, v_user,
        open_session(v_user.user_id, 'collaboration', gen_random_uuid(), gen_random_uuid(), p_lifetime)) s;
END $$;
