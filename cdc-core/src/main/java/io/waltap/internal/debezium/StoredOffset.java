package io.waltap.internal.debezium;

import io.waltap.event.Lsn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.OffsetBackingStore;
import org.apache.kafka.connect.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Shows Debezium the position to start from, and takes none back: positions are kept by the
 * engine's own offset store, at boundaries only. Debezium's would lie inside transactions, and its
 * search for them after a restart loses rows. An offset that has only an LSN makes it search for
 * nothing. Created by the engine by its name.
 */
public final class StoredOffset implements OffsetBackingStore {

  private @Nullable Lsn lsn;

  @Override
  public void configure(WorkerConfig configuration) {
    lsn = Session.of(configuration.originalsStrings().get(Session.KEY)).resumeFrom();
  }

  @Override
  public Future<Map<ByteBuffer, ByteBuffer>> get(Collection<ByteBuffer> keys) {
    Map<ByteBuffer, ByteBuffer> found = new HashMap<>();
    if (lsn != null) {
      byte[] offset = ("{\"lsn\":" + lsn.value() + "}").getBytes(StandardCharsets.UTF_8);
      keys.forEach(key -> found.put(key, ByteBuffer.wrap(offset)));
    }
    return CompletableFuture.completedFuture(found);
  }

  @Override
  public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, @Nullable Callback<Void> callback) {
    if (callback != null) {
      callback.onCompletion(null, null);
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Set<Map<String, Object>> connectorPartitions(String connectorName) {
    return Set.of();
  }

  @Override
  public void start() {}

  @Override
  public void stop() {}
}
