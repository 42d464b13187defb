package io.waltap.internal.debezium;

import io.waltap.event.TableId;
import java.util.Set;

/**
 * What is captured.
 *
 * @param tables the tables that the snapshot reads
 * @param others whether the stream takes changes of all other tables too
 * @param messages whether the stream takes logical messages
 */
public record Capture(Set<TableId> tables, boolean others, boolean messages) {

  public Capture {
    tables = Set.copyOf(tables);
  }

  boolean wants(TableId table) {
    return others || tables.contains(table);
  }
}
