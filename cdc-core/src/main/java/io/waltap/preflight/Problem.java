package io.waltap.preflight;

import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One thing that is wrong, and what mends it.
 *
 * @param code which kind of thing, for programs
 * @param what what is wrong, in one sentence that names the thing, for people
 * @param remedy the SQL statement or the setting that mends it
 */
public record Problem(Code code, String what, String remedy) {

  /** How much it matters. */
  public enum Severity {
    /** No engine starts, or a running one had to stop. */
    ERROR,
    /** It is said, and the engine starts. */
    WARNING
  }

  /**
   * The kinds of problems. {@code docs/problems.md} tells of each what it means and what to do. New
   * ones may come with any release, so a {@code switch} needs a default.
   */
  public enum Code {
    // no connection
    /** No name service knows the host. */
    HOST_UNKNOWN,
    /** Nothing answers at the address, or not in time. */
    SERVER_UNREACHABLE,
    /** TLS could not be agreed upon. */
    TLS_FAILED,
    /** The server asks for a password and none is configured. */
    PASSWORD_MISSING,
    /** The password is wrong. */
    PASSWORD_REFUSED,
    /** The role is unknown, may not log in, or pg_hba.conf does not let it in. */
    LOGIN_REFUSED,
    /** The database does not exist. */
    DATABASE_MISSING,
    /** The role lacks CONNECT on the database. */
    NO_CONNECT_RIGHT,
    /** The server, the database or the role has all the connections that it may have. */
    TOO_MANY_CONNECTIONS,
    /** No connection for another reason, which the server or the driver gave. */
    CONNECTION_FAILED,
    /** The role may not open as many connections as an engine needs. */
    CONNECTION_LIMIT,
    /** The server did not answer a question about its catalogs in time, or refused to. */
    CATALOG_UNREADABLE,

    // the server, the database, the role
    /** The server is older than the oldest supported. */
    SERVER_TOO_OLD,
    /** The server is a standby of a version that cannot decode there. */
    STANDBY,
    /** {@code wal_level} is not {@code logical}. */
    WAL_LEVEL,
    /** The database is not encoded in UTF8. */
    SERVER_ENCODING,
    /** The role lacks REPLICATION. */
    NO_REPLICATION_RIGHT,
    /** All of {@code max_replication_slots} are in use. */
    NO_FREE_SLOT,
    /** All of {@code max_wal_senders} are in use. */
    NO_FREE_WAL_SENDER,
    /** Something between the engine and the server drops the session settings it asks for. */
    SESSION_SETTINGS,
    /** {@code wal_sender_timeout} is 0: connections that broke keep the slot busy. */
    WAL_SENDER_TIMEOUT(Severity.WARNING),
    /** The role may not call {@code pg_logical_emit_message}, which the heartbeat needs. */
    NO_MESSAGE_RIGHT(Severity.WARNING),

    // the slot and the stored position
    /** Another process holds the slot. */
    SLOT_IN_USE,
    /** The slot is physical or has another plugin. */
    SLOT_OF_ANOTHER_KIND,
    /** The slot belongs to another database. */
    SLOT_OF_ANOTHER_DATABASE,
    /** The server has invalidated the slot. */
    SLOT_LOST,
    /** The slot keeps more WAL than the server plans for, or is about to be given up. */
    SLOT_AT_RISK(Severity.WARNING),
    /** There is no slot yet, and open transactions would keep its creation waiting. */
    SLOT_CREATION_WAITS(Severity.WARNING),
    /** There is a stored position, and its slot is gone. */
    SLOT_MISSING,
    /** There is a slot, and no stored position for it. */
    POSITION_MISSING,
    /** The slot was confirmed beyond the stored position. */
    GAP,
    /** The stored position belongs to another server. */
    WRONG_SERVER,
    /** The stored position belongs to another slot. */
    WRONG_SLOT,
    /** The stored position belongs to another publication. */
    WRONG_PUBLICATION,
    /** The stored position lies on a timeline that this server left before it, or never was on. */
    WRONG_TIMELINE,
    /** The stored position lies behind the end of the server's log. */
    POSITION_AHEAD,
    /** The offset store cannot be read, written or locked. */
    OFFSET_STORE,

    // the publication
    /** The publication does not exist. */
    PUBLICATION_MISSING,
    /** The publication has no table. */
    PUBLICATION_EMPTY,
    /** A table listened to is not in the publication. */
    TABLE_NOT_PUBLISHED,
    /** A column that is listened to is not published. */
    COLUMN_NOT_PUBLISHED,
    /** Inserts, updates, deletes or truncates are not published. */
    OPERATION_NOT_PUBLISHED(Severity.WARNING),
    /** A partitioned table is published under the names of its partitions, or the reverse. */
    PUBLISHED_UNDER_ANOTHER_NAME,

    // the tables
    /** No listener was given. */
    NO_LISTENER,
    /** The table does not exist. */
    TABLE_MISSING,
    /** It is a view or something else that has no changes. */
    NOT_A_TABLE,
    /** The table is unlogged or temporary. */
    TABLE_UNLOGGED,
    /** A name that cannot be captured safely. */
    HOSTILE_NAME,
    /** No replica identity: the server would refuse updates and deletes. */
    REPLICA_IDENTITY,
    /** The publication leaves columns of the replica identity out, with the same effect. */
    REPLICA_IDENTITY_NOT_PUBLISHED,
    /** Updates do not send large values that they leave alone. */
    TOAST_UNCHANGED(Severity.WARNING),
    /** The role lacks USAGE on the schema, which the snapshot needs. */
    NO_USAGE_RIGHT,
    /** The role lacks SELECT on the table, which the snapshot needs. */
    NO_SELECT_RIGHT,
    /** Row-level security hides rows from the snapshot. */
    ROW_SECURITY,
    /** A component of the record or bean finds no column. */
    COMPONENT_WITHOUT_COLUMN,
    /** A component cannot hold what its column has. */
    COMPONENT_TYPE,
    /** A component is primitive and its column may be null. */
    COMPONENT_NOT_NULLABLE,

    // a running engine
    /** Reading the changes failed in a way that will not pass by itself. */
    STREAM_FAILED,
    /** The heap has no room for what was to be read or delivered. */
    OUT_OF_MEMORY,
    /** A listener threw. */
    LISTENER_FAILED;

    private final Severity severity;

    Code() {
      this(Severity.ERROR);
    }

    Code(Severity severity) {
      this.severity = severity;
    }

    /** How much it matters, always the same for one code. */
    public Severity severity() {
      return severity;
    }
  }

  /** Names may hold anything: control characters become visible, so that a log keeps its lines. */
  public Problem {
    Objects.requireNonNull(code, "code");
    what = visible(what);
    remedy = visible(remedy);
  }

  static String visible(String text) {
    return text.codePoints()
        .mapToObj(c -> Character.isISOControl(c) ? "\\u%04x".formatted(c) : Character.toString(c))
        .collect(Collectors.joining());
  }

  /** Whether it keeps an engine from working; else it is a warning. */
  public boolean isError() {
    return code.severity() == Severity.ERROR;
  }

  /** The sentence with its code, and below it the remedy. */
  @Override
  public String toString() {
    return what + " [" + code + "]\n    → " + remedy;
  }
}
