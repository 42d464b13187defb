package io.waltap.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.ChangeEvent;
import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import io.waltap.internal.dispatch.SourceEvent.Begin;
import io.waltap.internal.dispatch.SourceEvent.Commit;
import io.waltap.internal.dispatch.SourceEvent.Idle;
import io.waltap.internal.dispatch.SourceEvent.RowChange;
import io.waltap.internal.dispatch.SourceEvent.StreamStart;
import io.waltap.listener.ChangeListener;
import io.waltap.table.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DispatcherTest {

  private static final RowLayout LAYOUT =
      RowLayout.of(List.of(new ColumnShape("id", "int4", true)));
  private static final TableId ITEM = new TableId("public", "item");

  private final List<ChangeEvent<Row>> events = new ArrayList<>();

  private static Dispatcher dispatcher(ChangeListener<Row> listener) {
    return new Dispatcher(Listeners.of(Subscription.of(Table.of("public.item"), listener)));
  }

  private static Begin begin(long transaction) {
    return new Begin(transaction, new Lsn(transaction * 100), Instant.EPOCH);
  }

  private static RowChange insert(TableId table, int id) {
    Row row = LAYOUT.row(new String[] {Integer.toString(id)});
    return new RowChange(Operation.INSERT, table, new Lsn(id), LAYOUT.key(row), null, null, row);
  }

  @Test
  void theBoundaryMovesOnlyAtTheEndOfATransaction() throws Exception {
    Dispatcher dispatcher = dispatcher(events::add);
    assertThat(dispatcher.boundary()).isNull();
    dispatcher.dispatch(new StreamStart(new Lsn(10)));
    assertThat(dispatcher.boundary()).isEqualTo(new Lsn(10));
    dispatcher.dispatch(begin(1));
    dispatcher.dispatch(insert(ITEM, 1));
    assertThat(dispatcher.atBoundary()).isFalse();
    assertThat(dispatcher.boundary()).isEqualTo(new Lsn(10));
    dispatcher.dispatch(new Commit(new Lsn(120)));
    assertThat(dispatcher.atBoundary()).isTrue();
    assertThat(dispatcher.boundary()).isEqualTo(new Lsn(120));
    dispatcher.dispatch(new Idle(new Lsn(200)));
    assertThat(dispatcher.boundary()).isEqualTo(new Lsn(200));
  }

  @Test
  void changesAreNumberedWithinTheirTransaction() throws Exception {
    Dispatcher dispatcher = dispatcher(events::add);
    for (long transaction = 1; transaction <= 2; transaction++) {
      dispatcher.dispatch(begin(transaction));
      dispatcher.dispatch(insert(ITEM, 1));
      dispatcher.dispatch(insert(ITEM, 2));
      dispatcher.dispatch(new Commit(new Lsn(transaction * 100 + 20)));
    }
    assertThat(events).extracting(e -> e.metadata().order()).containsExactly(1L, 2L, 1L, 2L);
    assertThat(events)
        .extracting(e -> e.metadata().transactionId())
        .containsExactly(1L, 1L, 2L, 2L);
    assertThat(dispatcher.flow().delivered()).isEqualTo(4);
  }

  @Test
  void namesThatDifferByCaseAreDifferentTables() throws Exception {
    Dispatcher dispatcher = dispatcher(events::add);
    dispatcher.dispatch(begin(1));
    dispatcher.dispatch(insert(new TableId("public", "Item"), 1));
    assertThat(events).isEmpty();
  }

  @Test
  void whateverAListenerThrowsIsWrappedAndTheBoundaryStays() throws Exception {
    Dispatcher dispatcher =
        dispatcher(
            event -> {
              throw new StackOverflowError("deep");
            });
    dispatcher.dispatch(new StreamStart(new Lsn(10)));
    dispatcher.dispatch(begin(7));
    assertThatThrownBy(() -> dispatcher.dispatch(insert(ITEM, 3)))
        .isInstanceOf(DeliveryException.class)
        .hasCauseInstanceOf(StackOverflowError.class)
        .hasMessageContaining("public.item")
        .hasMessageContaining("an insert at 0/3 (change 1 of transaction 7)");
    assertThat(dispatcher.boundary()).isEqualTo(new Lsn(10));
    assertThat(dispatcher.flow().delivered()).isZero();
  }

  @Test
  void anInterruptedListenerLeavesTheThreadInterrupted() throws Exception {
    Dispatcher dispatcher =
        dispatcher(
            event -> {
              throw new InterruptedException();
            });
    dispatcher.dispatch(begin(1));
    assertThatThrownBy(() -> dispatcher.dispatch(insert(ITEM, 1)))
        .isInstanceOf(DeliveryException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void everyListenerOfATableGetsEveryChangeInTheOrderInWhichTheyWereNamed() throws Exception {
    List<String> told = new ArrayList<>();
    Table<Row> table = Table.of("public.item");
    Dispatcher dispatcher =
        new Dispatcher(
            Listeners.of(
                Subscription.of(table, (ChangeEvent<Row> event) -> told.add("first")),
                Subscription.of(table, (ChangeEvent<Row> event) -> told.add("second"))));
    dispatcher.dispatch(begin(1));
    dispatcher.dispatch(insert(ITEM, 1));
    dispatcher.dispatch(insert(ITEM, 2));
    assertThat(told).containsExactly("first", "second", "first", "second");
    assertThat(dispatcher.flow().delivered()).isEqualTo(4);
  }
}
