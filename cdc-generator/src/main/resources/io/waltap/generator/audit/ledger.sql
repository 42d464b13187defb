-- The database's own account of every change of the audited tables, kept by triggers in the very
-- transactions that make the changes: what is rolled back leaves no trace. Running this again
-- changes nothing.

CREATE SCHEMA IF NOT EXISTS waltap_audit;

-- One change a row. old_row and new_row are PostgreSQL's text of a record; of a large one, see
-- reduced(). nested: made from within another trigger, so seq need not be the order of the log.
CREATE TABLE IF NOT EXISTS waltap_audit.ledger (
  seq bigint GENERATED ALWAYS AS IDENTITY,
  xid bigint NOT NULL,
  relation oid NOT NULL,
  operation "char" NOT NULL,
  nested boolean NOT NULL,
  old_row text,
  new_row text
);

CREATE INDEX IF NOT EXISTS ledger_of_transaction ON waltap_audit.ledger (xid, seq);

-- What a relation looked like from a change on. seq is drawn from the ledger's own sequence.
CREATE TABLE IF NOT EXISTS waltap_audit.shape (
  seq bigint NOT NULL,
  relation oid NOT NULL,
  schema_name text NOT NULL,
  table_name text NOT NULL,
  columns text[] NOT NULL,
  generated text[] NOT NULL,
  key text[] NOT NULL,
  types text[] NOT NULL DEFAULT '{}'
);

-- A ledger of an earlier version has none.
ALTER TABLE waltap_audit.shape ADD COLUMN IF NOT EXISTS types text[] NOT NULL DEFAULT '{}';

CREATE INDEX IF NOT EXISTS shape_of_relation ON waltap_audit.shape (relation, seq);

-- Since when the ledger is complete: every transaction that committed from there on is in it.
CREATE TABLE IF NOT EXISTS waltap_audit.round (began pg_lsn NOT NULL);

-- The text of a record with each field of more than 200 bytes replaced by a backslash, the MD5 of
-- its value and its length; no field begins with a backslash of its own, since one that has a
-- backslash is quoted.
CREATE OR REPLACE FUNCTION waltap_audit.reduced(record text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT '(' || string_agg(
      CASE WHEN octet_length(field) <= 200 THEN field
        ELSE '\' || md5(convert_to(value, 'UTF8')) || ':' || octet_length(convert_to(value, 'UTF8'))
      END, ',' ORDER BY place) || ')'
  FROM regexp_matches(substr(record, 2, length(record) - 2) || ',',
      '("[^"]*"(?:"[^"]*")*|[^",]*),', 'g') WITH ORDINALITY AS fields (matched, place),
    LATERAL (SELECT matched[1]) AS raw (field),
    LATERAL (SELECT CASE WHEN field LIKE '"%'
      THEN replace(replace(substr(field, 2, length(field) - 2), '""', '"'), '\\', '\')
      ELSE field END) AS plain (value)
$$;

-- The name of a type; of a domain, or an array of one, that of the type below it.
CREATE OR REPLACE FUNCTION waltap_audit.type_name(type oid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN typtype = 'd' THEN waltap_audit.type_name(typbasetype)
      WHEN typcategory = 'A' AND typelem <> 0 THEN '_' || waltap_audit.type_name(typelem)
      ELSE typname::text END
  FROM pg_type WHERE oid = type
$$;

-- Notes what a relation looks like if that is news. A partition has the name of the table that it
-- is published as, and its own order of columns.
CREATE OR REPLACE FUNCTION waltap_audit.note_shape(noted oid, root oid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now waltap_audit.shape;
  last waltap_audit.shape;
BEGIN
  SELECT n.nspname, c.relname INTO now.schema_name, now.table_name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = root;
  SELECT array_agg(attname::text ORDER BY attnum),
      coalesce(array_agg(attname::text ORDER BY attnum) FILTER (WHERE attgenerated <> ''), '{}'),
      coalesce(array_agg(CASE WHEN typtype = 'b' AND typelem = 0 THEN typname::text
        ELSE waltap_audit.type_name(atttypid) END ORDER BY attnum), '{}')
    INTO now.columns, now.generated, now.types
    FROM pg_attribute a JOIN pg_type t ON t.oid = atttypid
    WHERE attrelid = noted AND attnum > 0 AND NOT attisdropped;
  SELECT coalesce(array_agg(a.attname::text), '{}') INTO now.key
    FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = noted AND i.indisprimary;
  SELECT * INTO last FROM waltap_audit.shape WHERE relation = noted ORDER BY seq DESC LIMIT 1;
  IF (now.schema_name, now.table_name, now.columns, now.generated, now.key, now.types)
      IS DISTINCT FROM
      (last.schema_name, last.table_name, last.columns, last.generated, last.key, last.types) THEN
    INSERT INTO waltap_audit.shape
    VALUES (nextval(pg_get_serial_sequence('waltap_audit.ledger', 'seq')), noted, now.schema_name,
      now.table_name, coalesce(now.columns, '{}'), now.generated, now.key, now.types);
  END IF;
END
$$;

CREATE OR REPLACE FUNCTION waltap_audit.note_statement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM waltap_audit.note_shape(TG_RELID, TG_RELID);
  RETURN NULL;
END
$$;

-- The settings are those under which a WalTap engine is sent its values.
CREATE OR REPLACE FUNCTION waltap_audit.note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, MDY' SET timezone = 'UTC' SET intervalstyle = 'postgres'
SET bytea_output = 'hex' SET extra_float_digits = 3 SET lc_monetary = 'C' AS $$
DECLARE
  old_row text := OLD::text;
  new_row text := NEW::text;
BEGIN
  IF TG_LEVEL = 'ROW' AND TG_RELID <> TG_ARGV[0]::oid THEN
    PERFORM waltap_audit.note_shape(TG_RELID, TG_ARGV[0]::oid);
  END IF;
  IF octet_length(old_row) > 2000 THEN
    old_row := waltap_audit.reduced(old_row);
  END IF;
  IF octet_length(new_row) > 2000 THEN
    new_row := waltap_audit.reduced(new_row);
  END IF;
  INSERT INTO waltap_audit.ledger (xid, relation, operation, nested, old_row, new_row)
  VALUES (pg_current_xact_id()::text::bigint & 4294967295, TG_RELID,
    CASE TG_OP WHEN 'INSERT' THEN 'i' WHEN 'UPDATE' THEN 'u' WHEN 'DELETE' THEN 'd' ELSE 't' END,
    pg_trigger_depth() > 1, old_row, new_row);
  RETURN NULL;
END
$$;
