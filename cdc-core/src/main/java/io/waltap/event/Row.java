package io.waltap.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row as PostgreSQL holds it: columns in the table's order, each with the server's own text for
 * its value. Immutable and safe to share between threads.
 *
 * <p>A column has one of three states: a value, null, or <em>unchanged</em>. Unchanged means that
 * an update did not touch a large, out-of-line (TOAST) value, so that the server did not send it;
 * {@code REPLICA IDENTITY FULL} makes the server send it. A getter never shows an unchanged column
 * as null: it throws {@link IllegalStateException}. Ask {@link #isUnchanged} first where that can
 * be.
 *
 * <p>{@link #getString} gives the text that PostgreSQL would print ({@code DateStyle ISO}, {@code
 * TimeZone UTC}, {@code IntervalStyle postgres}, {@code bytea_output hex}): a {@code numeric} loses
 * no digit and no trailing zero, and a {@code char(n)} keeps its blanks. The other getters read
 * that text; they throw {@link IllegalArgumentException} naming the column and its type if the text
 * is no such value (for example {@link #getDecimal} of {@code NaN}). All getters throw {@link
 * IllegalArgumentException} for a column that the row does not have. Their messages never quote a
 * value; {@code toString}, made for printing, shows them all.
 */
public interface Row {

  /** The column names in the table's order. */
  List<String> columns();

  /** Whether there is a column of this name, in whatever state. */
  boolean has(String column);

  /** Whether the column is null; false for an unchanged one. */
  boolean isNull(String column);

  /** Whether the server did not send the column because the update left its TOAST value alone. */
  boolean isUnchanged(String column);

  /**
   * The column's PostgreSQL type as the catalog names it: {@code numeric}, {@code int4}; an array
   * is the name of its elements' type after an underscore, {@code _text}. For a domain, or an array
   * of one, it is the type that the domain was made of.
   */
  String typeOf(String column);

  /** PostgreSQL's own text for the value, whatever the type; of a boolean, true or false. */
  @Nullable String getString(String column);

  /**
   * The same text to be read bit by bit. A value of many megabytes is then in memory once, as the
   * server sent it; as a {@code String} it would be there a second time.
   */
  default @Nullable Reader getReader(String column) {
    String text = getString(column);
    return text == null ? null : new StringReader(text);
  }

  /**
   * An exact number: {@code numeric}, {@code money} without its sign, or any integer or float type.
   */
  @Nullable BigDecimal getDecimal(String column);

  /** {@code smallint} or {@code integer}; anything wider if the value fits. */
  @Nullable Integer getInteger(String column);

  /** Any integer type. */
  @Nullable Long getLong(String column);

  /** Any number, {@code NaN} and the infinities included; a {@code numeric} may lose precision. */
  @Nullable Double getDouble(String column);

  /** {@code boolean}. */
  @Nullable Boolean getBoolean(String column);

  /** {@code uuid}. */
  @Nullable UUID getUuid(String column);

  /** {@code date}. */
  @Nullable LocalDate getDate(String column);

  /** {@code timestamp without time zone}. */
  @Nullable LocalDateTime getTimestamp(String column);

  /** {@code timestamp with time zone}. */
  @Nullable Instant getInstant(String column);

  /** {@code bytea}. */
  byte @Nullable [] getBytes(String column);

  /** {@code json} or {@code jsonb}; numbers in it keep every digit. */
  @Nullable JsonNode getJson(String column);

  /**
   * The value as the given Java type.
   *
   * @param type what a record component may be, such as a class, a {@code List} of one or a {@link
   *     Column} of one; {@code Object} is the type that fits the column best, else {@code String}
   * @throws IllegalArgumentException if the column's type has no such form, or the value does not
   *     fit
   */
  @Nullable Object get(String column, Type type);

  /**
   * The value at a place as the given Java type, without looking the name up.
   *
   * @param index the place in {@link #columns}, from 0
   * @param type as above
   * @throws IndexOutOfBoundsException if there is no such place
   */
  @Nullable Object get(int index, Type type);
}
