package io.waltap.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where to connect and how to run: data only, immutable. Sizes are counts of changes unless their
 * name says bytes. What each setting means and what it is by default stands at its {@link Builder}
 * method.
 */
public final class CdcConfig {

  private final Settings settings;
  private final Address address;

  private CdcConfig(Settings settings) {
    SettingsCheck.of(settings).throwIfAny("The configuration");
    this.settings = settings;
    this.address = Address.parse(settings.url);
    settings.url = address.url();
    address.parameters().moveInto(settings);
  }

  /**
   * A configuration with nothing but what every connection needs.
   *
   * @throws IllegalArgumentException as {@link Builder#build()} does
   */
  public static CdcConfig postgres(String url, String user, String password) {
    return builder().url(url).user(user).password(password).build();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder(new Settings());
  }

  /**
   * Reads a {@code .properties} file in UTF-8. Its keys are the names of the {@link Builder}'s
   * methods, as {@code waltap.url}, {@code waltap.snapshot-mode}, {@code waltap.connect-timeout}
   * and so on, and {@code waltap.debezium.<key>}. Durations are written {@code 500ms}, {@code 5s},
   * {@code 1m}, {@code 1h} or {@code PT5S}. An environment variable, as {@code WALTAP_URL} or
   * {@code WALTAP_SNAPSHOT_MODE}, takes the place of its key; there is none for the Debezium keys.
   *
   * @throws IllegalArgumentException if the file cannot be read, has an unknown key or a value that
   *     cannot be used; the message lists all problems, each with its key and remedy
   */
  public static CdcConfig load(Path file) {
    return load(file, System.getenv());
  }

  static CdcConfig load(Path file, Map<String, String> environment) {
    return new CdcConfig(ConfigFile.read(file, environment));
  }

  /**
   * Takes the JSON that one would have posted to Kafka Connect for Debezium's PostgreSQL connector,
   * {@code {"name": ..., "config": {...}}} or the inner object alone. Every key is honoured or
   * refused; only those that speak about Kafka Connect itself, such as converters, are ignored and
   * logged. A key that is absent has WalTap's default, not Debezium's: slot and publication are
   * named {@code waltap}, and {@link Builder#sslMode} is strict towards other machines. The
   * captured tables are not part of it.
   *
   * @throws IllegalArgumentException if the JSON is malformed, has a key that is not honoured or a
   *     value that cannot be used; the message lists all problems, each with its key and remedy
   */
  public static CdcConfig fromConnectorJson(String json) {
    return new CdcConfig(ConnectorJson.read(json));
  }

  /** The same with a UTF-8 file; one that cannot be read is an IllegalArgumentException too. */
  public static CdcConfig fromConnectorJson(Path file) {
    return new CdcConfig(ConnectorJson.read(file));
  }

  /** A builder that starts from this configuration. */
  public Builder toBuilder() {
    return new Builder(settings.copy());
  }

  /** The JDBC URL, {@code jdbc:postgresql://host:port/database}. */
  public String url() {
    return address.url();
  }

  /** The host of the URL; an IPv6 address is in brackets. */
  public String host() {
    return address.host();
  }

  /** Whether the host is this machine, so that nobody can stand in between. */
  public boolean isLoopback() {
    return address.isLoopback();
  }

  /** The port of the URL, 5432 if it has none. */
  public int port() {
    return address.port();
  }

  /** The database of the URL. */
  public String database() {
    return address.database();
  }

  /** The role that connects. */
  public String user() {
    return settings.user;
  }

  /**
   * The role's password at this moment; each call asks the supplier or reads the file anew.
   *
   * @throws IllegalStateException if the supplier threw or gave null, or the file cannot be read
   */
  public String password() {
    return Objects.requireNonNull(settings.password).get();
  }

  /** What this engine is called in logs, threads and {@code pg_stat_activity}. */
  public String name() {
    return settings.name;
  }

  /** The replication slot that keeps this engine's place on the server. */
  public String slot() {
    return settings.slot;
  }

  /** The publication that says which changes the server sends. */
  public String publication() {
    return settings.publication;
  }

  /** What happens on the first start with the rows that exist already. */
  public SnapshotMode snapshotMode() {
    return settings.snapshotMode;
  }

  /** How many tables a snapshot reads at a time. */
  public int snapshotThreads() {
    return settings.snapshotThreads;
  }

  /** What a record or bean gets for a large value that an update did not send. */
  public UnchangedPolicy unchanged() {
    return settings.unchanged;
  }

  /** How connections are encrypted: the mode that was set, or else the default for the host. */
  public SslMode sslMode() {
    return settings.sslMode != null ? settings.sslMode : address.defaultSslMode();
  }

  /** The authorities that may have signed the server's certificate; null for the driver's file. */
  public @Nullable Path sslRootCertificate() {
    return settings.sslRootCertificate;
  }

  /** The certificate that this client shows; null if none was set. */
  public @Nullable Path sslCertificate() {
    return settings.sslCertificate;
  }

  /** The key of the client's certificate; null if none was set. */
  public @Nullable Path sslKey() {
    return settings.sslKey;
  }

  /** The file that keeps the position, unless the engine is given another store. */
  public Path offsetFile() {
    return settings.offsetFile();
  }

  /** How long to wait for a connection. */
  public Duration connectTimeout() {
    return settings.connectTimeout;
  }

  /** How often the server is told how far this engine has come. */
  public Duration statusInterval() {
    return settings.statusInterval;
  }

  /** How long a stop waits for a listener that is at work. */
  public Duration stopTimeout() {
    return settings.stopTimeout;
  }

  /** How often a heartbeat is sent through the server; zero for never. */
  public Duration heartbeatInterval() {
    return settings.heartbeatInterval;
  }

  /** The table that carries heartbeats; null if logical messages do. */
  public @Nullable String heartbeatTable() {
    return settings.heartbeatTable;
  }

  /** How many bytes of log the slot should hold up at most; null for the server's limit. */
  public @Nullable Long walBudget() {
    return settings.walBudget;
  }

  /** How many changes are handed over at most in one go. */
  public int maxBatchSize() {
    return settings.maxBatchSize;
  }

  /** How many changes are read ahead at most. */
  public int maxQueueSize() {
    return settings.maxQueueSize;
  }

  /** How many bytes of the heap changes that are read ahead may take, about. */
  public long maxQueueBytes() {
    return settings.maxQueueBytes;
  }

  /** What is passed on to Debezium as it stands, in the order in which it was set; unmodifiable. */
  public Map<String, String> debezium() {
    return Collections.unmodifiableMap(settings.debezium);
  }

  /** All settings, with secrets masked. */
  @Override
  public String toString() {
    return ConfigText.of(this);
  }

  /** Collects the settings. Not for use by several threads at once. */
  public static final class Builder extends ConnectionBuilder {

    private Builder(Settings settings) {
      super(settings);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * What this engine is called in logs, threads and {@code pg_stat_activity}: 1 to 100 letters,
     * digits, dots, {@code _} and {@code -}. Default {@code waltap}.
     */
    public Builder name(String name) {
      settings.name = Objects.requireNonNull(name);
      return this;
    }

    /**
     * The replication slot that keeps this engine's place on the server: 1 to 63 lower-case
     * letters, digits and {@code _}. Two engines never share one. Default {@code waltap}.
     */
    public Builder slot(String slot) {
      settings.slot = Objects.requireNonNull(slot);
      return this;
    }

    /**
     * The publication that says which changes the server sends: 1 to 63 lower-case letters, digits
     * and {@code _}, not beginning with a digit. It has to exist. Default {@code waltap}.
     */
    public Builder publication(String publication) {
      settings.publication = Objects.requireNonNull(publication);
      return this;
    }

    /**
     * What happens on the first start with the rows that exist already, and when a later one cannot
     * resume. Default {@link SnapshotMode#INITIAL}.
     */
    public Builder snapshotMode(SnapshotMode snapshotMode) {
      settings.snapshotMode = Objects.requireNonNull(snapshotMode);
      return this;
    }

    /**
     * How many tables a snapshot reads at a time, each on a connection of its own: from 1 to 64.
     * Rows of different tables then come mixed, those of one table as before, and in any case one
     * at a time. Default 1.
     */
    public Builder snapshotThreads(int threads) {
      settings.snapshotThreads = threads;
      return this;
    }

    /** What a record or bean gets for an unchanged column. Default {@link UnchangedPolicy#FAIL}. */
    public Builder unchanged(UnchangedPolicy policy) {
      settings.unchanged = Objects.requireNonNull(policy);
      return this;
    }

    /** Keeps the position. Default {@code <slot>.waltap-offset} in the working directory. */
    public Builder offsetFile(Path file) {
      settings.offsetFile = Objects.requireNonNull(file);
      return this;
    }

    /**
     * How often the server is told how far this engine has come, in whole milliseconds: 1 ms to 1
     * day, and well below the server's {@code wal_sender_timeout}. Default 1 second.
     */
    public Builder statusInterval(Duration interval) {
      settings.statusInterval = Objects.requireNonNull(interval);
      return this;
    }

    /** How long a stop waits for a listener at work: 1 ms to 1 day. Default 10 seconds. */
    public Builder stopTimeout(Duration timeout) {
      settings.stopTimeout = Objects.requireNonNull(timeout);
      return this;
    }

    /**
     * How often a heartbeat is sent through the server, and the slot looked at: 100 milliseconds to
     * 1 day, or zero for no heartbeats. If three do not come round, the stream is opened anew.
     * Default 5 seconds.
     */
    public Builder heartbeatInterval(Duration interval) {
      settings.heartbeatInterval = Objects.requireNonNull(interval);
      return this;
    }

    /**
     * A table of the publication that carries heartbeats, {@code schema.table}, with the columns
     * {@code engine text PRIMARY KEY} and {@code beat int8}; for a role that may not call {@code
     * pg_logical_emit_message}. Default none: logical messages carry them.
     */
    public Builder heartbeatTable(String table) {
      settings.heartbeatTable = Objects.requireNonNull(table);
      return this;
    }

    /**
     * How many bytes of log the server should keep for the slot at most; listeners are told at 50 %
     * and 80 % of it. Default the server's {@code max_slot_wal_keep_size}, if it has one.
     */
    public Builder walBudget(long bytes) {
      settings.walBudget = bytes;
      return this;
    }

    /** How many changes are handed over at most in one go: at least 1. Default 2048. */
    public Builder maxBatchSize(int changes) {
      settings.maxBatchSize = changes;
      return this;
    }

    /** How many changes are read ahead at most: more than {@link #maxBatchSize}. Default 8192. */
    public Builder maxQueueSize(int changes) {
      settings.maxQueueSize = changes;
      return this;
    }

    /**
     * How many bytes of the heap changes may take that were read and are not delivered, about: at
     * least 1, and one change may exceed it. Default a sixteenth of the maximal heap, from 8 to 256
     * MiB.
     */
    public Builder maxQueueBytes(long bytes) {
      settings.maxQueueBytes = bytes;
      return this;
    }

    /**
     * Passes a setting on to Debezium as it stands: an escape hatch, outside of what is tested. The
     * keys that WalTap sets itself are refused by {@link #build()}. Default none.
     */
    public Builder debezium(String key, String value) {
      settings.debezium.put(Objects.requireNonNull(key), Objects.requireNonNull(value));
      return this;
    }

    /**
     * Checks the settings; the builder can be used further.
     *
     * @throws IllegalArgumentException if something is wrong or missing; the message lists all
     *     problems, each with its remedy
     */
    public CdcConfig build() {
      return new CdcConfig(settings.copy());
    }
  }
}
