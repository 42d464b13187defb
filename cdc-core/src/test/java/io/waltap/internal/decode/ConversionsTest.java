package io.waltap.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.waltap.event.Row;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConversionsTest {

  private enum Mood {
    HAPPY,
    sad {
      @Override
      boolean isGood() {
        return false;
      }
    };

    boolean isGood() {
      return true;
    }
  }

  @ParameterizedTest(name = "{0} {1} as {2}")
  @MethodSource("values")
  void readsAsTheValue(String type, String text, Type target, Object value) {
    assertThat(Conversions.supports(type, target)).isTrue();
    assertThat(read(type, text, target)).isEqualTo(value).hasSameClassAs(value);
  }

  static Stream<Arguments> values() {
    return Stream.of(
        arguments("text", "", String.class, ""),
        arguments("numeric", "1.50", String.class, "1.50"),
        arguments("point", "(1,2)", String.class, "(1,2)"),
        arguments("_int4", "{1,2}", String.class, "{1,2}"),
        arguments("int2", "-32768", Short.class, Short.MIN_VALUE),
        arguments("int2", "-32768", short.class, Short.MIN_VALUE),
        arguments("int4", "12", Short.class, (short) 12),
        arguments("int8", "12", short.class, (short) 12),
        arguments("int2", "7", Integer.class, 7),
        arguments("int4", "-2147483648", int.class, Integer.MIN_VALUE),
        arguments("int8", "2147483647", Integer.class, Integer.MAX_VALUE),
        arguments("oid", "26", Integer.class, 26),
        arguments("numeric", "42.00", Integer.class, 42),
        arguments("int2", "7", Long.class, 7L),
        arguments("int4", "7", long.class, 7L),
        arguments("int8", "-9223372036854775808", Long.class, Long.MIN_VALUE),
        arguments("oid", "4294967295", Long.class, 4294967295L),
        arguments("numeric", "9223372036854775807", Long.class, Long.MAX_VALUE),
        arguments("int8", "9", BigInteger.class, BigInteger.valueOf(9)),
        arguments("numeric", "1" + "0".repeat(30), BigInteger.class, BigInteger.TEN.pow(30)),
        arguments("numeric", "1.50", BigDecimal.class, new BigDecimal("1.50")),
        arguments("numeric", "-0.000", BigDecimal.class, new BigDecimal("-0.000")),
        arguments("numeric", "1" + "0".repeat(500), BigDecimal.class, big(500)),
        arguments("numeric", "1" + "0".repeat(131_071), BigDecimal.class, big(131_071)),
        arguments("int8", "7", BigDecimal.class, BigDecimal.valueOf(7)),
        arguments("float8", "1e+20", BigDecimal.class, new BigDecimal("1e+20")),
        arguments("float4", "0.1", BigDecimal.class, new BigDecimal("0.1")),
        arguments("money", "$1,234,567.80", BigDecimal.class, new BigDecimal("1234567.80")),
        arguments("money", "-$1.00", BigDecimal.class, new BigDecimal("-1.00")),
        arguments("float4", "0.1", Float.class, 0.1f),
        arguments("float4", "-Infinity", float.class, Float.NEGATIVE_INFINITY),
        arguments("float8", "0.1", Double.class, 0.1),
        arguments("float8", "-0", double.class, -0.0),
        arguments("float8", "5e-324", Double.class, Double.MIN_VALUE),
        arguments("float8", "NaN", Double.class, Double.NaN),
        arguments("numeric", "NaN", Double.class, Double.NaN),
        arguments("numeric", "Infinity", Double.class, Double.POSITIVE_INFINITY),
        arguments("numeric", "0.1", double.class, 0.1),
        arguments("int4", "7", Double.class, 7.0),
        arguments("int8", "9007199254740992", Double.class, 9007199254740992.0),
        arguments("bool", "t", Boolean.class, true),
        arguments("bool", "f", boolean.class, false),
        arguments("uuid", UUID_TEXT, UUID.class, UUID.fromString(UUID_TEXT)),
        arguments("date", "2024-02-29", LocalDate.class, LocalDate.of(2024, 2, 29)),
        arguments("date", "0001-01-01", LocalDate.class, LocalDate.of(1, 1, 1)),
        arguments("date", "0001-02-29 BC", LocalDate.class, LocalDate.of(0, 2, 29)),
        arguments("date", "4714-11-24 BC", LocalDate.class, LocalDate.of(-4713, 11, 24)),
        arguments("date", "5874897-12-31", LocalDate.class, LocalDate.of(5874897, 12, 31)),
        arguments("time", "00:00:00", LocalTime.class, LocalTime.MIDNIGHT),
        arguments("time", "23:59:59.999999", LocalTime.class, LocalTime.of(23, 59, 59, 999999000)),
        arguments("time", "01:02:03.4", LocalTime.class, LocalTime.of(1, 2, 3, 400_000_000)),
        arguments("timetz", "01:02:03+00", OffsetTime.class, OffsetTime.parse("01:02:03Z")),
        arguments("timetz", "01:02:03-03:30", OffsetTime.class, OffsetTime.parse("01:02:03-03:30")),
        arguments("timetz", "01:02:03.5-00:30", OffsetTime.class, halfPast()),
        arguments("timestamp", "2024-05-06 07:08:09", LocalDateTime.class, LOCAL),
        arguments(
            "timestamp",
            "2024-05-06 07:08:09.1",
            LocalDateTime.class,
            LOCAL.plusNanos(100_000_000)),
        arguments("timestamp", "0044-03-15 12:00:00 BC", LocalDateTime.class, IDES),
        arguments(
            "timestamp",
            "294276-12-31 00:00:00",
            LocalDateTime.class,
            LocalDateTime.of(294276, 12, 31, 0, 0)),
        arguments(
            "timestamptz",
            "2024-05-06 07:08:09+00",
            Instant.class,
            LOCAL.toInstant(ZoneOffset.UTC)),
        arguments(
            "timestamptz",
            "2024-05-06 09:08:09+02",
            Instant.class,
            LOCAL.toInstant(ZoneOffset.UTC)),
        arguments(
            "timestamptz",
            "1900-01-01 00:00:00-03:30:52",
            Instant.class,
            Instant.parse("1900-01-01T03:30:52Z")),
        arguments(
            "timestamptz",
            "0044-03-15 12:00:00+00 BC",
            Instant.class,
            IDES.toInstant(ZoneOffset.UTC)),
        arguments(
            "timestamptz",
            "2024-05-06 07:08:09+00",
            OffsetDateTime.class,
            LOCAL.atOffset(ZoneOffset.UTC)),
        arguments(
            "timestamptz",
            "2024-05-06 07:08:09+00",
            ZonedDateTime.class,
            LOCAL.atZone(ZoneOffset.UTC)),
        arguments("bytea", "\\x", byte[].class, new byte[0]),
        arguments("bytea", "\\x00ff7f", byte[].class, new byte[] {0, -1, 127}),
        arguments("mood", "HAPPY", Mood.class, Mood.HAPPY),
        arguments("varchar", "HAPPY", Mood.class, Mood.HAPPY));
  }

  @Test
  void readsAnEnumConstantWithABodyOfItsOwn() {
    assertThat(read("mood", "sad", Mood.class)).isSameAs(Mood.sad);
    assertThat(Mood.sad.isGood()).isNotEqualTo(Mood.HAPPY.isGood());
  }

  private static final String UUID_TEXT = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
  private static final LocalDateTime LOCAL = LocalDateTime.of(2024, 5, 6, 7, 8, 9);
  private static final LocalDateTime IDES = LocalDateTime.of(-43, 3, 15, 12, 0);

  private static BigDecimal big(int zeros) {
    return new BigDecimal(BigInteger.TEN.pow(zeros));
  }

  private static OffsetTime halfPast() {
    return OffsetTime.of(1, 2, 3, 500_000_000, ZoneOffset.ofHoursMinutes(0, -30));
  }

  @ParameterizedTest(name = "{0} as Object is {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bool        | t                      | java.lang.Boolean
          int2        | 1                      | java.lang.Integer
          int4        | 1                      | java.lang.Integer
          int8        | 1                      | java.lang.Long
          oid         | 1                      | java.lang.Long
          float4      | 1                      | java.lang.Float
          float8      | 1                      | java.lang.Double
          numeric     | 1                      | java.math.BigDecimal
          money       | $1.00                  | java.math.BigDecimal
          uuid        | f81d4fae-7dec-11d0-a765-00a0c91e6bf6 | java.util.UUID
          date        | 2024-01-01             | java.time.LocalDate
          time        | 00:00:00               | java.time.LocalTime
          timetz      | 00:00:00+00            | java.time.OffsetTime
          timestamp   | 2024-01-01 00:00:00    | java.time.LocalDateTime
          timestamptz | 2024-01-01 00:00:00+00 | java.time.Instant
          bytea       | \\x00                  | [B
          text        | a                      | java.lang.String
          interval    | 1 day                  | java.lang.String
          mood        | HAPPY                  | java.lang.String
          """)
  void objectIsTheNaturalType(String type, String text, String className) {
    assertThat(read(type, text, Object.class).getClass().getName()).isEqualTo(className);
  }

  @Test
  void aDomainIsReadAsWhateverItsTextIs() {
    assertThat(read("price", "1.50", BigDecimal.class)).isEqualTo(new BigDecimal("1.50"));
    assertThat(read("price", "2", int.class)).isEqualTo(2);
    assertThat(read("flag", "t", boolean.class)).isEqualTo(true);
    assertThat(read("tags", "{a,b}", ArrayConversionsTest.STRINGS)).isEqualTo(List.of("a", "b"));
    assertThatThrownBy(() -> read("price", "abc", int.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void jsonKeepsEveryDigit() {
    JsonNode json =
        (JsonNode) read("jsonb", "{\"a\": 1.50, \"b\": 12345678901234567890.0}", JsonNode.class);

    assertThat(json.get("a").decimalValue()).isEqualTo(new BigDecimal("1.50"));
    assertThat(json.get("b").asText()).isEqualTo("12345678901234567890.0");
    assertThat(json.toString()).isEqualTo("{\"a\":1.50,\"b\":12345678901234567890.0}");
  }

  @Test
  void jsonOfAnySizeIsRead() {
    String digits = "1" + "0".repeat(5_000) + ".0";
    String deep = "[".repeat(3_000) + "]".repeat(3_000);
    String wide = "\"" + "x".repeat(21_000_000) + "\"";

    assertThat(((JsonNode) read("json", digits, JsonNode.class)).decimalValue())
        .isEqualTo(new BigDecimal(digits));
    assertThat(read("json", deep, JsonNode.class)).isInstanceOf(JsonNode.class);
    assertThat(((JsonNode) read("json", wide, JsonNode.class)).textValue()).hasSize(21_000_000);
  }

  @Test
  void jsonNullIsAValue() {
    assertThat(((JsonNode) read("jsonb", "null", JsonNode.class)).isNull()).isTrue();
  }

  @ParameterizedTest(name = "{0} {1} is no {2}: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          int4        | 32768                  | java.lang.Short          | does not fit
          int8        | 2147483648             | java.lang.Integer        | does not fit
          numeric     | 1.5                    | java.lang.Integer        | does not fit
          numeric     | 9223372036854775808    | java.lang.Long           | does not fit
          numeric     | 0.1                    | java.math.BigInteger     | does not fit
          int8        | 9007199254740993       | java.lang.Double         | more digits
          float8      | NaN                    | java.math.BigDecimal     | NaN or infinity
          numeric     | NaN                    | java.math.BigDecimal     | NaN or infinity
          numeric     | -Infinity              | java.math.BigDecimal     | NaN or infinity
          numeric     | Infinity               | java.lang.Long           | NaN or infinity
          price       | 1e39                   | java.lang.Float          | too large
          price       | 1e309                  | java.lang.Double         | too large
          money       | 1.234,50               | java.math.BigDecimal     | lc_monetary C
          bool        | true                   | java.lang.Boolean        | neither t nor f
          uuid        | 1-1-1-1-1              | java.util.UUID           | 36 characters
          date        | infinity               | java.time.LocalDate      | infinity has no such form
          timestamp   | -infinity              | java.time.LocalDateTime  | infinity has no such form
          timestamptz | infinity               | java.time.Instant        | infinity has no such form
          date        | 05/06/2024             | java.time.LocalDate      | DateStyle ISO
          date        | 2024-05-06x            | java.time.LocalDate      | DateStyle ISO
          date        | 2024-05-               | java.time.LocalDate      | DateStyle ISO
          date        | 2024                   | java.time.LocalDate      | DateStyle ISO
          timestamptz | 2024-05-06 07:08:09    | java.time.Instant        | DateStyle ISO
          time        | 24:00:00               | java.time.LocalTime      | 24:00:00
          timetz      | 24:00:00+00            | java.time.OffsetTime     | 24:00:00
          bytea       | abc                    | [B                       | bytea_output hex
          bytea       | \\xabc                 | [B                       | does not fit
          json        | {oops                  | com.fasterxml.jackson.databind.JsonNode | not JSON
          json        | {} {}                  | com.fasterxml.jackson.databind.JsonNode | not JSON
          """)
  void saysWhyAValueCannotBeRead(String type, String text, Class<?> target, String reason) {
    assertThat(Conversions.supports(type, target)).isTrue();
    assertThatThrownBy(() -> read(type, text, target))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageContainingAll(
            "column 'c' of type " + type,
            target.getTypeName(),
            text.length() + " characters",
            reason);
  }

  @Test
  void noMessageQuotesAValue() {
    for (Class<?> target :
        List.of(
            Integer.class, LocalDate.class, UUID.class, JsonNode.class, Mood.class, List.class)) {
      assertThatThrownBy(() -> read("secret_type", "{4111-1111,", target))
          .hasNoCause()
          .hasMessageNotContaining("4111");
    }
  }

  @ParameterizedTest(name = "no {0} as {1}")
  @CsvSource({
    "text, java.lang.Integer",
    "text, java.util.UUID",
    "text, com.fasterxml.jackson.databind.JsonNode",
    "inet, java.lang.Long",
    "numeric, java.lang.Float",
    "money, java.lang.Double",
    "timestamp, java.time.Instant",
    "timestamptz, java.time.LocalDateTime",
    "date, java.time.Instant",
    "int4, java.lang.Boolean",
    "int4, java.util.List",
    "_int4, java.lang.Integer",
    "text, '[B'",
    "text, java.util.Map",
    "price, java.lang.Thread"
  })
  void refusesATypeWithoutSuchAForm(String type, Class<?> target) {
    assertThat(Conversions.supports(type, target)).isFalse();
    assertThatThrownBy(() -> read(type, "1", target))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("column 'c' of type " + type, target.getTypeName(), "String");
  }

  private static Object read(String type, String text, Type target) {
    Row row = RowLayout.of(List.of(new ColumnShape("c", type, false))).row(new String[] {text});
    return Objects.requireNonNull(row.get("c", target));
  }
}
