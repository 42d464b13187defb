-- Every update records who made it, when, and which columns it changed. Running this again changes
-- nothing.
--
-- change_info always describes the latest update, as modified_by and modified_at do:
--   {"amount": {"old": 10.10, "new": 12.50}, "modified_by": "postgres", "modified_at": "2026-..."}
-- An update that changes no value leaves only modified_by and modified_at in it. To keep the entries
-- of an earlier update there would tell a reader of the change stream that they happened again.

CREATE OR REPLACE FUNCTION public.record_change_user() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.modified_by := current_user;
  NEW.modified_at := current_timestamp;
  RETURN NEW;
END
$$;

-- The rows are compared as jsonb: decimals stay exact numbers there, digit by digit, and a column
-- added to the table later is recorded without touching this function. A column that is null is a
-- JSON null, so a change from or to null is a difference like any other.
CREATE OR REPLACE FUNCTION public.record_changed_columns() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  changes jsonb;
BEGIN
  SELECT jsonb_object_agg(key, jsonb_build_object('old', was.value, 'new', now.value))
    INTO changes
    FROM jsonb_each(to_jsonb(OLD)) AS was
    JOIN jsonb_each(to_jsonb(NEW)) AS now USING (key)
   WHERE was.value IS DISTINCT FROM now.value
     AND key NOT IN ('modified_by', 'modified_at', 'change_info');

  NEW.change_info := coalesce(changes, '{}')
    || jsonb_build_object('modified_by', NEW.modified_by, 'modified_at', NEW.modified_at);
  RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER trigger_record_user_update
  BEFORE UPDATE ON public.transactions
  FOR EACH ROW EXECUTE FUNCTION public.record_change_user();

-- Triggers of one kind fire in the order of their names, and this one reads what the one above has
-- written: its name must stay behind trigger_record_user_update in the alphabet.
CREATE OR REPLACE TRIGGER trigger_record_values_update
  BEFORE UPDATE ON public.transactions
  FOR EACH ROW EXECUTE FUNCTION public.record_changed_columns();
