package io.waltap.internal.dispatch;

import io.waltap.event.ChangeEvent;
import io.waltap.internal.dispatch.Subscription.Target;
import java.sql.Connection;
import java.sql.Savepoint;
import java.util.List;

/** Each change at once, on the dispatching thread. */
final class DirectLane implements Lane {

  private final Filter filter;
  private final Caller caller;
  private final Replaying replaying;

  /** How a parked change is delivered. */
  private interface Replaying {
    void with(Delivery change, Replay replay) throws Exception;
  }

  DirectLane(Subscription subscription, Target.Each target, Crew crew) {
    Routes routes = new Routes(subscription.tables());
    this.filter = new Filter(subscription.operations(), subscription.changed());
    this.caller =
        new Caller(
            subscription, crew, changes -> target.listener().onChange(routes.map(changes.get(0))));
    this.replaying = (change, replay) -> replay.with(() -> caller.once(change));
  }

  DirectLane(Subscription subscription, Target.Connected target, Crew crew) {
    Routes routes = new Routes(subscription.tables());
    boolean stops = subscription.handler() == null;
    this.filter = new Filter(subscription.operations(), subscription.changed());
    this.caller =
        new Caller(
            subscription,
            crew,
            changes -> connected(target, routes.map(changes.get(0)), crew.connection(), stops));
    this.replaying =
        (change, replay) ->
            replay.withConnection(
                connection -> target.listener().onChange(routes.map(change), connection));
  }

  // Without a handler a failure undoes everything.
  private static void connected(
      Target.Connected target, ChangeEvent<Object> event, Connection connection, boolean stops)
      throws Exception {
    if (stops) {
      target.listener().onChange(event, connection);
      return;
    }
    Savepoint before = connection.setSavepoint();
    boolean done = false;
    try {
      target.listener().onChange(event, connection);
      done = true;
    } finally {
      if (!done) {
        connection.rollback(before);
      }
      connection.releaseSavepoint(before);
    }
  }

  @Override
  public boolean isQueue() {
    return false;
  }

  @Override
  public boolean wants(Delivery change) {
    return filter.wants(change);
  }

  @Override
  public void replay(Delivery change, Replay replay) throws Exception {
    replaying.with(change, replay);
  }

  @Override
  public void take(Delivery change, int weight) throws DeliveryException, AbandonedException {
    caller.callUntilDone(List.of(change));
  }
}
