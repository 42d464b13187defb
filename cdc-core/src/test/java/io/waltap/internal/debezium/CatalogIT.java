package io.waltap.internal.debezium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.config.CdcConfig;
import io.waltap.testing.Await;
import io.waltap.testing.TestDatabase;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatalogIT {

  private static final long UNKNOWN_TYPE = 4_000_000_000L;

  private TestDatabase database;
  private Catalog catalog;

  @BeforeEach
  void createDatabase() {
    database = TestDatabase.create();
    catalog = new Catalog(CdcConfig.postgres(database.url(), database.user(), database.password()));
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    catalog.close();
    database.close();
  }

  @Test
  void isClosedWhileAQueryHangs() throws Exception {
    assertThat(catalog.type(23)).isEqualTo("int4");
    database.execute("BEGIN", "LOCK TABLE pg_catalog.pg_type IN ACCESS EXCLUSIVE MODE");
    CompletableFuture<String> answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return catalog.type(UNKNOWN_TYPE);
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    Await.until(
        "the query waits",
        () -> database.value("SELECT count(*) FROM pg_locks WHERE NOT granted").equals("1"));
    CompletableFuture.runAsync(this::close).get(3, TimeUnit.SECONDS);
    Await.until("it ends with its connection", answer::isCompletedExceptionally);
    database.execute("ROLLBACK");
  }

  private void close() {
    try {
      catalog.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void connectsNoMoreOnceItIsClosed() throws Exception {
    assertThat(catalog.type(23)).isEqualTo("int4");
    catalog.close();
    assertThatThrownBy(() -> catalog.type(UNKNOWN_TYPE)).isInstanceOf(SQLException.class);
    assertThat(
            database.value(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND pid <> pg_backend_pid()"))
        .isEqualTo("0");
  }
}
