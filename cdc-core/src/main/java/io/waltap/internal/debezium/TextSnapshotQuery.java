package io.waltap.internal.debezium;

import io.debezium.snapshot.spi.SnapshotQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has the snapshot read every column as the text that the stream would carry. {@code format('%s',
 * …)} calls the type's output function, as {@code pgoutput} does; a cast to text would not for some
 * types (it strips the blanks of {@code char(n)} and writes {@code true} for {@code t}). Found by
 * Debezium as a service.
 */
public final class TextSnapshotQuery implements SnapshotQuery {

  static final String NAME = "waltap-text";

  private @Nullable Session session;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void configure(Map<String, ?> properties) {
    session = Session.of((String) properties.get(Session.KEY));
  }

  @Override
  public Optional<String> snapshotQuery(String table, List<String> columns) {
    return Optional.of(
        columns.stream()
            .map(TextSnapshotQuery::asText)
            .collect(
                Collectors.joining(
                    ", ", "SELECT ", " FROM " + table + own(table) + filter(table))));
  }

  // The stream has only these rows, so the snapshot must not have more.
  private String filter(String table) {
    String filter = session == null ? null : session.rowFilter(table);
    return filter == null ? "" : " AND (" + filter + ")";
  }

  // Rows of inheritance children are the children's own, in the stream too; rows of partitions are
  // the root's.
  private static String own(String table) {
    String oid = "'" + table.replace("'", "''") + "'::regclass";
    return " WHERE (tableoid = "
        + oid
        + " OR EXISTS (SELECT FROM pg_catalog.pg_partitioned_table WHERE partrelid = "
        + oid
        + "))";
  }

  private static String asText(String column) {
    // IS NOT NULL would be false for a composite value with a null in it.
    return "CASE WHEN "
        + column
        + " IS DISTINCT FROM NULL THEN format('%s', "
        + column
        + ") END AS "
        + column;
  }
}
