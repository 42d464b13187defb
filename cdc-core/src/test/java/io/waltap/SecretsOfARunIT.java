package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.waltap.config.CdcConfig;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.listener.ChangeListener;
import io.waltap.table.Table;
import io.waltap.testing.PasswordServer;
import io.waltap.testing.PostgresServer;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * A whole life of engines with every logger at its lowest level: no line holds the password, and
 * from INFO on none holds a value of a row. The driver logs through {@code java.util.logging}, so
 * that is listened to as well.
 */
class SecretsOfARunIT {

  private static final PostgresServer SERVER = PasswordServer.start(PostgresServer.SETTINGS);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PASSWORD = "zebra crossing/4711&?";
  private static final String WRONG = "lion crossing/4712&?";
  private static final String VALUE = "giraffe-0815";
  private static final Table<Row> ITEMS = Table.of("public.item");

  private record Line(boolean shown, String text) {}

  record Strict(int id, @Nullable String body) {
    Strict {
      if (id == 7) {
        throw new IllegalArgumentException("not allowed: " + body);
      }
    }
  }

  /** Keeps what the driver says. */
  private static final class DriverLog extends Handler {
    final Queue<Line> lines = new ConcurrentLinkedQueue<>();

    @Override
    public void publish(LogRecord line) {
      boolean shown = line.getLevel().intValue() >= java.util.logging.Level.INFO.intValue();
      List<?> parameters =
          line.getParameters() == null ? List.of() : Arrays.asList(line.getParameters());
      lines.add(new Line(shown, line.getMessage() + parameters + trace(line.getThrown())));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @TempDir private Path folder;
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Level level = root.getLevel();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final java.util.logging.Logger driver =
      java.util.logging.Logger.getLogger("org.postgresql");
  private final DriverLog driverLog = new DriverLog();
  private final List<String> told = new ArrayList<>();
  private TestDatabase database;

  @BeforeEach
  void listenToEverything() {
    database = TestDatabase.createOn(SERVER);
    database.execute(
        "CREATE TABLE item (id int PRIMARY KEY, body text)",
        "ALTER TABLE item ALTER body SET STORAGE EXTERNAL",
        "INSERT INTO item VALUES (1, '" + VALUE + "')",
        "CREATE PUBLICATION waltap FOR TABLE item",
        "CREATE ROLE " + database.name() + " LOGIN REPLICATION PASSWORD '" + PASSWORD + "'",
        "GRANT SELECT ON item TO " + database.name());
    root.detachAndStopAllAppenders();
    log.start();
    root.addAppender(log);
    root.setLevel(Level.TRACE);
    driver.addHandler(driverLog);
    driver.setUseParentHandlers(false);
    driver.setLevel(java.util.logging.Level.ALL);
  }

  @AfterEach
  void restore() throws Exception {
    driver.removeHandler(driverLog);
    driver.setUseParentHandlers(true);
    driver.setLevel(null);
    root.setLevel(level);
    root.detachAppender(log);
    new ch.qos.logback.classic.util.ContextInitializer(root.getLoggerContext()).autoConfig();
    String role = database.name();
    database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    database.close();
  }

  private CdcConfig config(String password) {
    return CdcConfig.builder()
        .url(database.url())
        .user(database.name())
        .password(password)
        .slot(database.name())
        .offsetFile(folder.resolve("offset"))
        .build();
  }

  /** Runs an engine until it has processed what the work did, or has failed. */
  private <T> @Nullable Throwable run(
      Table<T> table, ChangeListener<? super T> listener, String password, String... work)
      throws Exception {
    CdcConfig config = config(password);
    told.add(config.toString());
    try (CdcEngine engine = CdcEngine.builder(config).listen(table, listener).start()) {
      Throwable failure =
          catchThrowable(
              () -> {
                assertThat(engine.awaitStreaming(SOON)).isTrue();
                database.execute(work);
                Lsn now = Lsn.parse(database.value("SELECT pg_current_wal_lsn()"));
                assertThat(engine.awaitProcessed(now, SOON)).isTrue();
              });
      told.add(engine.status() + " " + engine.failure());
      Thread.getAllStackTraces().keySet().forEach(thread -> told.add(thread.getName()));
      return failure;
    }
  }

  private static String insert(int id) {
    return "INSERT INTO item VALUES (" + id + ", '" + VALUE + "')";
  }

  @Test
  void aWholeRunIsSilent() throws Exception {
    RecordingListener<Row> reader = new RecordingListener<>();
    assertThatThrownBy(() -> run(ITEMS, reader, WRONG))
        .satisfies(refused -> told.add(trace(refused)))
        .hasMessageContaining("refuses the password");
    assertThat(
            run(
                ITEMS,
                reader,
                PASSWORD,
                insert(2),
                "UPDATE item SET body = repeat('" + VALUE + "', 9999) WHERE id = 2",
                "UPDATE item SET id = 3 WHERE id = 2",
                "DELETE FROM item WHERE id = 3",
                "TRUNCATE item"))
        .isNull();
    ChangeListener<Row> quoting =
        event -> {
          throw new IllegalStateException(event.toString());
        };
    assertThat(run(ITEMS, quoting, PASSWORD, insert(7)))
        .hasMessageContaining("an insert")
        .hasMessageNotContaining(VALUE)
        .hasStackTraceContaining(VALUE);
    Table<Strict> strict = Table.of("public.item", Strict.class);
    assertThat(run(strict, event -> {}, PASSWORD))
        .hasMessageContaining("an insert")
        .hasMessageNotContaining(VALUE);
    Throwable cut =
        run(
            ITEMS,
            reader,
            PASSWORD,
            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active");
    told.add(trace(cut));
    assertThat(run(ITEMS, reader, PASSWORD, insert(8))).isNull();

    List<Line> lines = Stream.concat(slf4j(), driverLog.lines.stream()).toList();
    assertThat(lines).as("all of it was heard").hasSizeGreaterThan(1000);
    assertThat(driverLog.lines).as("the driver too").hasSizeGreaterThan(100);
    for (String secret : secrets()) {
      assertThat(lines).extracting(Line::text).noneMatch(text -> text.contains(secret));
      assertThat(told).noneMatch(text -> text.contains(secret));
    }
    assertThat(lines)
        .filteredOn(Line::shown)
        .extracting(Line::text)
        .as("from INFO on")
        .hasSizeGreaterThan(10)
        .noneMatch(text -> text.contains(VALUE));
  }

  /** As it is, in a URL, and in Base64. */
  private static List<String> secrets() {
    List<String> secrets = new ArrayList<>();
    for (String password : List.of(PASSWORD, WRONG)) {
      byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
      String inUrl = URLEncoder.encode(password, StandardCharsets.UTF_8);
      secrets.addAll(
          List.of(
              password,
              inUrl,
              inUrl.replace("+", "%20"),
              Base64.getEncoder().encodeToString(bytes)));
    }
    return secrets;
  }

  private Stream<Line> slf4j() {
    return List.copyOf(log.list).stream()
        .map(
            line ->
                new Line(
                    line.getLevel().isGreaterOrEqual(Level.INFO),
                    line.getThreadName()
                        + line.getFormattedMessage()
                        + (line.getThrowableProxy() == null
                            ? ""
                            : ThrowableProxyUtil.asString(line.getThrowableProxy()))));
  }

  private static String trace(@Nullable Throwable thrown) {
    StringWriter text = new StringWriter();
    if (thrown != null) {
      thrown.printStackTrace(new PrintWriter(text, true));
    }
    return Objects.toString(text);
  }
}
