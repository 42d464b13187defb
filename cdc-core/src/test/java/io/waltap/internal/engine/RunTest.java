package io.waltap.internal.engine;

import static io.waltap.internal.engine.Events.begin;
import static io.waltap.internal.engine.Events.commit;
import static io.waltap.internal.engine.Events.insert;
import static io.waltap.internal.engine.Events.streamStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.internal.dispatch.Delivering;
import io.waltap.internal.dispatch.Dispatcher;
import io.waltap.internal.dispatch.Listeners;
import io.waltap.internal.dispatch.Subscription;
import io.waltap.internal.dispatch.Subscription.Scope;
import io.waltap.table.Table;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunTest {

  private static final Table<Row> ITEMS = Table.of("public.item");

  private final Parts parts = new Parts();

  @Test
  void effectsOfATransactionDoNotCommitWithThePositionBeforeIt() throws Exception {
    Connection connection =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                  throw new UnsupportedOperationException(method.getName());
                });
    Subscription effects =
        Subscription.of(
            "effects",
            Scope.NAMED,
            List.of(ITEMS),
            Subscription.connected(
                (change, on) -> parts.log.add("effect " + change.metadata().lsn())));
    Subscription workers =
        Subscription.of(ITEMS, change -> refuse(change.metadata().lsn())).withWorkers(2);
    parts.dispatcher =
        new Dispatcher(
            Listeners.of(effects, workers), Delivering.of("run", null, 10, 1000, () -> connection));
    Engine engine = parts.start();
    parts.source.deliver(streamStart(1));
    parts.source.deliver(begin(3), commit(3), begin(9), insert(5), commit(9));
    engine.awaitStopped();
    assertThat(parts.log).contains("effect 0/5");
    assertThat(parts.log.subList(parts.log.indexOf("effect 0/5"), parts.log.size()))
        .noneMatch(line -> line.startsWith("save"));
  }

  private static void refuse(Lsn lsn) {
    throw new IllegalStateException("refused at " + lsn);
  }
}
