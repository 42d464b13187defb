package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.deadletter.JdbcDeadLetters;
import io.waltap.deadletter.JdbcDeadLetters.DeadLetter;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Delete;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.EngineState;
import io.waltap.listener.FailureHandler;
import io.waltap.listener.FailureHandler.Action;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fail, park, mend, replay: in order, and across restarts. */
class DeadLettersIT extends ItemTable {

  private final Set<Integer> poison = ConcurrentHashMap.newKeySet();
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final ChangeListener<Item> listener = this::take;
  private JdbcDeadLetters letters;

  @BeforeEach
  void openLetters() {
    letters =
        JdbcDeadLetters.builder(database::connect, "items").table("letters").createTable().build();
  }

  @AfterEach
  void closeLetters() {
    letters.close();
  }

  private void take(ChangeEvent<Item> change) {
    String what = name(change);
    int id = Integer.parseInt(what.replaceAll("\\D", ""));
    if (poison.contains(id)) {
      throw new IllegalStateException("cannot take " + what);
    }
    taken.add(what);
  }

  private static String name(ChangeEvent<Item> change) {
    if (change instanceof Insert<Item> insert) {
      return "insert " + insert.after().id();
    } else if (change instanceof Update<Item> update) {
      return "update " + update.after().id();
    } else if (change instanceof Delete<Item> delete) {
      return "delete " + delete.key().getInteger("id");
    }
    return change.operation().name();
  }

  private CdcEngine engine(int workers) throws InterruptedException {
    CdcEngine.Builder builder =
        CdcEngine.builder(config().build()).deadLetters(letters).listen(ITEMS, listener);
    builder = workers > 0 ? builder.workers(workers) : builder;
    CdcEngine engine = builder.onFailure(failure -> Action.park()).start();
    assertThat(engine.awaitStreaming(SOON)).isTrue();
    return engine;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  void laterChangesOfTheKeyWaitAndComeInOrderAfterARestart(int workers) throws Exception {
    poison.add(2);
    try (CdcEngine engine = engine(workers)) {
      database.execute(
          "INSERT INTO item VALUES (1, 1), (2, 1), (3, 1)",
          "UPDATE item SET price = price + 1",
          "DELETE FROM item WHERE id = 2");
      awaitProcessed(engine);
      assertThat(taken).hasSize(4).doesNotContain("insert 2", "update 2", "delete 2");
      assertThat(engine.status().parked()).isEqualTo(3);
      assertThat(engine.state()).isEqualTo(EngineState.STREAMING);
    }
    assertThat(letters.list(10))
        .extracting(letter -> letter.change().operation().name())
        .containsExactly("INSERT", "UPDATE", "DELETE");
    assertThat(letters.list(10).get(0).error()).contains("cannot take insert 2");
    awaitFreeSlot();
    poison.clear();
    taken.clear();
    try (CdcEngine engine = engine(workers)) {
      database.execute("INSERT INTO item VALUES (2, 5)"); // behind the others, also after a restart
      awaitProcessed(engine);
      assertThat(taken).isEmpty();
      assertThat(engine.replayAll()).isEqualTo(4);
      assertThat(taken).containsExactly("insert 2", "update 2", "delete 2", "insert 2");
      database.execute("UPDATE item SET price = 9 WHERE id = 2"); // nothing to wait for
      awaitProcessed(engine);
      assertThat(taken).hasSize(5).endsWith("update 2");
      assertThat(letters.count()).isZero();
    }
  }

  @Test
  void aReplayThatFailsKeepsItsPlaceAndADiscardedLetterLetsTheKeyGoOn() throws Exception {
    poison.add(1);
    try (CdcEngine engine = engine(0)) {
      database.execute("INSERT INTO item VALUES (1, 1)", "UPDATE item SET price = 2");
      awaitProcessed(engine);
      DeadLetter update = letters.list(10).get(1);
      assertThat(engine.replay(update)).as("the insert before it fails").isFalse();
      assertThat(letters.list(10)).hasSize(2);
      assertThat(letters.list(10).get(0).attempts()).isEqualTo(2);
      assertThat(letters.discard(letters.list(10).get(0))).isTrue();
      poison.clear();
      assertThat(engine.replay(update)).isTrue();
      assertThat(taken).containsExactly("update 1");
    }
  }

  @Test
  void whatIsParkedAloneHoldsUpNothing() throws Exception {
    poison.add(1);
    try (CdcEngine engine =
        CdcEngine.builder(config().build())
            .deadLetters(letters)
            .listen(ITEMS, listener)
            .onFailure(failure -> Action.parkAlone())
            .start()) {
      database.execute("INSERT INTO item VALUES (1, 1)");
      awaitProcessed(engine);
      poison.clear();
      database.execute("UPDATE item SET price = 2");
      awaitProcessed(engine);
      assertThat(taken).containsExactly("update 1");
      assertThat(engine.replayAll()).isEqualTo(1);
      assertThat(taken).containsExactly("update 1", "insert 1");
    }
  }

  @Test
  void aChangedKeyCarriesTheQueueAlong() throws Exception {
    poison.add(1);
    try (CdcEngine engine = engine(4)) {
      database.execute(
          "INSERT INTO item VALUES (1, 1)",
          "UPDATE item SET id = 7",
          "UPDATE item SET price = 3",
          "INSERT INTO item VALUES (8, 1)");
      awaitProcessed(engine);
      assertThat(taken).containsExactly("insert 8");
      poison.clear();
      assertThat(engine.replayAll()).isEqualTo(3);
      assertThat(taken).containsExactly("insert 8", "insert 1", "update 7", "update 7");
    }
  }

  @Test
  void withoutDeadLettersAParkStopsTheEngineWithASentence() throws Exception {
    poison.add(1);
    CdcEngine engine =
        CdcEngine.builder(config().build())
            .listen(ITEMS, listener)
            .onFailure(failure -> Action.park())
            .start();
    database.execute("INSERT INTO item VALUES (1, 1)");
    assertThatThrownBy(engine::awaitStopped)
        .isInstanceOf(CdcException.class)
        .hasMessageContaining("deadLetters(...)");
    assertThatThrownBy(engine::replayAll).hasMessageContaining("deadLetters(...)");
  }

  @Test
  void everyParkedChangeIsToldToTheHandler() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    poison.add(1);
    FailureHandler handler =
        new FailureHandler() {
          @Override
          public Action onFailure(Failure failure) {
            return Action.park();
          }

          @Override
          public void onSetAside(Failure failure, Action action) {
            told.add(failure.change().operation() + " " + failure.attempts());
          }
        };
    try (CdcEngine engine =
        CdcEngine.builder(config().build())
            .deadLetters(letters)
            .listen(ITEMS, listener)
            .onFailure(handler)
            .start()) {
      database.execute("INSERT INTO item VALUES (1, 1)", "UPDATE item SET price = 2");
      awaitProcessed(engine);
      assertThat(told).containsExactly("INSERT 1", "UPDATE 0");
    }
  }
}
