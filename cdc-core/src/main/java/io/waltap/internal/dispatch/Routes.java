package io.waltap.internal.dispatch;

import io.waltap.event.ChangeEvent;
import io.waltap.event.TableId;
import io.waltap.table.RowMapper;
import io.waltap.table.Table;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the rows of each table are delivered as: as its {@link Table} says, else as they are. */
final class Routes {

  private final Map<TableId, RowMapper<?>> mappers;

  Routes(List<Table<?>> tables) {
    mappers = tables.stream().collect(Collectors.toUnmodifiableMap(Table::id, Table::mapper));
  }

  @SuppressWarnings("unchecked") // the listener was given together with its tables
  ChangeEvent<Object> map(Delivery change) {
    RowMapper<?> mapper = mappers.get(change.table());
    return change.map(mapper == null ? row -> row : (RowMapper<Object>) mapper);
  }
}
