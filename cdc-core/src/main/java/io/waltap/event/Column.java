package io.waltap.event;

import org.jspecify.annotations.Nullable;

/**
 * A column in one of its three states, for record components and bean properties that want to tell
 * them apart: {@code Column<String> body}. Such a component is itself never null.
 *
 * @param <T> what the value is read as: any type that a component without {@code Column} may have,
 *     in its boxed form
 */
public sealed interface Column<T> {

  /**
   * The column has a value.
   *
   * @param value the value
   */
  record Value<T>(T value) implements Column<T> {
    @Override
    public T orNull() {
      return value;
    }

    @Override
    public String toString() {
      return String.valueOf(value);
    }
  }

  /** The column is null. */
  record Null<T>() implements Column<T> {
    @Override
    public @Nullable T orNull() {
      return null;
    }

    @Override
    public String toString() {
      return "null";
    }
  }

  /**
   * The server did not send the column, because the update left its large (TOAST) value as it was.
   */
  record Unchanged<T>() implements Column<T> {
    @Override
    public @Nullable T orNull() {
      throw new IllegalStateException(
          "the column was not sent, since the update left its large value unchanged;"
              + " ask isUnchanged() first");
    }

    @Override
    public String toString() {
      return "<unchanged>";
    }
  }

  /** A value, or null. */
  static <T> Column<T> of(@Nullable T value) {
    return value == null ? new Null<>() : new Value<>(value);
  }

  /** A column that was not sent. */
  static <T> Column<T> unchanged() {
    return new Unchanged<>();
  }

  /**
   * The value, or null if the column is null.
   *
   * @throws IllegalStateException if it is unchanged, for then nobody here knows the value
   */
  @Nullable T orNull();

  /** Whether the column is null; false for an unchanged one. */
  default boolean isNull() {
    return this instanceof Null;
  }

  /** Whether the column was not sent. */
  default boolean isUnchanged() {
    return this instanceof Unchanged;
  }
}
