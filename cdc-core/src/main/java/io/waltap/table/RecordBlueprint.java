package io.waltap.table;

import io.waltap.table.Table.Component;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Records, through their canonical constructor. */
final class RecordBlueprint<T> implements Blueprint<T> {

  private final String name;
  private final List<Component> components;
  private final MethodHandle constructor;

  private RecordBlueprint(Class<T> type, MethodHandle constructor) {
    this.name = type.getSimpleName();
    this.components =
        Stream.of(type.getRecordComponents())
            .map(c -> new Component(c.getName(), Columns.of(c.getName()), c.getGenericType()))
            .toList();
    this.constructor = constructor;
  }

  static <T> RecordBlueprint<T> of(Class<T> type) {
    Class<?>[] types =
        Stream.of(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return new RecordBlueprint<>(
          type,
          Blueprint.open(type.getDeclaredConstructor(types))
              .asSpreader(Object[].class, types.length)
              .asType(MethodType.methodType(Object.class, Object[].class)));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type.getName() + " has no usable constructor", e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Component> components() {
    return components;
  }

  @Override
  @SuppressWarnings("unchecked") // the constructor is that of T
  public T build(@Nullable Object[] values) {
    try {
      return (T) (Object) constructor.invokeExact(values);
    } catch (Throwable e) {
      throw Blueprint.failure(name, e);
    }
  }
}
