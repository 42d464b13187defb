package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeJson;
import io.waltap.event.Row;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PostgreSQL itself reads the JSON of an event back, and finds the row that it holds. */
class ChangeJsonIT {

  private static final String KINDS =
      """
      CREATE TABLE kinds (id int PRIMARY KEY, i2 int2, i8 int8, o oid, n numeric, scaled numeric(9,3),
        special numeric, f4 float4, f8 float8, f8special float8, m money, b bool, t text, v varchar(9),
        ch char(9), c "char", by bytea, u uuid, d date, dbc date, ti time, tt timetz, ts timestamp,
        tz timestamptz, iv interval, j json, jb jsonb, x xml, ip inet, mac macaddr,
        bits varbit, mo mood, p pair, w word, r int4range, mr nummultirange, pt point, bx box,
        l pg_lsn, tv tsvector, ia int[], na numeric[], ta text[], deep int[], bounds int[], ba bool[],
        ja jsonb[], bxa box[], ma mood[], pa pair[], none text[], nul text)""";

  private static final String ROW =
      """
      INSERT INTO kinds VALUES (%d, -32768, -9223372036854775808, 4294967295, 12345678901234567890.1200,
        1.5, 'NaN', 1e20, 0.1, '-Infinity', '-1234.50', true, E'a"b\\\\c\\nd\\te 🐘', 'NaN', 'blank', 'x',
        '\\x00ff', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'infinity', '0044-03-15 BC', '24:00:00',
        '04:05:06.000001-08', '2026-03-29 02:30:00.5', '2026-03-29 02:30:00+05:30',
        '1 mon -2 days 03:00', '{ "a":  1.50, "a": 1e400}', '{"b": [1.00, null]}',
        '<a>1</a>', '10.0.0.1/8', '08:00:2b:01:02:03', B'0010', 'sad', '(1,"two, 2")', 'word', '[1,5)',
        '{[1.5,2],[3,)}', '(1,2)', '(2,2),(1,1)', '16/B374D848', 'a:1 b:2', '{1,NULL,3}',
        '{1.50,NaN,NULL}', '{a,"b c",NULL,"NULL","","{}"}', '{{1,2},{3,NULL}}', '[0:1]={7,8}',
        '{t,f,NULL}', ARRAY['{"a": 1.0}'::jsonb, '"null"', NULL], '{(2,2),(1,1);(4,4),(3,3)}',
        '{sad,NULL}', ARRAY[(1,'x "y"')::pair, NULL], '{}', NULL)""";

  @Test
  void everyTypeReadsBack() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      database.execute(
          "CREATE TYPE mood AS ENUM ('sad', 'glad')",
          "CREATE TYPE pair AS (a int, b text)",
          "CREATE DOMAIN word AS text CHECK (value <> '')",
          KINDS,
          "ALTER TABLE kinds REPLICA IDENTITY FULL",
          "CREATE PUBLICATION waltap FOR TABLE kinds",
          ROW.formatted(1));

      List<ChangeEvent<Row>> events = readInsertUpdateDelete(database);

      assertThat(events).hasSize(4);
      assertReadsBack(database, events.get(0), "after", 1);
      assertReadsBack(database, events.get(1), "after", 2);
      assertReadsBack(database, events.get(2), "before", 2);
      assertReadsBack(database, events.get(2), "after", 2);
      assertReadsBack(database, events.get(3), "before", 1);
    }
  }

  /** Leaves row 2, and in row 1's place one like it. */
  private static List<ChangeEvent<Row>> readInsertUpdateDelete(TestDatabase database)
      throws Exception {
    RecordingListener<Row> listener = new RecordingListener<>();
    try (CdcEngine engine =
        CdcEngine.builder(config(database))
            .listen(Table.of("public.kinds"), listener)
            .offsets(new InMemoryOffsetStore())
            .start()) {
      listener.await(1);
      database.execute(
          ROW.formatted(2),
          "UPDATE kinds SET b = b WHERE id = 2",
          "DELETE FROM kinds WHERE id = 1");
      List<ChangeEvent<Row>> events = listener.await(4);
      assertThat(engine.failure()).isEmpty();
      database.execute(ROW.formatted(1));
      return events;
    }
  }

  private static void assertReadsBack(
      TestDatabase database, ChangeEvent<Row> event, String part, int id) throws SQLException {
    String json = ChangeJson.of(event);
    assertThat(json).doesNotContain("\n");
    String query =
        """
        SELECT k::text, json_populate_record(NULL::kinds, ?::json -> ?)::text
        FROM kinds k WHERE k.id = ?""";
    try (PreparedStatement statement = database.connection().prepareStatement(query)) {
      statement.setString(1, json);
      statement.setString(2, part);
      statement.setInt(3, id);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        assertThat(result.getString(2)).as(part + " of " + json).isEqualTo(result.getString(1));
      }
    }
  }

  private static CdcConfig config(TestDatabase database) {
    return CdcConfig.builder()
        .url(database.url())
        .user(database.user())
        .password(database.password())
        .slot(database.name())
        .build();
  }
}
