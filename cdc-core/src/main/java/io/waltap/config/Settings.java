package io.waltap.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values behind a builder and, once copied and checked, behind a configuration, which never
 * changes them. Without them each setting would be listed in both classes.
 */
final class Settings {

  private static final long MIB = 1024 * 1024;

  // An empty text means "not given": neither may be empty. A password may.
  String url = "";
  String user = "";
  @Nullable Password password;
  String name = "waltap";
  String slot = "waltap";
  String publication = "waltap";
  SnapshotMode snapshotMode = SnapshotMode.INITIAL;
  int snapshotThreads = 1;
  UnchangedPolicy unchanged = UnchangedPolicy.FAIL;
  @Nullable SslMode sslMode;
  @Nullable Path sslRootCertificate;
  @Nullable Path sslCertificate;
  @Nullable Path sslKey;
  @Nullable Path offsetFile;
  Duration connectTimeout = Duration.ofSeconds(5);
  Duration statusInterval = Duration.ofSeconds(1);
  Duration stopTimeout = Duration.ofSeconds(10);
  Duration heartbeatInterval = Duration.ofSeconds(5);
  @Nullable String heartbeatTable;
  @Nullable Long walBudget;
  int maxBatchSize = 2048;
  int maxQueueSize = 8192;
  long maxQueueBytes = queueBytesFor(Runtime.getRuntime().maxMemory());
  final Map<String, String> debezium = new LinkedHashMap<>();

  /** A sixteenth of the heap: the queue of a guest must not be what fills it. */
  static long queueBytesFor(long maxHeapBytes) {
    return Math.max(8 * MIB, Math.min(256 * MIB, maxHeapBytes / 16));
  }

  Path offsetFile() {
    return offsetFile != null ? offsetFile : Path.of(slot + ".waltap-offset");
  }

  Settings copy() {
    Settings copy = new Settings();
    copy.url = url;
    copy.user = user;
    copy.password = password;
    copy.name = name;
    copy.slot = slot;
    copy.publication = publication;
    copy.snapshotMode = snapshotMode;
    copy.snapshotThreads = snapshotThreads;
    copy.unchanged = unchanged;
    copy.sslMode = sslMode;
    copy.sslRootCertificate = sslRootCertificate;
    copy.sslCertificate = sslCertificate;
    copy.sslKey = sslKey;
    copy.offsetFile = offsetFile;
    copy.connectTimeout = connectTimeout;
    copy.statusInterval = statusInterval;
    copy.stopTimeout = stopTimeout;
    copy.heartbeatInterval = heartbeatInterval;
    copy.heartbeatTable = heartbeatTable;
    copy.walBudget = walBudget;
    copy.maxBatchSize = maxBatchSize;
    copy.maxQueueSize = maxQueueSize;
    copy.maxQueueBytes = maxQueueBytes;
    copy.debezium.putAll(debezium);
    return copy;
  }
}
