package io.waltap.internal.decode;

import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Arrays as lists or Java arrays, one within the other where there are more dimensions. */
final class ArrayConversions {

  /** Reads a part of an array: a list of parts, a text, or null. */
  @FunctionalInterface
  private interface Part {
    @Nullable Object read(@Nullable Object part);
  }

  private ArrayConversions() {}

  /** The element type of a Java type that stands for an array; null if it does not. */
  static @Nullable Type elementOf(Type target) {
    if (target == List.class) {
      return Object.class;
    }
    if (target instanceof ParameterizedType list && list.getRawType() == List.class) {
      return ThreeStates.argument(list, 0);
    }
    if (target instanceof Class<?> array && array.isArray() && array != byte[].class) {
      return array.getComponentType();
    }
    return null;
  }

  /** What is left of a Java type without columns, lists and arrays around it. */
  static Type innermost(Type target) {
    Type inner = ThreeStates.valueOf(target);
    inner = inner == null ? elementOf(target) : inner;
    return inner == null ? target : innermost(inner);
  }

  /** How to read an array type; null if the type is no array or its elements have no such form. */
  static @Nullable Conversion find(String type, Type target) {
    String elementType = Conversions.elementOf(type);
    Part whole = elementType == null ? null : part(elementType, target);
    if (whole == null) {
      return null;
    }
    // box is the one type whose text has commas of its own.
    char delimiter = type.equals("_box") ? ';' : ',';
    return text -> Objects.requireNonNull(whole.read(ArrayText.parse(text, delimiter)));
  }

  private static @Nullable Part part(String elementType, Type target) {
    Type inner = elementOf(target);
    if (inner == null) {
      return leaf(elementType, target);
    }
    Part each = part(elementType, inner);
    if (each == null) {
      return null;
    }
    return target instanceof Class<?> array && array.isArray()
        ? part -> array(array.getComponentType(), each, parts(part))
        : part -> list(each, parts(part));
  }

  private static @Nullable Part leaf(String elementType, Type target) {
    Conversion conversion = Conversions.find(elementType, target);
    if (conversion == null) {
      return null;
    }
    return new Part() {
      @Override
      public @Nullable Object read(@Nullable Object part) {
        if (part instanceof List<?> parts && target == Object.class) {
          return list(this, parts);
        }
        if (part instanceof List<?>) {
          throw new UnreadableException("the array has more dimensions");
        }
        return part == null ? null : conversion.read((String) part);
      }
    };
  }

  private static List<?> parts(@Nullable Object part) {
    if (part instanceof List<?> parts) {
      return parts;
    }
    throw new UnreadableException("the array has fewer dimensions");
  }

  private static List<@Nullable Object> list(Part each, List<?> parts) {
    List<@Nullable Object> list = new ArrayList<>(parts.size());
    for (Object part : parts) {
      list.add(each.read(part));
    }
    return Collections.unmodifiableList(list);
  }

  private static Object array(Class<?> componentType, Part each, List<?> parts) {
    Object array = Array.newInstance(componentType, parts.size());
    for (int i = 0; i < parts.size(); i++) {
      Object element = each.read(parts.get(i));
      if (element == null && componentType.isPrimitive()) {
        throw new UnreadableException("the array holds a null");
      }
      Array.set(array, i, element);
    }
    return array;
  }
}
