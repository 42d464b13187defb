package io.waltap.generator;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/**
 * By COPY: one from the first row to the next {@link #flush}, so that the server writes rows while
 * the next ones are made up. The connection serves nothing else in between.
 */
final class CopyInserts implements Inserts {

  private static final int MOST_CHARACTERS = 1 << 15;

  private final CopyManager manager;
  private final boolean wide;
  private final String sql;
  private final StringBuilder lines = new StringBuilder(2 * MOST_CHARACTERS);
  private @Nullable CopyIn copy;

  CopyInserts(Connection connection, boolean wide) throws SQLException {
    this.manager = connection.unwrap(PGConnection.class).getCopyAPI();
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
    if (isPlain(value)) {
      lines.append(value);
    } else {
      escape(value);
    }
    lines.append('\t');
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private void escape(String value) {
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
  }

  private CopyIn send() throws SQLException {
    CopyIn open = copy;
    if (open == null) {
      open = manager.copyIn(sql);
      copy = open;
    }
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    lines.setLength(0);
    open.writeToCopy(bytes, 0, bytes.length);
    open.flushCopy();
    return open;
  }

  @Override
  public int flush() throws SQLException {
    if (copy == null && lines.isEmpty()) {
      return 0;
    }
    CopyIn sent = send();
    copy = null;
    return (int) sent.endCopy();
  }

  @Override
  public void clear() throws SQLException {
    lines.setLength(0);
    CopyIn open = copy;
    copy = null;
    if (open != null && open.isActive()) {
      open.cancelCopy();
    }
  }

  @Override
  public void close() throws SQLException {
    clear();
  }
}
