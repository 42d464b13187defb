package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.event.SchemaChange;
import io.waltap.listener.ChangeListener;
import io.waltap.table.Table;
import io.waltap.testing.Await;
import io.waltap.testing.RecordingListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One listener on several threads: order where it matters, and nowhere else. */
@Timeout(120)
class WorkersIT extends ListenedItems {

  private final RecordingListener<Item> done = new RecordingListener<>();
  private final CountDownLatch release = new CountDownLatch(1);

  private CdcEngine.Builder working(ChangeListener<Item> listener) {
    return builder().listen(ITEMS, listener).workers(8);
  }

  /** Hangs at some changes until it is released, and keeps all. */
  private ChangeListener<Item> hangingAt(Predicate<ChangeEvent<Item>> which) {
    return change -> {
      if (which.test(change)) {
        release.await();
      }
      done.onChange(change);
    };
  }

  private List<String> what() {
    return done.events().stream().map(WorkersIT::what).toList();
  }

  private static String what(ChangeEvent<Item> change) {
    return change.operation() + (change instanceof ChangeEvent.Truncate ? "" : " " + id(change));
  }

  private static void takeAWhile() {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(1_000_000));
  }

  @Test
  void changesOfOneKeyStayInOrderHoweverLongEachTakes() throws Exception {
    Map<Integer, List<Integer>> prices = new ConcurrentHashMap<>();
    Set<Integer> atWork = ConcurrentHashMap.newKeySet();
    Set<String> threads = ConcurrentHashMap.newKeySet();
    ChangeListener<Item> listener =
        change -> {
          Item item = after(change);
          assertThat(atWork.add(item.id())).as("nobody is at work on this key").isTrue();
          takeAWhile();
          prices.computeIfAbsent(item.id(), id -> new ArrayList<>()).add(item.price().intValue());
          threads.add(Thread.currentThread().getName());
          atWork.remove(item.id());
        };
    insert(0, 24);
    try (CdcEngine engine = running(working(listener))) {
      Random random = new Random(5);
      for (int price = 101; price <= 1600; price += 100) {
        database.execute(
            "UPDATE item SET price = -1 WHERE id = 24",
            "DO $$ BEGIN FOR p IN "
                + price
                + " .. "
                + (price + 99)
                + " LOOP UPDATE item SET price = p WHERE id = (p * "
                + (1 + random.nextInt(23))
                + ") % 24; END LOOP; END $$");
      }
      awaitProcessed(engine);
      assertThat(engine.status().delivered()).isEqualTo(25 + 1500 + 15);
    }
    prices.remove(24);
    assertThat(prices.values()).allSatisfy(each -> assertThat(each).isSorted());
    assertThat(prices.values().stream().mapToInt(List::size).sum()).isEqualTo(24 + 1500);
    assertThat(threads)
        .hasSizeGreaterThan(1)
        .allMatch(name -> name.matches("waltap-.*-worker-\\d+"));
  }

  @Test
  void asManyCallsAsThereAreWorkersAreMadeAtOnceAndNotOneMore() throws Exception {
    CyclicBarrier together = new CyclicBarrier(8);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ChangeListener<Item> listener =
        change -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          together.await(30, TimeUnit.SECONDS);
          now.decrementAndGet();
        };
    try (CdcEngine engine = running(working(listener))) {
      insert(1, 64);
      awaitProcessed(engine);
    }
    assertThat(most).hasValue(8);
  }

  @Test
  void aHangingKeyHoldsUpItselfAndThePositionAndNothingElse() throws Exception {
    CdcEngine.Builder builder =
        CdcEngine.builder(config().stopTimeout(SHORT).build())
            .listen(
                ITEMS,
                change -> {
                  if (id(change) == 2) {
                    awaitUninterruptibly(release);
                  }
                  done.onChange(change);
                })
            .workers(8);
    CdcEngine engine = running(builder);
    try {
      insert(1, 1);
      awaitProcessed(engine);
      insert(2, 3);
      Lsn undone = now();
      for (int i = 4; i <= 300; i++) {
        insert(i, i);
      }
      database.execute("UPDATE item SET price = 0 WHERE id = 2");
      done.await(299);
      assertThat(engine.awaitProcessed(now(), Duration.ofMillis(300))).isFalse();
      assertThat(engine.status().processed()).isLessThan(undone);
      assertThat(engine.status().backlog().working()).as("both changes of the key").isEqualTo(2);
      engine.close();
      assertThat(ids(done.events())).doesNotContain(2);
      RecordingListener<Item> again = new RecordingListener<>();
      try (CdcEngine next = running(working(again))) {
        awaitProcessed(next);
      }
      assertThat(ids(again.events()))
          .as("everything after the position, the accepted too")
          .containsAll(List.of(numbers(2, 300)))
          .doesNotContain(1);
    } finally {
      release.countDown();
    }
    assertNothingIsLeft();
  }

  @Test
  void nothingOvertakesATruncateOnEitherSide() throws Exception {
    try (CdcEngine engine = running(working(hangingAt(c -> c instanceof Insert && id(c) == 1)))) {
      insert(1, 8);
      database.execute("TRUNCATE item");
      insert(9, 16);
      done.await(7);
      awaitWorking(engine, 10);
      release.countDown();
      awaitProcessed(engine);
    }
    assertThat(what()).hasSize(17);
    assertThat(what().subList(7, 9)).containsExactly("INSERT 1", "TRUNCATE");
    assertThat(ids(done.events().subList(9, 17))).containsExactlyInAnyOrder(numbers(9, 16));
  }

  @Test
  void aTruncateOfOneTableLeavesOthersAlone() throws Exception {
    database.execute(
        "CREATE TABLE other (id int PRIMARY KEY)", "ALTER PUBLICATION waltap ADD TABLE other");
    List<String> others = new CopyOnWriteArrayList<>();
    CdcEngine.Builder builder =
        builder()
            .listenAll(
                change -> {
                  if (change.table().name().equals("item") && change instanceof Insert) {
                    release.await();
                  }
                  others.add(change.operation() + " " + change.table().name());
                })
            .workers(4);
    try (CdcEngine engine = running(builder)) {
      insert(1, 1);
      database.execute("TRUNCATE item", "INSERT INTO other VALUES (1)", "TRUNCATE other");
      Await.until("the other table's changes are done", () -> others.size() == 2);
      awaitWorking(engine, 2);
      release.countDown();
      awaitProcessed(engine);
    }
    assertThat(others)
        .containsExactly("INSERT other", "TRUNCATE other", "INSERT item", "TRUNCATE item");
  }

  @Test
  void aChangedKeyWaitsForBothKeysAndBothWaitForIt() throws Exception {
    insert(1, 4);
    try (CdcEngine engine =
        running(working(hangingAt(c -> c instanceof ChangeEvent.Update && priceOf(c) == 100)))) {
      database.execute(
          "UPDATE item SET price = 100 WHERE id = 1", // hangs
          "UPDATE item SET id = 5, price = 101 WHERE id = 1",
          "UPDATE item SET price = 102 WHERE id = 5",
          "INSERT INTO item VALUES (1, 103, '')",
          "UPDATE item SET price = 200 WHERE id = 2",
          "DELETE FROM item WHERE id = 3",
          "UPDATE item SET id = 3, price = 104 WHERE id = 5",
          "UPDATE item SET price = 201 WHERE id = 4");
      done.await(4 + 3);
      awaitWorking(engine, 5);
      assertThat(what().subList(4, 7))
          .containsExactlyInAnyOrder("UPDATE 2", "DELETE 3", "UPDATE 4");
      release.countDown();
      awaitProcessed(engine);
    }
    List<Integer> prices =
        done.events().subList(7, 12).stream().map(change -> priceOf(change)).toList();
    assertThat(prices).containsExactlyInAnyOrder(100, 101, 102, 103, 104);
    assertThat(prices).startsWith(100, 101).containsSubsequence(102, 104);
  }

  private static int priceOf(ChangeEvent<Item> change) {
    return after(change).price().intValue();
  }

  @Test
  void aChangedKeyWaitsForWhoeverHadItBefore() throws Exception {
    insert(1, 3);
    try (CdcEngine engine = running(working(hangingAt(c -> c instanceof ChangeEvent.Delete)))) {
      database.execute(
          "DELETE FROM item WHERE id = 3", // hangs
          "UPDATE item SET id = 3 WHERE id = 1",
          "UPDATE item SET price = 0 WHERE id = 2",
          "INSERT INTO item VALUES (1, 0, '')");
      done.await(3 + 1);
      awaitWorking(engine, 3);
      release.countDown();
      awaitProcessed(engine);
    }
    assertThat(what().subList(3, 7))
        .containsExactly("UPDATE 2", "DELETE 3", "UPDATE 3", "INSERT 1");
  }

  @Test
  void aTableWithoutAKeyIsDeliveredInOrder() throws Exception {
    database.execute(
        "CREATE TABLE line (n int)",
        "ALTER TABLE line REPLICA IDENTITY FULL",
        "ALTER PUBLICATION waltap ADD TABLE line");
    List<Integer> lines = new CopyOnWriteArrayList<>();
    AtomicInteger now = new AtomicInteger();
    ChangeListener<Row> listener =
        change -> {
          assertThat(now.incrementAndGet()).isEqualTo(1);
          takeAWhile();
          lines.add(Integer.valueOf(((Insert<Row>) change).after().getString("n")));
          now.decrementAndGet();
        };
    try (CdcEngine engine =
        running(builder().listen(Table.of("public.line"), listener).workers(8))) {
      database.execute("INSERT INTO line SELECT i FROM generate_series(1, 300) i");
      awaitProcessed(engine);
    }
    assertThat(lines).containsExactly(numbers(1, 300));
  }

  @Test
  void noChangeOfANewShapeOvertakesOneOfTheOld() throws Exception {
    List<SchemaChange> shapes = new CopyOnWriteArrayList<>();
    List<String> rows = new CopyOnWriteArrayList<>();
    ChangeListener<Row> listener =
        change -> {
          Row row = ((Insert<Row>) change).after();
          if ("1".equals(row.getString("id"))) {
            release.await();
          }
          rows.add(row.getString("id") + (row.has("colour") ? row.getString("colour") : ""));
        };
    try (CdcEngine engine =
        running(
            builder()
                .listen(Table.of("public.item"), listener)
                .workers(8)
                .onSchemaChange(shapes::add))) {
      insert(1, 2);
      database.execute("ALTER TABLE item ADD colour text DEFAULT 'red'");
      database.execute("INSERT INTO item SELECT i, i, '' FROM generate_series(3, 4) i");
      Await.until("the new shape is known", () -> shapes.size() == 1);
      Await.until("the free one of the old is done", () -> rows.size() == 1);
      awaitWorking(engine, 3);
      release.countDown();
      awaitProcessed(engine);
    }
    assertThat(rows.subList(0, 2)).containsExactly("2", "1");
    assertThat(rows.subList(2, 4)).containsExactlyInAnyOrder("3red", "4red");
  }

  @Test
  void aSnapshotIsDeliveredByWorkersToo() throws Exception {
    insert(1, 3000);
    try (CdcEngine engine = running(working(done))) {
      insert(3001, 3100);
      awaitProcessed(engine);
    }
    assertThat(ids(done.events())).containsExactlyInAnyOrder(numbers(1, 3100));
    assertThat(redelivered()).isEmpty();
  }
}
