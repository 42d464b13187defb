package io.waltap.generator;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** By COPY, a few hundred kilobytes at a time. */
final class CopyInserts implements Inserts {

  private static final int MOST_CHARACTERS = 1 << 18;

  private final CopyManager copy;
  private final boolean wide;
  private final String sql;
  private final StringBuilder lines = new StringBuilder();
  private int inserted;

  CopyInserts(Connection connection, boolean wide) throws SQLException {
    this.copy = connection.unwrap(PGConnection.class).getCopyAPI();
    this.wide = wide;
    this.sql =
        "COPY public.transactions ("
            + RowParameters.COLUMNS
            + (wide ? ", payload" : "")
            + ") FROM STDIN";
  }

  @Override
  public void add(GeneratedTransaction row, String payload) throws SQLException {
    field(row.transactionId());
    field(row.userId());
    field(row.timestamp().toString());
    field(row.amount().toPlainString());
    field(row.currency());
    field(row.city());
    field(row.country());
    field(row.merchantName());
    field(row.paymentMethod());
    field(row.ipAddress());
    field(row.voucherCode());
    field(row.affiliateId());
    if (wide) {
      field(payload);
    }
    lines.setCharAt(lines.length() - 1, '\n');
    if (lines.length() > MOST_CHARACTERS) {
      send();
    }
  }

  private void field(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> lines.append("\\\\");
        case '\t' -> lines.append("\\t");
        case '\n' -> lines.append("\\n");
        case '\r' -> lines.append("\\r");
        default -> lines.append(c);
      }
    }
    lines.append('\t');
  }

  @Override
  public int flush() throws SQLException {
    send();
    int all = inserted;
    inserted = 0;
    return all;
  }

  private void send() throws SQLException {
    if (lines.isEmpty()) {
      return;
    }
    try {
      inserted += (int) copy.copyIn(sql, new StringReader(lines.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lines.setLength(0);
    }
  }

  @Override
  public void clear() {
    lines.setLength(0);
    inserted = 0;
  }

  @Override
  public void close() {
    clear();
  }
}
