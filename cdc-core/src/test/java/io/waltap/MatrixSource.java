package io.waltap;

import io.waltap.config.CdcConfig;
import io.waltap.internal.connection.Connections;
import io.waltap.testing.TestDatabase;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The table from which the captured ones are filled: a row for each value of each type, in four
 * columns of the type: plain, domain, array, array of domain. What the server itself says of each
 * value is what the listener has to get.
 */
final class MatrixSource {

  static final int LARGE = 1 << 20;

  enum Form {
    PLAIN,
    DOMAIN,
    ARRAY,
    DOMAIN_ARRAY;

    boolean array() {
      return this == ARRAY || this == DOMAIN_ARRAY;
    }

    String column(int type) {
      return name().toLowerCase(java.util.Locale.ROOT) + type;
    }
  }

  /** What a cell holds. */
  record Cell(
      MatrixType type,
      Form form,
      String column,
      String variant,
      @Nullable String text,
      @Nullable List<@Nullable String> elements,
      @Nullable Object natural) {

    boolean large() {
      return variant.equals("large");
    }

    String typeName() {
      return (form.array() ? "_" : "") + type.name();
    }
  }

  private record Line(int type, String variant, Map<Form, String> values) {}

  private final TestDatabase database;
  private final List<MatrixType> types = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<Line> lines = new ArrayList<>();
  private final Map<String, List<String>> left = new LinkedHashMap<>();
  private final List<List<Cell>> cells = new ArrayList<>();

  MatrixSource(TestDatabase database) throws SQLException {
    this.database = database;
    MatrixTypes.EXTENSIONS.forEach(name -> tried("CREATE EXTENSION " + name));
    MatrixTypes.OWN_TYPES.forEach(database::execute);
    for (MatrixType type : MatrixTypes.ALL) {
      if (tried("CREATE DOMAIN domain" + types.size() + " AS " + type.sql())) {
        types.add(type);
      }
    }
    for (int i = 0; i < types.size(); i++) {
      plan(i);
      for (Form form : Form.values()) {
        names.add(form.column(i));
      }
    }
    createTable("source");
    fill();
    read();
  }

  /** What the server does not have is listed. */
  private boolean tried(String sql) {
    try {
      database.execute(sql);
      return true;
    } catch (IllegalStateException e) {
      leaveOut("this server does not have it", sql.substring(sql.lastIndexOf(' ') + 1));
      return false;
    }
  }

  void leaveOut(String reason, String what) {
    left.computeIfAbsent(reason, r -> new ArrayList<>()).add(what);
  }

  /** Combinations that do not exist, by the reason. */
  Map<String, List<String>> leftOut() {
    return left;
  }

  int rows() {
    return lines.size();
  }

  int types() {
    return types.size();
  }

  /** The cells of a row, from 1. */
  List<Cell> cells(int id) {
    return cells.get(id - 1);
  }

  String columns(String prefix) {
    return names.stream().map(name -> prefix + name).collect(Collectors.joining(", "));
  }

  List<String> columnNames() {
    return names;
  }

  private void plan(int index) {
    MatrixType type = types.get(index);
    String min = type.literal(type.values().get(0));
    String max = type.literal(type.values().get(1));
    add(index, "null", "NULL", "NULL");
    add(index, "min", min, list(min, "NULL", max));
    add(index, "max", max, list(max));
    for (String special : type.values().subList(2, type.values().size())) {
      add(index, "special", type.literal(special), list("NULL", type.literal(special), min));
    }
    String empty = type.empty();
    if (empty == null) {
      leaveOut("no value of the type is empty", type.sql());
    } else {
      add(index, "empty", type.literal(empty), list(type.literal(empty), "NULL"));
    }
    addArray(index, "no elements", "'{}'");
    addArray(index, "two dimensions", list(list(min, "NULL"), list(max, min)));
    if (type.large() == null) {
      leaveOut("no value of the type is large, hence none unchanged, except in arrays", type.sql());
      addArray(index, "large", "array_fill(" + max + ", ARRAY[10000])");
    } else {
      String part = type.large().apply(LARGE / 4);
      lines.add(
          new Line(
              index,
              "large",
              Map.of(
                  Form.PLAIN, type.large().apply(LARGE),
                  Form.DOMAIN, part,
                  Form.ARRAY, list(part, "NULL", min),
                  Form.DOMAIN_ARRAY, list("NULL", part))));
    }
  }

  private void add(int type, String variant, String value, String array) {
    lines.add(
        new Line(
            type,
            variant,
            Map.of(
                Form.PLAIN, value,
                Form.DOMAIN, value,
                Form.ARRAY, array,
                Form.DOMAIN_ARRAY, array)));
  }

  private void addArray(int type, String variant, String array) {
    lines.add(new Line(type, variant, Map.of(Form.ARRAY, array, Form.DOMAIN_ARRAY, array)));
  }

  private static String list(String... elements) {
    return "ARRAY[" + String.join(", ", elements) + "]";
  }

  /** Values are out of line if they are too large for a page, and never compressed. */
  void createTable(String table) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      String sql = types.get(i).sql();
      columns.add(Form.PLAIN.column(i) + " " + sql);
      columns.add(Form.DOMAIN.column(i) + " domain" + i);
      columns.add(Form.ARRAY.column(i) + " " + sql + "[]");
      columns.add(Form.DOMAIN_ARRAY.column(i) + " domain" + i + "[]");
    }
    database.execute(
        "CREATE TABLE %s (id int PRIMARY KEY, ident int NOT NULL UNIQUE, step int, %s)"
            .formatted(table, String.join(", ", columns)),
        "ALTER TABLE " + table + " SET (toast_tuple_target = 8160)");
    database.execute(
        database.value(
            "SELECT 'ALTER TABLE %s ' || string_agg('ALTER ' || attname || ' SET STORAGE EXTERNAL', ', ')"
                    .formatted(table)
                + " FROM pg_attribute WHERE attstorage <> 'p' AND attnum > 0"
                + " AND attrelid = '%s'::regclass".formatted(table)));
  }

  private void fill() throws SQLException {
    try (Statement statement = database.connection().createStatement()) {
      for (int id = 1; id <= lines.size(); id++) {
        Line line = lines.get(id - 1);
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (Map.Entry<Form, String> value : line.values().entrySet()) {
          String column = value.getKey().column(line.type());
          columns.add(column);
          values.add("(" + value.getValue() + ")::" + typeOf(value.getKey(), line.type()));
        }
        statement.addBatch(
            "INSERT INTO source (id, ident, step, %s) VALUES (%d, %d, 0, %s)"
                .formatted(String.join(", ", columns), id, id, String.join(", ", values)));
      }
      statement.executeBatch();
    }
  }

  private String typeOf(Form form, int type) {
    return switch (form) {
      case PLAIN -> types.get(type).sql();
      case DOMAIN -> "domain" + type;
      case ARRAY -> types.get(type).sql() + "[]";
      case DOMAIN_ARRAY -> "domain" + type + "[]";
    };
  }

  /** In the session settings of the library. */
  private void read() throws SQLException {
    CdcConfig config = CdcConfig.postgres(database.url(), database.user(), database.password());
    try (Connection connection = Connections.open(config);
        Statement statement = connection.createStatement()) {
      for (int id = 1; id <= lines.size(); id++) {
        cells.add(read(statement, id, lines.get(id - 1)));
      }
    }
  }

  private List<Cell> read(Statement statement, int id, Line line) throws SQLException {
    MatrixType type = types.get(line.type());
    List<Form> forms = Stream.of(Form.values()).filter(line.values()::containsKey).toList();
    String selected =
        forms.stream().map(form -> expression(type, form, line)).collect(Collectors.joining(", "));
    try (ResultSet row =
        statement.executeQuery("SELECT " + selected + " FROM source WHERE id = " + id)) {
      row.next();
      List<Cell> read = new ArrayList<>();
      for (int i = 0; i < forms.size(); i++) {
        read.add(cell(type, forms.get(i), line, row, 3 * i + 1));
      }
      return read;
    }
  }

  /**
   * The text, the elements' texts (unnested so that a null is no composite of nulls), and the value
   * for the driver to read.
   */
  private static String expression(MatrixType type, Form form, Line line) {
    String column = form.column(line.type());
    return form.array()
        ? "%s::text, ARRAY(SELECT %s FROM (SELECT unnest(%s) AS u) each), NULL"
            .formatted(column, type.text("u"), column)
        : "%s, NULL::text[], %s".formatted(type.text(column), column);
  }

  private static Cell cell(MatrixType type, Form form, Line line, ResultSet row, int index)
      throws SQLException {
    String text = row.getString(index);
    Array elements = text == null ? null : row.getArray(index + 1);
    return new Cell(
        type,
        form,
        form.column(line.type()),
        line.variant(),
        text,
        elements == null ? null : Arrays.asList((String[]) elements.getArray()),
        text == null || form.array()
            ? null
            : MatrixNatural.expected(type.name(), text, row, index + 2));
  }

  /** By column, for a quick look. */
  static Map<String, Cell> byColumn(List<Cell> cells) {
    Map<String, Cell> map = new HashMap<>();
    cells.forEach(cell -> map.put(cell.column(), cell));
    return map;
  }
}
