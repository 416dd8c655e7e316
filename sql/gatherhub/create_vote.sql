CREATE OR REPLACE FUNCTION gatherhub.create_vote(p_caller uuid, p_event bigint, p_title text, p_description text,
                                      p_options jsonb, p_ends text, p_multiple boolean)
RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := locked_event(p_event, p_caller);
    v_details jsonb := '{}';
    v_vote votes;
BEGIN
    IF v_activity.activity_id IS NULL THEN
        v_details := v_details || '{"event": ["Event does not exist."]}';
    END IF;
    IF (SELECT count(*) <> count(DISTINCT lower(o ->> 'text' COLLATE folded)) FROM jsonb_array_elements(p_options) o) THEN
        v_details := v_details || '{"options": ["Option texts must be different."]}';
    END IF;
    IF p_ends::timestamptz <= clock_timestamp() THEN
        v_details := v_details || '{"ends_at": ["Must be in the future."]}';
    END IF;
    IF v_details <> '{}' THEN
        RETURN problem(400, 'validation_error', 'Invalid request data', v_details);
    ELSIF NOT is_member(v_activity, p_caller) THEN
        RETURN problem(403, 'permission_denied', 'Only participants of the event can create votes');
    END IF;
    INSERT INTO votes (activity_id, creator_user_id, title, description, multiple_choice, ends_at)
    VALUES (v_activity.activity_id, p_caller, p_title, p_description, p_multiple, p_ends::timestamptz) RETURNING * INTO v_vote;
    INSERT INTO vote_options (vote_id, position, text)
    SELECT v_vote.vote_id, o.n, o.item ->> 'text' FROM jsonb_array_elements(p_options) WITH ORDINALITY AS o (item, n) ORDER BY o.n;
    PERFORM emit('vote.created', v_vote.activity_id, NULL, v_vote.vote_id);
    RETURN reply(201, vote_json(v_vote, p_caller));
END $$;
