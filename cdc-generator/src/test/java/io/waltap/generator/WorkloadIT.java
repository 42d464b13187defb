package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.testing.Await;
import io.waltap.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkloadIT {

  private AuditedDatabase database;

  @BeforeEach
  void open() throws SQLException {
    database = new AuditedDatabase();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void totalsAreThoseOfTheServer() throws SQLException {
    Totals totals = Workload.builder().seed(3).count(1_005).build().run(database.connection());
    assertThat(totals.all()).isEqualTo(1_005);
    assertThat(totals).isEqualTo(database.totals());
    assertThat(database.number("SELECT count(*) FROM transactions"))
        .isEqualTo(totals.inserts() - totals.deletes());
    assertThat(totals.updates()).isBetween(150L, 250L);
    assertThat(totals.deletes()).isBetween(60L, 140L);
  }

  @Test
  void transactionsHaveTheSizeThatWasAskedFor() throws SQLException {
    Workload.builder().count(25).rowsPerTransaction(10).build().run(database.connection());
    assertThat(
            database
                .database()
                .column("SELECT count(*) FROM audit GROUP BY transaction ORDER BY min(id)"))
        .containsExactly("10", "10", "5");
  }

  @Test
  void sameSeedWritesTheSameRows() throws SQLException {
    String rows =
        "SELECT md5(string_agg(concat_ws('|', transaction_id, user_id, \"timestamp\", amount, city,"
            + " voucher_code), ',' ORDER BY transaction_id)) FROM transactions";
    Workload.builder().seed(9).count(300).build().run(database.connection());
    String first = database.database().value(rows);
    database.database().execute("TRUNCATE transactions");
    Workload.builder().seed(9).count(300).build().run(database.connection());
    assertThat(database.database().value(rows)).isEqualTo(first);
  }

  @Test
  void holdsTheRateForTheDuration() throws SQLException {
    long begin = System.nanoTime();
    Totals totals =
        Workload.builder()
            .rate(200)
            .duration(Duration.ofSeconds(1))
            .build()
            .run(database.connection());
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(1));
    assertThat(totals.all()).isBetween(100L, 200L);
  }

  @Test
  void tellsTheTotalsAfterEachCommit() throws SQLException {
    List<Long> told = new ArrayList<>();
    Workload.builder()
        .count(30)
        .onCommit(totals -> told.add(totals.all()))
        .build()
        .run(database.connection());
    assertThat(told).containsExactly(10L, 20L, 30L);
  }

  @Test
  void stopEndsAnEndlessRunThatWaitsForItsNextRow() throws Exception {
    Workload workload = Workload.builder().rate(0.001).rowsPerTransaction(1).build();
    Thread stopper =
        new Thread(
            () -> {
              Await.until("a row is there", () -> workload.totals().all() == 1);
              workload.stop();
            });
    stopper.start();
    assertThat(workload.run(database.connection())).isEqualTo(new Totals(1, 0, 0));
    stopper.join();
  }

  @Test
  void interruptEndsTheRunAndStaysSet() throws SQLException {
    Workload workload =
        Workload.builder().onCommit(totals -> Thread.currentThread().interrupt()).build();
    Totals totals = workload.run(database.connection());
    assertThat(Thread.interrupted()).isTrue();
    assertThat(totals.all()).isEqualTo(10);
    assertThat(totals).isEqualTo(database.totals());
  }

  @Test
  void failedTransactionIsRolledBackAndNotCounted() throws SQLException {
    TestDatabase tables = database.database();
    tables.execute(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF (SELECT count(*) FROM transactions) >= 25 THEN RAISE EXCEPTION 'full'; END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON transactions
          FOR EACH ROW EXECUTE FUNCTION refuse()""");
    Workload workload = Workload.builder().count(100).mix(new Mix(1, 0, 0)).build();
    assertThatThrownBy(() -> workload.run(database.connection())).hasMessageContaining("full");
    assertThat(workload.totals()).isEqualTo(new Totals(20, 0, 0)).isEqualTo(database.totals());
  }

  @Test
  void runsOnlyOnce() throws SQLException {
    Workload workload = Workload.builder().count(1).build();
    workload.run(database.connection());
    assertThatIllegalStateException()
        .isThrownBy(() -> workload.run(database.connection()))
        .withMessage("This workload ran before: build another one.");
  }
}
