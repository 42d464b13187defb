package io.waltap.generator.audit;

import io.waltap.generator.audit.AuditReport.Defect;
import io.waltap.generator.audit.Changes.Step;
import io.waltap.generator.audit.Comparison.Rest;
import io.waltap.generator.audit.Sequence.Place;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Leads a recording past the ledger, one delivery of a transaction after the other. */
final class Comparer {

  private final Truth truth;
  private final Changes changes;
  private final Verdict verdict;
  private final Tally tally;
  private final Snapshot snapshot;
  private final Sequence sequence;

  private final Transactions whole = new Transactions();

  /** What is left of transactions that a stop of the consumer has cut, by transaction. */
  private final Map<Long, Cut> cuts = new HashMap<>();

  private record Cut(long delivered, Rest rest) {}

  private @Nullable Delivered first;
  private @Nullable Comparison comparison;
  private Place place = Place.NEW;

  Comparer(
      Truth truth,
      Changes changes,
      Verdict verdict,
      Tally tally,
      Snapshot snapshot,
      boolean exactlyOnce) {
    this.truth = truth;
    this.changes = changes;
    this.verdict = verdict;
    this.tally = tally;
    this.snapshot = snapshot;
    this.sequence = new Sequence(exactlyOnce);
  }

  void run() throws IOException, SQLException {
    List<Step> batch = changes.next();
    while (!batch.isEmpty()) {
      judge(batch);
      batch = changes.next();
    }
    finish(true);
    cuts.values().forEach(cut -> torn(cut.rest()));
    truth.visitTransactions(this::account);
    if (snapshot.wasTaken()) {
      snapshot.judge(truth);
    }
  }

  private void judge(List<Step> batch) throws SQLException {
    boolean asked = false;
    for (Step step : batch) {
      Delivered change = step.change();
      if (step.begins()) {
        finish(change.restarted());
        if (!asked) {
          truth.expect(
              batch.stream().filter(Step::begins).map(s -> s.change().transaction()).toList());
          asked = true;
        }
        begin(change);
      }
      Objects.requireNonNull(comparison, "begun").accept(change);
      tally.came(change, place == Place.NEW);
    }
  }

  private void begin(Delivered change) throws SQLException {
    truth.nextTransaction();
    tally.transactions++;
    snapshot.streamed(change.transaction());
    // One that the ledger does not know has no place among the others: all of it is phantom.
    place = truth.hasNext() ? sequence.add(change.lsn(), change.restarted()) : Place.NEW;
    first = change;
    comparison = new Comparison(verdict, tally, truth::next);
  }

  /**
   * Ends the delivery at hand, if there is one.
   *
   * @param stopped whether the consumer stopped behind it
   */
  private void finish(boolean stopped) throws SQLException {
    Comparison ended = comparison;
    Delivered began = first;
    if (ended == null || began == null) {
      return;
    }
    Rest rest = ended.finish();
    comparison = null;
    placed(began, ended.delivered());
    if (rest.first() == null) {
      whole.add(began.transaction());
      cuts.remove(began.transaction());
    } else if (!stopped) {
      torn(rest);
      whole.add(began.transaction());
      cuts.remove(began.transaction());
    } else if (!whole.contains(began.transaction())) {
      cuts.put(began.transaction(), new Cut(ended.delivered(), rest));
    }
  }

  private void placed(Delivered began, long count) {
    long transaction = began.transaction();
    switch (place) {
      case NEW -> {}
      case REPEATED -> tally.repeated += known(transaction, count);
      case DUPLICATE ->
          tally.found(
              Defect.DUPLICATE,
              known(transaction, count),
              () -> "Transaction " + transaction + " was delivered again, with " + began + ".");
      case REORDERED ->
          tally.found(
              Defect.REORDERED,
              count,
              () -> "Transaction " + transaction + " came out of its turn, with " + began + ".");
    }
  }

  /** How many changes of a delivery had been delivered before. */
  private long known(long transaction, long count) {
    Cut cut = cuts.get(transaction);
    return cut == null ? count : Math.min(count, cut.delivered());
  }

  private void torn(Rest rest) {
    tally.found(
        Defect.TORN,
        () -> "A transaction ended too early: " + rest.first() + " and what follows is not there.");
    tally.found(Defect.MISSING, rest.count(), () -> rest.first() + " was not delivered.");
  }

  private void account(long transaction, long count) {
    tally.expected += count;
    if (!snapshot.wasTaken() && !whole.contains(transaction) && !cuts.containsKey(transaction)) {
      tally.found(
          Defect.MISSING,
          count,
          () ->
              "Transaction %d was not delivered, all its %d changes."
                  .formatted(transaction, count));
    }
  }
}
