package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.event.Lsn;
import io.waltap.generator.audit.DeliveryRecorder;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way on the command line: a ledger, a workload, a consumer, and the audit of it. */
class AuditCommandIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private TestDatabase database;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Run run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--url", database.url(), "--user", database.user()));
    all.addAll(List.of(arguments));
    return Run.in(Map.of("PGPASSWORD", database.password()), all.toArray(String[]::new));
  }

  private void recordWhileWriting(Path recording) throws Exception {
    CdcConfig config =
        CdcConfig.builder()
            .url(database.url())
            .user(database.user())
            .password(database.password())
            .slot(database.name())
            .build();
    try (DeliveryRecorder recorder = DeliveryRecorder.open(recording);
        CdcEngine engine =
            CdcEngine.builder(config)
                .offsets(new InMemoryOffsetStore())
                .listenAll(recorder)
                .start()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      assertThat(run("--count", "500").exitCode()).isZero();
      Lsn now = Lsn.parse(database.value("SELECT pg_current_wal_insert_lsn()"));
      assertThat(engine.awaitProcessed(now, SOON)).isTrue();
    }
  }

  @Test
  void aWorkloadIsAuditedAndADefectHasAnExitCode() throws Exception {
    assertThat(run("--count", "10").exitCode()).isZero();
    Run ledger = run("ledger", "public.transactions");
    assertThat(ledger.err()).isEmpty();
    assertThat(ledger.out()).contains("The ledger notes what commits from ");
    Path recording = folder.resolve("recording");
    recordWhileWriting(recording);

    Run clean = run("audit", recording.toString());
    assertThat(clean.exitCode()).as(clean.out() + clean.err()).isZero();
    assertThat(clean.out())
        .contains("500 changes committed, 500 delivered")
        .contains(" and 0 restarts");

    List<String> lines = new ArrayList<>(Files.readAllLines(recording));
    lines.remove(lines.size() - 5);
    Files.write(recording, lines);
    Run spoilt = run("audit", recording.toString());
    assertThat(spoilt.exitCode()).isEqualTo(3);
    theReportIsWrittenAsHtml(recording);
    assertThat(spoilt.out()).containsPattern("missing +1\\R").contains(" was not delivered.");

    assertThat(run("ledger", "--remove", "public.transactions"))
        .matches(run -> run.exitCode() == 2 && run.err().contains("removes the ledger of all"));
    assertThat(run("audit", recording.toString()).exitCode()).isEqualTo(3); // it is still there
    assertThat(run("ledger", "--remove").exitCode()).isZero();
  }

  private void theReportIsWrittenAsHtml(Path recording) throws Exception {
    Path html = folder.resolve("report.html");
    Run written = run("audit", recording.toString(), "--html", html.toString());
    assertThat(written.exitCode()).isEqualTo(3);
    assertThat(html)
        .content()
        .contains("Defects: 1 missing.", " was not delivered.", "data:image/png;base64,");
    Run refused = run("audit", recording.toString(), "--html", folder.toString());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err())
        .isEqualToIgnoringNewLines(
            "The report cannot be written to " + folder + ": choose another file for --html.");
  }

  @Test
  void aLineOfJsonThatWasCutShortIsNamed() throws Exception {
    assertThat(run("--count", "1").exitCode()).isZero();
    assertThat(run("ledger", "public.transactions").exitCode()).isZero();
    Path cut = folder.resolve("cut.jsonl");
    Files.writeString(cut, "{\"restarted\":true}\n{\"operation\":\"ins");
    Run audit = run("audit", cut.toString());
    assertThat(audit.exitCode()).isEqualTo(1);
    assertThat(audit.err()).startsWith("Line 2 of " + cut + ", the last one, was cut short:");
    assertThat(audit.err().lines()).hasSize(1);
  }

  @Test
  void whatIsNotThereIsSaid() throws Exception {
    assertThat(run("audit", folder.resolve("none").toString()))
        .matches(run -> run.exitCode() == 2 && run.err().contains("There is no file"));
    Path empty = Files.createFile(folder.resolve("empty"));
    assertThat(run("audit", empty.toString()))
        .matches(run -> run.exitCode() == 1 && run.err().contains("There is no ledger"));
    assertThat(run("ledger", "nonsense"))
        .matches(run -> run.exitCode() == 2 && run.err().contains("schema.table"));
    assertThat(run("ledger", "public.nothing"))
        .matches(run -> run.exitCode() == 1 && run.err().contains("correct public.nothing"));
    assertThat(run("ledger", "nowhere.nothing"))
        .matches(run -> run.exitCode() == 1 && run.err().contains("correct nowhere.nothing"));
    database.execute("CREATE VIEW seen AS SELECT 1 AS one");
    assertThat(run("ledger", "public.seen"))
        .matches(run -> run.exitCode() == 1 && run.err().contains(" did not do it ("));
    assertThat(run("ledger"))
        .matches(run -> run.exitCode() == 1 && run.err().contains("name the tables"));
    assertThat(run("audit", folder.toString()))
        .matches(run -> run.exitCode() == 2 && run.err().contains("There is no file"));
    assertThat(run("audit", empty.toString(), "--examples", "-1"))
        .matches(run -> run.exitCode() == 2 && run.err().contains("--examples cannot be -1"));
    for (String command : List.of("audit " + empty, "ledger")) {
      List<String> all = new ArrayList<>(List.of("--url", "jdbc:mysql://h/d", "--user", "u"));
      all.addAll(List.of(command.split(" ", -1)));
      assertThat(Run.of(all.toArray(String[]::new)))
          .matches(run -> run.exitCode() == 2 && run.err().contains("is not one of PostgreSQL"));
    }
  }
}
