-- A role that may read changes and nothing else. Running this again changes nothing, not even a
-- password that was changed in between.
--
-- The password below is public and for a demonstration. On a server that others can reach, set
-- another at once:
--   ALTER ROLE cdc PASSWORD '...';

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdc') THEN
    CREATE ROLE cdc LOGIN REPLICATION PASSWORD 'secret' CONNECTION LIMIT 10;
  END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO cdc', current_database());
END
$$;

-- How PostgreSQL prints a value must not depend on what the server or the database were set to.
ALTER ROLE cdc SET bytea_output = 'hex';
ALTER ROLE cdc SET intervalstyle = 'postgres';
ALTER ROLE cdc SET datestyle = 'ISO';
ALTER ROLE cdc SET lc_monetary = 'C';

GRANT USAGE ON SCHEMA public TO cdc;
-- For the snapshot; streaming asks only for REPLICATION.
GRANT SELECT ON public.transactions TO cdc;
