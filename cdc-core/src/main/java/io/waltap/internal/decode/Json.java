package io.waltap.internal.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.deser.AbstractDeserializer;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** JSON in which numbers keep every digit, trailing zeros included. */
final class Json {

  private static final JsonMapper MAPPER = mapper();

  private Json() {}

  /** As a tree. */
  static Conversion node() {
    return new Document(MAPPER::readTree, MAPPER::readTree, false);
  }

  /** How Jackson makes a type of an application's own; null if it cannot. */
  static @Nullable Conversion into(Type target) {
    JavaType type = MAPPER.constructType(target);
    if (!makes(type)) {
      return null;
    }
    ObjectReader reader = MAPPER.readerFor(type);
    return new Document(reader::readValue, reader::readValue, true);
  }

  private interface Parser<S> {
    @Nullable Object parse(S source) throws IOException;
  }

  /** Reads from a text, and from the UTF-8 of a large one. */
  private record Document(Parser<String> ofText, Parser<InputStream> ofBytes, boolean typed)
      implements Conversion {

    @Override
    public Object read(String text) {
      return parsed(ofText, text, typed);
    }

    @Override
    public Object read(LargeText text) {
      return parsed(ofBytes, text.open(), typed);
    }
  }

  private static <S> Object parsed(Parser<S> parser, S source, boolean typed) {
    @Nullable Object value;
    try {
      value = parser.parse(source);
    } catch (IOException e) {
      // Without a cause: Jackson's messages quote the text.
      throw new UnreadableException(
          typed && e instanceof JsonMappingException misfit
              ? "the document does not fit" + place(misfit)
              : "the value is not JSON");
    }
    if (value == null) {
      throw new UnreadableException("JSON's null is not null; read it as JsonNode or String");
    }
    return value;
  }

  /** The fields on the way to the misfit: names of the application's own type, not data. */
  private static String place(JsonMappingException e) {
    StringBuilder place = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() != null && !(step.getFrom() instanceof java.util.Map)) {
        place.append(place.isEmpty() ? " at " : ".").append(step.getFieldName());
      }
    }
    return place.toString();
  }

  private static boolean makes(JavaType type) {
    DeserializationContext context =
        ((DefaultDeserializationContext) MAPPER.getDeserializationContext())
            .createDummyInstance(MAPPER.getDeserializationConfig());
    try {
      // It answers for an interface too, but says of which implementation only if annotated so.
      return !(context.findRootValueDeserializer(type) instanceof AbstractDeserializer);
    } catch (JsonMappingException | IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * As strict as with columns: no field is cut off or made up. As with columns too, what the type
   * has no place for is left alone.
   */
  private static JsonMapper mapper() {
    return JsonMapper.builder(factory())
        .addModule(new JavaTimeModule())
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
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
