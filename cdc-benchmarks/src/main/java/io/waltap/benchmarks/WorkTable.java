package io.waltap.benchmarks;

import io.waltap.event.Row;
import io.waltap.table.Table;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table that rows are written to.
 *
 * @param name with its schema
 * @param columns what the rows fill
 * @param values the values of row {@code n}, in SQL
 * @param key the first column's value, in SQL; the first column is the primary key
 * @param change what an update of row {@code n} sets, in SQL
 * @param type what the rows are delivered as where they are typed
 */
record WorkTable<T>(
    String name, String columns, String key, String values, String change, Class<T> type) {

  /** The table of the generator, with its triggers and REPLICA IDENTITY FULL. */
  static final WorkTable<Transaction> TRANSACTIONS =
      new WorkTable<>(
          "public.transactions",
          """
          transaction_id, user_id, "timestamp", amount, currency, city, country, merchant_name,
          payment_method, ip_address, voucher_code, affiliate_id""",
          "'7a1f3c52-0b9d-4e86-9c1d-' || lpad(to_hex(n), 12, '0')",
          """
          'marybelle.baumbach' || n, timestamp '2026-01-01' + n * interval '123 ms',
          (10 + (n::bigint * 7919) % 99000 / 100.0)::numeric(12, 2), (ARRAY['USD', 'GBP'])[1 + n % 2],
          'Port Lavonne', 'Saint Pierre and Miquelon', 'Schuppe, Kirlin and Weissnat',
          (ARRAY['credit_card', 'debit_card', 'online_transfer'])[1 + n % 3],
          '203.17.94.' || n % 256, (ARRAY['', 'DISCOUNT10'])[1 + n % 2],
          '5c9e2b70-41d8-4f3a-8e57-' || lpad(to_hex(n * 31), 12, '0')""",
          "amount = amount + 1, city = 'Lake ' || n",
          Transaction.class);

  /** Three columns. */
  static final WorkTable<NarrowRow> NARROW = narrow("public.narrow");

  /** Sixty columns of twelve types. */
  static final WorkTable<WideRow> WIDE =
      new WorkTable<>(
          "public.wide",
          WideRow.columns(),
          "n",
          WideRow.values(),
          "text1 = 'changed ' || n",
          WideRow.class);

  private static WorkTable<NarrowRow> narrow(String name) {
    return new WorkTable<>(
        name,
        "id, name, amount",
        "n",
        "'marybelle.baumbach' || n, (10 + n % 99000 / 100.0)::numeric(12, 2)",
        "amount = amount + 1",
        NarrowRow.class);
  }

  /** That many narrow tables in a schema of their own. */
  static List<WorkTable<?>> many(int count) {
    return IntStream.range(0, count)
        .<WorkTable<?>>mapToObj(i -> narrow("many_" + count + ".t_" + i))
        .toList();
  }

  /** The statement that makes a narrow table of this name, if there is none yet. */
  String createNarrow() {
    return "CREATE TABLE IF NOT EXISTS %s (id bigint PRIMARY KEY, name text, amount numeric)"
        .formatted(name);
  }

  String schema() {
    return name.substring(0, name.indexOf('.'));
  }

  Table<T> typed() {
    return Table.of(name, type);
  }

  Table<Row> untyped() {
    return Table.of(name);
  }

  /**
   * Inserts a range of rows.
   *
   * @param range a SQL set of numbers {@code n}
   */
  String insert(String range) {
    return "INSERT INTO %s (%s) SELECT %s, %s FROM %s".formatted(name, columns, key, values, range);
  }

  /** Updates a range of rows. */
  String update(String range) {
    String first = columns.substring(0, columns.indexOf(','));
    return "UPDATE %s SET %s FROM %s WHERE %s = %s".formatted(name, change, range, first, key);
  }
}
