package io.waltap.examples.readme;

import io.waltap.CdcEngine;
import io.waltap.deadletter.JdbcDeadLetters;
import io.waltap.deadletter.JdbcDeadLetters.DeadLetter;
import io.waltap.event.ChangeEvent;
import io.waltap.event.LogicalMessage;
import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.listener.BatchListener;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.FailureHandler;
import io.waltap.listener.FailureHandler.Action;
import io.waltap.listener.JdbcListener;
import io.waltap.offset.JdbcOffsetStore;
import io.waltap.table.Table;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

abstract class Delivering {

  private final CdcEngine.Builder builder;
  private final DataSource dataSource;
  private final Table<Row> orders = Table.of("shop.orders");
  private final Table<Row> items = Table.of("shop.items");

  Delivering(CdcEngine.Builder builder, DataSource dataSource) {
    this.builder = builder;
    this.dataSource = dataSource;
  }

  void several(
      ChangeListener<Row> welcome, ChangeListener<Row> invoices, ChangeListener<Row> archive) {
    // readme: several listeners
    builder
        .listen(orders, welcome)
        .only(Operation.INSERT)
        .listen(orders, invoices)
        .whenChanged("amount", "currency")
        .listenAll(archive); // of the other tables
    // readme: end
  }

  void batches(BatchListener<Row> search) {
    // readme: batches
    builder.listenInBatches(orders, search).batches(500, Duration.ofMillis(100));
    // readme: end
  }

  abstract void record(List<String> requests, @Nullable Instant time, List<ChangeEvent<?>> changes);

  void transactions() {
    // readme: transactions
    builder.onTransaction(
        unit -> {
          List<String> requests = unit.messages().stream().map(LogicalMessage::text).toList();
          record(requests, unit.commitTime(), unit.changes());
        },
        orders,
        items);
    // readme: end
  }

  void workers(ChangeListener<Row> slow, Executor executor) {
    // readme: workers
    builder.listen(orders, slow).workers(8).executor(executor);
    // readme: end
  }

  void failures(ChangeListener<Row> listener) {
    // readme: failures
    builder
        .listen(orders, listener)
        .onFailure(FailureHandler.retry(5, Duration.ofMillis(200), Action.park()))
        .deadLetters(
            JdbcDeadLetters.builder(dataSource::getConnection, "orders").createTable().build());
    // readme: end
  }

  static void replay(CdcEngine engine, JdbcDeadLetters letters)
      throws IOException, InterruptedException {
    // readme: dead letters
    for (DeadLetter letter : letters.list(100)) {
      if (!engine.replay(letter)) {
        System.out.println(letter + " was refused: " + letter.error());
        letters.discard(letter);
      }
    }
    // readme: end
  }

  void effectivelyOnce(JdbcListener<Row> balances) {
    // readme: effectively once
    builder
        .listenEffectivelyOnce(orders, balances) // onChange(change, connection)
        .offsets(
            JdbcOffsetStore.builder(dataSource::getConnection, "orders").createTable().build());
    // readme: end
  }

  boolean flow(CdcEngine engine, Lsn committed) throws InterruptedException {
    // readme: flow
    engine.pause(); // no further change begins
    engine.resume();
    boolean seen = engine.awaitProcessed(committed, Duration.ofSeconds(5));
    // readme: end
    return seen;
  }
}
