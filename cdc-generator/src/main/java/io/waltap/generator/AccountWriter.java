package io.waltap.generator;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes payments that go through their life, and moves the money in the same transaction. What a
 * transaction moves is summed up and written at its end, in the order of the accounts: so writers
 * that share hot accounts wait for each other, but never in a circle.
 */
final class AccountWriter implements RowWriter {

  private static final int REMEMBERED_ROWS = 10_000;

  private static final String INSERT =
      "INSERT INTO public.transactions ("
          + RowParameters.COLUMNS
          + ", status, account_id, merchant_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String UPDATE =
      "UPDATE public.transactions SET transaction_id = ?, amount = ?, status = ?"
          + " WHERE transaction_id = ?";
  private static final String DELETE = "DELETE FROM public.transactions WHERE transaction_id = ?";
  private static final String MOVE =
      "UPDATE public.accounts SET balance = balance + ? WHERE account_id = ?";

  private final Connection connection;
  private final TransactionGenerator generator;
  private final AccountSchema accounts;
  private final boolean autoCommit;
  private final PreparedStatement insert;
  private final PreparedStatement update;
  private final PreparedStatement delete;
  private final PreparedStatement move;
  private final WrittenRows<Payment> running;
  private final WrittenRows<Payment> over;
  private final Map<Long, BigDecimal> moves = new TreeMap<>();

  private final TouchedRows touched = new TouchedRows();

  private Totals pending = Totals.NONE;
  private Totals committed = Totals.NONE;

  AccountWriter(Connection connection, TransactionGenerator generator, AccountSchema accounts)
      throws SQLException {
    this.connection = connection;
    this.generator = generator;
    this.accounts = accounts;
    this.running = new WrittenRows<>(REMEMBERED_ROWS, generator.decisions());
    this.over = new WrittenRows<>(REMEMBERED_ROWS, generator.decisions());
    this.autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    this.insert = connection.prepareStatement(INSERT);
    this.update = connection.prepareStatement(UPDATE);
    this.delete = connection.prepareStatement(DELETE);
    this.move = connection.prepareStatement(MOVE);
  }

  @Override
  public void insert() throws SQLException {
    Payment payment = generator.nextPayment();
    touched.add(payment.row().transactionId());
    RowParameters.set(insert, payment.row());
    int next = RowParameters.COUNT + 1;
    insert.setString(next++, payment.status().word());
    insert.setLong(next++, AccountSchema.accountOf(payment.customer()));
    insert.setLong(next, payment.merchant() + 1L);
    pending = pending.plus(new Totals(insert.executeUpdate(), 0, 0));
    running.add(payment);
  }

  /** The next step in the life of a payment. */
  @Override
  public void update() throws SQLException {
    if (running.isEmpty()) {
      insert();
      return;
    }
    Payment was = running.take();
    Payment now = was.advance(generator);
    if (store(was, now)) {
      move(was, was.movedBy(now.status()));
      remember(now);
    }
  }

  @Override
  public void changeKey() throws SQLException {
    if (running.isEmpty()) {
      insert();
      return;
    }
    Payment was = running.take();
    Payment now = was.rekeyed(generator);
    if (store(was, now)) {
      remember(now);
    }
  }

  private boolean store(Payment was, Payment now) throws SQLException {
    touched.add(was.row().transactionId());
    touched.add(now.row().transactionId());
    update.setString(1, now.row().transactionId());
    update.setBigDecimal(2, now.row().amount());
    update.setString(3, now.status().word());
    update.setString(4, was.row().transactionId());
    int changed = update.executeUpdate();
    pending = pending.plus(new Totals(0, changed, 0));
    return changed == 1;
  }

  private void remember(Payment payment) {
    (payment.status().isFinal() ? over : running).add(payment);
  }

  private void move(Payment payment, BigDecimal amount) {
    moves.merge(accounts.merchantAccount(payment), amount, BigDecimal::add);
    moves.merge(AccountSchema.accountOf(payment.customer()), amount.negate(), BigDecimal::add);
  }

  /** Deletes a payment whose life is over; if there is none, one comes nearer to that. */
  @Override
  public void delete() throws SQLException {
    if (over.isEmpty()) {
      update();
      return;
    }
    String id = over.take().row().transactionId();
    touched.add(id);
    delete.setString(1, id);
    pending = pending.plus(new Totals(0, 0, delete.executeUpdate()));
  }

  @Override
  public void forgetRows() {
    running.forget(payment -> true);
    over.forget(payment -> true);
  }

  @Override
  public void commit() throws SQLException {
    moveAll();
    connection.commit();
    committed = committed.plus(pending);
    forgetOpen();
  }

  private void moveAll() throws SQLException {
    moves.values().removeIf(amount -> amount.signum() == 0);
    for (Map.Entry<Long, BigDecimal> each : moves.entrySet()) {
      move.setBigDecimal(1, each.getValue());
      move.setLong(2, each.getKey());
      if (move.executeUpdate() != 1) {
        throw new IllegalStateException(
            "The account %d is gone from public.accounts: drop the table, to have it filled again."
                .formatted(each.getKey()));
      }
    }
  }

  private void forgetOpen() {
    pending = Totals.NONE;
    moves.clear();
    touched.clear();
  }

  @Override
  public void rollback() throws SQLException {
    running.forget(payment -> touched.contains(payment.row().transactionId()));
    over.forget(payment -> touched.contains(payment.row().transactionId()));
    forgetOpen();
    connection.rollback();
  }

  @Override
  public Totals totals() {
    return committed;
  }

  @Override
  public Totals pending() {
    return pending;
  }

  @Override
  public void close() throws SQLException {
    try (insert;
        update;
        delete;
        move) {
      rollback();
    } finally {
      connection.setAutoCommit(autoCommit);
    }
  }
}
