package io.waltap.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import io.waltap.event.ChangeEvent.Delete;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.ChangeEvent.Truncate;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeJsonTest {

  private static final TableId TABLE = new TableId("public", "note");
  private static final ChangeMetadata STREAMED =
      new ChangeMetadata(
          TABLE,
          Lsn.parse("16/B374D848"),
          Lsn.parse("16/B374D900"),
          771L,
          Instant.parse("2026-11-21T07:29:32.000123Z"),
          1,
          false);
  private static final ChangeMetadata SNAPSHOT =
      new ChangeMetadata(TABLE, Lsn.parse("0/1"), null, null, null, 0, true);

  private static final String HEAD =
      """
      "table":{"schema":"public","name":"note"},"lsn":"16/B374D848","commitLsn":"16/B374D900",\
      "transactionId":771,"commitTime":"2026-11-21T07:29:32.000123Z","order":1,"snapshot":false""";

  private static final RowLayout LAYOUT =
      RowLayout.of(
          List.of(
              new ColumnShape("id", "int4", true),
              new ColumnShape("price", "numeric", false),
              new ColumnShape("body", "text", false)));

  private static final Row KEY = key("7");

  private static Row row(@Nullable String... texts) {
    return LAYOUT.row(texts);
  }

  private static Row key(String id) {
    return LAYOUT.key(row(id, null, null));
  }

  /** The JSON of one value. */
  private static String value(String type, @Nullable String text) {
    RowLayout layout = RowLayout.of(List.of(new ColumnShape("v", type, false)));
    Row row = layout.row(new @Nullable String[] {text});
    String json = ChangeJson.of(new Insert<>(SNAPSHOT, layout.key(row), row));
    return json.substring(json.indexOf("{\"v\":") + 5, json.length() - 2);
  }

  @Test
  void anInsertHasItsFieldsInThisOrder() {
    assertThat(ChangeJson.of(new Insert<>(STREAMED, KEY, row("7", "1.50", null))))
        .isEqualTo(
            "{\"operation\":\"insert\","
                + HEAD
                + ",\"key\":{\"id\":7},\"after\":{\"id\":7,\"price\":1.50,\"body\":null}}");
  }

  @Test
  void anUpdateHasBothKeysAndBothRows() {
    assertThat(
            ChangeJson.of(
                new Update<>(STREAMED, key("8"), KEY, row("7", "1", "x"), row("8", "1", "x"))))
        .isEqualTo(
            "{\"operation\":\"update\","
                + HEAD
                + ",\"key\":{\"id\":8},\"previousKey\":{\"id\":7}"
                + ",\"before\":{\"id\":7,\"price\":1,\"body\":\"x\"}"
                + ",\"after\":{\"id\":8,\"price\":1,\"body\":\"x\"}}");
  }

  @Test
  void unchangedColumnsAreListedAndNeverNull() {
    Row after = row("7", RowLayout.UNCHANGED, RowLayout.UNCHANGED);

    assertThat(ChangeJson.of(new Update<>(STREAMED, KEY, null, null, after)))
        .isEqualTo(
            "{\"operation\":\"update\","
                + HEAD
                + ",\"key\":{\"id\":7},\"after\":{\"id\":7},\"unchanged\":[\"price\",\"body\"]}");
  }

  @Test
  void aTextThatSpellsUnchangedIsAValue() {
    assertThat(ChangeJson.of(new Insert<>(STREAMED, KEY, row("7", "1", "unchanged"))))
        .endsWith("\"body\":\"unchanged\"}}");
  }

  @Test
  void aDeleteHasNoRowAfter() {
    assertThat(ChangeJson.of(new Delete<Row>(STREAMED, KEY, null)))
        .isEqualTo("{\"operation\":\"delete\"," + HEAD + ",\"key\":{\"id\":7}}");
    assertThat(ChangeJson.of(new Delete<>(STREAMED, KEY, row("7", "1", "x"))))
        .endsWith(",\"key\":{\"id\":7},\"before\":{\"id\":7,\"price\":1,\"body\":\"x\"}}");
  }

  @Test
  void aTruncateHasNothingButItsMetadata() {
    assertThat(ChangeJson.of(new Truncate<Row>(STREAMED)))
        .isEqualTo("{\"operation\":\"truncate\"," + HEAD + "}");
  }

  @Test
  void aSnapshotRowHasNoCommit() {
    assertThat(ChangeJson.of(new Read<>(SNAPSHOT, KEY, row("7", "1", "x"))))
        .startsWith(
            """
            {"operation":"read","table":{"schema":"public","name":"note"},"lsn":"0/1","order":0,\
            "snapshot":true,"key":""");
  }

  @Test
  void aTableWithoutKeyHasAnEmptyOne() {
    RowLayout keyless = RowLayout.of(List.of(new ColumnShape("v", "text", false)));
    Row row = keyless.row(new @Nullable String[] {"x"});

    assertThat(ChangeJson.of(new Insert<>(STREAMED, keyless.key(row), row)))
        .contains("\"key\":{},");
  }

  @ParameterizedTest
  @CsvSource({
    "int2, -32768",
    "int4, 2147483647",
    "int8, -9223372036854775808",
    "oid, 4294967295",
    "numeric, 10.50",
    "numeric, 0.00000000000000000000000000000000000000001",
    "numeric, -123456789012345678901234567890.10",
    "float4, 1e+20",
    "float8, 1.7976931348623157e+308",
    "float8, -0",
    "json, '{\"a\":  1.50, \"a\": 1e400}'",
    "jsonb, '[1.0, null, \"x\"]'",
    "jsonb, null"
  })
  void standsAsItIs(String type, String text) {
    assertThat(value(type, text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "numeric| NaN| \"NaN\"",
        "numeric| -Infinity| \"-Infinity\"",
        "float4| Infinity| \"Infinity\"",
        "float8| NaN| \"NaN\"",
        "bool| t| true",
        "bool| f| false",
        "text| 12| \"12\"",
        "text| t| \"t\"",
        "text| a\"b\\c| \"a\\\"b\\\\c\"",
        "bytea| \\x00ff| \"\\\\x00ff\"",
        "timestamptz| infinity| \"infinity\"",
        "money| -$1,234.50| \"-$1,234.50\"",
        "mood| sad| \"sad\"",
        "json| \"x\"| \"x\"",
        "_int4| {}| []",
        "_int4| {1,NULL,-3}| [1,null,-3]",
        "_int4| {{1,2},{3,4}}| [[1,2],[3,4]]",
        "_int4| [0:1]={1,2}| \"[0:1]={1,2}\"",
        "_numeric| {1.50,NaN}| [1.50,\"NaN\"]",
        "_bool| {t,f}| [true,false]",
        "_text| {NULL,\"NULL\",\"a b\",\"\"}| [null,\"NULL\",\"a b\",\"\"]",
        "_text| {\"{x\",\"\\\\y\"}| [\"{x\",\"\\\\y\"]",
        "_jsonb| {\"{\\\"a\\\": 1.0}\",NULL}| [{\"a\": 1.0},null]",
        "_box| {(1,1),(0,0);(2,2),(1,1)}| [\"(1,1),(0,0)\",\"(2,2),(1,1)\"]",
        "_mine| label| \"label\""
      })
  void becomes(String type, String text, String json) {
    assertThat(value(type, text)).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"int4", "numeric", "bool", "json", "text", "_int4", "mood"})
  void nullIsNull(String type) {
    assertThat(value(type, null)).isEqualTo("null");
  }

  @Test
  void lineBreaksOfJsonDoNotBreakTheLine() {
    assertThat(value("json", "{\n  \"a\":\r\n 1}")).isEqualTo("{   \"a\":   1}");
  }

  @Test
  void lineBreaksOfTextAreEscaped() {
    assertThat(value("text", "a\nb\u0001")).isEqualTo("\"a\\nb\\u0001\"");
  }

  @Test
  void theLargestNumericKeepsEveryDigit() {
    String text = "9".repeat(131_072) + "." + "1".repeat(16_382) + "0";

    assertThat(value("numeric", text)).isEqualTo(text);
  }

  @Test
  void deeplyNestedJsonIsWritten() {
    String text = "[".repeat(5_000) + "]".repeat(5_000);

    assertThat(value("jsonb", text)).isEqualTo(text);
  }

  @Test
  void aReaderThatKeepsDecimalsGetsThemExactly() throws IOException {
    JsonMapper reader =
        JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    String json = ChangeJson.of(new Insert<>(STREAMED, KEY, row("7", "12345678901234567.100", "")));

    JsonNode price = reader.readTree(json).at("/after/price");

    assertThat(price).isEqualTo(DecimalNode.valueOf(new BigDecimal("12345678901234567.100")));
  }

  private enum Mood {
    SAD
  }

  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  private record Typed(
      int id,
      BigDecimal price,
      @Nullable String body,
      LocalDateTime at,
      Instant moment,
      LocalDate day,
      Duration length,
      UUID uuid,
      Mood mood,
      byte[] bytes,
      double number,
      List<BigDecimal> list,
      JsonNode details) {}

  @Test
  void aRecordIsWrittenComponentByComponent() {
    Typed typed =
        new Typed(
            7,
            new BigDecimal("1.50"),
            null,
            LocalDateTime.parse("2026-01-02T03:04:05.000006"),
            Instant.parse("2026-01-02T03:04:05Z"),
            LocalDate.parse("2026-01-02"),
            Duration.ofSeconds(61),
            UUID.fromString("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
            Mood.SAD,
            new byte[] {0, (byte) 0xff},
            Double.NaN,
            List.of(new BigDecimal("2.0")),
            DecimalNode.valueOf(new BigDecimal("3.00")));

    assertThat(ChangeJson.of(new Insert<>(STREAMED, KEY, typed)))
        .isEqualTo(
            "{\"operation\":\"insert\","
                + HEAD
                + """
                ,"key":{"id":7},"after":{"id":7,"price":1.50,"body":null,\
                "at":"2026-01-02T03:04:05.000006","moment":"2026-01-02T03:04:05Z",\
                "day":"2026-01-02","length":"PT1M1S",\
                "uuid":"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11","mood":"SAD","bytes":"\\\\x00ff",\
                "number":"NaN","list":[2.0],"details":3.00}}""");
  }

  private record Page(Column<String> title, Column<String> body, Column<BigDecimal> price) {}

  @Test
  void aColumnIsItsValueOrNullOrLeftOut() {
    Page page = new Page(Column.of(null), Column.unchanged(), Column.of(new BigDecimal("1.50")));

    assertThat(ChangeJson.of(new Insert<>(STREAMED, KEY, page)))
        .endsWith("\"after\":{\"title\":null,\"price\":1.50}}");
  }

  private record Price(BigDecimal price) {}

  @Test
  void aRecordsDecimalsAreExactAtAnyScale() {
    BigDecimal small = new BigDecimal("0." + "0".repeat(16_381) + "10");
    String json = ChangeJson.of(new Insert<>(STREAMED, KEY, new Price(small)));
    String price = json.substring(json.indexOf("\"price\":") + 8, json.length() - 2);

    assertThat(new BigDecimal(price)).isEqualTo(small);
  }

  private static final class Opaque {}

  @Test
  void aTypeThatJacksonCannotWriteIsAnErrorAndLeavesNothingInTheStream() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Insert<Opaque> event = new Insert<>(STREAMED, KEY, new Opaque());

    assertThatThrownBy(() -> ChangeJson.writeLine(event, out))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("public.note");
    assertThatThrownBy(() -> ChangeJson.of(event)).isInstanceOf(IllegalArgumentException.class);
    assertThat(out.size()).isZero();
  }

  @Test
  void linesAreUtf8AndEndWithALineFeed() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Insert<Row> event = new Insert<>(STREAMED, KEY, row("7", "1", "Zürich " + "🐘".repeat(9_999)));

    ChangeJson.writeLine(event, out);
    ChangeJson.writeLine(event, out);

    String line = ChangeJson.of(event) + "\n";
    assertThat(line).contains("Zürich 🐘");
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(line + line);
  }

  @Test
  void theStreamStaysOpenAndItsFailureIsPassedOn() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("disk full");
          }

          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };

    assertThatThrownBy(() -> ChangeJson.writeLine(new Truncate<Row>(STREAMED), broken))
        .isInstanceOf(IOException.class)
        .hasMessage("disk full");
  }
}
