package io.waltap.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.Serial;
import java.util.HexFormat;

/** Bytes as PostgreSQL prints them, where Jackson would write Base64. */
final class HexSerializer extends StdSerializer<byte[]> {

  @Serial private static final long serialVersionUID = 1;

  HexSerializer() {
    super(byte[].class);
  }

  @Override
  public void serialize(byte[] bytes, JsonGenerator json, SerializerProvider provider)
      throws IOException {
    json.writeString("\\x" + HexFormat.of().formatHex(bytes));
  }
}
