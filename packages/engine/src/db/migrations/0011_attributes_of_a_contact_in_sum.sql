-- A contact has at most 100 attributes, of 32 KB together, whoever writes them. A trigger and not a CHECK: contacts from before that have
-- more are kept and go on being changed, and may only become smaller.
CREATE FUNCTION contacts_attributes_limit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF octet_length(NEW.attributes::text) <= 32768 AND (SELECT count(*) FROM jsonb_object_keys(NEW.attributes)) <= 100 THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND octet_length(NEW.attributes::text) <= octet_length(OLD.attributes::text)
    AND (SELECT count(*) FROM jsonb_object_keys(NEW.attributes)) <= (SELECT count(*) FROM jsonb_object_keys(OLD.attributes)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a contact has at most 100 attributes of 32 KB together'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'contacts_attributes_limit', TABLE = 'contacts';
END $$;
CREATE TRIGGER contacts_attributes_limit BEFORE INSERT OR UPDATE OF attributes ON contacts
  FOR EACH ROW EXECUTE FUNCTION contacts_attributes_limit();
