package io.waltap.table;

import io.waltap.event.Row;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows for mappers to read. */
final class Rows {

  private Rows() {}

  /** A layout from columns written as {@code "name type"}. */
  static RowLayout layout(String... columns) {
    List<String[]> shapes =
        Arrays.stream(columns).map(column -> column.split(" (?=\\w+$)")).toList();
    return RowLayout.of(shapes.stream().map(s -> new ColumnShape(s[0], s[1], false)).toList());
  }

  /** A row of the one column written as {@code "name type"}. */
  static Row row(String column, @Nullable String text) {
    return layout(column).row(new @Nullable String[] {text});
  }
}
