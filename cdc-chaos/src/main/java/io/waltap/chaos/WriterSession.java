package io.waltap.chaos;

import io.waltap.chaos.Numbers.Fate;
import io.waltap.generator.TransactionGenerator;
import io.waltap.generator.TransactionWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * One connection of a writer. Every transaction gets a number, and ends with a logical message that
 * says the number and how many changes it has. Not thread-safe.
 */
final class WriterSession implements AutoCloseable {

  private final Connection connection;
  private final TransactionWriter generated;
  private final Numbers numbers;
  private final PreparedStatement message;
  private long number;
  private long changes;

  WriterSession(Connection connection, TransactionGenerator generator, Numbers numbers)
      throws SQLException {
    this.connection = connection;
    this.generated = new TransactionWriter(connection, generator);
    this.numbers = numbers;
    this.message = connection.prepareStatement("SELECT pg_logical_emit_message(true, ?, ?)");
  }

  Connection connection() {
    return connection;
  }

  /** Writes the generator's rows; each call is one change. */
  TransactionWriter generated() {
    return generated;
  }

  void begin() {
    number = numbers.take();
    changes = 0;
    numbers.note(number, Fate.ROLLED_BACK); // until the commit is asked for
  }

  /** Adds to the count of the transaction; less than 0 for what a savepoint took back. */
  void count(long more) {
    changes += more;
  }

  /** How many rows the open transaction has written. */
  long changes() {
    return changes;
  }

  /** Returns the number of the transaction. */
  long commit() throws SQLException {
    message.setString(1, TransactionNotes.PREFIX);
    message.setString(2, number + " " + changes);
    message.execute();
    numbers.note(number, Fate.IN_DOUBT);
    generated.commit();
    numbers.note(number, Fate.COMMITTED);
    return number;
  }

  void rollback() throws SQLException {
    generated.rollback();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
