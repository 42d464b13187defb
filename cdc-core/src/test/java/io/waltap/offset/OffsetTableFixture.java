package io.waltap.offset;

import io.waltap.event.Lsn;
import io.waltap.testing.TestDatabase;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A database for offset tables, and stores in it. */
abstract class OffsetTableFixture {

  TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = TestDatabase.create();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  static Offset offset(String lsn) {
    return new Offset("slot", "18446744073709551615", 3, "published", Lsn.parse(lsn));
  }

  JdbcOffsetStore.Builder builder(String engine) {
    return JdbcOffsetStore.builder(database::connect, engine);
  }

  JdbcOffsetStore store(String engine) {
    return builder(engine).createTable().build();
  }

  Optional<Offset> reopened(String engine) throws IOException {
    try (JdbcOffsetStore store = builder(engine).build()) {
      return store.open();
    }
  }

  String column(String name) {
    return database.value("SELECT " + name + " FROM waltap_offset");
  }
}
