package io.waltap.generator;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** By INSERT: each row at once, or all together as a batch. */
final class StatementInserts implements Inserts {

  /** A multiple of 128, the most rows that the driver joins to one statement. */
  private static final int MOST_IN_BATCH = 1_024;

  private static final int MOST_CHARACTERS = 1 << 20;

  private final PreparedStatement insert;
  private final boolean wide;
  private final boolean batch;
  private int waiting;
  private int characters;
  private int inserted;

  StatementInserts(Connection connection, boolean wide, boolean batch) throws SQLException {
    this.insert =
        connection.prepareStatement(
            "INSERT INTO public.transactions ("
                + RowParameters.COLUMNS
                + (wide ? ", payload" : "")
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
                + (wide ? ", ?)" : ")"));
    this.wide = wide;
    this.batch = batch;
  }

  @Override
  public void add(GeneratedTransaction row, String payload) throws SQLException {
    RowParameters.set(insert, row);
    if (wide) {
      insert.setString(RowParameters.COUNT + 1, payload);
    }
    if (batch) {
      insert.addBatch();
      waiting++;
      characters += payload.length();
    } else {
      inserted += insert.executeUpdate();
    }
    if (waiting == MOST_IN_BATCH || characters > MOST_CHARACTERS) {
      send();
    }
  }

  @Override
  public int flush() throws SQLException {
    send();
    int all = inserted;
    inserted = 0;
    return all;
  }

  private void send() throws SQLException {
    if (waiting > 0) {
      waiting = 0;
      characters = 0;
      for (int rows : insert.executeBatch()) {
        inserted += rows == Statement.SUCCESS_NO_INFO ? 1 : rows;
      }
    }
  }

  @Override
  public void clear() throws SQLException {
    insert.clearBatch();
    waiting = 0;
    characters = 0;
    inserted = 0;
  }

  @Override
  public void close() throws SQLException {
    insert.close();
  }
}
