package io.waltap.table;

import io.waltap.table.Table.Component;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a type is made of, and how one is made. */
interface Blueprint<T> {

  /** The type's name, for messages. */
  String name();

  List<Component> components();

  /** Makes one from values in the order of the components. */
  T build(@Nullable Object[] values);

  /** The blueprint of a record, or of a class with setters. */
  static <T> Blueprint<T> of(Class<T> type) {
    return type.isRecord() ? RecordBlueprint.of(type) : BeanBlueprint.of(type);
  }

  static MethodHandle open(Constructor<?> constructor) throws IllegalAccessException {
    makeAccessible(constructor, constructor.getDeclaringClass());
    return MethodHandles.lookup().unreflectConstructor(constructor);
  }

  static MethodHandle open(Method method) throws IllegalAccessException {
    makeAccessible(method, method.getDeclaringClass());
    return MethodHandles.lookup().unreflect(method);
  }

  /** Types are often private or local to the class that listens. */
  private static void makeAccessible(AccessibleObject member, Class<?> type) {
    try {
      member.setAccessible(true);
    } catch (InaccessibleObjectException e) {
      throw new IllegalArgumentException(
          "%s cannot be made from rows until its module-info.java has 'opens %s;'"
              .formatted(type.getName(), type.getPackageName()),
          e);
    }
  }

  /**
   * What was thrown while building, as it is where Java lets it pass; its message may hold values.
   */
  static RuntimeException failure(String name, Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(
            "making a " + name + " failed: " + thrown.getClass().getName(), thrown);
  }
}
