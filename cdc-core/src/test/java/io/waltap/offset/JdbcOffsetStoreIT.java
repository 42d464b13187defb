package io.waltap.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.offset.JdbcOffsetStore.ConnectionSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class JdbcOffsetStoreIT extends OffsetTableFixture {

  private static final String PASSWORD = "zebra-crossing-4711";

  @Test
  void holdsWhatWasSavedLast() throws IOException {
    try (JdbcOffsetStore store = store("a")) {
      assertThat(store.open()).isEmpty();
      store.save(offset("0/1"));
      store.save(offset("FFFFFFFF/FFFFFFFE"));
    }
    assertThat(reopened("a")).contains(offset("FFFFFFFF/FFFFFFFE"));
    assertThat(column("lsn")).isEqualTo("FFFFFFFF/FFFFFFFE");
    assertThat(column("saved_at > now() - interval '1 minute'")).isEqualTo("t");
  }

  @Test
  void holdsNothingAtFirst() throws IOException {
    try (JdbcOffsetStore store = store("a")) {
      assertThat(store.open()).isEmpty();
    }
    assertThat(reopened("a")).isEmpty();
  }

  @Test
  void holdsAnUnfinishedSnapshotAndUnknownParts() throws IOException {
    Offset unfinished = new Offset("slot", "1", null, null, null);
    try (JdbcOffsetStore store = store("a")) {
      store.open();
      store.save(unfinished);
    }
    assertThat(reopened("a")).contains(unfinished);
  }

  @Test
  void keepsEnginesApart() throws IOException {
    try (JdbcOffsetStore a = store("a");
        JdbcOffsetStore b = store("it's \"b\"")) {
      a.open();
      b.open();
      a.save(offset("0/A"));
      b.save(offset("0/B"));
    }
    assertThat(reopened("a")).contains(offset("0/A"));
    assertThat(reopened("it's \"b\"")).contains(offset("0/B"));
  }

  @Test
  void takesATableOfAnyName() throws IOException {
    database.execute("CREATE SCHEMA \"My schema\"");
    String name = "My schema.\"a.b\"\"c\"";
    for (int run = 0; run < 2; run++) {
      try (JdbcOffsetStore store = builder("a").table(name).createTable().build()) {
        store.open();
        store.save(offset("0/1"));
      }
    }
    assertThat(database.value("SELECT count(*) FROM \"My schema\".\"a.b\"\"c\"")).isEqualTo("1");
    assertThatIllegalArgumentException().isThrownBy(() -> builder("a").table("a.b.c"));
    assertThatIllegalArgumentException().isThrownBy(() -> builder(" "));
  }

  @Test
  void aNewOwnerShutsTheOldOneOut() throws IOException {
    try (JdbcOffsetStore old = store("a");
        JdbcOffsetStore heir = store("a")) {
      old.open();
      old.save(offset("0/1"));
      database.execute("UPDATE waltap_offset SET holder = 'process 1 on elsewhere'");
      assertThat(heir.open()).contains(offset("0/1"));
      assertThatThrownBy(() -> old.save(offset("0/2")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(
              "the offset table waltap_offset (engine \"a\") was taken over by process "
                  + ProcessHandle.current().pid())
          .hasMessageContaining("(generation 2) while process")
          .hasMessageContaining("still used it (generation 1); let one of them run at a time");
      assertThat(column("lsn")).isEqualTo("0/1");
      heir.save(offset("0/3"));
      assertThatThrownBy(() -> old.save(offset("0/4"))).isInstanceOf(IllegalStateException.class);
    }
    assertThat(reopened("a")).contains(offset("0/3"));
  }

  @Test
  void ofManyThatOpenAtOnceOneCanSave() throws Exception {
    int stores = 8;
    ExecutorService threads = Executors.newFixedThreadPool(stores);
    try {
      List<JdbcOffsetStore> opened = new ArrayList<>();
      List<Callable<Boolean>> opens = new ArrayList<>();
      List<Callable<Boolean>> saves = new ArrayList<>();
      for (int i = 0; i < stores; i++) {
        JdbcOffsetStore store = store("a");
        Offset mine = offset("0/" + (i + 1));
        opened.add(store);
        opens.add(() -> store.open().isEmpty());
        saves.add(() -> saved(store, mine));
      }
      for (Future<Boolean> open : threads.invokeAll(opens)) {
        assertThat(open.get()).isTrue(); // with the table created by all of them at once
      }
      int winners = 0;
      for (Future<Boolean> save : threads.invokeAll(saves)) {
        winners += save.get() ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
      opened.forEach(JdbcOffsetStore::close);
    } finally {
      threads.shutdownNow();
    }
    assertThat(column("generation")).isEqualTo("8");
  }

  private static boolean saved(JdbcOffsetStore store, Offset offset) throws IOException {
    try {
      store.save(offset);
      return true;
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("was taken over by");
      return false;
    }
  }

  @Test
  void asksForItsTable() {
    try (JdbcOffsetStore store = builder("a").build()) {
      assertThatThrownBy(store::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the offset table waltap_offset (engine \"a\") cannot be used")
          .hasMessageContaining(
              "have it created with createTable(): CREATE TABLE \"waltap_offset\"")
          .hasCauseInstanceOf(SQLException.class);
    }
  }

  @Test
  void theStatementOfTheMessageMakesTheTable() throws IOException {
    database.execute(new OffsetTable("waltap_offset").ddl());
    try (JdbcOffsetStore store = builder("a").build()) {
      store.open();
      store.save(offset("0/1"));
    }
  }

  @Test
  void asksForTheRightTable() {
    database.execute("CREATE TABLE waltap_offset (id int)");
    try (JdbcOffsetStore store = store("a")) {
      assertThatThrownBy(store::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("name a table that was made for positions");
    }
  }

  @Test
  void needsNoMoreThanTheRightsItAsksFor() throws IOException {
    String role = database.name();
    database.execute("CREATE ROLE " + role + " LOGIN PASSWORD '" + PASSWORD + "'");
    store("other").open();
    JdbcOffsetStore store =
        JdbcOffsetStore.builder(
                () -> DriverManager.getConnection(database.url(), role, PASSWORD), "a")
            .createTable()
            .build();
    try (store) {
      assertThatThrownBy(store::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("run GRANT SELECT, INSERT, UPDATE ON \"waltap_offset\" TO ")
          .hasMessageNotContaining(PASSWORD);
      database.execute(new OffsetTable("waltap_offset").grant() + role);
      assertThat(store.open()).isEmpty();
      store.save(offset("0/1"));
    } finally {
      database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
    assertThat(store.toString()).doesNotContain(PASSWORD).contains("waltap_offset");
  }

  @Test
  void saysThatItsRowIsGone() throws IOException {
    try (JdbcOffsetStore store = store("a")) {
      store.open();
      database.execute("DELETE FROM waltap_offset");
      assertThatThrownBy(() -> store.save(offset("0/1")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has lost its row");
    }
  }

  @Test
  void waitsForTheDiskEvenIfTheRoleDoesNot() throws Exception {
    List<Connection> opened = new ArrayList<>();
    ConnectionSource hasty =
        () -> {
          Connection connection = database.connect();
          connection.createStatement().execute("SET synchronous_commit = off");
          opened.add(connection);
          return connection;
        };
    try (JdbcOffsetStore store = JdbcOffsetStore.builder(hasty, "a").createTable().build()) {
      store.open();
      for (int i = 1; i < 20; i++) {
        store.save(offset("0/" + i));
        assertThat(
                database.value("SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()"))
            .isEqualTo("t");
      }
    }
    assertThat(opened).hasSize(1).allMatch(JdbcOffsetStoreIT::closed);
  }

  private static boolean closed(Connection connection) {
    try {
      return connection.isClosed();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void worksWithAConnectionThatDoesNotCommitByItself() throws IOException {
    ConnectionSource source =
        () -> {
          Connection connection = database.connect();
          connection.setAutoCommit(false);
          return connection;
        };
    try (JdbcOffsetStore store = JdbcOffsetStore.builder(source, "a").createTable().build()) {
      store.open();
      store.save(offset("0/1"));
      assertThat(column("lsn")).isEqualTo("0/1");
    }
  }

  @Test
  void isUsedOnlyWhileOpen() throws IOException {
    JdbcOffsetStore store = store("a");
    assertThatIllegalStateException().isThrownBy(() -> store.save(offset("0/1")));
    store.open();
    assertThatIllegalStateException().isThrownBy(store::open);
    store.close();
    store.close();
    assertThatIllegalStateException().isThrownBy(() -> store.save(offset("0/1")));
    assertThat(store.open()).isEmpty();
    store.close();
  }
}
