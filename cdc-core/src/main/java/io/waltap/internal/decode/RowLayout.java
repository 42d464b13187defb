package io.waltap.internal.decode;

import io.waltap.event.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a table at one moment: what turns the texts of a tuple into a {@link Row}. Made anew
 * only when the server announces the table anew, so that all rows between share one list of column
 * names and one memory of how columns are read.
 */
public final class RowLayout {

  /**
   * Stands in a row's texts for a column that was not sent. Told from a value by identity: a user's
   * text may well spell the same.
   */
  @SuppressWarnings("StringConstructor") // a literal would be the same instance as a user's
  public static final String UNCHANGED = new String("unchanged");

  /**
   * A column as the server announces it.
   *
   * @param name its name, as the catalog has it
   * @param type its type's {@code pg_type.typname}
   * @param key whether it belongs to the table's key
   */
  public record ColumnShape(String name, String type, boolean key) {}

  private final List<ColumnReader> columns;
  private final List<String> names;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final int[] keyIndexes;
  private final int[] allIndexes;
  private final RowLayout keyLayout;

  private RowLayout(List<ColumnReader> columns, int[] keyIndexes) {
    this.columns = List.copyOf(columns);
    this.names = columns.stream().map(ColumnReader::name).toList();
    this.keyIndexes = keyIndexes;
    this.allIndexes = IntStream.range(0, columns.size()).toArray();
    for (int i = 0; i < columns.size(); i++) {
      indexes.put(names.get(i), i);
    }
    this.keyLayout = keyIndexes.length == columns.size() ? this : keyLayout(columns, keyIndexes);
  }

  private static RowLayout keyLayout(List<ColumnReader> columns, int[] keyIndexes) {
    List<ColumnReader> keyColumns = new ArrayList<>();
    int[] all = new int[keyIndexes.length];
    for (int i = 0; i < all.length; i++) {
      keyColumns.add(columns.get(keyIndexes[i]));
      all[i] = i;
    }
    return new RowLayout(keyColumns, all);
  }

  /** A layout with these columns in this order. */
  public static RowLayout of(List<ColumnShape> shapes) {
    List<ColumnReader> columns =
        shapes.stream().map(s -> new ColumnReader(s.name(), s.type())).toList();
    int[] keyIndexes = IntStream.range(0, shapes.size()).filter(i -> shapes.get(i).key()).toArray();
    return new RowLayout(columns, keyIndexes);
  }

  /** The layout that a row was made with; of a key, that of the key's columns. */
  public static RowLayout ofRow(Row row) {
    if (row instanceof TextRow text) {
      return text.layout();
    }
    throw new IllegalArgumentException("the row was not made by a layout");
  }

  /** What a layout like this one can be made of. */
  public List<ColumnShape> shapes() {
    return columns.stream()
        .map(c -> new ColumnShape(c.name(), c.type(), keyLayout.indexes.containsKey(c.name())))
        .toList();
  }

  /** The texts of a row of this layout, as {@link #row} takes them. */
  public @Nullable String[] texts(Row row) {
    return own(row).texts();
  }

  /** The column names, always the same list. */
  public List<String> columns() {
    return names;
  }

  /** Whether any column belongs to the key. */
  public boolean hasKey() {
    return keyIndexes.length > 0;
  }

  /** The column's place from 0; -1 if there is no such column. */
  public int indexOf(String column) {
    return indexes.getOrDefault(column, -1);
  }

  /** The type of the column at a place, as in {@link Row#typeOf}. */
  public String type(int index) {
    return columns.get(index).type();
  }

  /** The names of the columns that belong to the key. */
  public List<String> keyColumns() {
    return keyLayout.names;
  }

  ColumnReader column(int index) {
    return columns.get(index);
  }

  boolean sameColumns(RowLayout other) {
    return this == other || (names.equals(other.names) && types().equals(other.types()));
  }

  private List<String> types() {
    return columns.stream().map(ColumnReader::type).toList();
  }

  /**
   * A row of this layout.
   *
   * @param texts for each column the server's text as {@link Texts} makes it, null, or {@link
   *     #UNCHANGED}
   * @throws IllegalArgumentException if there are not as many texts as columns
   */
  public Row row(@Nullable CharSequence[] texts) {
    if (texts.length != columns.size()) {
      throw new IllegalArgumentException(
          "%d values for the %d columns %s".formatted(texts.length, columns.size(), names));
    }
    return new TextRow(this, Arrays.copyOf(texts, texts.length, CharSequence[].class));
  }

  /** About how many bytes the texts of a row take; 0 for none. */
  public static long weight(@Nullable Row row) {
    return row instanceof TextRow texts ? texts.weight() : 0;
  }

  /** The key columns of a row of this layout; a row without columns if the table has no key. */
  public Row key(Row row) {
    TextRow whole = own(row);
    @Nullable CharSequence[] texts = new @Nullable CharSequence[keyIndexes.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = whole.text(keyIndexes[i]);
    }
    return new TextRow(keyLayout, texts);
  }

  /**
   * The row after an update, with what the server left out of it taken from the row before.
   *
   * @param after a row of this layout
   * @param before the whole row before, also of this layout; null if the server did not send it
   * @return {@code after} itself if nothing could be filled in
   */
  public Row fill(Row after, @Nullable Row before) {
    return before == null ? after : own(after).filledFrom(own(before), allIndexes);
  }

  /**
   * The row after an update, with those of its key columns that the server left out taken from the
   * key before. (A large key is sent with the old row even if the update left it alone.)
   *
   * @param after a row of this layout
   * @param old a row of this layout in which nothing but the key is true
   */
  public Row fillKey(Row after, Row old) {
    return own(after).filledFrom(own(old), keyIndexes);
  }

  private TextRow own(Row row) {
    if (row instanceof TextRow text && text.layout() == this) {
      return text;
    }
    throw new IllegalArgumentException("the row is of another layout than " + this);
  }

  /** The columns with their types. */
  @Override
  public String toString() {
    return columns.stream().map(column -> column.name() + " " + column.type()).toList().toString();
  }
}
