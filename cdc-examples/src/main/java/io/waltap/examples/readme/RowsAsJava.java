package io.waltap.examples.readme;

import io.waltap.event.Column;
import io.waltap.event.Row;
import io.waltap.table.Table;
import java.math.BigDecimal;
import java.util.Optional;

final class RowsAsJava {

  private RowsAsJava() {}

  // readme: records, rows and mappers
  record Order(long id, BigDecimal amount, String customer, Column<String> note) {}

  static final Table<Order> RECORDS =
      Table.of("shop.orders", Order.class).withColumn("customer", "customer_name");

  static final Table<Row> ROWS = Table.of("shop.orders");

  static final Table<Optional<BigDecimal>> AMOUNTS =
      Table.of("shop.orders", row -> Optional.ofNullable(row.getDecimal("amount")));
  // readme: end
}
