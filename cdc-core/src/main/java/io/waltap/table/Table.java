package io.waltap.table;

import io.waltap.event.Column;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table to listen to and what its rows are delivered as. Immutable.
 *
 * <p>A record or bean is filled by name: a component {@code userId} takes the column {@code userId}
 * if there is one, else {@code user_id}; {@link #withColumn} names another one. Columns that no
 * component wants are left alone, but a component without a column is an error. Components have one
 * of these types:
 *
 * <ul>
 *   <li>{@code String} for any column: the server's own text
 *   <li>{@code BigDecimal}, {@code BigInteger}, {@code long}, {@code int}, {@code short}, {@code
 *       double}, {@code float}, {@code boolean} and their boxed forms. A number that does not fit
 *       is an error, never cut off
 *   <li>{@code LocalDate}, {@code LocalTime}, {@code OffsetTime}, {@code LocalDateTime} ({@code
 *       timestamp}), {@code Instant}, {@code OffsetDateTime} or {@code ZonedDateTime} ({@code
 *       timestamptz}, in UTC)
 *   <li>{@code UUID}, {@code byte[]} ({@code bytea}), {@code JsonNode} ({@code json}, {@code
 *       jsonb})
 *   <li>{@code Period} or {@code Duration} ({@code interval}, if it has nothing else), {@code
 *       InetAddress} ({@code inet} without a netmask), {@code Lsn} ({@code pg_lsn}), {@code
 *       Map<String, String>} ({@code hstore})
 *   <li>any enum, whose constants are named as the column's values
 *   <li>any type that Jackson can make, for {@code json} and {@code jsonb}; what the type has no
 *       place for is left alone
 *   <li>{@code List} or Java array of these for arrays, one within the other for more dimensions
 *   <li>{@link Column} of any of these, in boxed form: tells null from a large value that an update
 *       did not send
 *   <li>{@code Object}: what fits the column's type best, else {@code String}
 * </ul>
 *
 * @param <T> what a row is delivered as
 */
public final class Table<T> {

  private final TableId id;
  private final String form;
  private final RowMapper<T> mapper;
  private final List<Component> components;
  private final @Nullable Blueprint<T> blueprint;
  private final boolean unchangedAsNull;

  private Table(TableId id, String form, RowMapper<T> mapper) {
    this.id = id;
    this.form = form;
    this.mapper = mapper;
    this.components = List.of();
    this.blueprint = null;
    this.unchangedAsNull = false;
  }

  private Table(
      TableId id, Blueprint<T> blueprint, List<Component> components, boolean unchangedAsNull) {
    this.id = id;
    this.form = blueprint.name();
    this.mapper = new ComponentMapper<>(id, blueprint, components, unchangedAsNull);
    this.components = List.copyOf(components);
    this.blueprint = blueprint;
    this.unchangedAsNull = unchangedAsNull;
  }

  /**
   * Rows as they are.
   *
   * @param table the name as {@code schema.table}, see {@link TableId#parse}
   */
  public static Table<Row> of(String table) {
    return new Table<>(TableId.parse(table), "Row", row -> row);
  }

  /**
   * Rows through a mapper of one's own.
   *
   * @param table the name as {@code schema.table}, see {@link TableId#parse}
   */
  public static <T> Table<T> of(String table, RowMapper<T> mapper) {
    return new Table<>(TableId.parse(table), "what a RowMapper makes", mapper);
  }

  /**
   * Rows as records or beans; they may be private, nested or local.
   *
   * @param table the name as {@code schema.table}, see {@link TableId#parse}
   * @param type a record, a class with a constructor without parameters and setters, or {@link Row}
   * @throws IllegalArgumentException if {@code type} is none of these
   */
  public static <T> Table<T> of(String table, Class<T> type) {
    TableId id = TableId.parse(table);
    if (type == Row.class) {
      return new Table<>(id, "Row", type::cast);
    }
    Blueprint<T> blueprint = Blueprint.of(type);
    return new Table<>(id, blueprint, blueprint.components(), false);
  }

  /**
   * The same, with one component filled from a column of another name.
   *
   * @param component the component's or property's name in Java
   * @param column the column's name, exactly as the catalog has it
   * @throws IllegalArgumentException if there is no such component
   */
  public Table<T> withColumn(String component, String column) {
    List<String> names = components.stream().map(Component::name).toList();
    if (blueprint == null || !names.contains(component)) {
      throw new IllegalArgumentException(
          "%s has no component '%s', it has %s".formatted(form, component, names));
    }
    Stream<Component> renamed =
        components.stream().map(c -> c.name().equals(component) ? c.from(column) : c);
    return new Table<>(id, blueprint, renamed.toList(), unchangedAsNull);
  }

  /**
   * The same, but a record's component or a bean's property is null where its column is unchanged,
   * as if the column were null. For types that cannot tell the two apart and need not. A {@code
   * Column} still says which it is, a primitive still stops the engine, and a {@link Row} or a
   * mapper of one's own is not touched. {@code CdcConfig.unchanged} does this for all tables.
   */
  public Table<T> unchangedAsNull() {
    return blueprint == null ? this : new Table<>(id, blueprint, components, true);
  }

  /** The table's name. */
  public TableId id() {
    return id;
  }

  /** What turns its rows into {@code T}. */
  public RowMapper<T> mapper() {
    return mapper;
  }

  /**
   * What a record or bean wants to be filled from; empty for {@link Row} and for a mapper of one's
   * own.
   */
  public List<Component> components() {
    return components;
  }

  /** The table and what its rows become, such as {@code public.transactions as Transaction}. */
  @Override
  public String toString() {
    return id + " as " + form;
  }

  /**
   * A record component or bean property.
   *
   * @param name its name in Java
   * @param columns the column names that it takes, the first that exists wins
   * @param type its Java type
   */
  public record Component(String name, List<String> columns, Type type) {

    /** Whether it may be set to null. */
    boolean isNullable() {
      return type instanceof Class<?> plain
          ? !plain.isPrimitive() && plain != Column.class
          : !(type instanceof ParameterizedType generic && generic.getRawType() == Column.class);
    }

    private Component from(String column) {
      return new Component(name, List.of(column), type);
    }
  }
}
