package io.waltap.generator.audit;

import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.TableId;
import io.waltap.generator.audit.AuditReport.Defect;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the last snapshot that was delivered, judged by what must have been there.
 *
 * <p>Which transactions a snapshot saw, nobody has noted. But every transaction was either streamed
 * after the snapshot, or the snapshot has to show what it left: so the ledger without what was
 * streamed after it says of each row that it knows how it was read, or that it was not. A change
 * that was lost after the snapshot shows too, unless it left the row as it was.
 *
 * <p>A row that the ledger does not know, since it was there before the round, is not judged;
 * neither is a table without a primary key, nor a value after the table's columns have changed.
 */
final class Snapshot {

  private final Verdict verdict;
  private final Tally tally;
  private final Function<TableId, Shape> shapes;
  private final Map<TableId, List<String>> columns = new HashMap<>();
  private final Map<TableId, Map<Digest, Digest>> rows = new HashMap<>();
  private final Set<Digest> judged = new HashSet<>();
  private final Set<TableId> fromJson = new HashSet<>();
  private final Set<TableId> truncated = new HashSet<>();
  private Transactions streamed = new Transactions();
  private @Nullable Lsn taken;

  /**
   * @param shapes what a table looked like last
   */
  Snapshot(Verdict verdict, Tally tally, Function<TableId, Shape> shapes) {
    this.shapes = shapes;
    this.verdict = verdict;
    this.tally = tally;
  }

  boolean wasTaken() {
    return taken != null;
  }

  /** Takes a row that was read; one that is the first after a start begins the snapshot anew. */
  void read(Delivered row) {
    Values after = row.after();
    if (taken == null || !taken.equals(row.lsn()) || row.restarted()) {
      taken = row.lsn();
      columns.clear();
      rows.clear();
      streamed = new Transactions();
    }
    if (after == null || row.key().columns().isEmpty()) {
      return;
    }
    Shape shape = shapes.apply(row.table());
    Values plain = after.plain(shape);
    columns.put(row.table(), plain.columns());
    if (after.json()) {
      fromJson.add(row.table());
    }
    Digest key = digest(row.table(), row.key().plain(shape));
    Map<Digest, Digest> ofTable = rows.computeIfAbsent(row.table(), table -> new HashMap<>());
    if (ofTable.put(key, digest(row.table(), plain)) != null) {
      tally.found(Defect.DUPLICATE, () -> row.table() + " " + row.key() + " was read twice.");
    }
  }

  /** Notes a transaction that was streamed. */
  void streamed(long transaction) {
    streamed.add(transaction);
  }

  /** Compares with the ledger. */
  void judge(Truth truth) throws SQLException {
    truth.visitChangesBackwards(
        change -> {
          if (!streamed.contains(change.transaction())) {
            judge(change);
          }
        });
  }

  /** The later changes of the row have been judged before. */
  private void judge(Expected change) {
    TableId table = change.shape().table();
    if (truncated.contains(table)) {
      return;
    }
    if (change.operation() == Operation.TRUNCATE) {
      truncated.add(table);
      gone(change);
    } else if (!change.shape().key().isEmpty()) {
      judgeRow(change);
    }
  }

  /** A row that no later change of the ledger has put there cannot have outlived a truncate. */
  private void gone(Expected truncate) {
    long count = rows(truncate).keySet().stream().filter(key -> !judged.contains(key)).count();
    if (count > 0) {
      tally.found(
          Defect.PHANTOM,
          count,
          () -> "The snapshot has %,d rows in spite of %s.".formatted(count, truncate));
    }
  }

  private Map<Digest, Digest> rows(Expected change) {
    return rows.getOrDefault(change.shape().table(), Map.of());
  }

  // The new key first: if it is the old one too, that is judged by then.
  private void judgeRow(Expected change) {
    if (change.operation() != Operation.DELETE) {
      Digest key = key(change, change.after());
      if (judged.add(key)) {
        present(change, key);
      }
    }
    if (change.operation() != Operation.INSERT) {
      Digest key = key(change, change.before());
      if (judged.add(key)) {
        absent(change, key);
      }
    }
  }

  private void absent(Expected change, Digest key) {
    if (rows(change).containsKey(key)) {
      tally.found(Defect.PHANTOM, () -> "The snapshot has a row in spite of " + change + ".");
    }
  }

  private void present(Expected change, Digest key) {
    Digest row = rows(change).get(key);
    if (row == null) {
      tally.found(
          Defect.MISSING, () -> change + " was neither delivered nor is its row in the snapshot.");
      return;
    }
    TableId table = change.shape().table();
    List<String> read = columns.getOrDefault(table, List.of());
    if (change.shape().columns().containsAll(read) && verdict.comparesAll(table)) {
      List<@Nullable String> fields = fields(change, change.after(), read);
      if (fromJson.contains(table)) {
        forgetJsonNulls(change.shape(), read, fields);
      }
      Digest expected = Digest.of(table, read, fields);
      if (!expected.equals(row)) {
        tally.found(Defect.ALTERED, () -> "The snapshot has other values than " + change + ".");
      }
    }
  }

  /** A line of JSON does not tell the null of a {@code jsonb} from none. */
  private static void forgetJsonNulls(
      Shape shape, List<String> columns, List<@Nullable String> fields) {
    for (int i = 0; i < columns.size(); i++) {
      if (shape.type(columns.get(i)).equals("jsonb") && "null".equals(fields.get(i))) {
        fields.set(i, null);
      }
    }
  }

  private static Digest digest(TableId table, Values values) {
    return Digest.of(table, values.columns(), values.texts());
  }

  private static Digest key(Expected change, @Nullable String[] fields) {
    List<String> key = change.shape().key();
    return Digest.of(change.shape().table(), key, fields(change, fields, key));
  }

  private static List<@Nullable String> fields(
      Expected change, @Nullable String[] fields, List<String> columns) {
    List<@Nullable String> wanted = new ArrayList<>(columns.size());
    for (String column : columns) {
      wanted.add(fields[change.shape().columns().indexOf(column)]);
    }
    return wanted;
  }
}
