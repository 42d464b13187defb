package io.waltap.internal.dispatch;

import io.waltap.event.ChangeEvent;
import io.waltap.event.Row;
import io.waltap.internal.connection.Transience;
import io.waltap.listener.FailureHandler;
import io.waltap.listener.FailureHandler.Action;
import io.waltap.listener.FailureHandler.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls one listener, and does with what it does not accept what its failure handler says. */
final class Caller {

  private static final Logger LOG = LoggerFactory.getLogger(Caller.class);

  /** How long to wait before a change is parked again that could not be. */
  private static final Duration PARK_AGAIN = Duration.ofSeconds(1);

  /** One call of a listener. */
  interface Call {
    void with(List<Delivery> changes) throws Exception;
  }

  private final String name;
  private final boolean parks;
  private final boolean connected;
  private final @Nullable FailureHandler handler;
  private final Crew crew;
  private final Call call;

  Caller(Subscription subscription, Crew crew, Call call) {
    this.name = subscription.name();
    this.parks = !(subscription.target() instanceof Subscription.Target.Transactions);
    this.connected = subscription.target() instanceof Subscription.Target.Connected;
    this.handler = subscription.handler();
    this.crew = crew;
    this.call = call;
  }

  /**
   * Calls the listener until that is done, waiting between attempts.
   *
   * @throws DeliveryException if the engine has to stop
   * @throws AbandonedException if it stops anyway
   */
  void callUntilDone(List<Delivery> changes) throws DeliveryException, AbandonedException {
    if (!parks || crew.parking() == null) {
      repeat(changes);
      return;
    }
    List<Delivery> free = new ArrayList<>(changes.size());
    for (Delivery change : changes) {
      if (change.hasSeveralKeys() && !free.isEmpty()) { // else it might be parked before those
        repeat(free);
        free = new ArrayList<>();
      }
      if (!isParkedBehind(change)) {
        free.add(change);
      }
    }
    if (!free.isEmpty()) {
      repeat(free);
    }
  }

  private void repeat(List<Delivery> changes) throws DeliveryException, AbandonedException {
    open();
    Duration wait = attempt(changes, 1);
    for (int attempts = 2; wait != null; attempts++) {
      pause(wait);
      wait = attempt(changes, attempts);
    }
  }

  /**
   * Calls the listener once.
   *
   * @return how long to wait before the next attempt; null if there has to be none
   */
  @Nullable Duration attempt(List<Delivery> changes, int attempts)
      throws DeliveryException, AbandonedException {
    try {
      call.with(changes);
    } catch (Throwable e) { // an application may throw anything, errors too
      return failed(changes, e, attempts);
    }
    crew.accepted(changes.size());
    return null;
  }

  /** Calls the listener once, whatever comes of it. */
  void once(Delivery change) throws Exception {
    call.with(List.of(change));
    crew.accepted(1);
  }

  private @Nullable Duration failed(List<Delivery> changes, Throwable cause, int attempts)
      throws DeliveryException, AbandonedException {
    if (cause instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    FailureHandler asked = handler;
    if (isEffectLost(cause)) {
      throw DeliveryException.of(name, changes, cause).withEffects();
    }
    if (asked == null || cause instanceof InterruptedException) {
      throw DeliveryException.of(name, changes, cause);
    }
    Failure failure = new Failure(rows(changes), cause, attempts);
    Action action = decide(asked, failure, changes, cause);
    if (action instanceof FailureHandler.Retry retry) {
      LOG.debug("{}: attempt {} failed, the next in {}", name, attempts, retry.after());
      return retry.after();
    }
    setAside(changes, failure, action);
    return null;
  }

  // Then all that came before it is undone as well, and will be done again.
  private boolean isEffectLost(Throwable cause) {
    return connected && Transience.of(cause);
  }

  private Action decide(
      FailureHandler asked, Failure failure, List<Delivery> changes, Throwable cause)
      throws DeliveryException {
    @Nullable Action action; // of code that nobody checked
    try {
      action = asked.onFailure(failure);
    } catch (Throwable e) { // as above
      DeliveryException refusal = DeliveryException.of(name, changes, cause);
      refusal.addSuppressed(e);
      throw refusal;
    }
    if (action == null || action instanceof FailureHandler.Stop) {
      throw DeliveryException.of(name, changes, cause);
    }
    return action;
  }

  private void setAside(List<Delivery> changes, Failure failure, Action action)
      throws DeliveryException, AbandonedException {
    if (action instanceof FailureHandler.Park park) {
      for (Delivery change : changes) {
        park(change, park.alone(), failure);
      }
      crew.parked(changes.size());
    } else {
      crew.skipped(changes.size());
    }
    String done = action instanceof FailureHandler.Park ? "parked" : "skipped";
    for (Delivery change : changes) {
      LOG.warn(
          "{}: {} after {} attempts: {}: {}",
          name,
          done,
          failure.attempts(),
          DeliveryException.what(change),
          Thrown.describe(failure.cause()));
    }
    tell(failure, action);
  }

  private void tell(Failure failure, Action action) {
    FailureHandler told = handler;
    if (told != null) {
      try {
        told.onSetAside(failure, action);
      } catch (Throwable e) { // what is done is done
        LOG.warn("{}: the failure handler threw", name, e);
      }
    }
  }

  private void park(Delivery change, boolean alone, Failure failure)
      throws DeliveryException, AbandonedException {
    Parking parking = crew.parking();
    Throwable cause = failure.cause();
    if (!parks || parking == null || cause == null) {
      throw DeliveryException.unparkable(name, change, parks);
    }
    safely(
        change,
        () -> {
          parking.park(name, change, alone, cause, failure.attempts());
          return true;
        });
  }

  /** Parks a change if one of its key is parked. */
  boolean isParkedBehind(Delivery change) throws DeliveryException, AbandonedException {
    Parking parking = crew.parking();
    if (parking == null || !safely(change, () -> parking.parkBehind(name, change))) {
      return false;
    }
    crew.parked(1);
    LOG.warn("{}: parked behind another of its key: {}", name, DeliveryException.what(change));
    tell(new Failure(rows(List.of(change)), null, 0), Action.park());
    return true;
  }

  private interface Letter {
    boolean put() throws IOException;
  }

  // However long that takes: the change can be neither delivered nor dropped meanwhile.
  private boolean safely(Delivery change, Letter letter)
      throws DeliveryException, AbandonedException {
    while (true) {
      try {
        return letter.put();
      } catch (IOException e) {
        if (!Transience.of(e)) {
          throw DeliveryException.of(name, List.of(change), e);
        }
        LOG.warn("{}: {}", name, e.getMessage());
        pause(PARK_AGAIN);
      } catch (RuntimeException e) {
        throw DeliveryException.of(name, List.of(change), e);
      }
    }
  }

  // Also for the second listener of a change, and for another attempt.
  private void open() throws AbandonedException {
    await(() -> crew.gate().await());
  }

  private void pause(Duration wait) throws AbandonedException {
    await(() -> crew.gate().pause(wait) && crew.gate().await());
  }

  private interface Wait {
    boolean isOver() throws InterruptedException;
  }

  private static void await(Wait wait) throws AbandonedException {
    try {
      if (wait.isOver()) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new AbandonedException();
  }

  private static List<ChangeEvent<Row>> rows(List<Delivery> changes) {
    return changes.stream().map(Delivery::asRows).toList();
  }
}
