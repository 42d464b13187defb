package io.waltap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The Java value that {@code Object} has to be, as the driver or the JDK alone reads it. */
final class MatrixNatural {

  /** Stands for a value that no Java value of the natural type equals: an error is due. */
  static final Object ERROR =
      new Object() {
        @Override
        public String toString() {
          return "an error";
        }
      };

  private static final List<String> WITHOUT_FORM =
      List.of("numeric", "date", "time", "timetz", "timestamp", "timestamptz");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private MatrixNatural() {}

  static @Nullable Object expected(String type, String text, ResultSet row, int index)
      throws SQLException {
    if (WITHOUT_FORM.contains(type) && text.matches("NaN|-?[Ii]nfinity|24:00:00.*")) {
      return ERROR;
    }
    return switch (type) {
      case "int2", "int4" -> row.getInt(index);
      case "int8", "oid" -> row.getLong(index);
      case "float4" -> row.getFloat(index);
      case "float8" -> row.getDouble(index);
      case "numeric" -> new BigDecimal(text);
      case "money" -> new BigDecimal(text.replaceAll("[$,]", ""));
      case "bool" -> row.getBoolean(index);
      case "uuid" -> row.getObject(index, UUID.class);
      case "date" -> row.getObject(index, LocalDate.class);
      case "time" -> row.getObject(index, LocalTime.class);
      case "timetz" -> row.getObject(index, OffsetTime.class);
      case "timestamp" -> row.getObject(index, LocalDateTime.class);
      case "timestamptz" -> row.getObject(index, OffsetDateTime.class).toInstant();
      case "bytea" -> row.getBytes(index);
      case "json", "jsonb" -> json(text);
      default -> text;
    };
  }

  private static Object json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
