package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.testing.PostgresServer;
import io.waltap.testing.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A newcomer's project: nothing but the README's dependency, its hello world, its SQL, and a
 * logging backend; built by Maven, run as a process, on a real server.
 */
class OutsideProjectIT {

  private static final String ADDRESS =
      "\"jdbc:postgresql://localhost:5432/financial_db\", \"cdc\", \"secret\"";

  @TempDir private Path folder;
  private TestDatabase database;
  private String role;

  @BeforeEach
  void setUpAsTheReadmeSays() {
    database = TestDatabase.create();
    role = "r" + database.name();
    database.execute(script("01-transactions.sql"), script("02-change-history.sql"));
    String sql = Paper.README.blocks("sql").get(0);
    database.execute(sql.replace("cdc", role).replace("'...'", "'secret'"));
  }

  @AfterEach
  void dropDatabase() throws Exception {
    database.close();
    try (Connection admin = PostgresServer.shared().connect("postgres");
        Statement statement = admin.createStatement()) {
      statement.execute("DROP ROLE " + role);
    }
  }

  @Test
  void helloWorldPrintsTypedChanges() throws Exception {
    database.execute("INSERT INTO transactions (transaction_id, amount) VALUES ('t-1', 10.10)");
    OutsideProject project = project();
    project.build();
    Process helloWorld = project.run("HelloWorld");
    try (BufferedReader output = helloWorld.inputReader(StandardCharsets.UTF_8)) {
      assertThat(next(output, project))
          .startsWith("Read[")
          .contains("after=Transaction[transactionId=t-1, ", "amount=10.10, ");
      database.execute("UPDATE transactions SET amount = 12.50 WHERE transaction_id = 't-1'");
      assertThat(next(output, project))
          .startsWith("Update[")
          .contains("before=Transaction[transactionId=t-1, ", "amount=10.10, ")
          .contains("after=Transaction[transactionId=t-1, ", "amount=12.50, ")
          .contains("changeInfo={\"amount\":{\"new\":12.50,\"old\":10.10},");
      database.execute("DELETE FROM transactions");
      assertThat(next(output, project)).startsWith("Delete[");
    } finally {
      helloWorld.destroyForcibly().waitFor();
    }
  }

  private static String script(String name) {
    return Paper.read(Paper.ROOT.resolve("sql").resolve(name));
  }

  private OutsideProject project() throws IOException {
    String code = Paper.README.blocks("java").get(0);
    assertThat(code).contains(ADDRESS);
    String address = "\"%s\", \"%s\", \"secret\"".formatted(database.url(), role);
    return OutsideProject.create(
        folder, Paper.README.blocks("xml").get(0), "HelloWorld", code.replace(ADDRESS, address));
  }

  private static String next(BufferedReader output, OutsideProject project) throws IOException {
    String line = output.readLine();
    assertThat(line).as("a change is printed; it said: %s", project.errors()).isNotNull();
    return line;
  }
}
