package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.Row;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import java.io.PrintStream;
import java.math.BigDecimal;

/** Without a type of one's own: a {@link Row} knows its columns, their types and exact values. */
public final class RowListenerMain {

  private RowListenerMain() {}

  /** Shows it on an embedded PostgreSQL. */
  public static void main(String[] args) throws Exception {
    try (DemoServer server = DemoServer.start()) {
      run(server, System.out);
    }
  }

  static void run(DemoServer server, PrintStream out) throws Exception {
    try (CdcEngine engine =
        CdcEngine.builder(server.config())
            .listen(
                Table.of("public.transactions"),
                change -> {
                  if (change instanceof Insert<Row> insert) {
                    print(insert.after(), out);
                  }
                })
            .offsets(new InMemoryOffsetStore()) // the default is a file
            .start()) {
      server.execute(
          "INSERT INTO transactions (transaction_id, \"timestamp\", amount, voucher_code)"
              + " VALUES ('t1', '2026-01-02 03:04:05.678', 12345678901234567890.100, '')");
      server.awaitProcessed(engine);
    }
  }

  private static void print(Row row, PrintStream out) {
    for (String column : row.columns()) {
      if (!row.isNull(column)) {
        out.printf("%-14s %-9s %s%n", column, row.typeOf(column), row.getString(column));
      }
    }
    // A getter gives null where the column is null.
    BigDecimal amount = row.getDecimal("amount");
    if (amount != null) {
      out.println("Twice the amount is " + amount.add(amount) + ".");
    }
  }
}
