package io.waltap.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.Row;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowLayoutTest {

  private static final RowLayout LAYOUT = layout(true);

  private static RowLayout layout(boolean key) {
    return RowLayout.of(
        List.of(
            new ColumnShape("tenant", "text", key),
            new ColumnShape("body", "text", false),
            new ColumnShape("id", "int4", key)));
  }

  private static @Nullable String[] texts(@Nullable String... texts) {
    return texts;
  }

  @Test
  void knowsItsColumns() {
    assertThat(LAYOUT.columns()).containsExactly("tenant", "body", "id");
    assertThat(LAYOUT.indexOf("id")).isEqualTo(2);
    assertThat(LAYOUT.indexOf("ID")).isEqualTo(-1);
    assertThat(LAYOUT.hasKey()).isTrue();
    assertThat(layout(false).hasKey()).isFalse();
  }

  @Test
  void rowsShareOneListOfColumns() {
    Row first = LAYOUT.row(texts("a", "b", "1"));
    Row second = LAYOUT.row(texts("c", "d", "2"));

    assertThat(first.columns()).isSameAs(second.columns());
    assertThat(LAYOUT.key(first).columns()).isSameAs(LAYOUT.key(second).columns());
  }

  @Test
  void theKeyHasTheKeyColumnsInTheTablesOrder() {
    Row key = LAYOUT.key(LAYOUT.row(texts("a", "b", "1")));

    assertThat(key.columns()).containsExactly("tenant", "id");
    assertThat(key.getString("tenant")).isEqualTo("a");
    assertThat(key.getInteger("id")).isEqualTo(1);
    assertThat(key.has("body")).isFalse();
  }

  @Test
  void withoutAKeyTheKeyHasNoColumns() {
    RowLayout layout = layout(false);

    Row key = layout.key(layout.row(texts("a", "b", "1")));

    assertThat(key.columns()).isEmpty();
    assertThat(key).hasToString("{}");
  }

  @Test
  void theKeyOfAKeyIsItself() {
    RowLayout layout = RowLayout.of(List.of(new ColumnShape("id", "int4", true)));
    Row row = layout.row(texts("1"));

    assertThat(layout.key(row)).isEqualTo(row);
  }

  @Test
  void aRowKeepsItsValuesWhenTheArrayChanges() {
    @Nullable String[] texts = texts("a", "b", "1");
    Row row = LAYOUT.row(texts);

    texts[0] = "z";

    assertThat(row.getString("tenant")).isEqualTo("a");
  }

  @Test
  void aRowHasAsManyValuesAsColumns() {
    assertThatThrownBy(() -> LAYOUT.row(texts("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 values for the 3 columns [tenant, body, id]");
  }

  @Test
  void fillsWhatWasNotSentFromTheRowBefore() {
    Row before = LAYOUT.row(texts("a", "long", "1"));
    Row after = LAYOUT.row(texts("b", RowLayout.UNCHANGED, null));

    assertThat(LAYOUT.fill(after, before)).isEqualTo(LAYOUT.row(texts("b", "long", null)));
    assertThat(after.isUnchanged("body")).isTrue();
  }

  @Test
  void fillsWithNullsToo() {
    Row before = LAYOUT.row(texts("a", null, "1"));
    Row after = LAYOUT.row(texts("a", RowLayout.UNCHANGED, "1"));

    assertThat(LAYOUT.fill(after, before).isNull("body")).isTrue();
  }

  @Test
  void leavesTheRowWhereNothingCanBeFilled() {
    Row whole = LAYOUT.row(texts("a", "b", "1"));
    Row partial = LAYOUT.row(texts("a", RowLayout.UNCHANGED, "1"));

    assertThat(LAYOUT.fill(whole, whole)).isSameAs(whole);
    assertThat(LAYOUT.fill(partial, null)).isSameAs(partial);
    assertThat(LAYOUT.fill(partial, partial)).isSameAs(partial);
  }

  @Test
  void refusesRowsOfAnotherLayout() {
    Row stranger = layout(true).row(texts("a", "b", "1"));
    Row own = LAYOUT.row(texts("a", "b", "1"));

    assertThatThrownBy(() -> LAYOUT.key(stranger))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[tenant text, body text, id int4]");
    assertThatThrownBy(() -> LAYOUT.fill(own, stranger))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
