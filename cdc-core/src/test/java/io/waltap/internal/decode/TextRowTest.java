package io.waltap.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.Row;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TextRowTest {

  private static Row row(String type, @Nullable String text) {
    return RowLayout.of(List.of(new ColumnShape("c", type, false)))
        .row(new @Nullable String[] {text});
  }

  @Test
  void eachGetterReadsItsType() {
    UUID uuid = UUID.randomUUID();

    assertThat(row("numeric", "1.50").getString("c")).isEqualTo("1.50");
    assertThat(row("numeric", "1.50").getDecimal("c")).isEqualTo(new BigDecimal("1.50"));
    assertThat(row("int4", "1").getInteger("c")).isEqualTo(1);
    assertThat(row("int8", "1").getLong("c")).isEqualTo(1L);
    assertThat(row("numeric", "NaN").getDouble("c")).isNaN();
    assertThat(row("bool", "t").getBoolean("c")).isTrue();
    assertThat(row("uuid", uuid.toString()).getUuid("c")).isEqualTo(uuid);
    assertThat(row("date", "2024-05-06").getDate("c")).isEqualTo(LocalDate.of(2024, 5, 6));
    assertThat(row("timestamp", "2024-05-06 07:08:09").getTimestamp("c"))
        .isEqualTo(LocalDateTime.of(2024, 5, 6, 7, 8, 9));
    assertThat(row("timestamptz", "2024-05-06 07:08:09+00").getInstant("c"))
        .isEqualTo(Instant.parse("2024-05-06T07:08:09Z"));
    assertThat(row("bytea", "\\x01").getBytes("c")).containsExactly(1);
    assertThat(row("jsonb", "{\"a\": 1}").getJson("c")).hasToString("{\"a\":1}");
    assertThat(row("int4", "1").get(0, Long.class)).isEqualTo(1L);
  }

  @Test
  void nullIsNullInEveryGetter() {
    Row row = row("int4", null);

    assertThat(row.isNull("c")).isTrue();
    assertThat(row.isUnchanged("c")).isFalse();
    assertThat(row.getString("c")).isNull();
    assertThat(row.getInteger("c")).isNull();
    assertThat(row.get("c", Object.class)).isNull();
    assertThat(row.get(0, int.class)).isNull();
  }

  @Test
  void unchangedIsNeverShownAsNull() {
    Row row = row("jsonb", RowLayout.UNCHANGED);

    assertThat(row.isUnchanged("c")).isTrue();
    assertThat(row.isNull("c")).isFalse();
    assertThat(row.has("c")).isTrue();
    List<ThrowingCallable> getters =
        List.of(() -> row.getString("c"), () -> row.getJson("c"), () -> row.get(0, Object.class));
    for (ThrowingCallable getter : getters) {
      assertThatThrownBy(getter)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll("column 'c' of type jsonb", "not sent", "REPLICA IDENTITY FULL");
    }
  }

  @Test
  void aTextThatSpellsUnchangedIsData() {
    Row data = row("text", "unchanged");

    assertThat(data.isUnchanged("c")).isFalse();
    assertThat(data.getString("c")).isEqualTo("unchanged").isEqualTo(RowLayout.UNCHANGED);
    assertThat(data).isNotEqualTo(row("text", RowLayout.UNCHANGED));
  }

  @Test
  void equalRowsHaveEqualColumnsTypesAndValues() {
    Row row = row("text", "a");

    assertThat(row).isEqualTo(row("text", "a")).hasSameHashCodeAs(row("text", "a"));
    assertThat(row).isNotEqualTo(row("text", "b"));
    assertThat(row).isNotEqualTo(row("text", null));
    assertThat(row).isNotEqualTo(row("varchar", "a"));
    assertThat(row)
        .isNotEqualTo(
            RowLayout.of(List.of(new ColumnShape("d", "text", false))).row(new String[] {"a"}));
    assertThat(row("text", RowLayout.UNCHANGED)).isEqualTo(row("text", RowLayout.UNCHANGED));
  }

  @Test
  void printsNamesAndValues() {
    RowLayout layout =
        RowLayout.of(
            List.of(
                new ColumnShape("id", "int4", true),
                new ColumnShape("note", "text", false),
                new ColumnShape("body", "text", false)));

    assertThat(layout.row(new @Nullable String[] {"1", null, RowLayout.UNCHANGED}))
        .hasToString("{id=1, note=null, body=<unchanged>}");
  }

  @Test
  void tellsTheTypeOfAColumn() {
    assertThat(row("_text", null).typeOf("c")).isEqualTo("_text");
  }

  @Test
  void aColumnThatIsNotThereIsAnError() {
    Row row = row("text", "a");
    Type type = String.class;
    List<ThrowingCallable> uses =
        List.of(
            () -> row.getString("x"),
            () -> row.isNull("x"),
            () -> row.isUnchanged("x"),
            () -> row.typeOf("x"),
            () -> row.get("x", type));

    assertThat(row.has("x")).isFalse();
    for (ThrowingCallable use : uses) {
      assertThatThrownBy(use)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("there is no column 'x' among [c]");
    }
  }
}
