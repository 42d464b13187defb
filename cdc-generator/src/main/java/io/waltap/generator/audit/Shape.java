package io.waltap.generator.audit;

import io.waltap.event.TableId;
import java.util.List;
import java.util.Set;

/**
 * What a table looked like when the ledger noted a change of it.
 *
 * @param table as what it is published
 * @param columns all, in the order of the record's fields
 * @param types their names as the catalog has them, below any domain
 * @param generated those that the server computes, and may leave out
 * @param key those of the primary key
 */
record Shape(
    TableId table,
    List<String> columns,
    List<String> types,
    Set<String> generated,
    List<String> key) {

  /** The type of a column, empty if the ledger was kept before it noted types. */
  String type(int index) {
    return index >= 0 && index < types.size() ? types.get(index) : "";
  }

  /** The type of a column, empty if it is not known. */
  String type(String column) {
    return type(columns.indexOf(column));
  }
}
