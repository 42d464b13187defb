package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.listener.ChangeListener;
import io.waltap.table.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is written while nobody listens is not lost: the next start goes on where the last ended.
 */
public final class ResumeMain {

  private ResumeMain() {}

  /** Shows it on an embedded PostgreSQL. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("waltap-resume");
    Path position = folder.resolve("position");
    try (DemoServer server = DemoServer.start()) {
      run(server, position, System.out);
    } finally {
      delete(folder);
    }
  }

  // With what the store keeps beside the position: the one before it, and its lock.
  private static void delete(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  static void run(DemoServer server, Path position, PrintStream out) throws Exception {
    // A relative file in the working directory is the default; an application says where.
    CdcConfig config = server.config().toBuilder().offsetFile(position).build();
    List<String> received = new ArrayList<>();

    server.execute(insert("t1"));
    try (CdcEngine engine = start(config, received)) {
      server.execute(insert("t2"));
      server.awaitProcessed(engine);
    }
    out.println("First run received " + received + ".");

    server.execute(insert("t3"), insert("t4"));
    out.println("Stopped, while t3 and t4 were written.");

    int before = received.size();
    try (CdcEngine engine = start(config, received)) {
      server.execute(insert("t5"));
      server.awaitProcessed(engine);
    }
    out.println("Second run received " + received.subList(before, received.size()) + ".");
    out.println("Together: " + received + ", nothing lost, nothing repeated.");
  }

  private static CdcEngine start(CdcConfig config, List<String> received)
      throws InterruptedException {
    return CdcEngine.builder(config)
        .listen(Table.of("public.transactions", Transaction.class), keysInto(received))
        .start();
  }

  private static ChangeListener<Transaction> keysInto(List<String> received) {
    return change -> {
      if (change instanceof Read<Transaction> read) {
        received.add(read.after().transactionId());
      } else if (change instanceof Insert<Transaction> insert) {
        received.add(insert.after().transactionId());
      }
    };
  }

  private static String insert(String key) {
    return "INSERT INTO transactions (transaction_id, amount) VALUES ('" + key + "', 1.00)";
  }
}
