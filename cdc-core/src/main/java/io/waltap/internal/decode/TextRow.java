package io.waltap.internal.decode;

import com.fasterxml.jackson.databind.JsonNode;
import io.waltap.event.Column;
import io.waltap.event.Row;
import java.io.Reader;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A row of the server's texts, read when asked. */
final class TextRow implements Row {

  private final RowLayout layout;
  private final @Nullable CharSequence[] texts;

  /** Takes the array over. */
  TextRow(RowLayout layout, @Nullable CharSequence[] texts) {
    this.layout = layout;
    this.texts = texts;
  }

  RowLayout layout() {
    return layout;
  }

  @Nullable CharSequence text(int index) {
    return texts[index];
  }

  @Nullable String[] texts() {
    @Nullable String[] whole = new @Nullable String[texts.length];
    for (int i = 0; i < whole.length; i++) {
      CharSequence text = texts[i];
      whole[i] = text == null ? null : text.toString(); // of a String, that very one
    }
    return whole;
  }

  TextRow filledFrom(TextRow before, int[] indexes) {
    @Nullable CharSequence[] filled = null;
    for (int i : indexes) {
      if (isUnchanged(i) && !before.isUnchanged(i)) {
        filled = filled == null ? texts.clone() : filled;
        filled[i] = before.texts[i];
      }
    }
    return filled == null ? this : new TextRow(layout, filled);
  }

  long weight() {
    long weight = 0;
    for (CharSequence text : texts) {
      if (text instanceof LargeText large) {
        weight += large.bytes();
      } else {
        weight += text == null ? 8 : 48 + text.length();
      }
    }
    return weight;
  }

  @Override
  public List<String> columns() {
    return layout.columns();
  }

  @Override
  public boolean has(String column) {
    return layout.indexOf(column) >= 0;
  }

  @Override
  public boolean isNull(String column) {
    return texts[indexOf(column)] == null;
  }

  @Override
  public boolean isUnchanged(String column) {
    return isUnchanged(indexOf(column));
  }

  @SuppressWarnings("ReferenceEquality") // only the instance means unchanged, its letters do not
  private boolean isUnchanged(int index) {
    return texts[index] == RowLayout.UNCHANGED;
  }

  @Override
  public String typeOf(String column) {
    return layout.column(indexOf(column)).type();
  }

  @Override
  public @Nullable String getString(String column) {
    int index = indexOf(column);
    CharSequence text = sent(index);
    return text == null ? null : layout.column(index).show(text.toString());
  }

  @Override
  public @Nullable Reader getReader(String column) {
    return sent(indexOf(column)) instanceof LargeText large
        ? large.reader()
        : Row.super.getReader(column);
  }

  @Override
  public @Nullable BigDecimal getDecimal(String column) {
    return (BigDecimal) get(column, BigDecimal.class);
  }

  @Override
  public @Nullable Integer getInteger(String column) {
    return (Integer) get(column, Integer.class);
  }

  @Override
  public @Nullable Long getLong(String column) {
    return (Long) get(column, Long.class);
  }

  @Override
  public @Nullable Double getDouble(String column) {
    return (Double) get(column, Double.class);
  }

  @Override
  public @Nullable Boolean getBoolean(String column) {
    return (Boolean) get(column, Boolean.class);
  }

  @Override
  public @Nullable UUID getUuid(String column) {
    return (UUID) get(column, UUID.class);
  }

  @Override
  public @Nullable LocalDate getDate(String column) {
    return (LocalDate) get(column, LocalDate.class);
  }

  @Override
  public @Nullable LocalDateTime getTimestamp(String column) {
    return (LocalDateTime) get(column, LocalDateTime.class);
  }

  @Override
  public @Nullable Instant getInstant(String column) {
    return (Instant) get(column, Instant.class);
  }

  @Override
  public byte @Nullable [] getBytes(String column) {
    return (byte[]) get(column, byte[].class);
  }

  @Override
  public @Nullable JsonNode getJson(String column) {
    return (JsonNode) get(column, JsonNode.class);
  }

  @Override
  public @Nullable Object get(String column, Type type) {
    return get(indexOf(column), type);
  }

  @Override
  public @Nullable Object get(int index, Type type) {
    Type inner = ThreeStates.valueOf(type);
    if (inner != null) {
      return isUnchanged(index) ? Column.unchanged() : Column.of(get(index, inner));
    }
    CharSequence text = sent(index);
    return text == null ? null : layout.column(index).read(text, type);
  }

  private @Nullable CharSequence sent(int index) {
    if (isUnchanged(index)) {
      throw layout.column(index).notSent();
    }
    return texts[index];
  }

  private int indexOf(String column) {
    int index = layout.indexOf(column);
    if (index < 0) {
      throw new IllegalArgumentException(
          "there is no column '%s' among %s".formatted(column, layout.columns()));
    }
    return index;
  }

  /** Equal rows have equal columns, of equal types, in equal states. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TextRow row
        && layout.sameColumns(row.layout)
        && IntStream.range(0, texts.length).allMatch(i -> sameValue(row, i));
  }

  private boolean sameValue(TextRow other, int index) {
    return isUnchanged(index) == other.isUnchanged(index)
        && sameText(texts[index], other.texts[index]);
  }

  // Whether a text is large hangs on its message as well.
  private static boolean sameText(@Nullable CharSequence one, @Nullable CharSequence other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    if (one instanceof LargeText large && other instanceof LargeText too) {
      return large.equals(too);
    }
    return one.toString().equals(other.toString());
  }

  @Override
  public int hashCode() {
    return 31 * layout.columns().hashCode() + Arrays.hashCode(texts);
  }

  /** All columns with their values: rows are for printing, and whoever prints one wants them. */
  @Override
  public String toString() {
    StringJoiner row = new StringJoiner(", ", "{", "}");
    for (int i = 0; i < texts.length; i++) {
      row.add(columns().get(i) + "=" + shown(i));
    }
    return row.toString();
  }

  private @Nullable String shown(int index) {
    CharSequence text = texts[index];
    if (isUnchanged(index)) {
      return "<unchanged>";
    }
    return text == null ? null : layout.column(index).show(text.toString());
  }
}
