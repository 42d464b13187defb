package io.waltap.generator;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * Writes generated rows to {@code public.transactions}, and changes and deletes rows that it wrote
 * before. Everything up to a {@link #commit()} is one transaction. Not thread-safe.
 *
 * <p>It remembers 10,000 of its rows to choose from. A row that someone else deleted in the
 * meantime is not changed, not counted and not chosen again.
 */
public final class TransactionWriter implements AutoCloseable {

  private static final int REMEMBERED_ROWS = 10_000;

  private static final String INSERT =
      """
      INSERT INTO public.transactions (transaction_id, user_id, "timestamp", amount, currency, city,
        country, merchant_name, payment_method, ip_address, voucher_code, affiliate_id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";
  private static final String UPDATE =
      """
      UPDATE public.transactions SET amount = ?, city = ?, voucher_code = ?
      WHERE transaction_id = ?""";
  private static final String DELETE = "DELETE FROM public.transactions WHERE transaction_id = ?";

  private final Connection connection;
  private final TransactionGenerator generator;
  private final boolean autoCommit;
  private final PreparedStatement insert;
  private final PreparedStatement update;
  private final PreparedStatement delete;
  private final WrittenRows rows;

  /** Rows that the open transaction has touched: after a rollback nobody knows what they hold. */
  private final Set<String> touched = new HashSet<>();

  private Totals pending = Totals.NONE;
  private Totals committed = Totals.NONE;

  /**
   * Takes over the connection's transactions until closed.
   *
   * @param connection stays open when the writer is closed, and gets its autocommit mode back
   */
  public TransactionWriter(Connection connection, TransactionGenerator generator)
      throws SQLException {
    this.connection = connection;
    this.generator = generator;
    this.rows = new WrittenRows(REMEMBERED_ROWS, generator.random());
    this.autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    this.insert = connection.prepareStatement(INSERT);
    this.update = connection.prepareStatement(UPDATE);
    this.delete = connection.prepareStatement(DELETE);
  }

  /** Inserts a new row. */
  public void insert() throws SQLException {
    GeneratedTransaction row = generator.next();
    touched.add(row.transactionId());
    insert.setString(1, row.transactionId());
    insert.setString(2, row.userId());
    insert.setObject(3, row.timestamp());
    insert.setBigDecimal(4, row.amount());
    insert.setString(5, row.currency());
    insert.setString(6, row.city());
    insert.setString(7, row.country());
    insert.setString(8, row.merchantName());
    insert.setString(9, row.paymentMethod());
    insert.setString(10, row.ipAddress());
    insert.setString(11, row.voucherCode());
    insert.setString(12, row.affiliateId());
    pending = pending.plus(new Totals(insert.executeUpdate(), 0, 0));
    rows.add(row);
  }

  /** Changes one value of a row written before; inserts one if there is none. */
  public void update() throws SQLException {
    if (rows.isEmpty()) {
      insert();
      return;
    }
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

  /** Deletes a row written before; inserts one if there is none. */
  public void delete() throws SQLException {
    if (rows.isEmpty()) {
      insert();
      return;
    }
    GeneratedTransaction row = rows.take();
    touched.add(row.transactionId());
    delete.setString(1, row.transactionId());
    pending = pending.plus(new Totals(0, 0, delete.executeUpdate()));
  }

  /**
   * Commits what was written since the last commit and counts it. If this throws because the
   * connection broke, the server may still have committed; such a transaction is not counted.
   */
  public void commit() throws SQLException {
    connection.commit();
    committed = committed.plus(pending);
    pending = Totals.NONE;
    touched.clear();
  }

  /** Undoes what was written since the last commit. */
  public void rollback() throws SQLException {
    pending = Totals.NONE;
    rows.forget(touched);
    touched.clear();
    connection.rollback();
  }

  /** What has been committed so far. */
  public Totals totals() {
    return committed;
  }

  /** Rolls back what is not committed. The connection stays open. */
  @Override
  public void close() throws SQLException {
    try (insert;
        update;
        delete) {
      rollback();
    } finally {
      connection.setAutoCommit(autoCommit);
    }
  }
}
