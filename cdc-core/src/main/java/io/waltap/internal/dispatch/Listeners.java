package io.waltap.internal.dispatch;

import io.waltap.event.Row;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.MessageListener;
import io.waltap.listener.SchemaListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who wants to be told something.
 *
 * @param routes the tables with a listener of their own
 * @param rest who listens to all other tables; null if nobody does
 * @param messages who listens to logical messages
 * @param schemas who listens to changes of tables' shapes
 */
public record Listeners(
    List<Route<?>> routes,
    @Nullable ChangeListener<? super Row> rest,
    List<MessageRoute> messages,
    List<SchemaListener> schemas) {

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
    routes = List.copyOf(routes);
    messages = List.copyOf(messages);
    schemas = List.copyOf(schemas);
  }

  /** Whether nobody wants to be told anything that happens in the database. */
  public boolean isEmpty() {
    return routes.isEmpty() && rest == null && messages.isEmpty();
  }

  /** The same, with record components that are null for unchanged columns. */
  public Listeners unchangedAsNull() {
    List<Route<?>> lenient = routes.stream().<Route<?>>map(Route::unchangedAsNull).toList();
    return new Listeners(lenient, rest, messages, schemas);
  }

  /** Only tables. */
  public static Listeners of(List<Route<?>> routes) {
    return new Listeners(routes, null, List.of(), List.of());
  }
}
