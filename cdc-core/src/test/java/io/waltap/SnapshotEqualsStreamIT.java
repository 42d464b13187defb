package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.event.Row;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.util.Arrays;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same row, read by the snapshot, by an insert and by an update, is the same. */
class SnapshotEqualsStreamIT {

  private static final String VALUES =
      """
      true, 'x', 'blank', E'\\\\x00ff', 7::int2, 8, 9, 1.500, 'NaN', 0.1::float4, 'Infinity',
      '1,234.50', '2026-03-29 02:30:00', '2026-03-29 02:30:00+05:30', '2026-03-29', '24:00:00',
      '04:05:06-08', '1 mon -2 days 03:00', '{"a": 1.50}', '{"b":  1}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '10.0.0.1',
      B'0010', '{1,NULL,3}', '{{a,"b c"},{NULL,""}}', 'sad', '(1,two)', '[1,5)', '0/16B3748', 'positive',
      '(1,)', '(,)', 'glad', '{a,NULL}'
      """;

  private final TimeZone zone = TimeZone.getDefault();

  @BeforeEach
  void useAnOddTimeZone() {
    TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
  }

  @AfterEach
  void restoreTheTimeZone() {
    TimeZone.setDefault(zone);
  }

  @Test
  void everyTypeReadsTheSame() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      database.execute(
          "CREATE TYPE mood AS ENUM ('sad', 'glad')",
          "CREATE TYPE pair AS (a int, b text)",
          "CREATE DOMAIN word AS text CHECK (value <> '')",
          "CREATE DOMAIN humour AS mood",
          """
          CREATE TABLE kinds (id int PRIMARY KEY, b bool, c "char", ch char(9), by bytea, i2 int2,
            i4 int4, i8 int8, n numeric, nn numeric, f4 float4, f8 float8, m money, ts timestamp,
            tz timestamptz, d date, t time, tt timetz, iv interval, j json, jb jsonb, u uuid,
            ip inet, bits varbit, ia int[], ta text[], mo mood, p pair, r int4range, l pg_lsn, w word,
            half pair, none pair, h humour, ws word[])
          """,
          "CREATE PUBLICATION waltap FOR TABLE kinds",
          insert(1));
      RecordingListener<Row> listener = new RecordingListener<>();
      CdcConfig config =
          CdcConfig.builder()
              .url(database.url())
              .user(database.user())
              .password(database.password())
              .slot(database.name())
              .build();
      Table<Row> table = Table.of("public.kinds");
      try (CdcEngine engine =
          CdcEngine.builder(config)
              .listen(table, listener)
              .offsets(new InMemoryOffsetStore())
              .start()) {
        listener.await(1);
        database.execute(
            "TRUNCATE kinds", insert(1), "UPDATE kinds SET id = 1", "DELETE FROM kinds");
        listener.await(5);
        assertThat(engine.failure()).isEmpty();
      }
      List<ChangeEvent<Row>> events = listener.events();
      Row read = ((Read<Row>) events.get(0)).after();
      Row inserted = ((Insert<Row>) events.get(2)).after();
      Row updated = ((Update<Row>) events.get(3)).after();
      assertThat(inserted).isEqualTo(read);
      assertThat(updated).isEqualTo(read);
      assertThat(read.columns()).hasSize(35);
      assertThat(read.getString("b")).isEqualTo("true");
      assertThat(read.getString("ch")).isEqualTo("blank    ");
      assertThat(read.getString("tz")).isEqualTo("2026-03-28 21:00:00+00");
      assertThat(read.getString("ip")).isEqualTo("10.0.0.1");
      assertThat(read.getString("bits")).isEqualTo("0010");
      assertThat(read.getString("m")).isEqualTo("$1,234.50");
      assertThat(read.typeOf("w")).isEqualTo("text");
      assertThat(read.getString("half")).isEqualTo("(1,)");
      assertThat(read.getString("none")).isEqualTo("(,)");
      assertThat(read.typeOf("h")).isEqualTo("mood");
      assertThat(read.typeOf("ws")).isEqualTo("_text");
      assertThat(read.get("ws", List.class)).isEqualTo(Arrays.asList("a", null));
    }
  }

  private static String insert(int id) {
    return "INSERT INTO kinds VALUES (" + id + ", " + VALUES + ")";
  }
}
