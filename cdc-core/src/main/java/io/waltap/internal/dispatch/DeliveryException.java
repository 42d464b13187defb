package io.waltap.internal.dispatch;

import io.waltap.event.ChangeMetadata;
import io.waltap.event.LogicalMessage;
import io.waltap.event.Operation;
import io.waltap.event.SchemaChange;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A change was not accepted. Wraps whatever was thrown, so that no exception of an application
 * reaches the engine underneath, which gives some of them (Connect's {@code RetriableException}) a
 * meaning of its own.
 *
 * <p>Its message is logged, so it says what was thrown and where, but repeats no word of it: an
 * exception of an application or of its database may quote the row. Who wants to read that finds it
 * in the cause.
 */
public final class DeliveryException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  DeliveryException(Operation operation, ChangeMetadata change, Throwable cause) {
    super(message(operation, change) + ": " + Thrown.describe(cause), cause);
  }

  private DeliveryException(String what, Throwable cause) {
    super(what + ": " + Thrown.describe(cause), cause);
  }

  static DeliveryException ofMessage(LogicalMessage message, Throwable cause) {
    return new DeliveryException(
        "The listener of logical messages did not accept the one with the prefix '"
            + message.prefix()
            + "' at "
            + message.lsn(),
        cause);
  }

  static DeliveryException ofSchema(SchemaChange change, Throwable cause) {
    return new DeliveryException(
        "The schema listener did not accept the new columns or key of " + change.table(), cause);
  }

  private static String message(Operation operation, ChangeMetadata change) {
    return "The listener of "
        + change.table()
        + " did not accept "
        + article(operation)
        + position(change);
  }

  private static String article(Operation operation) {
    return switch (operation) {
      case READ -> "a row";
      case INSERT -> "an insert";
      case UPDATE -> "an update";
      case DELETE -> "a delete";
      case TRUNCATE -> "a truncate";
    };
  }

  private static String position(ChangeMetadata change) {
    @Nullable Long transaction = change.transactionId();
    return transaction == null
        ? " of the snapshot at " + change.lsn()
        : " at "
            + change.lsn()
            + " (change "
            + change.order()
            + " of transaction "
            + transaction
            + ")";
  }
}
