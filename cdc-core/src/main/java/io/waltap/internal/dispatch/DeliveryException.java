package io.waltap.internal.dispatch;

import io.waltap.event.ChangeMetadata;
import io.waltap.event.LogicalMessage;
import io.waltap.event.Operation;
import io.waltap.event.SchemaChange;
import java.io.Serial;
import java.util.List;
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

  private boolean effectLost;

  private DeliveryException(String what, Throwable cause) {
    super(what + ": " + Thrown.describe(cause), cause);
  }

  /** Marks it as one that undoes what was to commit with the position. */
  DeliveryException withEffects() {
    effectLost = true;
    return this;
  }

  /** Whether effects that were to commit with the position are undone by it. */
  public boolean isEffectLost() {
    return effectLost;
  }

  private DeliveryException(String what, String why) {
    super(what + ": " + why);
  }

  /**
   * @param listener its name
   * @param changes what it was called with
   */
  static DeliveryException of(String listener, List<Delivery> changes, Throwable cause) {
    return new DeliveryException(refused(listener, changes), cause);
  }

  static DeliveryException unparkable(String listener, Delivery change, boolean parks) {
    return new DeliveryException(
        refused(listener, List.of(change)),
        parks
            ? "its failure handler parks, but the engine has no deadLetters(...)"
            : "its failure handler parks, but a transaction cannot be parked: retry, skip or stop");
  }

  static DeliveryException ofExecutor(Throwable cause) {
    return new DeliveryException("The executor took no more work", cause);
  }

  static DeliveryException ofWork(Throwable cause) {
    return new DeliveryException("The delivery of changes failed", cause);
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

  private static String refused(String listener, List<Delivery> changes) {
    String who = "The listener of " + listener + " did not accept ";
    return switch (changes.size()) {
      case 0 -> who + "a transaction's messages";
      case 1 -> who + what(changes.get(0));
      default -> who + changes.size() + " changes from " + what(changes.get(0)) + " on";
    };
  }

  /** Names a change without showing it. */
  static String what(Delivery change) {
    return article(change.operation()) + position(change.metadata());
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
