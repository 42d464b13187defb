package io.waltap.internal.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** JSON in which numbers keep every digit, trailing zeros included. */
final class Json {

  private static final JsonMapper MAPPER = mapper();

  private Json() {}

  static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      // Without a cause: Jackson's messages quote the text.
      throw new UnreadableException("the value is not JSON");
    }
  }

  private static JsonMapper mapper() {
    return JsonMapper.builder(factory())
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build();
  }

  /** What the database has accepted is not refused here for its size. */
  private static JsonFactory factory() {
    StreamReadConstraints none =
        StreamReadConstraints.builder()
            .maxStringLength(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .maxNestingDepth(Integer.MAX_VALUE)
            .build();
    return JsonFactory.builder()
        .streamReadConstraints(none)
        // Keys are a guest's data: they do not belong in the JVM's table of strings.
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build();
  }
}
