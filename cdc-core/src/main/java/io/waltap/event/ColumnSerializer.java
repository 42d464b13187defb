package io.waltap.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.Serial;

/**
 * A column as its value or null; an unchanged one counts as empty, so that its field is left out.
 */
final class ColumnSerializer extends StdSerializer<Column<?>> {

  @Serial private static final long serialVersionUID = 1;

  ColumnSerializer() {
    super(Column.class, false);
  }

  @Override
  public boolean isEmpty(SerializerProvider provider, Column<?> column) {
    return column.isUnchanged();
  }

  @Override
  public void serialize(Column<?> column, JsonGenerator json, SerializerProvider provider)
      throws IOException {
    Object value = column.orNull();
    if (value == null) {
      json.writeNull();
    } else {
      provider.defaultSerializeValue(value, json);
    }
  }
}
