package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Delete;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.listener.EngineState;
import io.waltap.testing.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Items, and engines that deliver them in one of the ways that there are. */
abstract class ListenedItems extends Leftovers {

  static final Duration HOUR = Duration.ofHours(1);
  static final Duration SHORT = Duration.ofSeconds(1);

  CdcEngine.Builder builder() {
    return CdcEngine.builder(config().build());
  }

  static CdcEngine running(CdcEngine.Builder builder) throws InterruptedException {
    CdcEngine engine = builder.start();
    assertThat(engine.awaitStreaming(SOON)).isTrue();
    return engine;
  }

  /** Commits statements together. */
  void transaction(String... statements) throws SQLException {
    try (Connection connection = database.connect();
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String statement : statements) {
        sql.execute(statement);
      }
      connection.commit();
    }
  }

  void awaitWorking(CdcEngine engine, int changes) {
    Await.until(
        changes + " changes wait or are at work (now " + engine.status().backlog().working() + ")",
        () -> engine.status().backlog().working() == changes);
  }

  void awaitState(CdcEngine engine, EngineState state) {
    Await.until("it is " + state, () -> engine.state() == state);
  }

  void endWalSender() {
    database.execute(
        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '"
            + database.name()
            + "'");
  }

  /** Cuts the line, and waits until the engine knows. */
  void cut(CdcEngine engine) {
    endWalSender();
    awaitState(engine, EngineState.RECONNECTING);
  }

  static int id(ChangeEvent<Item> event) {
    return event instanceof Delete<Item> delete
        ? Integer.parseInt(delete.key().getString("id"))
        : after(event).id();
  }

  static Item after(ChangeEvent<Item> event) {
    if (event instanceof Read<Item> read) {
      return read.after();
    }
    return event instanceof Insert<Item> insert ? insert.after() : ((Update<Item>) event).after();
  }

  static List<Integer> ids(List<? extends ChangeEvent<?>> events) {
    return events.stream().map(ListenedItems::itemId).toList();
  }

  @SuppressWarnings("unchecked") // of the table of items
  private static int itemId(ChangeEvent<?> event) {
    return id((ChangeEvent<Item>) event);
  }

  static Integer[] numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toArray(Integer[]::new);
  }
}
