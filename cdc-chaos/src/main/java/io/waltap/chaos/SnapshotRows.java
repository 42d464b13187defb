package io.waltap.chaos;

import io.waltap.event.TableId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of all tables at one moment, each as its table and a digest of its values. */
final class SnapshotRows {

  private final Map<String, Integer> lines = new HashMap<>();

  private SnapshotRows() {}

  /** One row. Two rows with the same columns and values have the same line. */
  static String line(String table, List<String> columns, List<@Nullable String> values) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      for (int i = 0; i < columns.size(); i++) {
        digest.update(
            (columns.get(i) + "=" + values.get(i) + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return table + " " + HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads the tables; nobody writes. */
  static SnapshotRows of(ChaosServer server) throws SQLException {
    SnapshotRows rows = new SnapshotRows();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET timezone = 'UTC'");
      connection.setAutoCommit(false);
      statement.setFetchSize(1_000);
      for (TableId table : ChaosSchema.TABLES) {
        rows.read(table, statement);
      }
    }
    return rows;
  }

  private void read(TableId table, Statement statement) throws SQLException {
    List<String> columns = columns(table, statement);
    String query =
        columns.stream()
            .map(column -> "\"" + column + "\"::text")
            .collect(Collectors.joining(", ", "SELECT ", " FROM " + table.quoted()));
    try (ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        List<@Nullable String> values = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
          values.add(row.getString(i));
        }
        add(line(table.toString(), columns, values));
      }
    }
  }

  private static List<String> columns(TableId table, Statement statement) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (ResultSet none =
        statement.executeQuery("SELECT * FROM " + table.quoted() + " WHERE false")) {
      for (int i = 1; i <= none.getMetaData().getColumnCount(); i++) {
        columns.add(none.getMetaData().getColumnName(i));
      }
    }
    return columns;
  }

  private void add(String line) {
    lines.merge(line, 1, Integer::sum);
  }

  int count() {
    return lines.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Compares with the file of {@link SnapshotNotes}; a sentence for each difference. */
  List<String> compare(Path notes) throws IOException {
    Map<String, Integer> left = new HashMap<>(lines);
    try (BufferedReader reader = Files.newBufferedReader(notes)) {
      reader.lines().forEach(line -> left.merge(line, -1, Integer::sum));
    }
    List<String> differences = new ArrayList<>();
    left.forEach(
        (line, count) -> {
          if (count != 0) {
            differences.add(
                (count > 0 ? "missing in the snapshot: " : "too much in the snapshot: ") + line);
          }
        });
    return differences;
  }
}
