package io.waltap.internal.dispatch;

import io.waltap.event.LogicalMessage;
import io.waltap.event.SchemaChange;
import io.waltap.internal.dispatch.Listeners.MessageRoute;
import io.waltap.listener.SchemaListener;
import java.util.function.Function;

/** Tells of what is no change of a row. The dispatching thread. */
final class Announcer {

  private final Listeners listeners;

  Announcer(Listeners listeners) {
    this.listeners = listeners;
  }

  void message(LogicalMessage message) throws DeliveryException {
    for (MessageRoute route : listeners.messages()) {
      if (route.takes(message.prefix())) {
        call(
            () -> route.listener().onMessage(message),
            e -> DeliveryException.ofMessage(message, e));
      }
    }
  }

  void schema(SchemaChange change) throws DeliveryException {
    for (SchemaListener listener : listeners.schemas()) {
      call(() -> listener.onSchemaChange(change), e -> DeliveryException.ofSchema(change, e));
    }
  }

  private interface Call {
    void run() throws Exception;
  }

  // An application may throw anything, errors too; all of it has to stop the engine with the
  // position kept.
  private static void call(Call call, Function<Throwable, DeliveryException> refusal)
      throws DeliveryException {
    try {
      call.run();
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw refusal.apply(e);
    }
  }
}
