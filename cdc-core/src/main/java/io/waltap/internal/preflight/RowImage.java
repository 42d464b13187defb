package io.waltap.internal.preflight;

import io.waltap.preflight.PreflightFacts;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What updates and deletes of a table tell of the row as it was, and what updates may leave out.
 *
 * @param key the columns of the replica identity's index
 * @param identity {@code full}, {@code default}, {@code index} or {@code nothing}; several if
 *     partitions differ
 * @param partial itself or those of its partitions that do not send whole old rows, as SQL takes
 *     them
 * @param large columns that can hold what is stored out of line. A {@code varchar} of up to 500
 *     characters is none, nor a number, although one with thousands of digits could be
 */
record RowImage(
    LiveTable table, List<String> key, String identity, List<String> partial, List<String> large) {

  private static final String IMAGES =
      """
      SELECT ARRAY(
               SELECT attname::text
               FROM pg_index i CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k (num, place)
               JOIN pg_attribute ON attrelid = i.indrelid AND attnum = k.num
               WHERE i.indrelid = c.oid AND i.indisvalid AND place <= i.indnkeyatts
                 AND CASE c.relreplident
                       WHEN 'i' THEN i.indisreplident ELSE i.indisprimary END
               ORDER BY place) AS key,
             identity, partial,
             ARRAY(
               SELECT attname::text FROM pg_attribute
               WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
                 AND attstorage IN ('x', 'e')
                 AND NOT (atttypid IN ('varchar'::regtype, 'bpchar'::regtype)
                          AND atttypmod BETWEEN 0 AND 504)
               ORDER BY attnum) AS large
      FROM unnest(?::oid[]) WITH ORDINALITY AS w (oid, place)
      JOIN pg_class c USING (oid)
      CROSS JOIN LATERAL (
        SELECT coalesce(string_agg(DISTINCT
                 CASE relreplident
                   WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing'
                   WHEN 'f' THEN 'full' ELSE 'index' END, ', '), 'default') AS identity,
               array_agg(format('%I.%I', nspname, relname) ORDER BY nspname, relname)
                 FILTER (WHERE relreplident <> 'f') AS partial
        FROM (SELECT c.oid UNION SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf) AS p
        JOIN pg_class l USING (oid) JOIN pg_namespace n ON n.oid = l.relnamespace
        WHERE l.relkind = 'r') AS leaves
      ORDER BY place""";

  /** Of the tables that are tables, in their order. */
  static List<RowImage> read(Catalog catalog, List<LiveTable> all) throws SQLException {
    List<LiveTable> tables = all.stream().filter(LiveTable::isTable).toList();
    return catalog.list(
        IMAGES,
        row -> image(tables.get(row.getRow() - 1), row),
        (Object) tables.stream().mapToLong(LiveTable::oid).toArray());
  }

  private static RowImage image(LiveTable table, ResultSet row) throws SQLException {
    return new RowImage(
        table,
        Catalog.texts(row, "key"),
        row.getString("identity"),
        Catalog.texts(row, "partial"),
        Catalog.texts(row, "large"));
  }

  PreflightFacts.TableFacts facts(@Nullable Published publication) {
    return new PreflightFacts.TableFacts(
        table.id(),
        key,
        identity,
        large,
        table.usage() && table.select(),
        publication == null ? null : publication.filters().get(table.id()),
        publication == null ? List.of() : publication.unpublished(table));
  }

  /** One warning for all tables: a report in which every table has its own is not read. */
  static List<Problem> problems(List<RowImage> images, @Nullable Published publication) {
    List<String> tables = new ArrayList<>();
    List<String> remedies = new ArrayList<>();
    for (RowImage image : images) {
      if (!image.large().isEmpty() && !image.partial().isEmpty()) {
        tables.add(image.table().id() + " (" + String.join(", ", image.large()) + ")");
        // With FULL the server would refuse updates of a table of which not all is published.
        if (publication == null || publication.unpublished(image.table()).isEmpty()) {
          remedies.addAll(image.partial());
        }
      }
    }
    return tables.isEmpty()
        ? List.of()
        : List.of(
            new Problem(
                Code.TOAST_UNCHANGED,
                "An update that leaves a large value alone does not send it; this concerns "
                    + Names.list(tables)
                    + ".",
                remedies.isEmpty()
                    ? "Declare components as Column, which tells unchanged from null."
                    : remedies.stream()
                        .distinct()
                        .map(table -> "ALTER TABLE " + table + " REPLICA IDENTITY FULL;")
                        .collect(Collectors.joining(" "))));
  }
}
