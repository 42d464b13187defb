package io.waltap.internal.dispatch;

import io.waltap.event.ChangeEvent;
import io.waltap.event.LogicalMessage;
import io.waltap.event.Transaction;
import io.waltap.internal.dispatch.SourceEvent.Begin;
import io.waltap.internal.dispatch.Subscription.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whole transactions, at their commits; large ones in pieces. */
final class TransactionLane implements Lane {

  private final Filter filter;
  private final Caller caller;
  private final Routes routes;
  private final Target.Transactions target;
  private final int most;
  private final long mostBytes;
  private final List<Delivery> changes = new ArrayList<>();
  private final List<LogicalMessage> messages = new ArrayList<>();
  private @Nullable Begin transaction;
  private long bytes;
  private int piece = 1;
  private boolean last;

  TransactionLane(
      Subscription subscription, Target.Transactions target, Crew crew, long mostBytes) {
    this.filter = new Filter(subscription.operations(), subscription.changed());
    this.routes = new Routes(subscription.tables());
    this.target = target;
    this.most = subscription.most();
    this.mostBytes = mostBytes;
    this.caller = new Caller(subscription, crew, this::call);
  }

  @Override
  public boolean isQueue() {
    return false;
  }

  @Override
  public boolean wants(Delivery change) {
    return filter.wants(change);
  }

  // One that was cut off and comes again goes on where it was cut.
  @Override
  public void begin(Begin begin) {
    if (!begin.equals(transaction)) {
      startOver();
    }
    transaction = begin;
  }

  @Override
  public void take(Delivery change, int weight) throws DeliveryException, AbandonedException {
    makeRoom(change.weight());
    changes.add(change);
  }

  @Override
  public void message(LogicalMessage message) throws DeliveryException, AbandonedException {
    makeRoom(message.content().length);
    messages.add(message);
  }

  // A piece is handed over when more has come, so that the last one is known to be it.
  private void makeRoom(int size) throws DeliveryException, AbandonedException {
    int waiting = changes.size() + messages.size();
    if (waiting > 0 && (waiting >= most || bytes + size > mostBytes)) {
      hand(false);
    }
    bytes += size;
  }

  @Override
  public void commit() throws DeliveryException, AbandonedException {
    if (!changes.isEmpty() || !messages.isEmpty()) {
      hand(true);
    }
    startOver();
  }

  private void hand(boolean end) throws DeliveryException, AbandonedException {
    last = end;
    caller.callUntilDone(List.copyOf(changes));
    changes.clear();
    messages.clear();
    bytes = 0;
    piece++;
  }

  private void call(List<Delivery> handed) throws Exception {
    List<ChangeEvent<?>> events = new ArrayList<>(handed.size());
    for (Delivery change : handed) {
      events.add(routes.map(change));
    }
    Begin begin = transaction;
    target
        .listener()
        .onTransaction(
            new Transaction(
                begin == null ? null : begin.transactionId(),
                begin == null ? null : begin.commitLsn(),
                begin == null ? null : begin.commitTime(),
                events,
                messages,
                piece,
                last));
  }

  @Override
  public void startOver() {
    transaction = null;
    changes.clear();
    messages.clear();
    bytes = 0;
    piece = 1;
  }
}
