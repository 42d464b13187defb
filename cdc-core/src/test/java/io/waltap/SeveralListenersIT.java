package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.ChangeEvent;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.listener.FailureHandler;
import io.waltap.listener.FailureHandler.Action;
import io.waltap.table.Table;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets what when there are several listeners, or some that want only a part. */
@Timeout(120)
class SeveralListenersIT extends ListenedItems {

  private static final Table<Row> ROWS = Table.of("public.item");

  private final List<String> told = new CopyOnWriteArrayList<>();

  @BeforeEach
  void createOther() {
    database.execute(
        "CREATE TABLE other (id int PRIMARY KEY, a text, \"B c\" text)",
        "ALTER TABLE other REPLICA IDENTITY FULL",
        "ALTER PUBLICATION waltap ADD TABLE other");
  }

  private void tell(String who, ChangeEvent<?> change) {
    told.add(who + " " + change.operation() + " " + change.table().name());
  }

  @Test
  void eachListenerOfATableGetsEachChangeInTheOrderNamed() throws Exception {
    CdcEngine.Builder builder =
        builder()
            .listen(ITEMS, change -> tell("a" + after(change).id(), change))
            .listenAll(change -> tell("rest", change))
            .listen(ROWS, change -> tell("b", change))
            .listenAll(change -> tell("rest too", change));
    try (CdcEngine engine = running(builder)) {
      transaction(
          "INSERT INTO item VALUES (1, 1, '')",
          "INSERT INTO other VALUES (1, '', '')",
          "INSERT INTO item VALUES (2, 1, '')");
      awaitProcessed(engine);
      assertThat(engine.status().delivered()).isEqualTo(6);
    }
    assertThat(told)
        .containsExactly(
            "a1 INSERT item",
            "b INSERT item",
            "rest INSERT other",
            "rest too INSERT other",
            "a2 INSERT item",
            "b INSERT item");
  }

  @Test
  void oneThatRefusesKeepsThePositionForAllOfThem() throws Exception {
    CdcEngine.Builder builder =
        builder()
            .listen(ITEMS, change -> tell("a", change))
            .listen(
                ITEMS,
                change -> {
                  throw new IllegalStateException("refused");
                });
    try (CdcEngine engine = running(builder)) {
      insert(1, 2);
      assertThatThrownBy(engine::awaitStopped)
          .hasMessageContaining("The listener of public.item #2 did not accept an insert");
    }
    assertThat(told).containsExactly("a INSERT item");
    assertThat(redelivered()).containsExactly(1, 2);
  }

  private static final String[] EVERYTHING = {
    "INSERT INTO item VALUES (1, 1, 'a')",
    "UPDATE item SET price = 2",
    "DELETE FROM item",
    "TRUNCATE item"
  };

  @Test
  void onlyTheOperationsThatWereAskedForAreDelivered() throws Exception {
    database.execute("INSERT INTO item VALUES (9, 9, '')");
    CdcEngine.Builder builder =
        builder()
            .listen(ITEMS, change -> tell("new", change))
            .only(Operation.INSERT, Operation.READ)
            .listen(ITEMS, change -> tell("gone", change))
            .only(Operation.DELETE, Operation.TRUNCATE)
            .workers(2)
            .listenInBatches(ITEMS, changes -> changes.forEach(c -> tell("batch", c)))
            .only(Operation.UPDATE)
            .onTransaction(t -> t.changes().forEach(c -> tell("unit", c)), ITEMS)
            .only(Operation.TRUNCATE);
    try (CdcEngine engine = running(builder)) {
      database.execute("DELETE FROM item");
      database.execute(EVERYTHING);
      awaitProcessed(engine);
    }
    assertThat(told)
        .containsExactlyInAnyOrder(
            "new READ item",
            "gone DELETE item",
            "new INSERT item",
            "batch UPDATE item",
            "gone DELETE item",
            "gone TRUNCATE item",
            "unit TRUNCATE item");
  }

  /** What a listener that wants changes of some columns is told of statements. */
  private List<String> told(UnaryOperator<CdcEngine.Builder> columns, String... statements)
      throws InterruptedException {
    told.clear();
    CdcEngine.Builder all =
        builder()
            .listen(
                Table.of("public.other"),
                change ->
                    told.add(
                        change instanceof ChangeEvent.Update<Row> update
                            ? "UPDATE " + update.after().getString("id")
                            : change.operation().name()));
    try (CdcEngine engine = running(columns.apply(all))) {
      database.execute(statements);
      awaitProcessed(engine);
    }
    awaitFreeSlot();
    return List.copyOf(told);
  }

  @Test
  void anUpdateIsDeliveredOnlyIfItChangedAColumnThatCounts() throws Exception {
    assertThat(
            told(
                builder -> builder.whenChanged("a", "B c"),
                "INSERT INTO other VALUES (1, 'x', 'y'), (2, NULL, NULL)",
                "UPDATE other SET id = 3 WHERE id = 1",
                "UPDATE other SET a = 'x'  WHERE id = 3",
                "UPDATE other SET a = NULL WHERE id = 3",
                "UPDATE other SET a = NULL WHERE id = 3",
                "UPDATE other SET a = '' WHERE id = 2",
                "UPDATE other SET \"B c\" = 'z' WHERE id = 3",
                "DELETE FROM other WHERE id = 3",
                "TRUNCATE other"))
        .containsExactly(
            "INSERT", "INSERT", "UPDATE 3", "UPDATE 2", "UPDATE 3", "DELETE", "TRUNCATE");
  }

  @Test
  void filtersByOperationAndColumnBothApply() throws Exception {
    assertThat(
            told(
                builder -> builder.whenChanged("a").only(Operation.UPDATE),
                "INSERT INTO other VALUES (1, 'x', 'y')",
                "UPDATE other SET \"B c\" = 'z'",
                "UPDATE other SET a = 'z'",
                "DELETE FROM other"))
        .containsExactly("UPDATE 1");
  }

  @Test
  void anUpdateThatDoesNotTellTheOldRowIsDeliveredInAnyCase() throws Exception {
    database.execute("ALTER TABLE other REPLICA IDENTITY DEFAULT");
    assertThat(
            told(
                builder -> builder.whenChanged("a").only(Operation.UPDATE),
                "INSERT INTO other VALUES (1, 'x', 'y')",
                "UPDATE other SET \"B c\" = 'z'",
                "UPDATE other SET id = 2",
                "UPDATE other SET a = 'z'"))
        .containsExactly("UPDATE 1", "UPDATE 2", "UPDATE 2");
  }

  @Test
  void aLargeValueThatWasNotSentCountsAsUnchanged() throws Exception {
    database.execute("ALTER TABLE other ALTER a SET STORAGE EXTERNAL");
    assertThat(
            told(
                builder -> builder.whenChanged("a").only(Operation.UPDATE),
                "INSERT INTO other VALUES (1, repeat('x', 50000), 'y')",
                "UPDATE other SET \"B c\" = 'z'",
                "UPDATE other SET a = repeat('y', 50000)",
                "UPDATE other SET a = repeat('y', 50000)"))
        .as("with the old row")
        .containsExactly("UPDATE 1");
    database.execute("ALTER TABLE other REPLICA IDENTITY DEFAULT");
    assertThat(
            told(
                builder -> builder.whenChanged("a").only(Operation.UPDATE),
                "UPDATE other SET \"B c\" = 'w'",
                "UPDATE other SET a = repeat('z', 50000)"))
        .as("without the old row, whatever was sent of the new one")
        .containsExactly("UPDATE 1", "UPDATE 1");
  }

  @Test
  void aRowThatNobodyWantsIsNotMadeIntoAnything() throws Exception {
    Table<Item> breaking =
        Table.of(
            "public.item",
            row -> {
              throw new IllegalStateException("nobody should ask");
            });
    CdcEngine.Builder builder =
        builder()
            .listen(breaking, change -> tell("a", change))
            .only(Operation.TRUNCATE)
            .listen(ITEMS, change -> tell("b", change))
            .whenChanged("unit_name")
            .only(Operation.UPDATE);
    try (CdcEngine engine = running(builder)) {
      database.execute(EVERYTHING);
      awaitProcessed(engine);
    }
    assertThat(told).containsExactly("a TRUNCATE item");
  }

  @Test
  void anOptionAtTheWrongPlaceIsRefusedWithWhereItBelongs() {
    FailureHandler skipping = failure -> Action.skip();
    assertRefused("workers(...)", builder -> builder.workers(2));
    assertRefused("onFailure(...)", builder -> builder.onFailure(skipping));
    assertRefused("only(...)", builder -> builder.only(Operation.READ));
    assertRefused("whenChanged(...)", builder -> builder.whenChanged("a"));
    assertRefused("batches(...)", b -> b.listen(ITEMS, c -> {}).batches(1, SHORT));
    assertRefused("pieces(...)", b -> b.listen(ITEMS, c -> {}).pieces(1));
    assertRefused("workers(...)", b -> b.listenInBatches(ITEMS, c -> {}).workers(2));
    assertRefused("pieces(...)", b -> b.listenInBatches(ITEMS, c -> {}).pieces(1));
    assertRefused("workers(...)", b -> b.onTransaction(t -> {}).workers(2));
    assertRefused("batches(...)", b -> b.onTransaction(t -> {}).batches(1, SHORT));
    assertRefused("workers(...)", b -> b.listenEffectivelyOnce(ITEMS, (c, d) -> {}).workers(2));
  }

  private void assertRefused(String option, Consumer<CdcEngine.Builder> wrong) {
    assertThatThrownBy(() -> wrong.accept(builder()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(option + " is said of the listener named just before, for ");
  }

  @Test
  void aNumberThatMeansNothingIsRefused() {
    assertThatThrownBy(() -> builder().listen(ITEMS, c -> {}).workers(0)).satisfies(this::argument);
    assertThatThrownBy(() -> builder().onTransaction(t -> {}).pieces(0)).satisfies(this::argument);
    for (ThrowingCallable wrong :
        List.<ThrowingCallable>of(
            () -> builder().listenInBatches(ITEMS, c -> {}).batches(0, SHORT),
            () -> builder().listenInBatches(ITEMS, c -> {}).batches(1, Duration.ofMillis(-1)),
            () -> builder().listen(ITEMS, c -> {}).whenChanged())) {
      assertThatThrownBy(wrong).satisfies(this::argument);
    }
  }

  private void argument(Throwable thrown) {
    assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
  }
}
