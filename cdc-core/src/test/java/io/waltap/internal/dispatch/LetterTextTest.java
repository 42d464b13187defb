package io.waltap.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.waltap.event.ChangeMetadata;
import io.waltap.event.Column;
import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import io.waltap.internal.dispatch.LetterText.Letter;
import io.waltap.internal.dispatch.SourceEvent.RowChange;
import io.waltap.internal.dispatch.SourceEvent.SnapshotRow;
import io.waltap.internal.dispatch.SourceEvent.TableTruncate;
import io.waltap.table.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LetterTextTest {

  private static final TableId TABLE = new TableId("My \"schema\"", "ta\\ble\u2028");
  private static final ChangeMetadata STREAMED =
      new ChangeMetadata(
          TABLE,
          new Lsn(-2),
          new Lsn(-1),
          4294967295L,
          Instant.parse("2026-11-21T10:00:00.000123Z"),
          Long.MAX_VALUE,
          false);
  private static final ChangeMetadata FOUND =
      new ChangeMetadata(TABLE, new Lsn(1), null, null, null, 0, true);

  /** A type and a text of it, most of them such that a reader of values would alter them. */
  private static final String[][] VALUES = {
    {"int4", "007"},
    {"int8", "-9223372036854775808"},
    {"oid", "4294967295"},
    {"numeric", "1.50"},
    {"numeric", "NaN"},
    {"numeric", "1" + "0".repeat(5000) + ".000"},
    {"float4", "1.1754944e-38"},
    {"float8", "-0"},
    {"float8", "-Infinity"},
    {"bool", "t"},
    {"bool", "f"},
    {"text", ""},
    {"text", "unchanged"},
    {"text", "null"},
    {"text", "<unchanged>"},
    {"text", "quote \" and ' and \\ and / and \b\t\f\u0001\u007f"},
    {"text", "line\r\nbreak\nand \u2028\u2029\u0085"},
    {"text", "\uD83D\uDE00 and a\u0301 and \uFEFF\uFFFF \u202E"},
    {"bpchar", "padded    "},
    {"bytea", "\\x00ff"},
    {"json", "{\"a\": 1.50,\n \"a\": \"\\u0000\\ud800\"}"},
    {"jsonb", "null"},
    {"timestamp", "294276-12-31 23:59:59.999999"},
    {"timestamptz", "0044-03-15 12:00:00+00 BC"},
    {"date", "infinity"},
    {"interval", "-1 years +2 mons -3 days +04:05:06.000007"},
    {"_text", "{\"a,b\",NULL,\"NULL\",\"\"}"},
    {"_int4", "[0:1]={1,2}"},
    {"_numeric", "{{1.10},{2.0}}"},
    {"hstore", "\"a\"=>NULL"},
    {"int4range", "[1,10)"},
    {"mood", "it's \"fine\""},
    {"", ""},
  };

  private static RowLayout layout(ColumnShape... columns) {
    return RowLayout.of(List.of(columns));
  }

  private static ColumnShape column(String name, String type) {
    return new ColumnShape(name, type, false);
  }

  private static ColumnShape keyColumn(String name, String type) {
    return new ColumnShape(name, type, true);
  }

  private static Row row(RowLayout layout, @Nullable String... texts) {
    return layout.row(texts);
  }

  private static Row after(RowChange change) {
    return Objects.requireNonNull(change.after());
  }

  private static SourceEvent back(ChangeMetadata metadata, SourceEvent event) {
    Letter letter = LetterText.read(LetterText.write(metadata, event));
    assertThat(letter.metadata()).isEqualTo(metadata);
    assertThat(letter.event()).isEqualTo(event);
    return letter.event();
  }

  @Test
  void everyTypeComesBackAsItsText() {
    for (String[] value : VALUES) {
      for (boolean key : new boolean[] {true, false}) {
        RowLayout layout = layout(new ColumnShape("näme \"\\\n", value[0], key));
        Row row = row(layout, value[1]);
        RowChange back =
            (RowChange)
                back(
                    STREAMED,
                    new RowChange(
                        Operation.INSERT, TABLE, new Lsn(-2), layout.key(row), null, null, row));
        Row after = after(back);
        assertThat(after.typeOf("näme \"\\\n")).isEqualTo(value[0]);
        assertThat(after.getString("näme \"\\\n")).isEqualTo(row.getString("näme \"\\\n"));
        assertThat(RowLayout.ofRow(after).texts(after)).containsExactly(value[1]);
      }
    }
  }

  @Test
  void aValueAndNullAndUnchangedStayApart() {
    RowLayout layout =
        layout(
            keyColumn("id", "int4"),
            column("sent", "text"),
            column("empty", "text"),
            column("kept", "text"),
            column("last", "_text"));
    Row after = row(layout, "1", "unchanged", null, RowLayout.UNCHANGED, "{}");
    RowChange back =
        (RowChange)
            back(
                STREAMED,
                new RowChange(
                    Operation.UPDATE, TABLE, new Lsn(-2), layout.key(after), null, null, after));
    Row row = after(back);
    assertThat(row.isUnchanged("kept")).isTrue();
    assertThat(row.isNull("empty")).isTrue();
    assertThat(row.isUnchanged("empty")).isFalse();
    assertThat(row.getString("sent")).isEqualTo("unchanged");
    assertThat(row.columns()).containsExactly("id", "sent", "empty", "kept", "last");
  }

  @Test
  void theColumnsOfTheKeyAreKnownAsSuch() {
    RowLayout layout = layout(column("a", "text"), keyColumn("b", "int4"), keyColumn("c", "text"));
    Row row = row(layout, "x", "2", "z");
    RowChange back =
        (RowChange)
            back(
                STREAMED,
                new RowChange(
                    Operation.INSERT, TABLE, new Lsn(-2), layout.key(row), null, null, row));
    Row after = after(back);
    RowLayout again = RowLayout.ofRow(after);
    assertThat(again.keyColumns()).containsExactly("b", "c");
    assertThat(again.shapes()).isEqualTo(layout.shapes());
    assertThat(again.key(after)).isEqualTo(layout.key(row));
    assertThat(back.key().columns()).containsExactly("b", "c");
  }

  @Test
  void aChangedKeyComesBackWithBothAndTheRowBefore() {
    RowLayout layout = layout(keyColumn("id", "int4"), column("v", "text"));
    Row before = row(layout, "1", "a");
    Row after = row(layout, "2", "b");
    RowChange change =
        new RowChange(
            Operation.UPDATE,
            TABLE,
            new Lsn(-2),
            layout.key(after),
            layout.key(before),
            before,
            after);
    RowChange back = (RowChange) back(STREAMED, change);
    assertThat(back.previousKey()).isEqualTo(layout.key(before));
    assertThat(back.before()).isEqualTo(before);
  }

  @Test
  void aDeleteMayHaveNothingButItsKey() {
    RowLayout layout = layout(keyColumn("id", "bool"), column("v", "text"));
    Row key = layout.key(row(layout, "t", null));
    RowChange back =
        (RowChange)
            back(
                STREAMED,
                new RowChange(Operation.DELETE, TABLE, new Lsn(-2), key, null, null, null));
    assertThat(back.key().getString("id")).isEqualTo("true");
    assertThat(back.key().getBoolean("id")).isTrue();
  }

  @Test
  void aTableWithoutAKeyHasAKeyWithoutColumns() {
    RowLayout layout = layout(column("v", "text"));
    Row row = row(layout, "x");
    RowChange back =
        (RowChange)
            back(
                STREAMED,
                new RowChange(
                    Operation.DELETE, TABLE, new Lsn(-2), layout.key(row), null, row, null));
    assertThat(back.key().columns()).isEmpty();
  }

  @Test
  void aRowOfTheSnapshotAndATruncateComeBack() {
    RowLayout layout = layout(keyColumn("id", "int4"), column("v", "text"));
    Row row = row(layout, "1", null);
    back(FOUND, new SnapshotRow(TABLE, new Lsn(1), layout.key(row), row));
    back(STREAMED, new TableTruncate(TABLE, new Lsn(-2)));
  }

  @Test
  void anyRowComesBack() {
    Random random = new Random(4711);
    for (int run = 0; run < 500; run++) {
      List<ColumnShape> columns = new ArrayList<>();
      List<@Nullable String> texts = new ArrayList<>();
      for (int i = random.nextInt(8); i >= 0; i--) {
        String[] value = VALUES[random.nextInt(VALUES.length)];
        columns.add(new ColumnShape("c" + i, value[0], random.nextBoolean()));
        texts.add(
            switch (random.nextInt(4)) {
              case 0 -> null;
              case 1 -> RowLayout.UNCHANGED;
              default -> value[1];
            });
      }
      RowLayout layout = RowLayout.of(columns);
      Row row = layout.row(texts.toArray(new @Nullable String[0]));
      Row key = layout.key(row);
      back(STREAMED, new RowChange(Operation.UPDATE, TABLE, new Lsn(-2), key, key, row, row));
    }
  }

  /** What an application may want of a row. */
  private record Item(
      int id, BigDecimal amount, boolean open, List<String> tags, Column<String> body) {}

  @Test
  void mapsToTheSameRecord() {
    RowLayout layout =
        layout(
            keyColumn("id", "int4"),
            column("amount", "numeric"),
            column("open", "bool"),
            column("tags", "_text"),
            column("body", "text"));
    Row row = row(layout, "1", "10.500", "t", "{a,\"b c\"}", RowLayout.UNCHANGED);
    SnapshotRow back =
        (SnapshotRow) back(FOUND, new SnapshotRow(TABLE, new Lsn(1), layout.key(row), row));
    Table<Item> table = Table.of("public.item", Item.class);
    assertThat(table.mapper().map(back.row()))
        .isEqualTo(table.mapper().map(row))
        .isEqualTo(
            new Item(1, new BigDecimal("10.500"), true, List.of("a", "b c"), Column.unchanged()));
  }

  @Test
  void aLargeValueComesBack() {
    RowLayout layout = layout(column("v", "text"));
    Row row = row(layout, "\"".repeat(30_000_000)); // more than Jackson reads unasked
    back(FOUND, new SnapshotRow(TABLE, new Lsn(1), layout.key(row), row));
  }

  @Test
  void equalKeysHaveOneNameAndOthersAnother() {
    RowLayout layout = layout(keyColumn("a", "text"), keyColumn("b", "text"), column("c", "text"));
    assertThat(name(layout, "1", "2", "x")).isEqualTo(name(layout, "1", "2", "y"));
    assertThat(
            List.of(
                name(layout, "1", "2", null),
                name(layout, "12", "", null),
                name(layout, "1\",\"2", "", null),
                name(layout, "", "12", null),
                name(layout, null, "12", null),
                name(layout, "null", "12", null)))
        .doesNotHaveDuplicates()
        .doesNotContain("");
  }

  @Test
  void aKeyThatCannotBeToldHasNoName() {
    RowLayout layout = layout(keyColumn("a", "text"), keyColumn("b", "text"));
    assertThat(name(layout, "1", RowLayout.UNCHANGED)).isEmpty();
    assertThat(name(layout, "1", "unchanged")).isNotEmpty();
    assertThat(name(layout(column("a", "text")), "1")).isEmpty();
  }

  private static String name(RowLayout layout, @Nullable String... texts) {
    return LetterText.keyName(layout.key(layout.row(texts)));
  }

  @Test
  void damageIsToldWithoutValues() {
    RowLayout layout = layout(keyColumn("id", "text"));
    Row row = row(layout, "zebra");
    String text = LetterText.write(FOUND, new SnapshotRow(TABLE, new Lsn(1), row, row));
    for (String damaged :
        List.of(
            "",
            "null",
            "zebra",
            text.substring(0, text.length() - 1),
            text.replace("\"zebra\"", "\"zebra\",\"zebra\""),
            text.replace("\"lsn\":\"0/1\"", "\"lsn\":\"zebra\""),
            text.replace("\"key\":{", "\"kez\":{"))) {
      assertThatIllegalArgumentException()
          .as(damaged)
          .isThrownBy(() -> LetterText.read(damaged))
          .withMessage("The image of a dead letter is damaged.")
          .withNoCause();
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LetterText.read(text.replace("\"format\":1", "\"format\":2")))
        .withMessageContaining("a format that this version of WalTap does not read");
  }
}
