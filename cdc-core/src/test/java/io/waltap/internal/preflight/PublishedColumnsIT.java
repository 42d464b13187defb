package io.waltap.internal.preflight;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.internal.connection.Connections;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import io.waltap.table.Table;
import io.waltap.table.Table.Component;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The columns of a live table, and those of them that the publication lets through. */
class PublishedColumnsIT {

  private final Stage stage = new Stage();
  private final String name = stage.name();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void readsColumnsWithWhatIsBelowTheirDomains() throws SQLException {
    stage.execute(
        "CREATE TYPE mood AS ENUM ('good', 'bad')",
        "CREATE DOMAIN price AS numeric",
        "CREATE DOMAIN paid AS price NOT NULL",
        "CREATE TYPE pair AS (a int, b text)",
        "CREATE DOMAIN tag AS text",
        "CREATE DOMAIN tags AS tag[] NOT NULL",
        "CREATE TABLE kinds (id int PRIMARY KEY, gone text, mood mood NOT NULL, price price,"
            + " paid paid, tags text[], moods mood[], prices paid[], pair pair, words tags,"
            + " old int2vector, twice int GENERATED ALWAYS AS (id * 2) STORED)",
        "ALTER TABLE kinds DROP COLUMN gone");

    assertThat(live("public.kinds").columns())
        .containsExactly(
            new Column("id", "int4", 'b', false, false),
            new Column("mood", "mood", 'e', false, false),
            new Column("price", "numeric", 'b', true, false),
            new Column("paid", "numeric", 'b', false, false),
            new Column("tags", "_text", 'b', true, false),
            new Column("moods", "_mood", 'e', true, false),
            new Column("prices", "_numeric", 'b', true, false),
            new Column("pair", "pair", 'c', true, false),
            new Column("words", "_text", 'b', false, false),
            new Column("old", "int2vector", 'b', true, false),
            new Column("twice", "int4", 'b', true, true));
  }

  @Test
  void asksForMappedColumnThatTheListLeavesOut() throws SQLException {
    Assumptions.assumeTrue(
        stage.database().connection().getMetaData().getDatabaseMajorVersion() >= 15,
        "publications have column lists from version 15 on");
    stage.execute("ALTER PUBLICATION " + name + " SET TABLE orders (id)");
    String mend =
        "ALTER PUBLICATION "
            + name
            + " DROP TABLE public.orders; ALTER PUBLICATION "
            + name
            + " ADD TABLE public.orders;";

    assertThat(problems("amount"))
        .containsExactly(
            new Problem(
                Code.COLUMN_NOT_PUBLISHED,
                "The publication " + name + " leaves out of public.orders the column amount.",
                mend));
    assertThat(problems("id")).as("what is not mapped may be left out").isEmpty();
    stage.execute(mend);
    assertThat(problems("amount")).isEmpty();
  }

  @Test
  void knowsThatGeneratedColumnsAreNotPublished() throws SQLException {
    stage.execute(
        "ALTER TABLE orders ADD COLUMN twice numeric GENERATED ALWAYS AS (amount * 2) STORED");

    assertThat(problems("twice"))
        .containsExactly(
            new Problem(
                Code.COLUMN_NOT_PUBLISHED,
                "The publication "
                    + name
                    + " leaves out of public.orders the column twice, which the server computes.",
                "Remove the component, or, from PostgreSQL 18 on, ALTER PUBLICATION "
                    + name
                    + " SET (publish_generated_columns = stored);"));
    if (requireNonNull(stage.run().facts()).serverVersion() >= 18) {
      stage.execute("ALTER PUBLICATION " + name + " SET (publish_generated_columns = stored);");
      assertThat(problems("twice")).isEmpty();
    }
  }

  /** What is wrong with the publication for a component that is filled from the column. */
  private List<Problem> problems(String column) throws SQLException {
    LiveTable table = live("public.orders");
    Component component = new Component(column, List.of(column), BigDecimal.class);
    LiveTable mapped =
        new LiveTable(
            table.id(),
            List.of(component),
            table.schemaExists(),
            table.oid(),
            table.kind(),
            table.logged(),
            table.usage(),
            table.select(),
            table.filtered(),
            table.unidentified(),
            table.columns());
    try (Connection connection = Connections.open(stage.config().build())) {
      Catalog catalog = catalog(connection);
      return PublicationCheck.problems(
          catalog,
          name,
          Published.read(catalog, name),
          null,
          RowImage.read(catalog, List.of(mapped)));
    }
  }

  private LiveTable live(String table) throws SQLException {
    try (Connection connection = Connections.open(stage.config().build())) {
      return LiveTable.read(catalog(connection), List.of(Table.of(table))).get(0);
    }
  }

  private static Catalog catalog(Connection connection) throws SQLException {
    return new Catalog(connection, System.nanoTime() + Duration.ofSeconds(10).toNanos());
  }
}
