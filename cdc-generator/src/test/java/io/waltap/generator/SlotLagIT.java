package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.testing.Await;
import io.waltap.testing.TestDatabase;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlotLagIT {

  private TestDatabase database;

  @BeforeEach
  void createSlot() {
    database = TestDatabase.create();
    database.execute(
        "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(database.name()));
  }

  @AfterEach
  void dropSlot() {
    database.execute("SELECT pg_drop_replication_slot('%s')".formatted(database.name()));
    database.close();
  }

  @Test
  void growsWithWhatIsWrittenAndNotConfirmed() throws SQLException {
    try (SlotLag lag = new SlotLag(database.connect(), database.name())) {
      long before = kilobytes(lag.words());
      database.execute("SELECT pg_logical_emit_message(false, 'bulk', repeat('x', 1000000))");
      Await.until("the lag has grown", () -> kilobytes(lag.words()) >= before + 900);
    }
  }

  @Test
  void aSlotThatIsDroppedIsAskedForOnceASecondStill() throws SQLException {
    AtomicInteger asked = new AtomicInteger();
    try (SlotLag lag = new SlotLag(counting(database.connect(), asked), database.name())) {
      database.execute(
          "SELECT pg_drop_replication_slot('%s')".formatted(database.name()),
          "SELECT pg_create_physical_replication_slot('%s')".formatted(database.name()));
      Await.until("the slot is missed", () -> lag.words().equals("lag unknown"));
      int before = asked.get();
      long begin = System.nanoTime();
      for (int i = 0; i < 1_000; i++) {
        assertThat(lag.words()).isEqualTo("lag unknown");
      }
      long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
      assertThat(asked.get() - before).isLessThanOrEqualTo((int) seconds + 1);
    }
  }

  private static Connection counting(Connection connection, AtomicInteger asked) {
    return (Connection)
        Proxy.newProxyInstance(
            SlotLagIT.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, args) -> {
              if (method.getName().equals("prepareStatement")) {
                asked.incrementAndGet();
              }
              return method.invoke(connection, args);
            });
  }

  @Test
  void aRunGoesOnAsWithoutIt() {
    Run run = run(database.name());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(database.value("SELECT count(*) FROM transactions")).isEqualTo("50");
  }

  @Test
  void aSlotThatThereIsNotIsRefusedBeforeAnythingIsWritten() {
    Run run = run("typo");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("There is no slot of logical replication 'typo': correct --slot, or start");
    assertThat(database.value("SELECT count(*) FROM transactions")).isEqualTo("0");
  }

  private Run run(String slot) {
    return Run.of(
        "--url",
        database.url(),
        "--user",
        database.user(),
        "--password",
        database.password(),
        "--count",
        "50",
        "--mix",
        "insert=1",
        "--slot",
        slot);
  }

  private static long kilobytes(String words) {
    Matcher matcher = Pattern.compile("([\\d,]+) kB behind").matcher(words);
    assertThat(matcher.matches()).as(words).isTrue();
    return Long.parseLong(matcher.group(1).replace(",", ""));
  }
}
