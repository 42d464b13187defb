package io.waltap.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.waltap.config.CdcConfig;
import io.waltap.event.Row;
import io.waltap.internal.connection.Connections;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import io.waltap.testing.TestDatabase;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TimeZone;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The texts of a real server, read here, against the same values read by its driver. */
class TextRoundTripIT {

  private static TestDatabase database;
  private static Connection connection;

  @BeforeAll
  static void connect() throws SQLException {
    database = TestDatabase.create();
    connection =
        Connections.open(CdcConfig.postgres(database.url(), database.user(), database.password()));
    database.execute(
        "CREATE TYPE mood AS ENUM ('HAPPY', 'so so')",
        "CREATE DOMAIN price AS numeric CHECK (VALUE >= 0)");
  }

  @AfterAll
  static void disconnect() throws SQLException {
    connection.close();
    database.close();
  }

  @FunctionalInterface
  private interface Driver {
    Object read(ResultSet rows) throws SQLException;
  }

  static Stream<Arguments> types() {
    return Stream.of(
        arguments("bool", Boolean.class, by(Boolean.class), list("true", "false")),
        arguments("int2", Integer.class, by(Integer.class), list("-32768", "0", "32767")),
        arguments("int4", Integer.class, by(Integer.class), list("-2147483648", "2147483647")),
        arguments(
            "int8",
            Long.class,
            by(Long.class),
            list("-9223372036854775808", "0", "9223372036854775807")),
        arguments("oid", Long.class, by(Long.class), list("0", "4294967295")),
        arguments(
            "numeric",
            BigDecimal.class,
            by(BigDecimal.class),
            list("0", "0.00", "1.50", "-1.50", "1e-30", "1e30", "1e300", "0.1234567890123456789")),
        arguments("float4", Float.class, by(Float.class), FLOATS),
        arguments("float8", Double.class, by(Double.class), FLOATS),
        arguments(
            "float8", Double.class, by(Double.class), list("5e-324", "1.7976931348623157e308")),
        arguments(
            "uuid",
            UUID.class,
            by(UUID.class),
            list(
                "00000000-0000-0000-0000-000000000000",
                "FFFFFFFF-ffff-ffff-ffff-ffffffffffff",
                "{a0eebc999c0b4ef8bb6d6bb9bd380a11}")),
        arguments(
            "date",
            LocalDate.class,
            by(LocalDate.class),
            list("2024-02-29", "0001-01-01", "0001-02-28 BC", "4713-01-01 BC", "10000-01-01")),
        arguments(
            "time",
            LocalTime.class,
            by(LocalTime.class),
            list("00:00", "23:59:59.999999", "12:34:56.7", "12:34:56.000001")),
        arguments(
            "timetz",
            OffsetTime.class,
            by(OffsetTime.class),
            list("00:00+00", "12:34:56.78-03:30", "12:34:56+15:59", "01:02:03+05:30:15")),
        arguments("timestamp", LocalDateTime.class, by(LocalDateTime.class), TIMESTAMPS),
        arguments("timestamptz", OffsetDateTime.class, by(OffsetDateTime.class), TIMESTAMPS),
        arguments(
            "bytea",
            byte[].class,
            (Driver) rows -> rows.getBytes(1),
            list("", "\\x00ff", "\\xdeadbeef", "plain text", "\\\\ \\000")),
        arguments(
            "text",
            String.class,
            (Driver) rows -> rows.getString(1),
            list("", " ", "unchanged", "NULL", "ünï😀", "line\nbreak", "it''s", "\\N", "\t")),
        arguments(
            "_int4",
            Integer[].class,
            (Driver) rows -> rows.getArray(1).getArray(),
            list("{}", "{1,NULL,-3}", "[-5:-4]={7,8}")),
        arguments(
            "_int4",
            Integer[][].class,
            (Driver) rows -> rows.getArray(1).getArray(),
            list("{{1,2},{3,NULL}}", "[2:3][0:0]={{7},{8}}")),
        arguments(
            "_numeric",
            BigDecimal[].class,
            (Driver) rows -> rows.getArray(1).getArray(),
            list("{1.50,0.00,NULL}")),
        arguments(
            "_timestamp",
            List.class,
            (Driver) rows -> List.of(LocalDateTime.of(2024, 5, 6, 7, 8, 9)),
            list("{2024-05-06 07:08:09}")),
        arguments(
            "_text",
            String[].class,
            (Driver) rows -> rows.getArray(1).getArray(),
            list(
                "{}",
                "{a,NULL,\"NULL\",\"\"}",
                "{\"a,b\",\"{c}\",\"say \\\"hi\\\"\",\"back\\\\slash\",\" d e \"}",
                "{\"line\nbreak\",ünï😀,\"[0:1]={a}\"}")));
  }

  private static final List<String> FLOATS =
      list("0", "-0", "0.1", "1e-30", "123456.789", "1e20", "3.4e38", "NaN", "-Infinity");

  private static final List<String> TIMESTAMPS =
      list(
          "2024-05-06 07:08:09",
          "2024-05-06 07:08:09.1",
          "2024-05-06 07:08:09.123456",
          "1999-12-31 23:59:59.999999",
          "1900-01-01 00:00:00",
          "0044-03-15 12:00:00 BC",
          "10000-01-01 00:00:00");

  private static List<String> list(String... values) {
    return List.of(values);
  }

  private static Driver by(Class<?> type) {
    return rows -> rows.getObject(1, type);
  }

  @ParameterizedTest(name = "{0} as {1}")
  @MethodSource("types")
  void readsWhatTheDriverReads(String type, Class<?> target, Driver driver, List<String> values)
      throws SQLException {
    for (String value : values) {
      try (PreparedStatement query = query(type, value);
          ResultSet rows = query.executeQuery()) {
        assertThat(rows.next()).isTrue();
        assertThat(read(type, rows.getString(2), target)).as(value).isEqualTo(driver.read(rows));
      }
    }
  }

  @ParameterizedTest(name = "{0} {1} as {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          money       | -1234567.5            | java.math.BigDecimal | -1234567.50
          money       | 0.05                  | java.math.BigDecimal | 0.05
          price       | 1.50                  | java.math.BigDecimal | 1.50
          bpchar      | USD                   | java.lang.String     | USD
          interval    | 1 year 2 days 3 hours | java.lang.String     | 1 year 2 days 03:00:00
          mood        | so so                 | java.lang.Object     | so so
          inet        | 10.0.0.1/32           | java.lang.String     | 10.0.0.1
          numeric     | NaN                   | java.lang.String     | NaN
          numeric     | -infinity             | java.lang.Double     | -Infinity
          timestamptz | 2024-05-06 12:00+02   | java.time.Instant    | 2024-05-06T10:00:00Z
          timestamptz | infinity              | java.lang.String     | infinity
          _money      | {1234.5,NULL}         | java.util.List       | [1234.50, null]
          _mood       | {HAPPY,so so}         | java.util.List       | [HAPPY, so so]
          _box        | {(1,1),(0,0);(2,2),(1,1)} | java.util.List   | [(1,1),(0,0), (2,2),(1,1)]
          """)
  void readsWhatTheDriverCannot(String type, String value, Class<?> target, String printed)
      throws SQLException {
    assertThat(read(type, text(type, value), target)).hasToString(printed);
  }

  @ParameterizedTest(name = "{0} {1} is no {2}")
  @CsvSource({
    "numeric, NaN, java.math.BigDecimal",
    "numeric, infinity, java.math.BigDecimal",
    "date, infinity, java.time.LocalDate",
    "timestamp, -infinity, java.time.LocalDateTime",
    "timestamptz, infinity, java.time.Instant",
    "time, 24:00, java.time.LocalTime"
  })
  void refusesWhatJavaCannotHold(String type, String value, Class<?> target) throws SQLException {
    String text = text(type, value);

    assertThatThrownBy(() -> read(type, text, target))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no such form");
  }

  @Test
  void readsTheLimitsOfTime() throws SQLException {
    assertThat(read("date", text("date", "5874897-12-31"), LocalDate.class))
        .isEqualTo(LocalDate.of(5874897, 12, 31));
    assertThat(read("date", text("date", "0001-02-29 BC"), LocalDate.class))
        .isEqualTo(LocalDate.of(0, 2, 29));
    assertThat(read("timestamptz", text("timestamptz", "294276-12-31 UTC"), OffsetDateTime.class))
        .isEqualTo(LocalDateTime.of(294276, 12, 31, 0, 0).atOffset(ZoneOffset.UTC));
  }

  @Test
  void jsonKeepsTheDigitsOfTheServer() throws SQLException {
    String json = "{\"a\": 1.50, \"b\": 1e3, \"c\": 12345678901234567890, \"d\": [null, \"ü\"]}";

    JsonNode jsonb = (JsonNode) read("jsonb", text("jsonb", json), JsonNode.class);

    assertThat(jsonb)
        .hasToString("{\"a\":1.50,\"b\":1000,\"c\":12345678901234567890,\"d\":[null,\"ü\"]}");
    assertThat(read("json", text("json", json), JsonNode.class)).isInstanceOf(JsonNode.class);
  }

  /** The driver asks for the JVM's zone of its own accord; the texts must not follow it. */
  @Test
  void textsAreInUtcWhateverTheZoneOfTheJvm() throws SQLException {
    TimeZone zone = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
    CdcConfig config = CdcConfig.postgres(database.url(), database.user(), database.password());
    try (Connection ordinary = Connections.open(config);
        Connection replication = Connections.openReplication(config)) {
      for (Connection each : List.of(ordinary, replication)) {
        try (Statement statement = each.createStatement();
            ResultSet rows = statement.executeQuery("SHOW TimeZone")) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString(1)).isEqualTo("UTC");
        }
      }
    } finally {
      TimeZone.setDefault(zone);
    }
  }

  /**
   * A type that is not known is taken for one of an extension, for which the text decides. Left out
   * are types that no table of users has.
   */
  @Test
  void everyTypeOfTheServerThatTablesUseIsKnown() {
    List<String> types =
        database.column(
            "SELECT typname FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace"
                + " AND typtype IN ('b', 'r', 'm') AND typcategory NOT IN ('A', 'Z')"
                + " AND typname !~ '^(reg.*|.*snapshot|.?id8?|aclitem|refcursor|gtsvector)$'"
                // of category Z only from version 15 on
                + " AND typname !~ '^(char|pg_(node_tree|ndistinct|dependencies|mcv_list|brin_.*))$'"
                + " OR typname IN ('oid', 'uuid')");

    assertThat(types).contains("int4", "text", "tstzmultirange", "oid");
    assertThat(types)
        .filteredOn(type -> Conversions.supports(type, Thread.State.class))
        .containsExactlyInAnyOrder("text", "varchar", "bpchar", "name");
  }

  private static PreparedStatement query(String type, String value) throws SQLException {
    PreparedStatement query =
        connection.prepareStatement(
            "SELECT v, format('%s', v) FROM (SELECT CAST(? AS text)::" + type + " v) AS one");
    query.setString(1, value);
    return query;
  }

  private static String text(String type, String value) throws SQLException {
    try (PreparedStatement query = query(type, value);
        ResultSet rows = query.executeQuery()) {
      rows.next();
      return Objects.requireNonNull(rows.getString(2), () -> type + " " + Arrays.asList(value));
    }
  }

  private static Object read(String type, String text, Class<?> target) {
    Row row = RowLayout.of(List.of(new ColumnShape("c", type, false))).row(new String[] {text});
    return Objects.requireNonNull(row.get("c", target));
  }
}
