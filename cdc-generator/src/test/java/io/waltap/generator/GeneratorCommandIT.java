package io.waltap.generator;

import static io.waltap.generator.Run.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.testing.Await;
import io.waltap.testing.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line writes, and what it says of writing that does not succeed. */
@Timeout(60)
class GeneratorCommandIT {

  private static final Pattern LAST_LINE =
      Pattern.compile(
          "Committed ([\\d,]+) rows in [\\d.]+ s \\([\\d,]+ a second\\):"
              + " ([\\d,]+) inserts, ([\\d,]+) updates, ([\\d,]+) deletes\\.\\R");

  @Test
  void createsTheTableWritesAndSaysHowMuch() throws SQLException {
    try (TestDatabase database = TestDatabase.create()) {
      Run run =
          run(database, "--count", "1200", "--seed", "5", "--mix", "insert=6,update=3,delete=1");
      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
      Totals totals = totals(run.out());
      assertThat(totals.all()).isEqualTo(1_200);
      assertThat(rows(database)).isEqualTo(totals.inserts() - totals.deletes());
      assertThat(totals.updates()).isBetween(280L, 440L);
    }
  }

  @Test
  void holdsRateAndDuration() {
    try (TestDatabase database = TestDatabase.create()) {
      Run run = run(database, "--rate", "100", "--duration", "1s", "--rows-per-transaction", "5");
      assertThat(totals(run.out()).all()).isBetween(50L, 100L);
    }
  }

  @Test
  void currencyAndStartReachTheRows() {
    try (TestDatabase database = TestDatabase.create()) {
      Run run =
          run(
              database,
              "--count",
              "20",
              "--mix",
              "insert=1",
              "--currency",
              "EUR,CHF",
              "--seed",
              "1",
              "--start",
              "2001-02-03T04:05:06");
      assertThat(run.exitCode()).isZero();
      assertThat(database.column("SELECT DISTINCT currency FROM transactions ORDER BY 1"))
          .containsExactly("CHF", "EUR");
      assertThat(database.value("SELECT min(\"timestamp\") FROM transactions"))
          .isEqualTo("2001-02-03 04:05:06");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"insert=1", "insert=6,update=4"})
  void dryRunPrintsTheRowsThatARunInserts(String mix) {
    try (TestDatabase database = TestDatabase.create()) {
      List<String> printed =
          Run.of("--dry-run", "--seed", "21", "--count", "60", "--mix", mix)
              .out()
              .lines()
              .skip(1)
              .map(line -> line.replaceFirst("^([^,]*,[^,]*),.*", "$1"))
              .toList();
      Run run = run(database, "--seed", "21", "--count", "60", "--mix", mix);
      assertThat(run.exitCode()).isZero();
      List<String> there =
          database
              .column(
                  "SELECT transaction_id || ',' || user_id FROM transactions"
                      + " ORDER BY \"timestamp\"")
              .stream()
              .map(String::valueOf)
              .toList();
      assertThat(there).hasSizeGreaterThan(20);
      assertThat(there).isEqualTo(printed.subList(0, there.size()));
    }
  }

  @Test
  void timesAreInUtcWhereverItRuns() {
    TimeZone zone = TimeZone.getDefault();
    try (TestDatabase database = TestDatabase.create()) {
      database.apply("01-transactions.sql");
      database.execute("ALTER TABLE transactions ALTER \"timestamp\" TYPE timestamptz");
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
      Run run = run(database, "--seed", "1", "--count", "10", "--mix", "insert=1");
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(database.value("SELECT min(\"timestamp\") AT TIME ZONE 'UTC' FROM transactions"))
          .isEqualTo("2026-01-01 00:00:00");
    } finally {
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void theLastLineIsWhatWasCommittedAlsoAfterRollbacks() {
    try (TestDatabase database = TestDatabase.create()) {
      Run run = run(database, "--seed", "1", "--count", "400", "--rollbacks", "0.3");
      assertThat(run.out()).contains("Rolled back ", "Committed ").hasLineCount(2);
      assertThat(totals(run.out()).all()).isEqualTo(400);
    }
  }

  @Test
  void sameSeedTwiceIsExplained() {
    try (TestDatabase database = TestDatabase.create()) {
      run(database, "--count", "10", "--seed", "1");
      Run again = run(database, "--count", "10", "--seed", "1");
      refused(
          again,
          "A row of this --seed is in public.transactions already: use another --seed or delete"
              + " it.");
      assertThat(totals(again.out())).isEqualTo(Totals.NONE);
    }
  }

  @Test
  void aDuplicateElsewhereIsNotBlamedOnTheSeed() {
    try (TestDatabase database = TestDatabase.create()) {
      database.apply("01-transactions.sql");
      database.execute(
          """
          CREATE TABLE notes (note int PRIMARY KEY);
          CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN INSERT INTO notes VALUES (1); RETURN NULL; END $$;
          CREATE TRIGGER note AFTER INSERT ON transactions FOR EACH ROW EXECUTE FUNCTION note()""");
      Run run = run(database, "--count", "10");
      assertThat(run.err())
          .startsWith("PostgreSQL at ")
          .contains("duplicate key value violates unique constraint \"notes_pkey\"")
          .doesNotContain("--seed")
          .hasLineCount(1);
    }
  }

  @Test
  void anotherTableOfThatNameIsLeftAlone() {
    try (TestDatabase database = TestDatabase.create()) {
      database.execute("CREATE TABLE transactions (transaction_id int PRIMARY KEY)");
      Run run = run(database);
      assertThat(run.err())
          .startsWith("The table public.transactions is not the one of the workload (")
          .contains("transaction_id is of type integer", "amount is missing");
      assertThat(run.exitCode()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"quickstart", "steady", "burst", "bulk-load", "chaos", "wide"})
  void everyPresetWrites(String preset) {
    try (TestDatabase database = TestDatabase.create()) {
      Run run = run(database, "--preset", preset, "--count", "400", "--rate", "1000");
      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
      assertThat(totals(run.out()).all()).isEqualTo(400);
    }
  }

  @Test
  void chaosAltersTheTableAndHoldsTransactionsOpen() {
    try (TestDatabase database = TestDatabase.create()) {
      Run run =
          run(
              database,
              "--preset",
              "chaos",
              "--shape",
              "steady",
              "--rate",
              "0",
              "--count",
              "400",
              "--rows-per-transaction",
              "5",
              "--ddl-every",
              "3",
              "--long-every",
              "4",
              "--long-for",
              "0.02s");
      assertThat(run.err()).isEmpty();
      assertThat(totals(run.out()).all()).isEqualTo(400);
      assertThat(
              database.value(
                  "SELECT count(*) FROM pg_attribute WHERE attrelid = 'transactions'::regclass"
                      + " AND attname LIKE 'generator%'"))
          .isEqualTo("1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows", "batch", "copy"})
  void fullDiskIsNamedAndOnlyCommittedRowsCount(String insert) {
    try (TestDatabase database = TestDatabase.create()) {
      run(database, "--count", "10");
      database.execute(
          """
          CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            IF (SELECT count(*) FROM transactions) >= 35 THEN
              RAISE EXCEPTION 'could not extend file: No space left on device'
                USING ERRCODE = '53100';
            END IF;
            RETURN NEW;
          END $$;
          CREATE TRIGGER refuse BEFORE INSERT ON transactions
            FOR EACH ROW EXECUTE FUNCTION refuse()""");
      long before = rows(database);
      Run run = run(database, "--mix", "insert=1", "--insert", insert);
      assertThat(run.err())
          .matches(
              "The disk of \\S+ is full \\(could not extend file: No space left on device\\):"
                  + " free some, such as WAL that an idle replication slot holds\\.\\R");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(totals(run.out()).inserts()).isEqualTo(rows(database) - before).isPositive();
    }
  }

  @Test
  void serverThatStopsInTheMiddleIsNamedAndOnlyCommittedRowsCount(@TempDir Path folder)
      throws Exception {
    CompletableFuture<Run> running;
    try (EmbeddedPostgres server = start(folder)) {
      String[] args = {
        "--url",
        url(server),
        "--user",
        "postgres",
        "--duration",
        "1h",
        "--rate",
        "500",
        "--mix",
        "insert=1",
        "--writers",
        "2"
      };
      running = CompletableFuture.supplyAsync(() -> Run.of(args));
      Await.until("rows are written", () -> written(server) > 100);
    }
    Run run = running.get(30, TimeUnit.SECONDS);
    assertThat(run.err())
        .startsWith("The connection to ")
        .endsWith("look at the server and start again." + System.lineSeparator())
        .hasLineCount(1);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("Each writer may have committed one transaction more, whose answer was lost.");
    try (EmbeddedPostgres again = start(folder)) {
      long there = written(again);
      // Each writer may have lost the answer to one commit.
      assertThat(totals(run.out()).inserts()).isBetween(there - 20, there).isGreaterThan(100);
    }
  }

  private static EmbeddedPostgres start(Path folder) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(folder)
        .setCleanDataDirectory(false)
        .setServerConfig("wal_level", "logical")
        .start();
  }

  private static String url(EmbeddedPostgres server) {
    return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
  }

  private static long written(EmbeddedPostgres server) {
    try (Connection connection = DriverManager.getConnection(url(server), "postgres", "postgres");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM transactions")) {
      return rows.next() ? rows.getLong(1) : 0;
    } catch (SQLException e) {
      return 0;
    }
  }

  @Test
  void signalEndsTheRunAfterItsTransactionWithTheTotals(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("out");
    try (TestDatabase database = TestDatabase.create()) {
      TransactionSchema.apply(database.connection());
      Process process =
          inItsOwnJvm(out, database, "--duration", "1h", "--rate", "500", "--mix", "insert=1");
      Await.until("rows are written", () -> rows(database) > 50);
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
      assertThat(totals(Files.readString(out)).inserts())
          .isEqualTo(rows(database))
          .isGreaterThan(50);
    }
  }

  @Test
  void signalEndsARunThatHangsWithTheTotals(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("out");
    try (TestDatabase database = TestDatabase.create();
        Connection other = database.connect();
        Statement lock = other.createStatement()) {
      TransactionSchema.apply(database.connection());
      Process process =
          inItsOwnJvm(out, database, "--duration", "1h", "--rate", "500", "--mix", "insert=1");
      Await.until("rows are written", () -> rows(database) > 50);
      other.setAutoCommit(false);
      lock.execute("LOCK TABLE transactions IN SHARE MODE");
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(totals(Files.readString(out)).inserts()).isEqualTo(rows(database));
    }
  }

  private static Process inItsOwnJvm(Path out, TestDatabase database, String... more)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp")); // it does not live long
    command.add(System.getProperty("java.class.path"));
    command.add(GeneratorMain.class.getName());
    command.addAll(List.of(arguments(database, more)));
    return new ProcessBuilder(command)
        .redirectOutput(out.toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static Run run(TestDatabase database, String... more) {
    return Run.of(arguments(database, more));
  }

  private static String[] arguments(TestDatabase database, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--url", database.url(), "--user", database.user()));
    arguments.addAll(List.of("--password", database.password()));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private static Totals totals(String out) {
    Matcher line = LAST_LINE.matcher(out.substring(out.stripTrailing().lastIndexOf('\n') + 1));
    assertThat(line.matches()).as(out).isTrue();
    Totals totals = new Totals(number(line, 2), number(line, 3), number(line, 4));
    assertThat(totals.all()).isEqualTo(number(line, 1));
    return totals;
  }

  private static long number(Matcher line, int group) {
    return Long.parseLong(line.group(group).replace(",", ""));
  }

  private static long rows(TestDatabase database) {
    return Long.parseLong(String.valueOf(database.value("SELECT count(*) FROM transactions")));
  }
}
