package io.waltap.event;

import java.util.List;

/**
 * The columns or the key of a table changed. A renamed column is one removed and one added. At
 * least one part says something; lists are in the table's order.
 *
 * @param table the table
 * @param added names of columns that were not there before
 * @param removed names of columns that are there no more
 * @param retyped columns that have another type now
 * @param keyChanged whether the columns of the key, as in {@link ChangeEvent.Read}, are others
 */
public record SchemaChange(
    TableId table,
    List<String> added,
    List<String> removed,
    List<Retyped> retyped,
    boolean keyChanged) {

  public SchemaChange {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    retyped = List.copyOf(retyped);
  }

  /**
   * A column with another type; a length or precision is no part of it.
   *
   * @param column the column's name
   * @param from the type before, as in {@link Row#typeOf}
   * @param to the type now
   */
  public record Retyped(String column, String from, String to) {}
}
