package io.waltap.internal.decode;

import com.fasterxml.jackson.databind.JsonNode;
import io.waltap.event.Lsn;
import java.lang.invoke.MethodType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which PostgreSQL types can be read as which Java types, and how. What PostgreSQL widens, Java
 * widens; what may not fit is tried value by value; nothing is rounded, except a {@code numeric}
 * that is asked for as {@code double}.
 *
 * <p>A type that is not PostgreSQL's own (a domain, an enum, a type of an extension) is known by
 * its name only, so any Java type is allowed for it and the text decides.
 */
public final class Conversions {

  /** Stands for every type that is not PostgreSQL's own. */
  private static final String OTHER = "";

  private static final String[] TEXTS = {
    "text", "varchar", "bpchar", "name", "char", "citext", OTHER
  };

  private static final Map<Class<?>, Map<String, Conversion>> BY_TARGET = new HashMap<>();
  private static final Map<String, Class<?>> NATURAL = new HashMap<>();
  private static final Set<String> OWN = new HashSet<>();

  static {
    offer(Short.class, Short::valueOf, "int2");
    offer(Short.class, text -> Numbers.decimal(text).shortValueExact(), "int4", "int8", "oid");
    offer(Short.class, text -> Numbers.decimal(text).shortValueExact(), "numeric", OTHER);
    offer(Integer.class, Integer::valueOf, "int2", "int4");
    offer(Integer.class, text -> Math.toIntExact(Long.parseLong(text)), "int8", "oid");
    offer(Integer.class, text -> Numbers.decimal(text).intValueExact(), "numeric", OTHER);
    offer(Long.class, Long::valueOf, "int2", "int4", "int8", "oid");
    offer(Long.class, text -> Numbers.decimal(text).longValueExact(), "numeric", OTHER);
    offer(BigInteger.class, BigInteger::new, "int2", "int4", "int8", "oid");
    offer(BigInteger.class, text -> Numbers.decimal(text).toBigIntegerExact(), "numeric", OTHER);
    offer(BigDecimal.class, Numbers::decimal, "int2", "int4", "int8", "oid", "numeric", OTHER);
    offer(BigDecimal.class, Numbers::decimal, "float4", "float8");
    offer(BigDecimal.class, Numbers::money, "money");
    offer(Float.class, Numbers::float4, "int2", "float4", OTHER);
    offer(Double.class, Numbers::float8, "int2", "int4", "oid", "float4", "float8");
    offer(Double.class, Numbers::float8, "numeric", OTHER);
    offer(Double.class, Numbers::exactDouble, "int8");
    offer(Boolean.class, Conversions::bool, "bool", OTHER);
    offer(UUID.class, Conversions::uuid, "uuid", OTHER);
    offer(LocalDate.class, TemporalText::date, "date", OTHER);
    offer(LocalTime.class, TemporalText::time, "time", OTHER);
    offer(OffsetTime.class, TemporalText::offsetTime, "timetz", OTHER);
    offer(LocalDateTime.class, TemporalText::dateTime, "timestamp", OTHER);
    offer(OffsetDateTime.class, TemporalText::offsetDateTime, "timestamptz", OTHER);
    offer(ZonedDateTime.class, TemporalText::zonedDateTime, "timestamptz", OTHER);
    offer(Instant.class, TemporalText::instant, "timestamptz", OTHER);
    offer(byte[].class, new BytesText(), "bytea", OTHER);
    offer(JsonNode.class, Json.node(), "json", "jsonb", OTHER);
    offer(Period.class, IntervalText::period, "interval");
    offer(Duration.class, IntervalText::duration, "interval");
    offer(InetAddress.class, Networks::host, "inet");
    offer(Lsn.class, Lsn::parse, "pg_lsn");

    natural(Boolean.class, "bool");
    natural(Integer.class, "int2", "int4");
    natural(Long.class, "int8", "oid");
    natural(Float.class, "float4");
    natural(Double.class, "float8");
    natural(BigDecimal.class, "numeric", "money");
    natural(UUID.class, "uuid");
    natural(LocalDate.class, "date");
    natural(LocalTime.class, "time");
    natural(OffsetTime.class, "timetz");
    natural(LocalDateTime.class, "timestamp");
    natural(Instant.class, "timestamptz");
    natural(byte[].class, "bytea");
    natural(JsonNode.class, "json", "jsonb");
    natural(String.class, "text", "varchar", "bpchar", "name", "char", "bit", "varbit", "interval");
    natural(String.class, "inet", "cidr", "macaddr", "macaddr8", "xml", "jsonpath", "pg_lsn");
    natural(String.class, "box", "circle", "line", "lseg", "path", "point", "polygon");
    natural(String.class, "tsvector", "tsquery", "int4range", "int8range", "numrange", "tsrange");
    natural(String.class, "tstzrange", "daterange", "int4multirange", "int8multirange");
    natural(String.class, "citext", "hstore", "ltree");
    natural(String.class, "nummultirange", "tsmultirange", "tstzmultirange", "datemultirange");
  }

  private Conversions() {}

  private static void offer(Class<?> target, Conversion conversion, String... types) {
    Map<String, Conversion> byType = BY_TARGET.computeIfAbsent(target, t -> new HashMap<>());
    for (String type : types) {
      byType.put(type, conversion);
    }
  }

  private static void natural(Class<?> target, String... types) {
    for (String type : types) {
      NATURAL.put(type, target);
      OWN.add(type);
    }
  }

  /**
   * Whether columns of a type can be read as a Java type, however single values may turn out.
   *
   * @param type the PostgreSQL type as {@code pg_type.typname} has it
   * @param target the Java type
   */
  public static boolean supports(String type, Type target) {
    Type value = ThreeStates.valueOf(target);
    return find(type, value == null ? target : value) != null;
  }

  /**
   * The same, but told what a type is that its name does not tell of: an enum is never a number, a
   * composite type or a range of a user's own is only text.
   *
   * @param kind {@code pg_type.typtype} of the type, or of an array's elements
   */
  public static boolean supports(String type, char kind, Type target) {
    if (!supports(type, target)) {
      return false;
    }
    Type single = ArrayConversions.innermost(target);
    return switch (kind) {
      case 'e' -> isText(single) || (single instanceof Class<?> wanted && wanted.isEnum());
      case 'c', 'r', 'm' -> isText(single);
      default -> true;
    };
  }

  private static boolean isText(Type target) {
    return target == String.class || target == Object.class;
  }

  /** How to read a type as a Java type; null if that cannot be. */
  static @Nullable Conversion find(String type, Type target) {
    if (target == String.class) {
      return type.equals("bool") ? Conversions::boolText : text -> text;
    }
    if (target == Object.class) {
      return find(type, naturalOf(type));
    }
    if (isJson(type) && !isOfOtherTypes(target)) {
      return Json.into(target);
    }
    if (type.equals("hstore") && HstoreText.fits(target)) {
      return HstoreText::read;
    }
    if (ArrayConversions.elementOf(target) != null) {
      return ArrayConversions.find(type, target);
    }
    return target instanceof Class<?> wanted ? single(key(type), wanted) : null;
  }

  private static boolean isJson(String type) {
    return type.equals("json") || type.equals("jsonb");
  }

  /** Whether a Java type stands for other types than JSON, so that a mistake is likely. */
  private static boolean isOfOtherTypes(Type target) {
    return target instanceof Class<?> wanted
        && (wanted.isEnum() || wanted.isPrimitive() || BY_TARGET.containsKey(wanted));
  }

  private static @Nullable Conversion single(String key, Class<?> target) {
    if (target.isEnum()) {
      return List.of(TEXTS).contains(key) ? constants(target) : null;
    }
    Class<?> boxed = MethodType.methodType(target).wrap().returnType();
    return BY_TARGET.getOrDefault(boxed, Map.of()).get(key);
  }

  /** The Java type that a PostgreSQL type is read as when {@code Object} is asked for. */
  static Type naturalOf(String type) {
    return isArray(type) ? List.class : NATURAL.getOrDefault(type, String.class);
  }

  static boolean isArray(String type) {
    return type.startsWith("_");
  }

  /**
   * The type of an array's elements; null if the type is no array. A type that is not PostgreSQL's
   * own may be a domain over an array, of elements unknown.
   */
  static @Nullable String elementOf(String type) {
    if (isArray(type)) {
      return type.substring(1);
    }
    return OWN.contains(type) ? null : OTHER;
  }

  private static String key(String type) {
    return OWN.contains(type) || isArray(type) ? type : OTHER;
  }

  private static Conversion constants(Class<?> target) {
    Map<String, Object> byName = new HashMap<>();
    for (Object constant : target.getEnumConstants()) {
      byName.put(((Enum<?>) constant).name(), constant);
    }
    return text -> {
      Object constant = byName.get(text);
      if (constant == null) {
        throw new UnreadableException("the value is the name of none of its constants");
      }
      return constant;
    };
  }

  /** As a cast to text writes it; the output function, and with it the stream, has t and f. */
  static String boolText(String text) {
    return switch (text) {
      case "t" -> "true";
      case "f" -> "false";
      default -> text;
    };
  }

  private static Object bool(String text) {
    return switch (text) {
      case "t" -> true;
      case "f" -> false;
      default -> throw new UnreadableException("the value is neither t nor f");
    };
  }

  private static Object uuid(String text) {
    // UUID.fromString takes shortened forms too, which the server never prints.
    if (text.length() != 36) {
      throw new UnreadableException("a uuid has 36 characters");
    }
    return UUID.fromString(text);
  }
}
