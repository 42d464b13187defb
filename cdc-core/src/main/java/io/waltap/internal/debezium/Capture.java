package io.waltap.internal.debezium;

import io.waltap.event.TableId;
import java.util.Set;

/**
 * What is captured.
 *
 * @param tables the tables that the snapshot reads
 * @param others whether the stream takes changes of all other tables too
 */
public record Capture(Set<TableId> tables, boolean others) {

  public Capture {
    tables = Set.copyOf(tables);
  }

  boolean wants(TableId table) {
    return others || tables.contains(table);
  }
}
