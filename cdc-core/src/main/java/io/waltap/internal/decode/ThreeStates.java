package io.waltap.internal.decode;

import io.waltap.event.Column;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import org.jspecify.annotations.Nullable;

/** Java types that are a {@link Column} of something. */
final class ThreeStates {

  private ThreeStates() {}

  /** What the value of a {@code Column<T>} is read as; null for any other type. */
  static @Nullable Type valueOf(Type target) {
    if (target == Column.class) {
      return Object.class;
    }
    return target instanceof ParameterizedType column && column.getRawType() == Column.class
        ? argument(column, 0)
        : null;
  }

  /** A type argument; of a wildcard, its upper bound. */
  static Type argument(ParameterizedType type, int index) {
    Type argument = type.getActualTypeArguments()[index];
    return argument instanceof WildcardType any ? any.getUpperBounds()[0] : argument;
  }
}
