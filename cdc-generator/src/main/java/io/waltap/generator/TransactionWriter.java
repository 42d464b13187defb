package io.waltap.generator;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Writes generated rows to {@code public.transactions}, and changes and deletes rows that it wrote
 * before. Everything up to a {@link #commit()} is one transaction. Not thread-safe.
 *
 * <p>It remembers 10,000 of its rows to choose from. A row that someone else deleted in the
 * meantime is not changed, not counted and not chosen again; nor is one that a rolled back
 * transaction touched, or any, if it touched more than those.
 */
public final class TransactionWriter implements RowWriter {

  private static final int REMEMBERED_ROWS = 10_000;

  private static final String UPDATE =
      """
      UPDATE public.transactions SET amount = ?, city = ?, voucher_code = ?
      WHERE transaction_id = ?""";
  private static final String CHANGE_KEY =
      "UPDATE public.transactions SET transaction_id = ? WHERE transaction_id = ?";
  private static final String DELETE = "DELETE FROM public.transactions WHERE transaction_id = ?";

  private final Connection connection;
  private final TransactionGenerator generator;
  private final boolean autoCommit;
  private final Inserts inserts;
  private final Payloads payloads;
  private final PreparedStatement update;
  private final PreparedStatement changeKey;
  private final PreparedStatement delete;
  private final WrittenRows<GeneratedTransaction> rows;

  private final TouchedRows touched = new TouchedRows();

  private Totals pending = Totals.NONE;
  private Totals committed = Totals.NONE;

  /**
   * Takes over the connection's transactions until closed.
   *
   * @param connection stays open when the writer is closed, and gets its autocommit mode back
   */
  public TransactionWriter(Connection connection, TransactionGenerator generator)
      throws SQLException {
    this(connection, generator, InsertStyle.ROWS, null);
  }

  /** The column {@code payload} must be there if its length is given. */
  TransactionWriter(
      Connection connection,
      TransactionGenerator generator,
      InsertStyle style,
      @Nullable Range payload)
      throws SQLException {
    this.connection = connection;
    this.generator = generator;
    this.rows = new WrittenRows<>(REMEMBERED_ROWS, generator.decisions());
    this.payloads = new Payloads(payload, generator.decisions());
    this.autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    this.inserts =
        style == InsertStyle.COPY
            ? new CopyInserts(connection, payload != null)
            : new StatementInserts(connection, payload != null, style == InsertStyle.BATCH);
    this.update = connection.prepareStatement(UPDATE);
    this.changeKey = connection.prepareStatement(CHANGE_KEY);
    this.delete = connection.prepareStatement(DELETE);
  }

  /** Inserts a new row; unless rows go one by one, it is sent with the next other statement. */
  @Override
  public void insert() throws SQLException {
    GeneratedTransaction row = generator.next();
    touched.add(row.transactionId());
    inserts.add(row, payloads.next());
    rows.add(row);
  }

  private void flush() throws SQLException {
    pending = pending.plus(new Totals(inserts.flush(), 0, 0));
  }

  /** Changes one value of a row written before; inserts one if there is none. */
  @Override
  public void update() throws SQLException {
    if (rows.isEmpty()) {
      insert();
      return;
    }
    flush();
    GeneratedTransaction row = generator.change(rows.take());
    touched.add(row.transactionId());
    update.setBigDecimal(1, row.amount());
    update.setString(2, row.city());
    update.setString(3, row.voucherCode());
    update.setString(4, row.transactionId());
    int changed = update.executeUpdate();
    pending = pending.plus(new Totals(0, changed, 0));
    if (changed == 1) {
      rows.add(row);
    }
  }

  /** Gives a row written before another primary key; inserts one if there is none. */
  @Override
  public void changeKey() throws SQLException {
    if (rows.isEmpty()) {
      insert();
      return;
    }
    flush();
    GeneratedTransaction was = rows.take();
    GeneratedTransaction row = generator.rekey(was);
    touched.add(was.transactionId());
    touched.add(row.transactionId());
    changeKey.setString(1, row.transactionId());
    changeKey.setString(2, was.transactionId());
    int changed = changeKey.executeUpdate();
    pending = pending.plus(new Totals(0, changed, 0));
    if (changed == 1) {
      rows.add(row);
    }
  }

  /** Deletes a row written before; inserts one if there is none. */
  @Override
  public void delete() throws SQLException {
    if (rows.isEmpty()) {
      insert();
      return;
    }
    flush();
    GeneratedTransaction row = rows.take();
    touched.add(row.transactionId());
    delete.setString(1, row.transactionId());
    pending = pending.plus(new Totals(0, 0, delete.executeUpdate()));
  }

  @Override
  public void forgetRows() {
    rows.forget(row -> true);
  }

  /**
   * Commits what was written since the last commit and counts it. If this throws because the
   * connection broke, the server may still have committed; such a transaction is not counted.
   */
  @Override
  public void commit() throws SQLException {
    flush();
    connection.commit();
    committed = committed.plus(pending);
    pending = Totals.NONE;
    touched.clear();
  }

  /** Undoes what was written since the last commit. */
  @Override
  public void rollback() throws SQLException {
    inserts.clear();
    pending = Totals.NONE;
    rows.forget(row -> touched.contains(row.transactionId()));
    touched.clear();
    connection.rollback();
  }

  /** What has been committed so far. */
  @Override
  public Totals totals() {
    return committed;
  }

  @Override
  public Totals pending() throws SQLException {
    flush();
    return pending;
  }

  /** Rolls back what is not committed. The connection stays open. */
  @Override
  public void close() throws SQLException {
    try (inserts;
        update;
        changeKey;
        delete) {
      rollback();
    } finally {
      connection.setAutoCommit(autoCommit);
    }
  }
}
