package io.waltap.table;

import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.table.Table.Component;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fills the components of a record or bean from the columns that bear their names. */
final class ComponentMapper<T> implements RowMapper<T> {

  private final TableId table;
  private final Blueprint<T> blueprint;
  private final List<Component> components;
  private final boolean unchangedAsNull;
  private volatile Places places = new Places(List.of(), new int[0]);

  /** Where the components' columns are, for all rows that share this very list of names. */
  private static final class Places {
    final List<String> columns;
    final int[] indexes;

    Places(List<String> columns, int[] indexes) {
      this.columns = columns;
      this.indexes = indexes;
    }
  }

  /**
   * A mapper.
   *
   * @param components those of the blueprint, in its order, perhaps with other columns
   * @param unchangedAsNull whether components that may be null are null for unchanged columns
   */
  ComponentMapper(
      TableId table, Blueprint<T> blueprint, List<Component> components, boolean unchangedAsNull) {
    this.table = table;
    this.blueprint = blueprint;
    this.components = components;
    this.unchangedAsNull = unchangedAsNull;
  }

  @Override
  public T map(Row row) {
    int[] indexes = indexesIn(row.columns());
    @Nullable Object[] values = new @Nullable Object[indexes.length];
    for (int i = 0; i < indexes.length; i++) {
      values[i] = value(row, indexes[i], components.get(i));
    }
    return blueprint.build(values);
  }

  @SuppressWarnings("ReferenceEquality") // comparing the names would cost more than finding them
  private int[] indexesIn(List<String> columns) {
    Places known = places;
    if (known.columns != columns) {
      known = new Places(columns, components.stream().mapToInt(c -> find(c, columns)).toArray());
      places = known;
    }
    return known.indexes;
  }

  private int find(Component component, List<String> columns) {
    return component.columns().stream()
        .mapToInt(columns::indexOf)
        .filter(index -> index >= 0)
        .findFirst()
        .orElseThrow(() -> withoutColumn(component, columns));
  }

  private IllegalArgumentException withoutColumn(Component component, List<String> columns) {
    return new IllegalArgumentException(
        "%s has no column %s among %s; rename it, or name its column with Table.withColumn"
            .formatted(where(component), String.join(" or ", component.columns()), columns));
  }

  private @Nullable Object value(Row row, int index, Component component) {
    if (unchangedAsNull && component.isNullable() && row.isUnchanged(row.columns().get(index))) {
      return null;
    }
    Object value;
    try {
      value = row.get(index, component.type());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where(component) + ": " + e.getMessage(), e);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          "%s: %s (ALTER TABLE %s REPLICA IDENTITY FULL), or declare the component as Column"
              .formatted(where(component), e.getMessage(), table.quoted()),
          e);
    }
    if (value == null && component.type() instanceof Class<?> type && type.isPrimitive()) {
      throw new IllegalArgumentException(
          "%s: column '%s' is null, which no %s holds; use its boxed type"
              .formatted(where(component), row.columns().get(index), type));
    }
    return value;
  }

  private String where(Component component) {
    return "component '%s' of %s, table %s".formatted(component.name(), blueprint.name(), table);
  }
}
