package io.waltap.internal.dispatch;

import io.waltap.event.Operation;
import io.waltap.listener.BatchListener;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.FailureHandler;
import io.waltap.listener.JdbcListener;
import io.waltap.listener.TransactionListener;
import io.waltap.table.Table;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One listener: what it wants to be told, and how.
 *
 * @param name tells it from the engine's others, in logs and dead letters, also after a restart
 * @param scope which tables
 * @param tables those that it names
 * @param workers how many of its changes may be at work at once; 0 for in order, on the dispatching
 *     thread
 * @param most how many changes one call gets at most
 * @param within how long the first change of a batch waits at most
 * @param handler what is done with failures; null for a stop
 * @param operations the operations that it wants
 * @param changed the columns of which an update has to have changed one; empty for any update
 */
public record Subscription(
    String name,
    Scope scope,
    List<Table<?>> tables,
    Target target,
    int workers,
    int most,
    Duration within,
    @Nullable FailureHandler handler,
    Set<Operation> operations,
    List<String> changed) {

  static final int DEFAULT_BATCH = 1000;
  static final int DEFAULT_PIECE = 10_000;
  static final Duration DEFAULT_WITHIN = Duration.ofMillis(50);

  /** Which tables. */
  public enum Scope {
    /** Those that it names. */
    NAMED,
    /** All that no listener names. */
    REST,
    /** All. */
    ALL
  }

  /** How it is called. What it takes was made of rows by its own tables, so types are erased. */
  public sealed interface Target {

    /** With each change. */
    record Each(ChangeListener<Object> listener) implements Target {
      public Each {
        Objects.requireNonNull(listener, "listener");
      }
    }

    /** With several. */
    record Batches(BatchListener<Object> listener) implements Target {
      public Batches {
        Objects.requireNonNull(listener, "listener");
      }
    }

    /** With each change and the connection that holds its effects. */
    record Connected(JdbcListener<Object> listener) implements Target {
      public Connected {
        Objects.requireNonNull(listener, "listener");
      }
    }

    /** With whole transactions. */
    record Transactions(TransactionListener listener) implements Target {
      public Transactions {
        Objects.requireNonNull(listener, "listener");
      }
    }
  }

  public Subscription {
    tables = List.copyOf(tables);
    operations = Set.copyOf(operations);
    changed = List.copyOf(changed);
  }

  /** With what holds if nothing else is said. */
  public static Subscription of(String name, Scope scope, List<Table<?>> tables, Target target) {
    return new Subscription(
        name,
        scope,
        tables,
        target,
        0,
        target instanceof Target.Batches ? DEFAULT_BATCH : DEFAULT_PIECE,
        DEFAULT_WITHIN,
        null,
        EnumSet.allOf(Operation.class),
        List.of());
  }

  /** A listener of one table. */
  public static <T> Subscription of(Table<T> table, ChangeListener<? super T> listener) {
    return of(table.id().toString(), Scope.NAMED, List.of(table), each(listener));
  }

  /**
   * Called with each change. A {@code ChangeListener<? super T>} accepts events of T, because an
   * event only ever gives its rows away.
   */
  @SuppressWarnings("unchecked")
  public static Target each(ChangeListener<?> listener) {
    return new Target.Each((ChangeListener<Object>) listener);
  }

  /** Called with each change and a connection. */
  @SuppressWarnings("unchecked") // as above
  public static Target connected(JdbcListener<?> listener) {
    return new Target.Connected((JdbcListener<Object>) listener);
  }

  /** Called with several changes. */
  @SuppressWarnings("unchecked") // as above
  public static Target batches(BatchListener<?> listener) {
    return new Target.Batches((BatchListener<Object>) listener);
  }

  public Subscription withWorkers(int count) {
    return new Subscription(
        name, scope, tables, target, count, most, within, handler, operations, changed);
  }

  public Subscription withMost(int count, Duration wait) {
    return new Subscription(
        name, scope, tables, target, workers, count, wait, handler, operations, changed);
  }

  public Subscription withHandler(FailureHandler failures) {
    return new Subscription(
        name, scope, tables, target, workers, most, within, failures, operations, changed);
  }

  public Subscription withOperations(Set<Operation> wanted) {
    return new Subscription(
        name, scope, tables, target, workers, most, within, handler, wanted, changed);
  }

  public Subscription withChanged(List<String> columns) {
    return new Subscription(
        name, scope, tables, target, workers, most, within, handler, operations, columns);
  }

  /** The same, with record components that are null for unchanged columns. */
  Subscription unchangedAsNull() {
    List<Table<?>> lenient = tables.stream().<Table<?>>map(Table::unchangedAsNull).toList();
    return new Subscription(
        name, scope, lenient, target, workers, most, within, handler, operations, changed);
  }

  /** Whether it names tables and so keeps them from those who take the rest. */
  boolean claims() {
    return scope == Scope.NAMED && !(target instanceof Target.Transactions);
  }
}
