package io.waltap.deadletter;

import static io.waltap.deadletter.JdbcDeadLetters.Standing.AHEAD;
import static io.waltap.deadletter.JdbcDeadLetters.Standing.FREE;
import static io.waltap.deadletter.JdbcDeadLetters.Standing.PARKED;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.deadletter.JdbcDeadLetters.Change;
import io.waltap.deadletter.JdbcDeadLetters.DeadLetter;
import io.waltap.deadletter.JdbcDeadLetters.ParkedKey;
import io.waltap.event.Operation;
import io.waltap.event.TableId;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is parked, what waits behind it, and in which order it comes out. */
class JdbcDeadLettersIT extends LettersFixture {

  private static final String ANY = "";

  @Test
  void holdsAllThereIsToKnowOfAChange() throws IOException {
    Change change = change(new TableId("My \"schema\"", "täble"), 7, 3, "[\"ä\n\"]", "[\"1\"]");
    try (JdbcDeadLetters letters = letters("a")) {
      letters.park("it's \"mine\"", change, true, "java.lang.Exception: a\0b", 4);
    }
    try (JdbcDeadLetters letters = builder("a").build()) {
      DeadLetter letter = letters.list(10).get(0);
      assertThat(letters.list(10)).hasSize(1);
      assertThat(letter.change()).isEqualTo(change);
      assertThat(letter.listener()).isEqualTo("it's \"mine\"");
      assertThat(letter.alone()).isTrue();
      assertThat(letter.error()).isEqualTo("java.lang.Exception: a\uFFFDb");
      assertThat(letter.attempts()).isEqualTo(4);
      assertThat(letter.parkedAt())
          .isBetween(
              Instant.now().minus(Duration.ofMinutes(1)),
              Instant.now().plus(Duration.ofMinutes(1)));
      assertThat(letters.find(letter.id())).contains(letter);
      assertThat(letters.count()).isEqualTo(1);
    }
  }

  @Test
  void holdsARowOfTheSnapshot() throws IOException {
    Change row = found(5, "[\"1\"]", "image");
    try (JdbcDeadLetters letters = letters("a")) {
      park(letters, row);
      assertThat(letters.list(10)).extracting(DeadLetter::change).containsExactly(row);
      assertThat(row.metadata().snapshot()).isTrue();
    }
  }

  @Test
  void whatIsPrintedShowsNoValue() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      park(letters, change(1, 2, "[\"zebra\"]"));
      park(letters, found(1, "[\"zebra\"]", "zebra"));
      assertThat(letters.list(10))
          .extracting(DeadLetter::toString)
          .containsExactly(
              "dead letter 2 for items: read of public.item in the snapshot at 0/1",
              "dead letter 1 for items: update of public.item at 0/3E7 (change 2 of transaction"
                  + " 4294967295)");
    }
  }

  @Test
  void aChangeThatComesAgainIsNotParkedTwice() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      park(letters, change(1, 1, "k"));
      park(letters, change(1, 1, "k"));
      assertThat(letters.parkBehind(LISTENER, change(1, 1, "k"))).isEqualTo(PARKED);
      assertThat(letters.count()).isEqualTo(1);
      park(letters, change(1, 2, "k"));
      park(letters, change(2, 1, "k"));
      letters.park("other", change(1, 1, "k"), false, "no", 1);
      assertThat(letters.count()).isEqualTo(4);
    }
  }

  @Test
  void aChangeThatIsParkedAloneIsKnownWhenItComesAgain() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      letters.park(LISTENER, change(3, 1, "k"), true, "no", 1);
      assertThat(letters.parkBehind(LISTENER, change(2, 1, "k"))).isEqualTo(AHEAD);
      assertThat(letters.parkBehind(LISTENER, change(3, 1, "k"))).isEqualTo(PARKED);
      assertThat(letters.parkBehind(LISTENER, change(3, 2, "k"))).isEqualTo(FREE);
      assertThat(letters.count()).isEqualTo(1);
    }
  }

  @Test
  void rowsWithoutAKeyThatAreAlikeAreAllParked() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      park(letters, found(1, ANY, "same"));
      assertThat(letters.parkBehind(LISTENER, found(1, ANY, "same"))).isEqualTo(PARKED);
      assertThat(letters.parkBehind(LISTENER, found(1, ANY, "same"))).isEqualTo(PARKED);
      assertThat(letters.list(10)).hasSize(3);
    }
  }

  @Test
  void laterChangesOfAKeyWaitAndOthersDoNot() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      park(letters, change(1, 1, "k"));
      assertThat(letters.parkBehind(LISTENER, change(1, 2, "k"))).isEqualTo(PARKED);
      assertThat(letters.parkBehind(LISTENER, change(2, 1, "k"))).isEqualTo(PARKED);
      assertThat(letters.parkBehind(LISTENER, change(2, 2, "l"))).isEqualTo(FREE);
      assertThat(letters.parkBehind("other", change(2, 1, "k"))).isEqualTo(FREE);
      TableId other = new TableId("public", "other");
      assertThat(letters.parkBehind(LISTENER, change(other, 2, 3, "k", null))).isEqualTo(FREE);
      assertThat(images(letters)).containsExactly("image of 1.1", "image of 1.2", "image of 2.1");
      DeadLetter waiting = letters.list(10).get(1);
      assertThat(waiting.error()).isNull();
      assertThat(waiting.attempts()).isZero();
      assertThat(waiting.alone()).isFalse();
    }
  }

  @Test
  void aKeyIsFreeOnceItsLettersAreGone() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      park(letters, change(1, 1, "k"));
      letters.parkBehind(LISTENER, change(2, 1, "k"));
      assertThat(letters.remove(letter(letters, change(1, 1, "k")))).isTrue();
      assertThat(letters.parkBehind(LISTENER, change(3, 1, "k"))).isEqualTo(PARKED);
      letters.discard(letter(letters, change(2, 1, "k")));
      letters.discard(letter(letters, change(3, 1, "k")));
      assertThat(letters.parkBehind(LISTENER, change(4, 1, "k"))).isEqualTo(FREE);
      assertThat(letters.count()).isZero();
    }
  }

  @Test
  void whatWasDeliveredBeforeALetterIsNotPutBehindIt() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      park(letters, change(5, 2, "k"));
      letters.parkBehind(LISTENER, change(7, 1, "k"));

      // After a crash the stream begins before them.
      assertThat(letters.parkBehind(LISTENER, change(4, 9, "k"))).isEqualTo(AHEAD);
      assertThat(letters.parkBehind(LISTENER, change(5, 1, "k"))).isEqualTo(AHEAD);
      assertThat(letters.parkBehind(LISTENER, change(5, 2, "k"))).isEqualTo(PARKED);
      assertThat(letters.parkBehind(LISTENER, change(6, 1, "k"))).isEqualTo(PARKED);
      assertThat(letters.parkBehind(LISTENER, change(7, 1, "k"))).isEqualTo(PARKED);
      assertThat(images(letters)).containsExactly("image of 5.2", "image of 6.1", "image of 7.1");
    }
  }

  @Test
  void whatFailsOnlyWhenItComesAgainComesBeforeWhatFollowedIt() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      park(letters, change(5, 1, "k"));
      park(letters, change(4, 1, "k"));
      park(letters, change(3, 1, "k"));
      assertThat(images(letters)).containsExactly("image of 3.1", "image of 4.1", "image of 5.1");
      assertThat(letters.before(letter(letters, change(5, 1, "k"))))
          .contains(letter(letters, change(3, 1, "k")));
      assertThat(letters.before(letter(letters, change(3, 1, "k")))).isEmpty();
    }
  }

  @Test
  void aChangedKeyMakesWhatFollowsOfBothWait() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      park(letters, change(1, 1, "a"));
      assertThat(letters.parkBehind(LISTENER, change(2, 1, "b", "a"))).isEqualTo(PARKED);
      assertThat(letters.parkBehind(LISTENER, change(3, 1, "b"))).isEqualTo(PARKED);
      assertThat(letters.parkBehind(LISTENER, change(3, 2, "a"))).isEqualTo(PARKED);
      assertThat(letters.parkBehind(LISTENER, change(3, 3, "c", "b"))).isEqualTo(PARKED);
      assertThat(letters.parkBehind(LISTENER, change(3, 4, "c"))).isEqualTo(PARKED);
      assertThat(letters.parkBehind(LISTENER, change(3, 5, "d"))).isEqualTo(FREE);
      assertThat(letters.open())
          .containsExactlyInAnyOrder(
              new ParkedKey(LISTENER, ITEM, "a"),
              new ParkedKey(LISTENER, ITEM, "b"),
              new ParkedKey(LISTENER, ITEM, "c"));

      letters.remove(letter(letters, change(1, 1, "a")));
      letters.remove(letter(letters, change(2, 1, "b", "a")));
      letters.remove(letter(letters, change(3, 2, "a")));
      assertThat(letters.parkBehind(LISTENER, change(4, 1, "a"))).isEqualTo(FREE);
      assertThat(letters.parkBehind(LISTENER, change(4, 2, "b"))).isEqualTo(PARKED);
    }
  }

  @Test
  void aKeyThatIsTakenOverFromAParkedOneWaits() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      park(letters, change(1, 1, "b"));
      assertThat(letters.parkBehind(LISTENER, change(2, 1, "b", "a"))).isEqualTo(PARKED);
      assertThat(letters.open())
          .containsExactlyInAnyOrder(
              new ParkedKey(LISTENER, ITEM, "a"), new ParkedKey(LISTENER, ITEM, "b"));
      assertThat(letters.parkBehind(LISTENER, change(3, 1, "a"))).isEqualTo(PARKED);
    }
  }

  @Test
  void aTruncateWaitsForAllKeysAndAllKeysForIt() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      assertThat(letters.parkBehind(LISTENER, change(1, 1, ANY))).isEqualTo(FREE);
      park(letters, change(2, 1, "a"));
      park(letters, change(2, 2, "b"));
      assertThat(letters.parkBehind(LISTENER, change(2, 1, ANY))).isEqualTo(PARKED);
      assertThat(letters.count()).isEqualTo(2);
      assertThat(letters.parkBehind(LISTENER, change(3, 1, ANY))).isEqualTo(PARKED);
      assertThat(letters.parkBehind(LISTENER, change(4, 1, "c"))).isEqualTo(PARKED);
      assertThat(letters.parkBehind(LISTENER, change(1, 1, ANY))).isEqualTo(AHEAD);

      DeadLetter truncate = letter(letters, change(3, 1, ANY));
      assertThat(letters.before(truncate)).contains(letter(letters, change(2, 1, "a")));
      assertThat(letters.before(letter(letters, change(4, 1, "c")))).contains(truncate);
      letters.discard(truncate);
      assertThat(letters.before(letter(letters, change(4, 1, "c")))).isEmpty();
      assertThat(letters.parkBehind(LISTENER, change(5, 1, "d"))).isEqualTo(FREE);
    }
  }

  @Test
  void nothingWaitsForALetterThatIsAlone() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      letters.park(LISTENER, change(1, 1, "k"), true, "no", 1);
      assertThat(letters.parkBehind(LISTENER, change(2, 1, "k"))).isEqualTo(FREE);
      park(letters, change(3, 1, "k"));
      assertThat(letters.before(letter(letters, change(3, 1, "k")))).isEmpty();
      assertThat(letters.parkBehind(LISTENER, change(4, 1, "k"))).isEqualTo(PARKED);
    }
  }

  @Test
  void comesOutInTheOrderOfTheStreamHoweverItWentIn() throws IOException {
    List<Change> changes = new ArrayList<>();
    changes.add(found(1, "s", "snapshot"));
    for (int commit = 2; commit < 12; commit++) {
      for (int order = 9; order < 12; order++) {
        changes.add(change(commit, order, "k" + order));
      }
    }
    List<Change> shuffled = new ArrayList<>(changes);
    Collections.shuffle(shuffled, new Random(4711));
    try (JdbcDeadLetters letters = letters("a")) {
      for (Change change : shuffled) {
        park(letters, change);
      }
      assertThat(letters.list(100))
          .extracting(DeadLetter::change)
          .containsExactlyElementsOf(changes);
      assertThat(letters.list(2)).hasSize(2);

      List<DeadLetter> paged = new ArrayList<>(letters.list(4));
      for (List<DeadLetter> page = paged; !page.isEmpty(); paged.addAll(page)) {
        page = List.copyOf(letters.listAfter(paged.get(paged.size() - 1), 4));
      }
      assertThat(paged).isEqualTo(letters.list(100));
    }
  }

  @Test
  void goesOnAfterALetterThatIsGone() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      for (int i = 0; i < 3; i++) {
        park(letters, found(1, "k" + i, "row " + i)); // all of them at one place
      }
      DeadLetter first = letters.list(1).get(0);
      letters.remove(first);
      assertThat(letters.listAfter(first, 10))
          .extracting(letter -> letter.change().image())
          .containsExactly("row 1", "row 2");
    }
  }

  @Test
  void discardsOneLetterOnce() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      park(letters, change(1, 1, "k"));
      park(letters, change(1, 2, "k"));
      DeadLetter first = letters.list(1).get(0);
      assertThat(letters.discard(first)).isTrue();
      assertThat(letters.discard(first)).isFalse();
      assertThat(letters.find(first.id())).isEmpty();
      assertThat(images(letters)).containsExactly("image of 1.2");
    }
  }

  @Test
  void notesThatAReplayFailed() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      park(letters, change(1, 1, "k"));
      letters.failedAgain(letters.list(1).get(0), "a new \0 reason", 3);
      DeadLetter letter = letters.list(1).get(0);
      assertThat(letter.error()).isEqualTo("a new \uFFFD reason");
      assertThat(letter.attempts()).isEqualTo(4);
      assertThat(images(letters)).containsExactly("image of 1.1");
    }
  }

  @Test
  void keepsEnginesApart() throws IOException {
    try (JdbcDeadLetters a = letters("a");
        JdbcDeadLetters b = letters("it's \"b\"")) {
      park(a, change(1, 1, "k"));
      DeadLetter letter = a.list(1).get(0);
      assertThat(b.parkBehind(LISTENER, change(2, 1, "k"))).isEqualTo(FREE);
      park(b, change(1, 1, "k"));
      park(b, change(2, 1, "k"));
      assertThat(b.remove(letter)).isFalse();
      assertThat(b.discard(letter)).isFalse();
      b.failedAgain(letter, "not mine", 5);
      assertThat(b.find(letter.id())).isEmpty();
      assertThat(a.list(10)).containsExactly(letter);
      assertThat(a.count()).isEqualTo(1);
      assertThat(b.count()).isEqualTo(2);
      b.discard(b.list(1).get(0));
      b.discard(b.list(1).get(0));
      assertThat(b.open()).isEmpty();
      assertThat(a.open()).containsExactly(new ParkedKey(LISTENER, ITEM, "k"));
    }
  }

  @Test
  void everyOperationAndEveryPlaceComesBack() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      Change model = change(-2, 1, "k"); // the highest LSNs are negative numbers
      for (Operation operation : Operation.values()) {
        letters.park(
            operation.name(),
            new Change(model.metadata(), operation, "k", null, "{}", "i"),
            false,
            "no",
            1);
      }
      assertThat(letters.list(10))
          .extracting(letter -> letter.change().operation())
          .containsExactly(Operation.values());
      assertThat(letters.list(10))
          .allMatch(letter -> letter.change().metadata().equals(model.metadata()));
    }
  }

  @Test
  void takesWhatJsonbWouldNot() throws IOException {
    // A tree has no room for such a key, nor can it be compressed.
    String key =
        new Random(4711).ints(100_000, ' ', '~').mapToObj(Character::toString).collect(joining());
    Change model = change(1, 1, key);
    String json = "{\"a\":\"\\u0000\\ud800\",\"n\":1e999999,\"a\":1.50}";
    Change change =
        new Change(
            model.metadata(),
            Operation.UPDATE,
            model.key(),
            key + "l",
            json,
            "x".repeat(3_000_000));
    try (JdbcDeadLetters letters = letters("a")) {
      park(letters, change);
      assertThat(letters.parkBehind(LISTENER, change(2, 1, key))).isEqualTo(PARKED);
      assertThat(letter(letters, change).change()).isEqualTo(change);
    }
  }

  @Test
  void isOnTheDiskEvenIfTheRoleDoesNotWait() throws Exception {
    JdbcDeadLetters letters = JdbcDeadLetters.builder(this::hasty, "a").createTable().build();
    try (letters) {
      letters.open();
      for (int i = 1; i < 20; i++) {
        park(letters, change(i, 1, "k"));
        assertThat(flushed()).as("parked").isEqualTo("t");
        letters.parkBehind(LISTENER, change(i, 2, "k"));
        assertThat(flushed()).as("parked behind").isEqualTo("t");
      }
    }
  }

  private Connection hasty() throws SQLException {
    Connection connection = database.connect();
    connection.createStatement().execute("SET synchronous_commit = off");
    return connection;
  }

  private String flushed() {
    return database.value("SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()");
  }
}
