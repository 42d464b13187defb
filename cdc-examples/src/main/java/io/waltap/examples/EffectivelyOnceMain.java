package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.generator.Mix;
import io.waltap.generator.Workload;
import io.waltap.offset.JdbcOffsetStore;
import io.waltap.table.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two listeners add up amounts in a table, and their process dies on the way. One's sums commit
 * together with the position, so they are exact; the other adds again what is delivered again.
 */
public final class EffectivelyOnceMain {

  private static final int EXIT_CODE_OF_A_CRASH = 86;

  private EffectivelyOnceMain() {}

  /** Shows it on an embedded PostgreSQL; with an URL, is the process that dies. */
  public static void main(String[] args) throws Exception {
    if (args.length == 1) {
      die(args[0]);
      return;
    }
    try (DemoServer server = DemoServer.start()) {
      run(server, 3, System.out);
    }
  }

  static void run(DemoServer server, int crashes, PrintStream out) throws Exception {
    server.execute(
        "CREATE TABLE total (listener text PRIMARY KEY, amount numeric NOT NULL)",
        "INSERT INTO total VALUES ('once', 0), ('plain', 0)");
    try (Connection connection = server.connect()) {
      deliver(server, connection); // so that there is a slot that keeps what is written now
      Workload.builder().mix(new Mix(100, 0, 0)).count(100).build().run(connection);
      for (int crash = 1; crash <= crashes; crash++) {
        crash(server.url());
      }
      deliver(server, connection);
    }
    BigDecimal written = server.number("SELECT sum(amount) FROM transactions");
    BigDecimal once = server.number("SELECT amount FROM total WHERE listener = 'once'");
    BigDecimal plain = server.number("SELECT amount FROM total WHERE listener = 'plain'");
    out.println("The process died " + crashes + " times, each time amid a transaction.");
    out.println("Written:                             " + written);
    out.println("Added up together with the position: " + once);
    out.println("Added up by itself:                  " + plain);
    Proof.that(once.compareTo(written) == 0, "each amount once");
    Proof.that(plain.compareTo(written) > 0, "some amounts more than once without that");
  }

  private static void deliver(DemoServer server, Connection connection) throws Exception {
    try (CdcEngine engine = start(server.url(), connection, () -> {})) {
      server.awaitProcessed(engine);
    }
  }

  private static CdcEngine start(String url, Connection connection, Runnable afterEach)
      throws InterruptedException {
    Table<Transaction> table = Table.of("public.transactions", Transaction.class);
    JdbcOffsetStore store =
        JdbcOffsetStore.builder(() -> connect(url), "totals").createTable().build();
    return CdcEngine.builder(CdcConfig.postgres(url, "cdc", "secret"))
        .offsets(store)
        .listenEffectivelyOnce(table, (change, effects) -> add(change, "once", effects))
        .listen(
            table,
            change -> {
              add(change, "plain", connection);
              afterEach.run();
            })
        .start();
  }

  private static void add(ChangeEvent<Transaction> change, String listener, Connection connection)
      throws SQLException {
    if (change instanceof Insert<Transaction> insert) {
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE total SET amount = amount + ? WHERE listener = ?")) {
        update.setBigDecimal(1, insert.after().amount());
        update.setString(2, listener);
        update.executeUpdate();
      }
    }
  }

  /** Dies at the fifth row of the second transaction, of which each has ten. */
  private static void die(String url) throws Exception {
    AtomicInteger changes = new AtomicInteger();
    Runnable dieAtTheFifteenth =
        () -> {
          if (changes.incrementAndGet() == 15) {
            Runtime.getRuntime().halt(EXIT_CODE_OF_A_CRASH);
          }
        };
    try (Connection connection = connect(url);
        CdcEngine engine = start(url, connection, dieAtTheFifteenth)) {
      engine.awaitStopped();
    }
  }

  private static void crash(String url) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String libraries = System.getProperty("java.class.path");
    Process process =
        new ProcessBuilder(java, "-cp", libraries, EffectivelyOnceMain.class.getName(), url)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Proof.that(process.waitFor() == EXIT_CODE_OF_A_CRASH, "a process that dies at work");
  }

  private static Connection connect(String url) throws SQLException {
    return DriverManager.getConnection(url, "postgres", "postgres");
  }
}
