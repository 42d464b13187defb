package io.waltap.internal.dispatch;

import io.waltap.deadletter.JdbcDeadLetters;
import io.waltap.deadletter.JdbcDeadLetters.Change;
import io.waltap.deadletter.JdbcDeadLetters.ParkedKey;
import io.waltap.event.ChangeJson;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Parks in the dead letters, and remembers the keys that letters touch, so that the database is
 * asked about those only. It may remember more than there are: letters are discarded elsewhere too.
 */
final class ParkedKeys implements Parking {

  /** The name of what touches all rows. */
  private static final String ALL = "";

  private record Place(String listener, TableId table) {}

  private final JdbcDeadLetters letters;
  private final Map<Place, Set<String>> keys = new ConcurrentHashMap<>(); // sets guarded by selves

  ParkedKeys(JdbcDeadLetters letters, Set<ParkedKey> parked) {
    this.letters = letters;
    for (ParkedKey each : parked) {
      remember(new Place(each.listener(), each.table()), Stream.of(each.key()));
    }
  }

  private void remember(Place place, Stream<String> touched) {
    Set<String> names = keys.computeIfAbsent(place, any -> new HashSet<>());
    synchronized (names) {
      touched.forEach(names::add);
    }
  }

  @Override
  public boolean parkBehind(String listener, Delivery change) throws IOException {
    Place place = new Place(listener, change.table());
    Set<String> names = keys.get(place);
    if (names == null || !touches(names, change)) {
      return false;
    }
    switch (letters.parkBehind(listener, letter(change))) {
      case PARKED -> {
        remember(place, touched(change));
        return true;
      }
      case FREE -> forget(names, change);
      case AHEAD -> {} // what is behind it has not come yet
    }
    return false;
  }

  private static boolean touches(Set<String> names, Delivery change) {
    synchronized (names) {
      return !names.isEmpty()
          && (names.contains(ALL)
              || touched(change).anyMatch(key -> key.equals(ALL) || names.contains(key)));
    }
  }

  private static void forget(Set<String> names, Delivery change) {
    synchronized (names) {
      if (touched(change).anyMatch(ALL::equals)) {
        names.clear();
      } else {
        touched(change).forEach(names::remove);
      }
    }
  }

  private static Stream<String> touched(Delivery change) {
    Row previous = change.previousKey();
    return previous == null
        ? Stream.of(name(change.key()))
        : Stream.of(name(change.key()), name(previous));
  }

  private static String name(@Nullable Row key) {
    return key == null ? ALL : LetterText.keyName(key);
  }

  @Override
  public void park(String listener, Delivery change, boolean alone, Throwable cause, int attempts)
      throws IOException {
    letters.park(listener, letter(change), alone, Thrown.words(cause), attempts);
    if (!alone) {
      remember(new Place(listener, change.table()), touched(change));
    }
  }

  // A change of which one key cannot be told may touch any.
  private static Change letter(Delivery change) {
    List<String> names = touched(change).toList();
    boolean all = names.contains(ALL);
    return new Change(
        change.metadata(),
        change.operation(),
        all ? ALL : names.get(0),
        all || names.size() == 1 ? null : names.get(1),
        ChangeJson.of(change.asRows()),
        LetterText.write(change.metadata(), change.event()));
  }
}
