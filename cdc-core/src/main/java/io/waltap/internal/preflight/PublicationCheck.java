package io.waltap.internal.preflight;

import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import io.waltap.table.Table.Component;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The publication: there, with every listened table, every operation and every mapped column. */
final class PublicationCheck {

  // Through jsonb, because version 14 has no column lists; generated columns are published from
  // version 18 on, and there the list says which. The view shows partitions in place of
  // their root, or the root in place of its partitions.
  private static final String MEMBERS =
      """
      WITH publication AS (SELECT * FROM pg_publication WHERE pubname = ?),
      published AS MATERIALIZED (
        SELECT c.oid, nspname, relname, to_jsonb(t) -> 'attnames' AS columns
        FROM publication JOIN pg_publication_tables t USING (pubname)
        JOIN pg_namespace n ON n.nspname = t.schemaname
        JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename)
      SELECT p.oid IS NOT NULL
               OR EXISTS (SELECT FROM publication WHERE puballtables)
               OR EXISTS (SELECT FROM publication m JOIN pg_publication_rel r
                            ON r.prpubid = m.oid AND r.prrelid = w.oid) AS member,
             ARRAY(SELECT attname::text FROM pg_attribute
                   WHERE attrelid = p.oid AND attnum > 0 AND NOT attisdropped
                     AND (p.columns IS NULL OR p.columns ?? attname::text)
                     AND (attgenerated = '' OR current_setting('server_version_num')::int >= 180000)
             ) AS columns,
             (SELECT nspname || '.' || relname FROM pg_partition_ancestors(w.oid)
              JOIN published a ON a.oid = relid WHERE a.oid <> w.oid LIMIT 1) AS root
      FROM unnest(?::oid[]) WITH ORDINALITY AS w (oid, place) LEFT JOIN published p USING (oid)
      ORDER BY place""";

  /**
   * A table's part in the publication.
   *
   * @param columns those published; empty if the table is not published under its own name
   * @param root the partitioned table under whose name its changes are published; null if its own
   */
  private record Member(
      RowImage image, boolean member, List<String> columns, @Nullable String root) {

    LiveTable table() {
      return image.table();
    }
  }

  private final String name;
  private final List<Problem> problems = new ArrayList<>();

  private PublicationCheck(String name) {
    this.name = name;
  }

  /**
   * Looks at those of the tables that are tables.
   *
   * @param publication null if it does not exist
   */
  static List<Problem> problems(
      Catalog catalog,
      String name,
      @Nullable Published publication,
      @Nullable String usedSlot,
      List<RowImage> images)
      throws SQLException {
    PublicationCheck check = new PublicationCheck(name);
    if (publication == null) {
      check.missing(images.stream().map(RowImage::table).toList(), usedSlot);
    } else {
      check.operations(publication);
      check.members(publication, members(catalog, name, images));
    }
    return check.problems;
  }

  private static List<Member> members(Catalog catalog, String name, List<RowImage> images)
      throws SQLException {
    return catalog.list(
        MEMBERS,
        row ->
            new Member(
                images.get(row.getRow() - 1),
                row.getBoolean("member"),
                Catalog.texts(row, "columns"),
                row.getString("root")),
        name,
        images.stream().mapToLong(image -> image.table().oid()).toArray());
  }

  private void missing(List<LiveTable> tables, @Nullable String usedSlot) {
    String create =
        "CREATE PUBLICATION "
            + Names.quote(name)
            + (tables.isEmpty() ? "" : " FOR TABLE " + sql(tables))
            + (tables.stream().anyMatch(LiveTable::partitioned)
                ? " WITH (publish_via_partition_root = true);"
                : ";");
    if (usedSlot == null) {
      problem(Code.PUBLICATION_MISSING, "The publication " + name + " does not exist.", create);
    } else {
      problem(
          Code.PUBLICATION_MISSING,
          "The publication "
              + name
              + " does not exist, although the replication slot "
              + usedSlot
              + " does: changes made without the publication cannot be read any more.",
          create
              + " then SELECT pg_drop_replication_slot("
              + Names.literal(usedSlot)
              + "); then delete the stored offset and start anew with a fresh snapshot.");
    }
  }

  private void operations(Published publication) {
    if (!publication.omitted().isEmpty()) {
      problem(
          Code.OPERATION_NOT_PUBLISHED,
          "The publication "
              + name
              + " does not publish "
              + Names.list(publication.omitted())
              + ".",
          alter("SET (publish = '" + String.join(", ", Published.OPERATIONS) + "');"));
    }
  }

  private void members(Published publication, List<Member> members) {
    List<LiveTable> absent =
        members.stream()
            .filter(member -> !member.member() && member.root() == null)
            .map(Member::table)
            .toList();
    if (!absent.isEmpty()) {
      problem(
          Code.TABLE_NOT_PUBLISHED,
          "The publication " + name + " does not contain " + people(absent) + ".",
          alter("ADD TABLE " + sql(absent) + ";"));
    }
    List<LiveTable> roots =
        members.stream().map(Member::table).filter(LiveTable::partitioned).toList();
    if (!publication.viaRoot() && !roots.isEmpty()) {
      problem(
          Code.PUBLISHED_UNDER_ANOTHER_NAME,
          "The publication "
              + name
              + " publishes changes of "
              + people(roots)
              + " under the names of the partitions.",
          alter("SET (publish_via_partition_root = true);"));
    }
    members.forEach(this::member);
    members.forEach(member -> identity(publication, member.image()));
  }

  private void member(Member member) {
    if (member.root() != null) {
      problem(
          Code.PUBLISHED_UNDER_ANOTHER_NAME,
          "The publication "
              + name
              + " publishes changes of the partition "
              + member.table().id()
              + " under the name of "
              + member.root()
              + ".",
          "Listen to " + member.root() + ".");
      return;
    }
    List<Column> unpublished = unpublished(member);
    List<Column> generated = unpublished.stream().filter(Column::generated).toList();
    List<Column> listed = unpublished.stream().filter(column -> !column.generated()).toList();
    if (!listed.isEmpty()) {
      problem(
          Code.COLUMN_NOT_PUBLISHED, leavesOut(member, listed) + ".", publishWhole(member.table()));
    }
    if (!generated.isEmpty()) {
      problem(
          Code.COLUMN_NOT_PUBLISHED,
          leavesOut(member, generated) + ", which the server computes.",
          "Remove the component, or, from PostgreSQL 18 on, "
              + alter("SET (publish_generated_columns = stored);"));
    }
  }

  /** Without all of its identity the server refuses updates and deletes of the table. */
  private void identity(Published publication, RowImage image) {
    LiveTable table = image.table();
    List<String> missing =
        publication.unpublished(table).stream()
            .filter(column -> image.identity().equals("full") || image.key().contains(column))
            .toList();
    if (!missing.isEmpty()) {
      problem(
          Code.REPLICA_IDENTITY_NOT_PUBLISHED,
          "The publication "
              + name
              + " leaves out of "
              + table.id()
              + " columns of its replica identity ("
              + String.join(", ", missing)
              + "), so that the server would refuse every UPDATE and DELETE of it.",
          publishWhole(table));
    }
  }

  private String publishWhole(LiveTable table) {
    String sql = Names.quote(table.id());
    return alter("DROP TABLE " + sql + "; ") + alter("ADD TABLE " + sql + ";");
  }

  private static List<Column> unpublished(Member member) {
    List<Component> components = member.table().components();
    return member.columns().isEmpty()
        ? List.of()
        : components.stream()
            .map(component -> ComponentCheck.filling(component, member.table().columns()))
            .flatMap(Optional::stream)
            .filter(column -> !member.columns().contains(column.name()))
            .distinct()
            .toList();
  }

  private String leavesOut(Member member, List<Column> columns) {
    return "The publication "
        + name
        + " leaves out of "
        + member.table().id()
        + " the column "
        + Names.list(columns.stream().map(Column::name).toList());
  }

  private String alter(String change) {
    return "ALTER PUBLICATION " + Names.quote(name) + " " + change;
  }

  private static String people(List<LiveTable> tables) {
    return Names.list(tables.stream().map(table -> table.id().toString()).distinct().toList());
  }

  private static String sql(List<LiveTable> tables) {
    return tables.stream()
        .map(table -> Names.quote(table.id()))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private void problem(Code code, String what, String remedy) {
    problems.add(new Problem(code, what, remedy));
  }
}
