package io.waltap.table;

import io.waltap.table.Table.Component;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Beans: a constructor without parameters, then every setter. */
final class BeanBlueprint<T> implements Blueprint<T> {

  private static final MethodType SETTER =
      MethodType.methodType(void.class, Object.class, Object.class);

  private final String name;
  private final MethodHandle constructor;
  private final List<Component> components = new ArrayList<>();
  private final List<MethodHandle> setters = new ArrayList<>();

  private BeanBlueprint(Class<T> type) throws ReflectiveOperationException {
    this.name = type.getSimpleName();
    this.constructor =
        Blueprint.open(type.getDeclaredConstructor()).asType(MethodType.methodType(Object.class));
    for (Map.Entry<String, Method> entry : settersOf(type).entrySet()) {
      String property = entry.getKey();
      Method setter = entry.getValue();
      components.add(
          new Component(property, Columns.of(property), setter.getGenericParameterTypes()[0]));
      setters.add(Blueprint.open(setter).asType(SETTER));
    }
  }

  static <T> BeanBlueprint<T> of(Class<T> type) {
    try {
      if (!Modifier.isAbstract(type.getModifiers()) && !settersOf(type).isEmpty()) {
        return new BeanBlueprint<>(type);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(neither(type), e);
    }
    throw new IllegalArgumentException(neither(type));
  }

  private static String neither(Class<?> type) {
    return type.getName()
        + " is neither a record nor a bean (a static or top-level class with a constructor without"
        + " parameters and public setters); give Table.of a RowMapper for it";
  }

  /** By property, in the order of their names: reflection knows no order. */
  private static Map<String, Method> settersOf(Class<?> type) {
    Map<String, Method> setters = new TreeMap<>();
    for (Method method : type.getMethods()) {
      if (isSetter(method)) {
        Method other = setters.put(property(method), method);
        if (other != null) {
          throw new IllegalArgumentException(
              "%s has more than one %s; rename one or give Table.of a RowMapper"
                  .formatted(type.getName(), method.getName()));
        }
      }
    }
    return setters;
  }

  private static boolean isSetter(Method method) {
    return method.getName().startsWith("set")
        && method.getName().length() > 3
        && method.getParameterCount() == 1
        && method.getReturnType() == void.class
        && !method.isBridge()
        && !Modifier.isStatic(method.getModifiers());
  }

  /** {@code setUserId} sets userId; {@code setURL} sets URL, by the custom of JavaBeans. */
  private static String property(Method setter) {
    String name = setter.getName().substring(3);
    boolean acronym = name.length() > 1 && Character.isUpperCase(name.charAt(1));
    return acronym ? name : Character.toLowerCase(name.charAt(0)) + name.substring(1);
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
      Object bean = (Object) constructor.invokeExact();
      for (int i = 0; i < values.length; i++) {
        setters.get(i).invokeExact(bean, values[i]);
      }
      return (T) bean;
    } catch (Throwable e) {
      throw Blueprint.failure(name, e);
    }
  }
}
