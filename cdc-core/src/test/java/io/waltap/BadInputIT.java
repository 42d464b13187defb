package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waltap.config.CdcConfig;
import io.waltap.preflight.Problem;
import io.waltap.table.Table;
import io.waltap.testing.TestDatabase;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a start says when something is wrong. That every single problem is found, and that its
 * remedy mends it, is shown in {@code internal.preflight}; here, that a start tells them all and
 * leaves nothing.
 */
class BadInputIT {

  record Payment(UUID id, BigDecimal amount, String payee) {}

  @TempDir private Path folder;
  private TestDatabase database;

  @BeforeEach
  void createTables() {
    database = TestDatabase.create();
    database.execute(
        "CREATE TABLE payment (id bigint PRIMARY KEY, amount numeric)",
        "CREATE TABLE note (body text)",
        "CREATE ROLE " + database.name() + " LOGIN",
        "GRANT SELECT ON payment TO " + database.name());
  }

  @AfterEach
  void drop() {
    String role = database.name();
    database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    database.close();
  }

  @Test
  void everythingThatIsWrongIsToldAtOnceAndCanBeMendedAtOnce() throws Exception {
    Path notADirectory = Files.createFile(folder.resolve("file"));
    CdcConfig config =
        CdcConfig.builder()
            .url(database.url())
            .user(database.name())
            .password("secret-4711")
            .slot(database.name())
            .offsetFile(notADirectory.resolve("offset"))
            .build();
    CdcEngine.Builder builder =
        CdcEngine.builder(config)
            .listen(Table.of("public.payment", Payment.class), event -> {})
            .listen(Table.of("public.note"), event -> {})
            .listen(Table.of("public.paymnet"), event -> {});

    CdcException refused = catchThrowableOfType(CdcException.class, builder::start);

    System.out.println(refused.getMessage());
    assertThat(refused)
        .hasMessageStartingWith("WalTap cannot start:\n")
        .hasMessageContaining("ALTER ROLE " + database.name() + " WITH REPLICATION;")
        .hasMessageContaining("CREATE PUBLICATION waltap FOR TABLE")
        .hasMessageContaining("public.paymnet")
        .hasMessageContaining("public.payment")
        .hasMessageContaining("ALTER TABLE public.note REPLICA IDENTITY FULL;")
        .hasMessageContaining("GRANT SELECT ON public.note TO " + database.name() + ";")
        .hasMessageContaining("component id")
        .hasMessageContaining("component payee")
        .hasMessageContaining(notADirectory.toString())
        .hasMessageNotContaining("secret-4711");
    assertThat(refused.problems()).hasSizeGreaterThanOrEqualTo(8);
    assertThat(database.column("SELECT slot_name FROM pg_replication_slots"))
        .doesNotContain(database.name());
    assertThat(refused.problems()).extracting(Problem::remedy).doesNotContain("");
  }

  @Test
  void anEngineWithoutListenersSaysSo() {
    CdcConfig config = CdcConfig.postgres(database.url(), database.user(), database.password());
    CdcException refused =
        catchThrowableOfType(CdcException.class, () -> CdcEngine.builder(config).start());
    assertThat(refused.problems()).extracting(Problem::what).contains("No table is listened to.");
  }
}
