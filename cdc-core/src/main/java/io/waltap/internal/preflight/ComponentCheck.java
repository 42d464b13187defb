package io.waltap.internal.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import io.waltap.event.TableId;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import io.waltap.table.Table.Component;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a record or bean wants, against the columns there are. */
final class ComponentCheck {

  /** What to suggest for a column, the most fitting first. */
  private static final List<Class<?>> SUGGESTIONS =
      List.of(
          Boolean.class,
          Integer.class,
          Long.class,
          BigDecimal.class,
          Double.class,
          UUID.class,
          LocalDate.class,
          LocalTime.class,
          LocalDateTime.class,
          Instant.class,
          byte[].class,
          JsonNode.class,
          String.class);

  private static final Map<Class<?>, String> BOXES =
      Map.of(
          boolean.class, "Boolean",
          byte.class, "Byte",
          short.class, "Short",
          int.class, "Integer",
          long.class, "Long",
          float.class, "Float",
          double.class, "Double",
          char.class, "Character");

  private final BiPredicate<Column, Type> supports;

  /** The predicate says whether a column can become a Java type. */
  ComponentCheck(BiPredicate<Column, Type> supports) {
    this.supports = supports;
  }

  List<Problem> problems(TableId table, List<Component> components, List<Column> columns) {
    return components.stream().flatMap(c -> problem(table, c, columns).stream()).toList();
  }

  /** The column that fills the component: the first of its names that exists. */
  static Optional<Column> filling(Component component, List<Column> columns) {
    return component.columns().stream()
        .flatMap(name -> columns.stream().filter(column -> column.name().equals(name)))
        .findFirst();
  }

  private Optional<Problem> problem(TableId table, Component component, List<Column> columns) {
    Column column = filling(component, columns).orElse(null);
    if (column == null) {
      return Optional.of(unfilled(table, component, columns));
    }
    if (!supports.test(column, component.type())) {
      return Optional.of(unfit(table, component, column));
    }
    return column.nullable() && box(component.type()) != null
        ? Optional.of(primitive(table, component, column))
        : Optional.empty();
  }

  private static Problem unfilled(TableId table, Component component, List<Column> columns) {
    List<String> names = columns.stream().map(Column::name).toList();
    List<String> meant =
        component.columns().stream()
            .flatMap(name -> Similar.to(name, names).stream())
            .distinct()
            .toList();
    return new Problem(
        Code.COMPONENT_WITHOUT_COLUMN,
        "The component "
            + component.name()
            + " has no column in "
            + table
            + " (looked for "
            + Names.list(component.columns(), "or")
            + "); there are "
            + Names.list(names)
            + ".",
        meant.isEmpty()
            ? "Rename the component after a column, or remove it."
            : "Rename the component after the column " + Names.list(meant, "or") + ".");
  }

  private Problem unfit(TableId table, Component component, Column column) {
    String fitting = fitting(column);
    return new Problem(
        Code.COMPONENT_TYPE,
        sentence(component) + " cannot hold " + column(table, column) + ".",
        fitting.isEmpty()
            ? "Remove the component, or map the row with a RowMapper."
            : "Declare the component as " + fitting + ".");
  }

  private String fitting(Column column) {
    if (column.array()) {
      return "List or String";
    }
    if (column.enumerated()) {
      return "String or as an enum";
    }
    Stream<Class<?>> types = SUGGESTIONS.stream().filter(type -> supports.test(column, type));
    return Names.list(types.map(Class::getSimpleName).toList(), "or");
  }

  private static Problem primitive(TableId table, Component component, Column column) {
    return new Problem(
        Code.COMPONENT_NOT_NULLABLE,
        sentence(component) + " cannot be null, but " + column(table, column) + " can.",
        "Declare the component as "
            + box(component.type())
            + ", or ALTER TABLE "
            + Names.quote(table)
            + " ALTER COLUMN "
            + Names.quote(column.name())
            + " SET NOT NULL;");
  }

  private static String sentence(Component component) {
    return "The component " + component.name() + " (" + readable(component.type()) + ")";
  }

  private static String column(TableId table, Column column) {
    return "the column " + column.name() + " (" + column.type() + ") of " + table;
  }

  private static @Nullable String box(Type type) {
    return type instanceof Class<?> c ? BOXES.get(c) : null;
  }

  /** {@code List<String>} without the packages. */
  private static String readable(Type type) {
    return Stream.of(type.getTypeName().split("(?<=[<, ])"))
        .map(part -> part.replaceAll("([a-z_][\\w]*\\.)+", "").replaceAll(".*\\$", ""))
        .collect(Collectors.joining());
  }
}
