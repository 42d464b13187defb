package io.waltap.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What became of every numbered transaction of a round, by the word of its writer; compared with
 * the numbers that came through the stream. Thread-safe.
 */
final class Numbers {

  /** What its writer knows of a transaction. */
  enum Fate {
    COMMITTED,
    ROLLED_BACK,
    /** The connection broke during the commit. */
    IN_DOUBT
  }

  /**
   * What the comparison found.
   *
   * @param transactions how many different ones came
   * @param repetitions how many came once more after a crash
   * @param violations a sentence for each
   */
  record Comparison(long transactions, long repetitions, List<String> violations) {}

  private final AtomicLong next = new AtomicLong(1);
  private final Map<Long, Fate> fates = new ConcurrentHashMap<>();

  /** A number for a new transaction. */
  long take() {
    return next.getAndIncrement();
  }

  void note(long number, Fate fate) {
    fates.put(number, fate);
  }

  /** Forgets this round. */
  void clear() {
    fates.clear();
  }

  /** Compares with the lines of {@link TransactionNotes}. */
  Comparison compare(Path notes) throws IOException {
    List<String> violations = new ArrayList<>();
    Map<Long, Long> commits = new HashMap<>();
    long repetitions = 0;
    long newest = 0;
    try (BufferedReader reader = Files.newBufferedReader(notes)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        TransactionNotes.Note note = TransactionNotes.Note.parse(line);
        if (note.counted() != note.promised()) {
          violations.add("torn: " + note);
        }
        Long known = commits.putIfAbsent(note.number(), note.commitLsn());
        if (known == null) {
          if (note.commitLsn() <= newest) {
            violations.add("reordered: " + note + " came after a later commit");
          }
          newest = Math.max(newest, note.commitLsn());
        } else {
          repetitions++;
          if (known != note.commitLsn()) {
            violations.add("altered: " + note + " had another commit before");
          }
        }
      }
    }
    missing(commits.keySet(), violations);
    phantoms(commits.keySet(), violations);
    return new Comparison(commits.size(), repetitions, violations);
  }

  private void missing(Set<Long> seen, List<String> violations) {
    fates.forEach(
        (number, fate) -> {
          if (fate == Fate.COMMITTED && !seen.contains(number)) {
            violations.add("missing: transaction " + number + " was committed");
          }
        });
  }

  private void phantoms(Set<Long> seen, List<String> violations) {
    Set<Long> strangers = new HashSet<>(seen);
    strangers.removeIf(
        number -> {
          Fate fate = fates.get(number);
          return fate == Fate.COMMITTED || fate == Fate.IN_DOUBT;
        });
    strangers.forEach(
        number -> violations.add("phantom: transaction " + number + " is " + fates.get(number)));
  }
}
