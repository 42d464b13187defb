package io.waltap.internal.dispatch;

import io.waltap.listener.MessageListener;
import io.waltap.listener.SchemaListener;
import io.waltap.table.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who wants to be told something.
 *
 * @param subscriptions who listens to tables
 * @param messages who listens to logical messages
 * @param schemas who listens to changes of tables' shapes
 */
public record Listeners(
    List<Subscription> subscriptions, List<MessageRoute> messages, List<SchemaListener> schemas) {

  /**
   * Who listens to messages.
   *
   * @param prefix which ones; null for all
   */
  public record MessageRoute(@Nullable String prefix, MessageListener listener) {

    boolean takes(String other) {
      return prefix == null || prefix.equals(other);
    }
  }

  public Listeners {
    subscriptions = List.copyOf(subscriptions);
    messages = List.copyOf(messages);
    schemas = List.copyOf(schemas);
  }

  /** Whether nobody wants to be told anything that happens in the database. */
  public boolean isEmpty() {
    return subscriptions.isEmpty() && messages.isEmpty();
  }

  /** The tables that are named, as they are wanted. */
  public List<Table<?>> tables() {
    return subscriptions.stream().<Table<?>>flatMap(each -> each.tables().stream()).toList();
  }

  /** Whether somebody wants tables that nobody names. */
  public boolean wantAll() {
    return subscriptions.stream().anyMatch(each -> each.scope() != Subscription.Scope.NAMED);
  }

  /** Whether the effects of some listener commit with the position. */
  public boolean areTransactional() {
    return subscriptions.stream()
        .anyMatch(each -> each.target() instanceof Subscription.Target.Connected);
  }

  /** The same, with record components that are null for unchanged columns. */
  public Listeners unchangedAsNull() {
    List<Subscription> lenient = subscriptions.stream().map(Subscription::unchangedAsNull).toList();
    return new Listeners(lenient, messages, schemas);
  }

  /** Only tables. */
  public static Listeners of(Subscription... subscriptions) {
    return new Listeners(List.of(subscriptions), List.of(), List.of());
  }
}
