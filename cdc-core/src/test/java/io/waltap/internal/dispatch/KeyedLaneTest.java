package io.waltap.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import io.waltap.internal.dispatch.SourceEvent.Begin;
import io.waltap.internal.dispatch.SourceEvent.RowChange;
import io.waltap.table.Table;
import io.waltap.testing.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class KeyedLaneTest {

  private static final RowLayout LAYOUT =
      RowLayout.of(List.of(new ColumnShape("id", "int4", true)));
  private static final TableId ITEM = new TableId("public", "item");

  private final Set<String> done = ConcurrentHashMap.newKeySet();
  private final CountDownLatch release = new CountDownLatch(1);

  private static RowChange change(Operation operation, int id) {
    Row row = LAYOUT.row(new String[] {Integer.toString(id)});
    return new RowChange(operation, ITEM, new Lsn(id + 1), LAYOUT.key(row), null, null, row);
  }

  /** A worker takes several changes; of what it was through with before the slow one, all know. */
  @Test
  void aSlowChangeHoldsUpItsOwnKeyOnly() throws Exception {
    Subscription slow = Subscription.of(Table.of("public.item"), this::take).withWorkers(2);
    Dispatcher dispatcher = new Dispatcher(Listeners.of(slow));
    try {
      dispatcher.dispatch(new Begin(1, new Lsn(1000), Instant.EPOCH));
      warmUp(dispatcher);
      for (int id = 0; id < 64; id++) {
        dispatcher.dispatch(change(Operation.INSERT, id));
      }
      dispatcher.flush();
      Await.until("all but the slow one are done", () -> done.size() == 63);
      for (int id = 0; id < 64; id++) {
        dispatcher.dispatch(change(Operation.UPDATE, id));
      }
      dispatcher.flush();
      Await.until("and those after them", () -> done.size() == 126);
      assertThat(done).doesNotContain("INSERT 9", "UPDATE 9");
    } finally {
      release.countDown();
      dispatcher.flow().shut();
    }
  }

  // Cold, each change takes so long that a worker tells of every one.
  private void warmUp(Dispatcher dispatcher) throws Exception {
    for (int id = 1000; id < 50_000; id++) {
      dispatcher.dispatch(change(Operation.INSERT, id));
    }
    assertThat(dispatcher.drain(Duration.ofMinutes(1))).isTrue();
    done.clear();
  }

  private void take(ChangeEvent<Row> change) throws InterruptedException {
    Row row = change instanceof Insert<Row> insert ? insert.key() : ((Update<Row>) change).key();
    String key = row.getString("id");
    if ("9".equals(key)) {
      release.await();
    }
    done.add(change.operation() + " " + key);
  }
}
