-- The table of the workload. Running this again changes nothing.
--
-- amount has neither precision nor scale, so PostgreSQL keeps exactly the digits that went in.
-- modified_by, modified_at and change_info belong to the triggers of 02-change-history.sql.

CREATE TABLE IF NOT EXISTS public.transactions (
  transaction_id text PRIMARY KEY,
  user_id        text,
  "timestamp"    timestamp,
  amount         numeric,
  currency       text,
  city           text,
  country        text,
  merchant_name  text,
  payment_method text,
  ip_address     text,
  voucher_code   text,
  affiliate_id   text,
  modified_by    text,
  modified_at    timestamptz,
  change_info    jsonb
);
