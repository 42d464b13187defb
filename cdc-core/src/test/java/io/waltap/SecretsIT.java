package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.waltap.config.CdcConfig;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** No log line of any logger at any level, and no message, holds the password. */
class SecretsIT {

  private static final String PASSWORD = "zebra-crossing-4711";

  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Level level = root.getLevel();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private TestDatabase database;

  @BeforeEach
  void listenToEverything() {
    database = TestDatabase.create();
    database.execute(
        "CREATE TABLE item (id int PRIMARY KEY)",
        "CREATE PUBLICATION waltap FOR TABLE item",
        "CREATE ROLE " + database.name() + " LOGIN REPLICATION PASSWORD '" + PASSWORD + "'",
        "GRANT SELECT ON item TO " + database.name());
    root.detachAndStopAllAppenders();
    log.start();
    root.addAppender(log);
    root.setLevel(Level.TRACE);
  }

  @AfterEach
  void restore() throws Exception {
    root.setLevel(level);
    root.detachAppender(log);
    new ch.qos.logback.classic.util.ContextInitializer(root.getLoggerContext()).autoConfig();
    String role = database.name();
    database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    database.close();
  }

  private CdcConfig.Builder config() {
    return CdcConfig.builder()
        .url(database.url())
        .user(database.name())
        .password(PASSWORD)
        .slot(database.name());
  }

  @Test
  void aRunIsSilentAboutThePassword() throws Exception {
    RecordingListener<io.waltap.event.Row> listener = new RecordingListener<>();
    CdcConfig config = config().build();
    try (CdcEngine engine =
        CdcEngine.builder(config)
            .listen(Table.of("public.item"), listener)
            .offsets(new InMemoryOffsetStore())
            .start()) {
      database.execute("INSERT INTO item VALUES (1)");
      listener.await(1);
      assertThat(engine.failure()).isEmpty();
    }
    assertThat(config.toString()).doesNotContain(PASSWORD);
    assertThatLogIsSilent();
    assertThat(lines()).as("Debezium was heard at all levels").hasSizeGreaterThan(100);
  }

  @Test
  void aFailedStartIsSilentAboutThePassword() {
    CdcConfig config = config().publication("nowhere").build();
    assertThatThrownBy(
            () ->
                CdcEngine.builder(config)
                    .listen(Table.of("public.item"), event -> {})
                    .offsets(new InMemoryOffsetStore())
                    .start())
        .isInstanceOf(CdcException.class)
        .hasMessageNotContaining(PASSWORD);
    assertThatLogIsSilent();
  }

  private void assertThatLogIsSilent() {
    assertThat(lines()).noneMatch(line -> line.contains(PASSWORD));
  }

  private List<String> lines() {
    return List.copyOf(log.list).stream()
        .map(
            event ->
                event.getLoggerName()
                    + " "
                    + event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                        ? ""
                        : ThrowableProxyUtil.asString(event.getThrowableProxy())))
        .toList();
  }
}
