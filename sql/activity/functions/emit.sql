-- Notes a change for subscribers, in the transaction that makes it: one small row, the last that the transaction locks. The transaction's
-- number is taken before change_id is, which is what lets publish conclude from the oldest running transaction that no smaller change_id
-- can still appear.
CREATE OR REPLACE FUNCTION activity.emit(p_kind text, p_activity uuid DEFAULT NULL, p_user uuid DEFAULT NULL,
                                         p_object bigint DEFAULT NULL, p_n int DEFAULT NULL,
                                         p_payload jsonb DEFAULT NULL, p_audience bigint[] DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
BEGIN
    PERFORM pg_current_xact_id();
    INSERT INTO outbox (activity_id, user_id, object_id, n, kind, payload, audience)
    VALUES (p_activity, p_user, p_object, p_n, p_kind, p_payload, p_audience);
END $$;
