package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.generator.TransactionSchema;
import io.waltap.testing.Await;
import io.waltap.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The quickstart as a newcomer types it, and as a guest on a server. */
@Timeout(120)
class QuickstartIT {

  private static final String AGREE = "They agree: what was written has arrived.";

  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @Test
  void showsEveryChangeOnAServerOfItsOwn() {
    Run run = Run.of("--duration", "3s");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains(AGREE, "From commit to listener: p50 ");
    assertThat(run.exitCode()).isZero();
    Shown shown = Shown.of(run.out());
    assertThat(shown.written().all()).isBetween(40L, 61L);
    assertThat(shown.lines()).isEqualTo(shown.written()).isEqualTo(shown.received());
  }

  @Test
  void showsWhatTheServerHasAndLeavesNoSlot() {
    Run run = onDatabase("--duration", "5s");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains(AGREE);
    assertThat(run.exitCode()).isZero();
    Shown shown = Shown.of(run.out());
    assertThat(shown.lines()).isEqualTo(shown.written()).isEqualTo(shown.received());
    assertThat(shown.written().inserts() - shown.written().deletes())
        .isEqualTo(Long.parseLong(database.value("SELECT count(*) FROM transactions")))
        .isPositive();
    assertThat(slots()).isEmpty();
  }

  @Test
  void leavesRowsThatExistAndTheTableAsTheyAre() throws SQLException {
    TransactionSchema.apply(database.connection());
    database.execute(
        "INSERT INTO transactions (transaction_id) SELECT 'mine-' || i FROM generate_series(1, 9) i",
        "DROP TRIGGER trigger_record_values_update ON transactions",
        "ALTER TABLE transactions REPLICA IDENTITY DEFAULT");
    Run run = onDatabase("--duration", "2s");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains(AGREE).doesNotContain("READ", "mine-");
    assertThat(run.exitCode()).isZero();
    assertThat(database.value("SELECT count(*) FROM transactions WHERE transaction_id ~ '^mine-'"))
        .isEqualTo("9");
    assertThat(
            database.value(
                "SELECT count(*) FROM pg_trigger WHERE tgname = 'trigger_record_values_update'"))
        .isEqualTo("0");
  }

  @Test
  void endsWithOneWhenTheNumbersDoNotAgree() {
    CompletableFuture<Run> running =
        CompletableFuture.supplyAsync(() -> onDatabase("--duration", "4s"));
    Await.until("the run has its slot", () -> active().size() == 1);
    Await.until("rows are written", () -> rows() > 0);
    database.execute("INSERT INTO transactions (transaction_id) VALUES ('somebody else')");
    Run run = running.orTimeout(60, TimeUnit.SECONDS).join();
    assertThat(run.out())
        .contains("They do not agree: did someone else write to public.transactions meanwhile?");
    assertThat(run.exitCode()).isEqualTo(1);
    Shown shown = Shown.of(run.out());
    assertThat(shown.received().inserts()).isEqualTo(shown.written().inserts() + 1);
    assertThat(slots()).isEmpty();
  }

  @Test
  void anEngineThatFailsEndsARunWithoutEndAndLeavesNoSlot() {
    CompletableFuture<Run> running = CompletableFuture.supplyAsync(() -> onDatabase("--forever"));
    Await.until("the run has its slot", () -> active().size() == 1);
    Await.until("rows are written", () -> rows() > 0);
    database.execute("DROP PUBLICATION " + database.value("SELECT pubname FROM pg_publication"));
    Run run = running.orTimeout(60, TimeUnit.SECONDS).join();
    assertThat(run.err())
        .startsWith("WalTap stopped: The publication ")
        .contains("does not exist", "→ ");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(slots()).isEmpty();
  }

  @Test
  void linesAreNotWiderThanAFile() {
    Run run = Run.of(onDatabaseArguments("--duration", "2s", "--rate", "0"));
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines()).hasSizeGreaterThan(100);
    assertThat(run.out().lines().filter(line -> line.length() > 120)).isEmpty();
  }

  private Run onDatabase(String... more) {
    return Run.of(onDatabaseArguments(more));
  }

  private String[] onDatabaseArguments(String... more) {
    List<String> arguments = new ArrayList<>(List.of("--url", database.url()));
    arguments.addAll(List.of("--user", database.user(), "--password", database.password()));
    arguments.addAll(List.of("--sslmode", "prefer"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private List<String> slots() {
    return List.copyOf(
        database.column(
            "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()"));
  }

  private List<String> active() {
    return List.copyOf(
        database.column(
            "SELECT slot_name FROM pg_replication_slots"
                + " WHERE database = current_database() AND active"));
  }

  private long rows() {
    return Long.parseLong(database.value("SELECT count(*) FROM transactions"));
  }
}
