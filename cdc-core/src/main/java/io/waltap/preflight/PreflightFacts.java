package io.waltap.preflight;

import io.waltap.event.Lsn;
import io.waltap.event.TableId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server looks like to an engine.
 *
 * @param slot null if it does not exist
 * @param publication null if it does not exist
 * @param tables those listened to that exist
 * @param session settings that decide how the server prints values to the engine
 */
public record PreflightFacts(
    Server server,
    Role role,
    @Nullable Slot slot,
    @Nullable Publication publication,
    List<TableFacts> tables,
    Map<String, String> session) {

  /** Copies list and map. */
  public PreflightFacts {
    tables = List.copyOf(tables);
    session = Map.copyOf(session);
  }

  /** So many are in use, of so many that there may be. */
  public record Usage(int used, int allowed) {}

  /**
   * The server and the database.
   *
   * @param version as the server tells it, for example {@code 18.1}
   * @param systemIdentifier the server's identity
   * @param maxSlotWalKeepSize as the server prints it; {@code -1} means that an abandoned slot can
   *     fill the disk
   * @param walSenderTimeout as the server prints it, for the role
   */
  public record Server(
      String version,
      String systemIdentifier,
      boolean standby,
      String database,
      String encoding,
      String walLevel,
      Usage slots,
      Usage walSenders,
      Usage connections,
      String maxSlotWalKeepSize,
      String walSenderTimeout) {}

  /**
   * The role.
   *
   * @param replication whether it may replicate
   * @param emitsMessages whether it may call {@code pg_logical_emit_message}
   * @param connections its own; at most -1 are allowed if there is no limit
   */
  public record Role(
      String name,
      boolean superuser,
      boolean replication,
      boolean emitsMessages,
      Usage connections) {}

  /**
   * The replication slot.
   *
   * @param plugin null for a physical slot
   * @param database null for a physical slot
   * @param holder the server's process that holds it and its application; null if it is free
   * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}; null
   *     if nothing was ever reserved
   * @param retainedBytes how much WAL is kept for it; null if none is
   * @param safeWalSize how many more bytes may be written before it is in danger; null if there is
   *     no limit
   * @param confirmed up to where the server was told that changes were received; null if never
   */
  public record Slot(
      String name,
      @Nullable String plugin,
      @Nullable String database,
      @Nullable String holder,
      @Nullable String walStatus,
      @Nullable Long retainedBytes,
      @Nullable Long safeWalSize,
      @Nullable Lsn confirmed) {}

  /**
   * The publication.
   *
   * @param operations which of insert, update, delete and truncate it publishes
   * @param viaRoot whether partitions are published under the name of their root
   * @param tables all of them, also those that nobody listens to
   */
  public record Publication(
      String name,
      boolean allTables,
      List<String> operations,
      boolean viaRoot,
      List<TableId> tables) {}

  /**
   * A table.
   *
   * @param key the columns that tell rows apart in changes; empty if there are none, or all do
   * @param replicaIdentity {@code default}, {@code full}, {@code index} or {@code nothing}; several
   *     if partitions differ
   * @param large columns whose values can be so large that an update need not send them
   * @param readable whether the role may read it, which the snapshot needs
   * @param rowFilter which rows are published; null for all, and before PostgreSQL 15
   * @param unpublished columns that are not published
   */
  public record TableFacts(
      TableId id,
      List<String> key,
      String replicaIdentity,
      List<String> large,
      boolean readable,
      @Nullable String rowFilter,
      List<String> unpublished) {}
}
