package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionWriterIT {

  private AuditedDatabase database;
  private TransactionWriter writer;

  @BeforeEach
  void open() throws SQLException {
    database = new AuditedDatabase();
    writer = new TransactionWriter(database.connection(), TransactionGenerator.seeded(1));
  }

  @AfterEach
  void close() throws SQLException {
    writer.close();
    database.close();
  }

  @Test
  void insertStoresEveryValue() throws SQLException {
    GeneratedTransaction row = TransactionGenerator.seeded(1).next();
    writer.insert();
    writer.commit();
    assertThat(
            database
                .database()
                .value(
                    "SELECT concat_ws('|', transaction_id, user_id, \"timestamp\", amount, currency,"
                        + " city, country, merchant_name, payment_method, ip_address, voucher_code,"
                        + " affiliate_id) FROM transactions"))
        .isEqualTo(
            String.join(
                "|",
                row.transactionId(),
                row.userId(),
                "2026-01-01 00:00:00",
                row.amount().toPlainString(),
                row.currency(),
                row.city(),
                row.country(),
                row.merchantName(),
                row.paymentMethod(),
                row.ipAddress(),
                row.voucherCode(),
                row.affiliateId()));
  }

  @Test
  void everyUpdateChangesExactlyOneColumn() throws SQLException {
    writer.insert();
    for (int i = 0; i < 300; i++) {
      writer.update();
    }
    writer.commit();
    assertThat(database.totals()).isEqualTo(new Totals(1, 300, 0)).isEqualTo(writer.totals());
    assertThat(
            database.number(
                "SELECT count(*) FROM audit WHERE operation = 'UPDATE'"
                    + " AND (SELECT count(*) FROM jsonb_object_keys(changes)) = 1"))
        .isEqualTo(300);
  }

  @Test
  void countsNothingBeforeTheCommit() throws SQLException {
    writer.insert();
    assertThat(writer.totals()).isEqualTo(Totals.NONE);
    writer.commit();
    assertThat(writer.totals()).isEqualTo(new Totals(1, 0, 0));
  }

  @Test
  void whatWasRolledBackIsNotCountedAndNotChosenAgain() throws SQLException {
    writer.insert();
    writer.commit();
    writer.insert();
    writer.update();
    writer.delete();
    writer.rollback();
    for (int i = 0; i < 50; i++) {
      writer.insert();
      writer.update();
      writer.delete();
    }
    writer.commit();
    assertThat(writer.totals()).isEqualTo(new Totals(51, 50, 50)).isEqualTo(database.totals());
  }

  @Test
  void afterTheRollbackOfAHugeTransactionNoRowIsChosenAgain() throws SQLException {
    writer.insert();
    writer.commit();
    for (int i = 0; i <= TouchedRows.MOST; i++) {
      writer.insert();
    }
    writer.rollback();
    writer.update();
    writer.delete();
    writer.commit();
    assertThat(writer.totals()).isEqualTo(new Totals(2, 0, 1)).isEqualTo(database.totals());
  }

  @Test
  void rowsThatSomeoneElseDeletedAreNotCounted() throws SQLException {
    writer.insert();
    writer.commit();
    try (var other = database.database().connect();
        var statement = other.createStatement()) {
      statement.execute("DELETE FROM transactions");
    }
    writer.update();
    writer.commit();
    assertThat(writer.totals()).isEqualTo(new Totals(1, 0, 0));
    writer.update();
    writer.commit();
    assertThat(writer.totals()).as("nothing left to change").isEqualTo(new Totals(2, 0, 0));
  }

  @Test
  void deleteWithoutRowsInsertsOne() throws SQLException {
    writer.delete();
    writer.delete();
    writer.commit();
    assertThat(writer.totals()).isEqualTo(new Totals(1, 0, 1)).isEqualTo(database.totals());
  }

  @Test
  void closeRollsBackAndGivesTheConnectionBack() throws SQLException {
    writer.insert();
    writer.close();
    assertThat(database.connection().isClosed()).isFalse();
    assertThat(database.connection().getAutoCommit()).isTrue();
    assertThat(database.totals()).isEqualTo(Totals.NONE);
    writer = new TransactionWriter(database.connection(), TransactionGenerator.seeded(1));
  }
}
