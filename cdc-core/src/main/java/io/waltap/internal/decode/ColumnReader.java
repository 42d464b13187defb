package io.waltap.internal.decode;

import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A column of a layout: its name, its type, and how its values are read. Remembers how each Java
 * type asked of it is read.
 */
final class ColumnReader {

  private final String name;
  private final String type;
  private final boolean bool;
  private final Map<Type, Conversion> conversions = new ConcurrentHashMap<>();

  ColumnReader(String name, String type) {
    this.name = name;
    this.type = type;
    this.bool = type.equals("bool");
  }

  String name() {
    return name;
  }

  String type() {
    return type;
  }

  /** The text to show for a value. */
  String show(String text) {
    return bool ? Conversions.boolText(text) : text;
  }

  /**
   * Reads a value of this column. Messages tell the length of the value, never the value, for they
   * end up in logs; nor is a cause kept, since those of the JDK quote what they could not read.
   */
  Object read(CharSequence text, Type target) {
    Conversion conversion = conversionTo(target);
    try {
      return text instanceof LargeText large
          ? conversion.read(large)
          : conversion.read((String) text);
    } catch (UnreadableException e) {
      throw unreadable(text, target, e.reason());
    } catch (RuntimeException e) {
      throw unreadable(text, target, "the value does not fit");
    }
  }

  private Conversion conversionTo(Type target) {
    Conversion known = conversions.get(target);
    if (known != null) {
      return known;
    }
    Conversion conversion = Conversions.find(type, target);
    if (conversion == null) {
      throw new IllegalArgumentException(
          "column '%s' of type %s cannot be read as %s, only as %s and the like, or as String"
              .formatted(
                  name, type, target.getTypeName(), Conversions.naturalOf(type).getTypeName()));
    }
    conversions.put(target, conversion);
    return conversion;
  }

  private IllegalArgumentException unreadable(CharSequence text, Type target, String reason) {
    return new IllegalArgumentException(
        "column '%s' of type %s cannot be read as %s: %s (the value, not shown, has %d characters)"
            .formatted(name, type, target.getTypeName(), reason, text.length()));
  }

  IllegalStateException notSent() {
    return new IllegalStateException(
        "column '%s' of type %s was not sent, since the update left its large value unchanged;"
                .formatted(name, type)
            + " with REPLICA IDENTITY FULL the server sends it");
  }
}
