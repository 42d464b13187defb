package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.config.CdcConfig;
import io.waltap.config.SslMode;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.listener.EngineState;
import io.waltap.testing.PostgresServer;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.SilentLine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Connections that stay open and carry nothing any more, that of the heartbeat too. */
class SilentLineIT extends ItemTable {

  @Test
  void goesOnOverNewConnections() throws Exception {
    RecordingListener<Item> listener = new RecordingListener<>();
    List<EngineState> states = new CopyOnWriteArrayList<>();
    try (SilentLine line = new SilentLine(PostgresServer.shared());
        CdcEngine engine =
            CdcEngine.builder(through(line))
                .listen(ITEMS, listener)
                .onState((from, to, failure) -> states.add(to))
                .start()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      database.execute("INSERT INTO item VALUES (1, 1, 'before')");
      awaitProcessed(engine);
      line.fallSilent();
      database.execute("INSERT INTO item VALUES (2, 1, 'unheard')");
      assertThat(engine.awaitProcessed(now(), Duration.ofMinutes(1))).isTrue();
      assertThat(engine.status().reconnects()).isEqualTo(1);
    }
    assertThat(listener.events())
        .extracting(e -> ((Insert<Item>) e).after().id())
        .containsExactly(1, 2);
    assertThat(states).contains(EngineState.RECONNECTING).doesNotContain(EngineState.FAILED);
  }

  private CdcConfig through(SilentLine line) {
    return config()
        .url(line.url(database.name()))
        .sslMode(SslMode.DISABLE)
        .heartbeatInterval(Duration.ofMillis(200))
        .build();
  }
}
