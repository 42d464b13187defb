package io.waltap.event;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes a row as a JSON object, each value straight from the server's text. */
final class RowJson {

  private RowJson() {}

  static void write(JsonGenerator json, Row row) throws IOException {
    json.writeStartObject();
    for (String column : row.columns()) {
      if (!row.isUnchanged(column)) {
        json.writeFieldName(column);
        writeColumn(json, row, column);
      }
    }
    json.writeEndObject();
  }

  private static void writeColumn(JsonGenerator json, Row row, String column) throws IOException {
    String type = row.typeOf(column);
    String text = row.getString(column);
    if (text != null && isArray(type, text)) {
      Object elements = Objects.requireNonNull(row.get(column, shapeOf(text)));
      writeArray(json, type.substring(1), (@Nullable Object[]) elements);
    } else {
      writeValue(json, type, text);
    }
  }

  /**
   * Whether the text is that of an array whose bounds start at 1. Other bounds are written in front
   * of it and would be lost, so such an array stays text; so does a value of a user's own type
   * whose name only looks like an array's.
   */
  private static boolean isArray(String type, String text) {
    return type.startsWith("_") && text.startsWith("{");
  }

  /** {@code String[]} for one dimension, {@code String[][]} for two: texts that begin so, nest. */
  private static Class<?> shapeOf(String text) {
    Class<?> shape = String.class;
    for (int i = 0; i < text.length() && text.charAt(i) == '{'; i++) {
      shape = shape.arrayType();
    }
    return shape;
  }

  private static void writeArray(JsonGenerator json, String type, @Nullable Object[] elements)
      throws IOException {
    json.writeStartArray();
    for (Object element : elements) {
      if (element instanceof Object[] inner) {
        writeArray(json, type, inner);
      } else {
        writeValue(json, type, (String) element);
      }
    }
    json.writeEndArray();
  }

  private static void writeValue(JsonGenerator json, String type, @Nullable String text)
      throws IOException {
    if (text == null) {
      json.writeNull();
      return;
    }
    switch (type) {
      case "int2", "int4", "int8", "oid", "numeric", "float4", "float8" -> writeNumber(json, text);
      case "bool" -> json.writeBoolean(Boolean.parseBoolean(text));
      // The server has parsed it, and outside of its strings a line break is just a space.
      case "json", "jsonb" -> json.writeRawValue(text.replace('\n', ' ').replace('\r', ' '));
      default -> json.writeString(text);
    }
  }

  /** The text of a finite number is a JSON number as it stands. */
  private static void writeNumber(JsonGenerator json, String text) throws IOException {
    if (text.endsWith("NaN") || text.endsWith("Infinity")) {
      json.writeString(text);
    } else {
      json.writeNumber(text);
    }
  }
}
