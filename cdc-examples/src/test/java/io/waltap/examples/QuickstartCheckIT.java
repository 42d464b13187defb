package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.generator.TransactionSchema;
import io.waltap.testing.TestDatabase;
import java.sql.SQLException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code --check}: a report that people read, and an exit code for scripts. */
@Timeout(60)
class QuickstartCheckIT {

  private TestDatabase database;

  @BeforeEach
  void createDatabase() throws SQLException {
    database = TestDatabase.create();
    TransactionSchema.apply(database.connection());
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  private Run check(String... more) {
    String[] args = {
      "--check",
      "--url",
      database.url(),
      "--user",
      database.user(),
      "--password",
      database.password(),
      "--slot",
      database.name()
    };
    String[] all = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return Run.of(all);
  }

  @Test
  void saysThatAnEngineCouldStartAndStartsNone() {
    Run run = check();

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out())
        .startsWith("WalTap can start: no errors, no warnings.\n")
        .contains("publication  waltap, insert, update, delete, truncate of 1 table\n")
        .contains("table        public.transactions, replica identity full, key (transaction_id)");
    assertThat(database.column("SELECT slot_name FROM pg_replication_slots"))
        .doesNotContain(database.name());
    assertThat(database.value("SELECT count(*) FROM transactions")).isEqualTo("0");
  }

  @Test
  void saysWhatKeepsAnEngineFromStarting() {
    database.execute("ALTER TABLE transactions REPLICA IDENTITY NOTHING");

    Run run = check();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("WalTap cannot start: 1 error, 1 warning.\n")
        .contains(
            "[REPLICA_IDENTITY]\n    → ALTER TABLE public.transactions REPLICA IDENTITY FULL;");
    database.execute("ALTER TABLE public.transactions REPLICA IDENTITY FULL");
    assertThat(check().exitCode()).isZero();
  }

  @Test
  void checksAnotherPublication() {
    Run run = check("--publication", "other");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("The publication other does not exist. [PUBLICATION_MISSING]");
  }

  @Test
  void reportsAServerThatIsNotThere() {
    Run run = Run.of("--check", "--url", "jdbc:postgresql://localhost:1/db", "--user", "me");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("[SERVER_UNREACHABLE]").doesNotContain("\tat ");
  }
}
