package io.waltap.benchmarks;

import java.sql.SQLException;
import java.util.List;

/**
 * What is written to the database before or while candidates receive.
 *
 * @param label what it is, in the words of the report
 * @param tables takes a transaction each, in turn; at least one
 * @param updates whether rows that are there are updated, in place of new ones inserted
 * @param rows how many changes
 * @param rowsPerTransaction how many of them are committed at a time
 * @param keys how many rows there are to update, in turn; at least as many as are committed at a
 *     time
 */
record Workload(
    String label,
    List<WorkTable<?>> tables,
    boolean updates,
    long rows,
    long rowsPerTransaction,
    long keys) {

  private static final int FILL = 10_000;

  static Workload inserts(String label, WorkTable<?> table, long rows, long rowsPerTransaction) {
    return inserts(label, List.of(table), rows, rowsPerTransaction);
  }

  static Workload inserts(
      String label, List<WorkTable<?>> tables, long rows, long rowsPerTransaction) {
    return new Workload(label, tables, false, rows, rowsPerTransaction, 0);
  }

  static Workload updates(String label, WorkTable<?> table, long rows, long rowsPerTransaction) {
    return new Workload(label, List.of(table), true, rows, rowsPerTransaction, rows);
  }

  /** The same updates, but of so many rows. */
  Workload roundAbout(long keys) {
    return new Workload(label, tables, updates, rows, rowsPerTransaction, keys);
  }

  /** Empties the tables, publishes them and no others, and writes the rows that updates need. */
  void prepare(BenchmarkServer server) throws SQLException {
    server.publish(tables);
    if (updates) {
      server.writeBacklog(loop(insert(), keys, FILL));
    }
  }

  /** Writes the changes; when it returns, they are on the disk. */
  void write(BenchmarkServer server) throws SQLException {
    server.writeBacklog(loop(updates ? update() : insert(), rows, rowsPerTransaction));
  }

  private String insert() {
    return tables.get(0).insert("range");
  }

  private String update() {
    String turn = "(SELECT 1 + (n - 1) %% %d AS n FROM range) AS turn".formatted(keys);
    return tables.get(0).update(turn);
  }

  /**
   * Runs a statement for each transaction's range of rows, within the server: single rows are
   * written as fast as it can.
   */
  private String loop(String statement, long count, long step) {
    return """
        DO $do$
        DECLARE
          tables text[] := '{%s}';
          lot bigint := 0;
        BEGIN
          FOR head IN 1..%d BY %d LOOP
            %s;
            COMMIT;
            lot := lot + 1;
          END LOOP;
        END $do$"""
        .formatted(names(), count, step, once(statement, count, step));
  }

  private String names() {
    return String.join(",", tables.stream().map(WorkTable::name).toList());
  }

  private String once(String statement, long count, long step) {
    String range = "generate_series(head, least(%d, head + %d)) n".formatted(count, step - 1);
    if (tables.size() == 1) {
      return statement.replace("range", range);
    }
    String anyTable = statement.replace("range", "generate_series($1, $2) n");
    return "EXECUTE replace($sql$%s$sql$, '%s', tables[1 + lot %% %d]) USING head, least(%d, head + %d)"
        .formatted(anyTable, tables.get(0).name(), tables.size(), count, step - 1);
  }
}
