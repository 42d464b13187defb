package io.waltap.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;

/** The rows of a table as the driver's cursor reads them, thrown away: the limit of a snapshot. */
final class JdbcCursor implements Candidate {

  private static final int FETCH_SIZE = 10_000;

  @Override
  public String name() {
    return "JDBC cursor";
  }

  @Override
  public void receive(Feed feed, Arrivals arrivals) throws Exception {
    try (Connection connection =
        DriverManager.getConnection(feed.url(), BenchmarkServer.USER, BenchmarkServer.PASSWORD)) {
      connection.setAutoCommit(false); // the driver has cursors within transactions only
      for (WorkTable<?> table : feed.tables()) {
        read(connection, "SELECT * FROM " + table.name(), arrivals);
      }
    }
  }

  private static void read(Connection connection, String query, Arrivals arrivals)
      throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH_SIZE);
      try (ResultSet rows = statement.executeQuery(query)) {
        while (rows.next()) {
          arrivals.row(rows);
        }
      }
    }
  }
}
