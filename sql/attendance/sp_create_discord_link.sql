-- A code that proves on Discord which account this is. Stored hashed; 32 letters and digits, 8 of them: 40 random bits for ten minutes.
CREATE OR REPLACE FUNCTION attendance.sp_create_discord_link(p_caller uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    c_letters CONSTANT text := 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
    v_random bytea := uuid_send(gen_random_uuid());
    v_expires timestamptz := clock_timestamp() + interval '10 minutes';
    v_code text := '';
BEGIN
    -- bytes 6 and 8 hold the UUID's version and variant: the others are random in full
    SELECT string_agg(substr(c_letters, (get_byte(v_random, i) & 31) + 1, 1), '' ORDER BY i) INTO v_code
    FROM unnest(ARRAY[0, 1, 2, 3, 4, 5, 9, 10]) i;
    INSERT INTO discord_links (user_id, code_hash, expires_at)
    VALUES (p_caller, sha256(convert_to(v_code, 'UTF8')), v_expires)
    ON CONFLICT (user_id) DO UPDATE SET code_hash = excluded.code_hash, expires_at = excluded.expires_at;
    RETURN reply(201, jsonb_build_object('code', v_code, 'expires_at', wire_time(v_expires)));
END $$;
