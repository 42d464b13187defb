package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.MatrixSource.Cell;
import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Delete;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import io.waltap.testing.TestDatabase;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Every type, with every kind of value, in every operation, under every replica identity: what the
 * listener gets is what the server itself says.
 *
 * <p>The rows of the source exist before the start (snapshot), are inserted again, touched (an
 * update that leaves all values alone, so that large ones are unchanged), given the values of the
 * next row, and deleted.
 */
class TypeMatrixIT {

  /** Rows that were inserted after the start have ids above. */
  private static final int OFFSET = 100_000;

  private static final Map<String, String> IDENTITIES =
      Map.of("m_default", "DEFAULT", "m_full", "FULL", "m_index", "USING INDEX m_index_ident_key");

  private final MatrixScore score = new MatrixScore();

  @Test
  void theListenerGetsWhatTheServerHolds() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      MatrixSource source = new MatrixSource(database);
      for (Map.Entry<String, String> table : IDENTITIES.entrySet()) {
        source.createTable(table.getKey());
        database.execute(
            "ALTER TABLE " + table.getKey() + " REPLICA IDENTITY " + table.getValue(),
            "INSERT INTO " + table.getKey() + " SELECT * FROM source");
      }
      database.execute("CREATE PUBLICATION waltap FOR TABLE m_default, m_full, m_index");
      run(database, source);
      source.leaveOut("the server sends no more than the key of the old row", "before, by DEFAULT");
      source.leaveOut("the server sends no more than the key of the old row", "before, by INDEX");
      score.print(database.value("SHOW server_version"), source);
      assertThat(score.misfits()).isEmpty();
      assertThat(score.cells()).isGreaterThanOrEqualTo(5_000);
      assertThat(score.unchanged()).isGreaterThanOrEqualTo(200);
      assertThat(score.events()).isEqualTo(3 * 5 * source.rows());
    }
  }

  private void run(TestDatabase database, MatrixSource source) throws Exception {
    CdcConfig config =
        CdcConfig.builder()
            .url(database.url())
            .user(database.user())
            .password(database.password())
            .slot(database.name())
            .build();
    CdcEngine.Builder builder = CdcEngine.builder(config).offsets(new InMemoryOffsetStore());
    IDENTITIES.forEach(
        (table, identity) ->
            builder.listen(
                Table.of("public." + table),
                event -> check(source, event, table + " ", identity.equals("FULL"))));
    try (CdcEngine engine = builder.start()) {
      IDENTITIES.keySet().forEach(table -> change(database, source, table));
      Lsn end = Lsn.parse(database.value("SELECT pg_current_wal_lsn()"));
      assertThat(engine.awaitProcessed(end, Duration.ofMinutes(3))).isTrue();
      assertThat(engine.failure()).isEmpty();
    }
  }

  private static void change(TestDatabase database, MatrixSource source, String table) {
    String inserted = " WHERE t.id > " + OFFSET;
    StringBuilder set = new StringBuilder("step = 2");
    source.columnNames().forEach(c -> set.append(", ").append(c).append(" = s.").append(c));
    database.execute(
        "INSERT INTO %1$s SELECT id + %2$d, ident + %2$d, 0, %3$s FROM source"
            .formatted(table, OFFSET, source.columns("")),
        "UPDATE " + table + " t SET step = 1" + inserted,
        "UPDATE %s t SET %s FROM source s%s AND s.id = (t.id - %d) %% %d + 1"
            .formatted(table, set, inserted, OFFSET, source.rows()),
        "DELETE FROM " + table + " t" + inserted);
  }

  private void check(MatrixSource source, ChangeEvent<Row> event, String table, boolean full) {
    score.event();
    if (event instanceof Read<Row> read) {
      same(source, read.after(), 0, table + "snapshot");
    } else if (event instanceof Insert<Row> insert) {
      same(source, insert.after(), 0, table + "insert");
    } else if (event instanceof Update<Row> update) {
      Integer step = update.after().getInteger("step");
      boolean touch = Objects.equals(step, 1);
      if (full) {
        same(source, Objects.requireNonNull(update.before()), 0, table + "before update " + step);
      } else {
        score.expect(update.before() == null, table + "before update " + step);
      }
      if (touch && !full) {
        touched(source, update.after(), table + "update 1");
      } else {
        same(source, update.after(), touch ? 0 : 1, table + "update " + step);
      }
    } else if (event instanceof Delete<Row> delete) {
      if (full) {
        same(source, Objects.requireNonNull(delete.before()), 1, table + "delete");
      } else {
        score.expect(delete.before() == null, table + "delete");
      }
    }
  }

  /** The row of the source from which a row has its values, so many rows ahead. */
  private static int origin(MatrixSource source, Row row, int ahead) {
    int id = Objects.requireNonNull(row.getInteger("id")) % OFFSET;
    return (id - 1 + ahead) % source.rows() + 1;
  }

  private void same(MatrixSource source, Row row, int ahead, String where) {
    Map<String, Cell> cells = MatrixSource.byColumn(source.cells(origin(source, row, ahead)));
    cells.values().forEach(cell -> score.same(cell, row, where));
    others(source, row, cells, where);
  }

  private void touched(MatrixSource source, Row row, String where) {
    Map<String, Cell> cells = MatrixSource.byColumn(source.cells(origin(source, row, 0)));
    for (Cell cell : cells.values()) {
      if (cell.large()) {
        score.unchanged(cell, row, where);
      } else {
        score.same(cell, row, where);
      }
    }
    others(source, row, cells, where);
  }

  /** Columns of other types are null in this row; not counted. */
  private void others(MatrixSource source, Row row, Map<String, Cell> cells, String where) {
    for (String column : source.columnNames()) {
      if (!row.isNull(column) && !cells.containsKey(column)) {
        score.expect(false, where + " " + column + " is not null");
      }
    }
  }
}
