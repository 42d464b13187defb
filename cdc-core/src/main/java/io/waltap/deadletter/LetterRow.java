package io.waltap.deadletter;

import io.waltap.deadletter.JdbcDeadLetters.Change;
import io.waltap.deadletter.JdbcDeadLetters.DeadLetter;
import io.waltap.event.ChangeMetadata;
import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.TableId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Letters to parameters, one after the other, and rows to letters. */
final class LetterRow {

  /** The columns that {@link #letter} fills. */
  static final String INSERTED =
      "engine, listener, change_id, table_schema, table_name, operation, key_text, previous_key,"
          + " change, image, transaction_id, commit_lsn, commit_time, lsn, change_order, alone,"
          + " error, attempts";

  static final String PARAMETERS =
      "?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?, ?, ?::pg_lsn, ?, ?::pg_lsn, ?, ?, ?, ?";

  /** What is the same for a change that comes again. */
  static final String IDENTITY = "(engine, listener, change_id)";

  static final String SELECT =
      "SELECT id, listener, table_schema, table_name, operation, key_text, previous_key, change,"
          + " image, transaction_id, commit_lsn::text, commit_time, lsn::text, change_order, alone,"
          + " error, attempts, parked_at FROM ";

  private final PreparedStatement statement;
  private int place;

  LetterRow(PreparedStatement statement) {
    this.statement = statement;
  }

  LetterRow text(@Nullable String text) throws SQLException {
    statement.setString(++place, text);
    return this;
  }

  LetterRow number(@Nullable Long number) throws SQLException {
    statement.setObject(++place, number, Types.BIGINT);
    return this;
  }

  LetterRow number(int number) throws SQLException {
    statement.setInt(++place, number);
    return this;
  }

  private LetterRow time(@Nullable Instant time) throws SQLException {
    statement.setObject(
        ++place,
        time == null ? null : time.atOffset(ZoneOffset.UTC),
        Types.TIMESTAMP_WITH_TIMEZONE);
    return this;
  }

  private LetterRow lsn(@Nullable Lsn lsn) throws SQLException {
    return text(lsn == null ? null : lsn.toString());
  }

  /** Where the change is in the stream. */
  LetterRow place(Change change) throws SQLException {
    ChangeMetadata metadata = change.metadata();
    Lsn commit = metadata.commitLsn();
    return lsn(commit == null ? metadata.lsn() : commit).number(metadata.order());
  }

  /** Whether it touches every letter of its table. */
  static boolean hasAllKeys(Change change) {
    return change.key().isEmpty();
  }

  /** What letters have in common that touch a change. */
  LetterRow touching(String engine, String listener, Change change) throws SQLException {
    TableId table = change.metadata().table();
    text(engine).text(listener).text(table.schema()).text(table.name());
    if (hasAllKeys(change)) {
      return this;
    }
    String key = change.key();
    String previous = change.previousKey() == null ? key : change.previousKey();
    return text(key).text(previous).text(key).text(previous);
  }

  LetterRow letter(
      String engine,
      String listener,
      String id,
      Change change,
      boolean alone,
      @Nullable String error,
      int attempts)
      throws SQLException {
    ChangeMetadata metadata = change.metadata();
    text(engine).text(listener).text(id);
    text(metadata.table().schema()).text(metadata.table().name()).text(change.operation().name());
    text(change.key()).text(change.previousKey()).text(change.json()).text(change.image());
    number(metadata.transactionId()).lsn(metadata.commitLsn()).time(metadata.commitTime());
    lsn(metadata.lsn()).number(metadata.order());
    statement.setBoolean(++place, alone);
    return text(error == null ? null : holdable(error)).number(attempts);
  }

  /** No text of PostgreSQL's can hold a zero, but the words of an exception may. */
  static String holdable(String text) {
    return text.replace('\0', '\uFFFD');
  }

  static DeadLetter read(ResultSet row) throws SQLException {
    return new DeadLetter(
        row.getLong("id"),
        row.getString("listener"),
        change(row),
        row.getBoolean("alone"),
        row.getString("error"),
        row.getInt("attempts"),
        row.getObject("parked_at", OffsetDateTime.class).toInstant());
  }

  private static Change change(ResultSet row) throws SQLException {
    return new Change(
        metadata(row),
        Operation.valueOf(row.getString("operation")),
        row.getString("key_text"),
        row.getString("previous_key"),
        row.getString("change"),
        row.getString("image"));
  }

  private static ChangeMetadata metadata(ResultSet row) throws SQLException {
    String commit = row.getString("commit_lsn");
    OffsetDateTime time = row.getObject("commit_time", OffsetDateTime.class);
    return new ChangeMetadata(
        table(row),
        Lsn.parse(row.getString("lsn")),
        commit == null ? null : Lsn.parse(commit),
        row.getObject("transaction_id", Long.class),
        time == null ? null : time.toInstant(),
        row.getLong("change_order"),
        commit == null);
  }

  static TableId table(ResultSet row) throws SQLException {
    return new TableId(row.getString("table_schema"), row.getString("table_name"));
  }
}
