-- What logical decoding needs: whole old rows, and a publication. Running this again changes nothing.

-- Without FULL an update or a delete carries nothing of the old row but its key.
ALTER TABLE public.transactions REPLICA IDENTITY FULL;

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = 'waltap') THEN
    CREATE PUBLICATION waltap FOR TABLE public.transactions;
  ELSIF NOT EXISTS (
    SELECT FROM pg_publication_tables
     WHERE pubname = 'waltap' AND schemaname = 'public' AND tablename = 'transactions'
  ) THEN
    ALTER PUBLICATION waltap ADD TABLE public.transactions;
  END IF;
END
$$;
