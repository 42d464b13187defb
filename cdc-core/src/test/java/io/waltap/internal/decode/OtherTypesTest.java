package io.waltap.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.Column;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forms of types that have no one Java type of their own, and columns in three states. */
class OtherTypesTest {

  private record Item(String sku, BigDecimal price, int count, @Nullable Instant sold) {}

  private interface Anything {}

  private static final byte[] LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  /** Only for its generic types. */
  private record Shapes(
      Map<String, String> map,
      Map<String, Integer> counts,
      List<Item> items,
      Column<Integer> number,
      Column<List<Integer>> numbers,
      Column<Item> item,
      Column<?> any,
      List<TimeUnit> units,
      List<Integer> ints) {}

  private static Type shape(String name) {
    return Arrays.stream(Shapes.class.getRecordComponents())
        .filter(component -> component.getName().equals(name))
        .map(RecordComponent::getGenericType)
        .findFirst()
        .orElseThrow();
  }

  private static @Nullable Object read(String type, @Nullable String text, Type target) {
    Row row =
        RowLayout.of(List.of(new ColumnShape("c", type, false))).row(new @Nullable String[] {text});
    return row.get("c", target);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "00:00:00, P0D",
    "1 year, P1Y",
    "-1 years -2 mons, P-1Y-2M",
    "1 year -2 mons +3 days, P1Y-2M3D",
    "-178000000 years, P-178000000Y"
  })
  void intervalWithoutTimeIsAPeriod(String text, Period period) {
    assertThat(read("interval", text, Period.class)).isEqualTo(period);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "00:00:00, PT0S",
    "04:05:06.789, PT4H5M6.789S",
    "-04:05:06.000001, PT-4H-5M-6.000001S",
    "-00:00:00.5, PT-0.5S",
    "2562047788:00:54.775807, PT2562047788H54.775807S"
  })
  void intervalOfTimeIsADuration(String text, Duration duration) {
    assertThat(read("interval", text, Duration.class)).isEqualTo(duration);
  }

  @ParameterizedTest(name = "{0} {1} is no {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          interval | 1 day 00:00:01 | java.time.Period      | has a time
          interval | 1 day          | java.time.Duration    | length varies
          interval | 1 mon 00:00:01 | java.time.Duration    | length varies
          interval | infinity       | java.time.Duration    | infinity has no such form
          interval | P1D            | java.time.Period      | IntervalStyle postgres
          inet     | 10.0.0.0/8     | java.net.InetAddress  | netmask
          inet     | localhost      | java.net.InetAddress  | no address
          pg_lsn   | 16             | io.waltap.event.Lsn   | does not fit
          hstore   | nonsense       | java.util.Map         | does not fit
          """)
  void saysWhyThereIsNoSuchForm(String type, String text, Class<?> target, String reason) {
    assertThatThrownBy(() -> read(type, text, target))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageContainingAll("'c' of type " + type, reason, text.length() + " characters");
  }

  @Test
  void addressesAndPositionsHaveTypes() throws Exception {
    assertThat(read("inet", "10.0.0.1", InetAddress.class))
        .isEqualTo(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}));
    assertThat(read("inet", "::1", InetAddress.class))
        .isEqualTo(InetAddress.getByAddress(LOOPBACK));
    assertThat(read("pg_lsn", "16/B374D848", Lsn.class)).isEqualTo(Lsn.parse("16/B374D848"));
  }

  @Test
  void hstoreIsAMapWithNullsInIt() {
    Map<String, @Nullable String> expected = new HashMap<>();
    expected.put("a", "1");
    expected.put("b,\"", null);
    expected.put("", "");

    assertThat(read("hstore", "\"a\"=>\"1\", \"b,\\\"\"=>NULL, \"\"=>\"\"", shape("map")))
        .isEqualTo(expected);
    assertThat(Conversions.supports("hstore", shape("counts"))).isFalse();
    assertThat(Conversions.supports("text", shape("map"))).isFalse();
  }

  @Test
  void jsonBecomesAnApplicationsType() {
    String json = "{\"sku\": \"a\", \"price\": 1.50, \"count\": 2, \"new_field\": {}}";
    String sold =
        "{\"sku\": \"b\", \"price\": 0.1, \"count\": 1, \"sold\": \"2024-05-06T07:08:09Z\"}";

    assertThat(read("jsonb", json, Item.class))
        .isEqualTo(new Item("a", new BigDecimal("1.50"), 2, null));
    assertThat(read("json", "[" + sold + "]", shape("items")))
        .isEqualTo(
            List.of(
                new Item("b", new BigDecimal("0.1"), 1, Instant.parse("2024-05-06T07:08:09Z"))));
    assertThat(read("json", "{\"n\": 1.50}", Map.class))
        .isEqualTo(Map.of("n", new BigDecimal("1.50")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"sku": "a", "price": 1, "count": 1.5}        | does not fit at count
          {"sku": "a", "price": 1, "count": null}       | does not fit at count
          {"sku": "a", "price": 1, "count": 4111111111} | does not fit at count
          {"sku": "a", "price": 1, "count": "4111"}     | does not fit at count
          [4111]                                        | does not fit
          {"sku": 4111                                  | not JSON
          null                                          | JSON's null is not null
          """)
  void nothingInJsonIsCutOffOrMadeUp(String json, String reason) {
    assertThatThrownBy(() -> read("jsonb", json, Item.class))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageContaining(reason)
        .hasMessageContaining(json.length() + " characters")
        .hasMessageNotContaining("4111");
  }

  @Test
  void jsonIsNotTakenForOtherTypes() {
    assertThat(Conversions.supports("jsonb", Integer.class)).isFalse();
    assertThat(Conversions.supports("jsonb", Instant.class)).isFalse();
    assertThat(Conversions.supports("jsonb", TimeUnit.class)).isFalse();
    assertThat(Conversions.supports("jsonb", Anything.class)).isFalse();
    assertThat(Conversions.supports("text", Item.class)).isFalse();
    assertThat(Conversions.supports("jsonb", Item.class)).isTrue();
  }

  @Test
  void booleansAreShownAsTheirTextIs() {
    Row row =
        RowLayout.of(
                List.of(new ColumnShape("b", "bool", false), new ColumnShape("t", "text", false)))
            .row(new String[] {"f", "f"});

    assertThat(row.getString("b")).isEqualTo("false");
    assertThat(row.get("b", String.class)).isEqualTo("false");
    assertThat(row.getString("t")).isEqualTo("f");
    assertThat(row).hasToString("{b=false, t=f}");
  }

  @Test
  void aColumnHasThreeStates() {
    assertThat(read("int4", "7", shape("number"))).isEqualTo(Column.of(7));
    assertThat(read("int4", null, shape("number"))).isEqualTo(Column.of(null));
    assertThat(read("int4", RowLayout.UNCHANGED, shape("number"))).isEqualTo(Column.unchanged());
    assertThat(read("_int4", "{1,NULL}", shape("numbers")))
        .isEqualTo(Column.of(Arrays.asList(1, null)));
    assertThat(read("_int4", RowLayout.UNCHANGED, shape("numbers"))).isEqualTo(Column.unchanged());
    assertThat(read("jsonb", RowLayout.UNCHANGED, shape("item"))).isEqualTo(Column.unchanged());
    assertThat(read("int8", "7", shape("any"))).isEqualTo(Column.of(7L));
    assertThat(read("text", "unchanged", Column.class)).isEqualTo(Column.of("unchanged"));
  }

  @Test
  void anUnchangedColumnIsNeverShownAsNull() {
    Column<String> unchanged = Column.unchanged();

    assertThat(unchanged.isUnchanged()).isTrue();
    assertThat(unchanged.isNull()).isFalse();
    assertThatThrownBy(unchanged::orNull)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not sent");
    assertThat(Column.of(null).isNull()).isTrue();
    assertThat(Column.of("a").orNull()).isEqualTo("a");
  }

  @Test
  void whatIsInAColumnIsChecked() {
    assertThat(Conversions.supports("int4", shape("number"))).isTrue();
    assertThat(Conversions.supports("uuid", shape("number"))).isFalse();
    assertThat(Conversions.supports("_int4", shape("numbers"))).isTrue();
  }

  @ParameterizedTest(name = "{0} of kind {1}")
  @CsvSource({
    "mood, e, java.util.concurrent.TimeUnit, true",
    "mood, e, java.lang.Object, true",
    "mood, e, java.lang.Integer, false",
    "pair, c, java.lang.String, true",
    "pair, c, java.lang.Integer, false",
    "floatrange, r, java.lang.Double, false",
    "citext, b, java.util.concurrent.TimeUnit, true",
    "citext, b, java.lang.Integer, false",
    "geometry, b, '[B', true"
  })
  void theKindOfATypeNarrowsItsForms(String type, char kind, Class<?> target, boolean fits) {
    assertThat(Conversions.supports(type, kind, target)).isEqualTo(fits);
  }

  @Test
  void theKindOfAnArrayIsThatOfItsElements() {
    assertThat(Conversions.supports("_mood", 'e', shape("units"))).isTrue();
    assertThat(Conversions.supports("_mood", 'e', shape("ints"))).isFalse();
    assertThat(Conversions.supports("_price", 'b', shape("ints"))).isTrue();
  }
}
