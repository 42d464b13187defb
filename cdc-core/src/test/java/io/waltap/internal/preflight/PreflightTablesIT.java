package io.waltap.internal.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The listened tables and their part in the publication. */
class PreflightTablesIT {

  private final Stage stage = new Stage();
  private final String name = stage.name();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void namesTablesLikeTheMissingOne() {
    stage.execute(
        "CREATE TABLE \"Orders\" (id int PRIMARY KEY)",
        "CREATE SCHEMA shop",
        "CREATE TABLE shop.ordres (id int PRIMARY KEY)",
        "CREATE TABLE far (id int PRIMARY KEY)");

    assertThat(stage.problems("public.ordres"))
        .containsExactly(
            new Problem(
                Code.TABLE_MISSING,
                "The table public.ordres does not exist.",
                "Listen to public.Orders, public.orders or shop.ordres, or create it."));
  }

  @Test
  void saysThatTheSchemaIsMissing() {
    assertThat(stage.problems("shop.things"))
        .containsExactly(
            new Problem(
                Code.TABLE_MISSING,
                "The table shop.things does not exist: there is no schema shop in this database.",
                "Create it, or correct its name or the database of the URL."));
  }

  @Test
  void refusesView() {
    stage.execute("CREATE VIEW latest AS SELECT * FROM orders");

    assertThat(stage.problems("public.latest"))
        .containsExactly(
            new Problem(
                Code.NOT_A_TABLE,
                "public.latest is a view, and only tables have changes to capture.",
                "Listen to the table behind it."));
  }

  @Test
  void asksForReplicaIdentity() {
    stage.execute("ALTER TABLE orders DROP CONSTRAINT orders_pkey");

    stage.assertMended(
        Code.REPLICA_IDENTITY,
        "The table public.orders has neither a primary key nor another replica identity, so that"
            + " the server would refuse every UPDATE and DELETE of it.",
        "ALTER TABLE public.orders REPLICA IDENTITY FULL;",
        "public.orders");
  }

  @Test
  void seesThatPrimaryKeyIsNotTheIdentity() {
    stage.execute("ALTER TABLE orders REPLICA IDENTITY NOTHING");

    assertThat(stage.problems("public.orders")).hasSize(1);
  }

  @Test
  void takesReplicaIdentityUsingIndex() {
    stage.execute(
        "ALTER TABLE orders DROP CONSTRAINT orders_pkey",
        "CREATE UNIQUE INDEX by_id ON orders (id)",
        "ALTER TABLE orders REPLICA IDENTITY USING INDEX by_id");

    assertThat(stage.problems("public.orders")).isEmpty();
  }

  @Test
  void asksForSelect() {
    stage.execute("REVOKE SELECT ON orders FROM " + name);

    stage.assertMended(
        Code.NO_SELECT_RIGHT,
        "The role " + name + " may not read public.orders for the snapshot.",
        "GRANT SELECT ON public.orders TO " + name + ";",
        "public.orders");
  }

  @Test
  void asksForUsageOfTheSchema() {
    stage.execute(
        "CREATE SCHEMA shop",
        "CREATE TABLE shop.things (id int PRIMARY KEY)",
        "GRANT SELECT ON shop.things TO " + name,
        "ALTER PUBLICATION " + name + " ADD TABLE shop.things");

    stage.assertMended(
        Code.NO_USAGE_RIGHT,
        "The role " + name + " may not use the schema shop.",
        "GRANT USAGE ON SCHEMA shop TO " + name + ";",
        "shop.things");
  }

  @Test
  void seesRowsThatTheSnapshotWouldMiss() {
    stage.execute("ALTER TABLE orders ENABLE ROW LEVEL SECURITY");

    stage.assertMended(
        Code.ROW_SECURITY,
        "Row-level security hides rows of public.orders from the role "
            + name
            + ": the snapshot would miss them.",
        "ALTER ROLE " + name + " BYPASSRLS;",
        "public.orders");
  }

  @Test
  void refusesUnloggedTable() {
    stage.execute(
        "CREATE UNLOGGED TABLE quick (id int PRIMARY KEY)", "GRANT SELECT ON quick TO " + name);

    assertThat(stage.problems("public.quick"))
        .containsExactly(
            new Problem(
                Code.TABLE_NOT_PUBLISHED,
                "The publication " + name + " does not contain public.quick.",
                "ALTER PUBLICATION " + name + " ADD TABLE public.quick;"),
            new Problem(
                Code.TABLE_UNLOGGED,
                "The table public.quick is unlogged or temporary: its changes are in no log.",
                "ALTER TABLE public.quick SET LOGGED;"));
  }

  @Test
  void refusesColumnsThatDifferOnlyByCase() {
    stage.execute("ALTER TABLE orders ADD COLUMN \"Amount\" numeric");

    stage.assertMended(
        Code.HOSTILE_NAME,
        "The name of the column Amount of public.orders differs only by case from the column"
            + " amount.",
        "ALTER TABLE public.orders RENAME COLUMN \"Amount\" TO new_name;",
        "public.orders");
  }

  @Test
  void refusesColumnInQuotes() {
    stage.execute("ALTER TABLE orders ADD COLUMN \"\"\"odd\" int");

    stage.assertMended(
        Code.HOSTILE_NAME,
        "The name of the column \"odd of public.orders begins or ends with a double quote.",
        "ALTER TABLE public.orders RENAME COLUMN \"\"\"odd\" TO new_name;",
        "public.orders");
  }

  @Test
  void refusesTableInQuotes() {
    stage.execute("ALTER TABLE orders RENAME TO \"orders\"\"\"");

    assertThat(stage.problems("public.\"orders\"\"\""))
        .containsExactly(
            new Problem(
                Code.HOSTILE_NAME,
                "The name of the table public.orders\" begins or ends with a double quote.",
                "ALTER TABLE public.\"orders\"\"\" RENAME TO new_name;"));
    stage.execute("ALTER TABLE public.\"orders\"\"\" RENAME TO new_name;");
    assertThat(stage.problems("public.new_name")).isEmpty();
  }

  @Test
  void refusesSchemaInQuotes() {
    stage.execute(
        "CREATE SCHEMA \"\"\"shop\"",
        "ALTER TABLE orders SET SCHEMA \"\"\"shop\"",
        "GRANT USAGE ON SCHEMA \"\"\"shop\" TO " + name);

    assertThat(stage.problems("\"\"\"shop\".orders"))
        .containsExactly(
            new Problem(
                Code.HOSTILE_NAME,
                "The name of the schema \"shop begins or ends with a double quote.",
                "ALTER SCHEMA \"\"\"shop\" RENAME TO new_name;"));
    stage.execute("ALTER SCHEMA \"\"\"shop\" RENAME TO new_name;");
    assertThat(stage.problems("new_name.orders")).isEmpty();
  }

  @Test
  void asksToPublishPartitionsUnderTheirRoot() {
    partitioned();
    stage.execute("ALTER PUBLICATION " + name + " ADD TABLE events");

    stage.assertMended(
        Code.PUBLISHED_UNDER_ANOTHER_NAME,
        "The publication "
            + name
            + " publishes changes of public.events under the names of the partitions.",
        "ALTER PUBLICATION " + name + " SET (publish_via_partition_root = true);",
        "public.events");
  }

  @Test
  void asksForTheRootWhereOnlyPartitionsArePublished() {
    partitioned();
    stage.execute(
        "ALTER PUBLICATION " + name + " ADD TABLE events_1",
        "ALTER PUBLICATION " + name + " SET (publish_via_partition_root = true)");

    stage.assertMended(
        Code.TABLE_NOT_PUBLISHED,
        "The publication " + name + " does not contain public.events.",
        "ALTER PUBLICATION " + name + " ADD TABLE public.events;",
        "public.events");
  }

  @Test
  void createsPublicationThatFitsPartitions() {
    partitioned();
    stage.execute("DROP PUBLICATION " + name);

    stage.assertMended(
        Code.PUBLICATION_MISSING,
        "The publication " + name + " does not exist.",
        "CREATE PUBLICATION "
            + name
            + " FOR TABLE public.events WITH (publish_via_partition_root = true);",
        "public.events");
  }

  @Test
  void sendsListenerOfPartitionToTheRoot() {
    partitioned();
    stage.execute(
        "ALTER PUBLICATION " + name + " ADD TABLE events",
        "ALTER PUBLICATION " + name + " SET (publish_via_partition_root = true)");

    assertThat(stage.problems("public.events_1"))
        .containsExactly(
            new Problem(
                Code.PUBLISHED_UNDER_ANOTHER_NAME,
                "The publication "
                    + name
                    + " publishes changes of the partition public.events_1 under the name of"
                    + " public.events.",
                "Listen to public.events."));
  }

  @Test
  void looksForTheIdentityOfEachPartition() {
    partitioned();
    stage.execute(
        "ALTER TABLE events DROP CONSTRAINT events_pkey",
        "ALTER TABLE events REPLICA IDENTITY FULL",
        "ALTER PUBLICATION " + name + " ADD TABLE events",
        "ALTER PUBLICATION " + name + " SET (publish_via_partition_root = true)");

    stage.assertMended(
        Code.REPLICA_IDENTITY,
        "The table public.events_1 has neither a primary key nor another replica identity, so that"
            + " the server would refuse every UPDATE and DELETE of it.",
        "ALTER TABLE public.events_1 REPLICA IDENTITY FULL;",
        "public.events");
  }

  private void partitioned() {
    stage.execute(
        "CREATE TABLE events (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (1) TO (100)",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + name);
  }
}
