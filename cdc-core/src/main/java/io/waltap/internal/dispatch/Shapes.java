package io.waltap.internal.dispatch;

import io.waltap.event.SchemaChange;
import io.waltap.event.SchemaChange.Retyped;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How each table looked when it was last announced in this run. */
final class Shapes {

  private final Map<TableId, RowLayout> known = new HashMap<>();

  /**
   * Remembers how a table looks.
   *
   * @return what is different; null if nothing is, or the table was not known
   */
  @Nullable SchemaChange update(TableId table, RowLayout now) {
    RowLayout before = known.put(table, now);
    if (before == null) {
      return null;
    }
    SchemaChange change =
        new SchemaChange(
            table,
            missing(now, before),
            missing(before, now),
            retyped(before, now),
            rekeyed(before, now));
    return isNothing(change) ? null : change;
  }

  private static boolean isNothing(SchemaChange change) {
    return change.added().isEmpty()
        && change.removed().isEmpty()
        && change.retyped().isEmpty()
        && !change.keyChanged();
  }

  /** The columns of the one that the other does not have. */
  private static List<String> missing(RowLayout of, RowLayout in) {
    return of.columns().stream().filter(column -> in.indexOf(column) < 0).toList();
  }

  private static List<Retyped> retyped(RowLayout before, RowLayout now) {
    List<Retyped> retyped = new ArrayList<>();
    for (String column : now.columns()) {
      int place = before.indexOf(column);
      if (place >= 0 && !before.type(place).equals(now.type(now.indexOf(column)))) {
        retyped.add(new Retyped(column, before.type(place), now.type(now.indexOf(column))));
      }
    }
    return retyped;
  }

  private static boolean rekeyed(RowLayout before, RowLayout now) {
    return !new HashSet<>(before.keyColumns()).equals(new HashSet<>(now.keyColumns()));
  }
}
