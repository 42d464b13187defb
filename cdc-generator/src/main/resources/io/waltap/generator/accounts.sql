-- Beside public.transactions: whose they are, and where the money is. Running this again changes
-- nothing.
--
-- A payment moves money from one account to another in one database transaction, so the sum of all
-- balances of a currency never changes.

ALTER TABLE public.transactions
  ADD COLUMN IF NOT EXISTS status text,
  ADD COLUMN IF NOT EXISTS account_id bigint,
  ADD COLUMN IF NOT EXISTS merchant_id bigint;

CREATE TABLE IF NOT EXISTS public.customers (
  customer_id bigint PRIMARY KEY,
  user_id     text NOT NULL,
  name        text NOT NULL,
  city        text,
  country     text
);

CREATE TABLE IF NOT EXISTS public.merchants (
  merchant_id bigint PRIMARY KEY,
  name        text NOT NULL
);

-- Of a customer, with a card, or of a merchant, one for each currency.
CREATE TABLE IF NOT EXISTS public.accounts (
  account_id  bigint PRIMARY KEY,
  customer_id bigint,
  merchant_id bigint,
  card_number text,
  currency    text NOT NULL,
  balance     numeric NOT NULL
);

ALTER TABLE public.customers REPLICA IDENTITY FULL;
ALTER TABLE public.merchants REPLICA IDENTITY FULL;
ALTER TABLE public.accounts REPLICA IDENTITY FULL;

DO $$
DECLARE
  missing text;
BEGIN
  FOREACH missing IN ARRAY ARRAY['customers', 'merchants', 'accounts'] LOOP
    IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'waltap' AND NOT puballtables)
      AND NOT EXISTS (
        SELECT FROM pg_publication_tables
         WHERE pubname = 'waltap' AND schemaname = 'public' AND tablename = missing)
    THEN
      EXECUTE format('ALTER PUBLICATION waltap ADD TABLE public.%I', missing);
    END IF;
  END LOOP;
END
$$;
