package io.waltap.deadletter;

import io.waltap.deadletter.JdbcDeadLetters.Change;
import io.waltap.deadletter.JdbcDeadLetters.DeadLetter;
import io.waltap.event.ChangeMetadata;
import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.TableId;
import io.waltap.testing.TestDatabase;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A database for dead letters, and changes to park in it. */
abstract class LettersFixture {

  static final TableId ITEM = new TableId("public", "item");
  static final String LISTENER = "items";

  TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = TestDatabase.create();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  JdbcDeadLetters.Builder builder(String engine) {
    return JdbcDeadLetters.builder(database::connect, engine);
  }

  JdbcDeadLetters letters(String engine) {
    return builder(engine).createTable().build();
  }

  /** An update of one key; its change's own LSN is far ahead of its commit, as it may be. */
  static Change change(int commit, int order, String key) {
    return change(commit, order, key, null);
  }

  static Change change(int commit, int order, String key, @Nullable String previousKey) {
    return change(ITEM, commit, order, key, previousKey);
  }

  static Change change(
      TableId table, int commit, int order, String key, @Nullable String previousKey) {
    ChangeMetadata metadata =
        new ChangeMetadata(
            table,
            new Lsn(1000 - commit),
            new Lsn(commit),
            4294967295L,
            Instant.parse("2026-11-21T10:00:00.000123Z"),
            order,
            false);
    String name = commit + "." + order;
    return new Change(
        metadata,
        Operation.UPDATE,
        key,
        previousKey,
        "{\"change\":\"" + name + "\"}",
        "image of " + name);
  }

  /** A row of the snapshot. */
  static Change found(int lsn, String key, String image) {
    ChangeMetadata metadata = new ChangeMetadata(ITEM, new Lsn(lsn), null, null, null, 0, true);
    return new Change(metadata, Operation.READ, key, null, "{}", image);
  }

  static void park(JdbcDeadLetters letters, Change change) throws IOException {
    letters.park(LISTENER, change, false, "java.lang.Exception: no", 1);
  }

  static List<String> images(JdbcDeadLetters letters) throws IOException {
    return letters.list(1000).stream().map(letter -> letter.change().image()).toList();
  }

  static DeadLetter letter(JdbcDeadLetters letters, Change change) throws IOException {
    return letters.list(1000).stream()
        .filter(letter -> letter.change().image().equals(change.image()))
        .findFirst()
        .orElseThrow();
  }

  void killOthers() {
    database.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
  }
}
