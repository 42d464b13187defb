package io.waltap.generator.audit;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;

/** An audit in a process of its own, with the memory that its starter allows it. */
final class AuditChild {

  private AuditChild() {}

  /** URL, user, password, recording. */
  public static void main(String[] args) throws Exception {
    long begin = System.nanoTime();
    try (Connection connection = DriverManager.getConnection(args[0], args[1], args[2])) {
      AuditReport report = Audit.of(connection, Path.of(args[3])).run();
      System.out.print(report);
      System.out.printf("audited in %.1f s%n", (System.nanoTime() - begin) / 1e9);
    }
  }
}
