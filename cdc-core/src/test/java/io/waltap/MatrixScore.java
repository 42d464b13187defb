package io.waltap;

import io.waltap.MatrixSource.Cell;
import io.waltap.event.Column;
import io.waltap.event.Row;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares cells, counts them, and keeps what does not fit. */
final class MatrixScore {

  record Shapes(
      List<String> list, List<List<String>> matrix, Column<Object> column, Column<String> text) {}

  private static final Type LIST = shape(0);
  private static final Type MATRIX = shape(1);
  private static final Type COLUMN = shape(2);
  private static final Type TEXT_COLUMN = shape(3);

  private final List<String> misfits = new ArrayList<>();
  private int events;
  private int cells;
  private int unchanged;
  private int values;

  private static Type shape(int component) {
    return (ParameterizedType) Shapes.class.getRecordComponents()[component].getGenericType();
  }

  void event() {
    events++;
  }

  int events() {
    return events;
  }

  /** How many texts were compared, unchanged ones included. */
  int cells() {
    return cells;
  }

  int unchanged() {
    return unchanged;
  }

  List<String> misfits() {
    return misfits;
  }

  void expect(boolean condition, String what) {
    if (!condition && misfits.size() < 50) {
      misfits.add(what);
    }
  }

  void unchanged(Cell cell, Row row, String where) {
    cells++;
    unchanged++;
    expect(row.isUnchanged(cell.column()), name(cell, where) + " is not unchanged");
    expect(
        Column.unchanged().equals(row.get(cell.column(), TEXT_COLUMN)),
        name(cell, where) + " as Column is not unchanged");
  }

  void same(Cell cell, Row row, String where) {
    cells++;
    String name = name(cell, where);
    try {
      equal(cell.typeName(), row.typeOf(cell.column()), name + " has the type");
      equal(cell.text(), row.getString(cell.column()), name);
      equal(Column.of(cell.text()), row.get(cell.column(), TEXT_COLUMN), name + " as Column");
      elements(cell, row, name);
      natural(cell, row, name);
    } catch (RuntimeException e) {
      expect(false, name + " throws " + e);
    }
  }

  private void elements(Cell cell, Row row, String name) {
    if (cell.elements() != null) {
      values++;
      boolean matrix = cell.variant().equals("two dimensions");
      Object read = row.get(cell.column(), matrix ? MATRIX : LIST);
      equal(cell.elements(), flat(Objects.requireNonNull(read)), name + " as List");
    }
  }

  private static List<@Nullable Object> flat(Object list) {
    List<@Nullable Object> flat = new ArrayList<>();
    for (Object each : (List<?>) list) {
      if (each instanceof List<?> inner) {
        flat.addAll(inner);
      } else {
        flat.add(each);
      }
    }
    return flat;
  }

  private void natural(Cell cell, Row row, String name) {
    Object natural = cell.natural();
    if (natural == MatrixNatural.ERROR) {
      values++;
      refused(cell, row, name);
    } else if (natural != null) {
      values++;
      equal(natural, row.get(cell.column(), Object.class), name + " as Object");
      equal(Column.of(natural), row.get(cell.column(), COLUMN), name + " as Column of Object");
    }
  }

  private void refused(Cell cell, Row row, String name) {
    try {
      expect(false, name + " is no error but " + row.get(cell.column(), Object.class));
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      String length = Objects.requireNonNull(cell.text()).length() + " characters";
      expect(
          message.contains("'" + cell.column() + "' of type " + cell.typeName())
              && message.contains(length),
          name + " says " + message);
    }
  }

  private void equal(@Nullable Object expected, @Nullable Object actual, String name) {
    if (!Objects.deepEquals(expected, actual) && !sameBytes(expected, actual)) {
      expect(false, name + ": " + shown(expected) + " became " + shown(actual));
    }
  }

  private static boolean sameBytes(@Nullable Object expected, @Nullable Object actual) {
    return expected instanceof Column.Value<?> one
        && actual instanceof Column.Value<?> other
        && Objects.deepEquals(one.value(), other.value());
  }

  private static String shown(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() <= 60 ? text : text.substring(0, 60) + "... (" + text.length() + ")";
  }

  private static String name(Cell cell, String where) {
    return where + " " + cell.type().sql() + " " + cell.form() + " " + cell.variant();
  }

  void print(String server, MatrixSource source) {
    System.out.printf(
        "Type matrix on PostgreSQL %s: %d types, %d rows, %d events,%n"
            + "  %d cells compared with the server's text (%d of them unchanged),"
            + " %d also as lists or Java values%n",
        server, source.types(), source.rows(), events, cells, unchanged, values);
    source
        .leftOut()
        .forEach((reason, what) -> System.out.println("  left out, " + reason + ": " + what));
  }
}
