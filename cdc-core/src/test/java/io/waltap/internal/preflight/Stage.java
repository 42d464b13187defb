package io.waltap.internal.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import io.waltap.table.Table;
import io.waltap.testing.PostgresServer;
import io.waltap.testing.TestDatabase;
import java.util.List;
import java.util.stream.Stream;

/**
 * A database in which everything is right, with a role that may do just enough; a test breaks one
 * thing. Role, slot and publication have the name of the database; the table is {@code
 * public.orders}.
 */
final class Stage implements AutoCloseable {

  private final TestDatabase database;

  Stage() {
    this(PostgresServer.shared());
  }

  Stage(PostgresServer server) {
    database = TestDatabase.createOn(server);
    execute(
        "CREATE ROLE " + name() + " LOGIN REPLICATION PASSWORD 'right'",
        "CREATE TABLE orders (id bigint PRIMARY KEY, amount numeric)",
        "GRANT SELECT ON orders TO " + name(),
        "CREATE PUBLICATION " + name() + " FOR TABLE orders");
  }

  String name() {
    return database.name();
  }

  TestDatabase database() {
    return database;
  }

  void execute(String... statements) {
    database.execute(statements);
  }

  CdcConfig.Builder config() {
    return CdcConfig.builder()
        .url(database.url())
        .user(name())
        .password("right")
        .slot(name())
        .publication(name())
        .snapshotMode(SnapshotMode.INITIAL);
  }

  Preflight.Result run(String... tables) {
    return Preflight.run(
        config().build(), Stream.of(tables).<Table<?>>map(table -> Table.of(table)).toList());
  }

  /** What is wrong with an engine that listens to the tables. */
  List<Problem> problems(String... tables) {
    return run(tables).problems();
  }

  /** The one problem is this; after running what its remedy says there is none. */
  void assertMended(Code code, String what, String remedy, String... tables) {
    assertThat(problems(tables)).containsExactly(new Problem(code, what, remedy));
    execute(remedy);
    assertThat(problems(tables)).isEmpty();
  }

  /** As above, for {@code public.orders} and a remedy that ends with SQL. */
  void assertMendedBy(Code code, String what, String advice, String sql) {
    assertThat(problems("public.orders")).containsExactly(new Problem(code, what, advice + sql));
    execute(sql);
    assertThat(problems("public.orders")).isEmpty();
  }

  /** As above, for {@code public.orders} and a remedy that begins with SQL. */
  void assertMendedThen(Code code, String what, String sql, String advice) {
    assertThat(problems("public.orders")).containsExactly(new Problem(code, what, sql + advice));
    execute(sql);
    assertThat(problems("public.orders")).isEmpty();
  }

  @Override
  public void close() {
    execute("DROP OWNED BY " + name(), "DROP ROLE " + name());
    database.close();
  }
}
