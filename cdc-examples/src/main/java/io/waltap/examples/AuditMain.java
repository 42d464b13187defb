package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.generator.Workload;
import io.waltap.generator.audit.Audit;
import io.waltap.generator.audit.AuditReport;
import io.waltap.generator.audit.AuditReport.Defect;
import io.waltap.generator.audit.DeliveryRecorder;
import io.waltap.generator.audit.Ledger;
import io.waltap.listener.ChangeListener;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.offset.OffsetStore;
import io.waltap.table.Table;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;

/** The database's own account of its changes shows whether a listener has got them all. */
public final class AuditMain {

  private static final String TABLE = "public.transactions";

  private AuditMain() {}

  /** Shows it on an embedded PostgreSQL. */
  public static void main(String[] args) throws Exception {
    Path recording = Files.createTempFile("waltap-audit", ".recording");
    try (DemoServer server = DemoServer.start()) {
      run(server, recording, System.out);
    } finally {
      Files.deleteIfExists(recording);
    }
  }

  static void run(DemoServer server, Path recording, PrintStream out) throws Exception {
    try (Connection connection = server.connect();
        DeliveryRecorder recorder = DeliveryRecorder.open(recording)) {
      Ledger.install(connection, List.of(TableId.parse(TABLE)));

      OffsetStore position = new InMemoryOffsetStore();
      deliver(server, connection, position, recorder);
      show("A listener that notes everything", Audit.of(connection, recording).run(), out);

      Ledger.clear(connection);
      deliver(server, connection, position, event -> noteMost(event, recorder));
      show(
          "A listener that forgets the seventh change of each transaction",
          Audit.of(connection, recording).run(),
          out);
    }
  }

  /** Has a listener be given the changes of a workload. */
  private static void deliver(
      DemoServer server, Connection connection, OffsetStore position, ChangeListener<Row> listener)
      throws Exception {
    CdcConfig config = server.config();
    try (CdcEngine engine =
        CdcEngine.builder(config).offsets(position).listen(Table.of(TABLE), listener).start()) {
      Workload.builder().count(100).build().run(connection);
      server.awaitProcessed(engine);
    }
  }

  private static void noteMost(ChangeEvent<Row> event, DeliveryRecorder recorder) throws Exception {
    if (event.metadata().order() != 7) {
      recorder.onChange(event);
    }
  }

  private static void show(String who, AuditReport report, PrintStream out) {
    out.printf(
        "%s: %d committed, %d delivered, %d missing.%n",
        who, report.expected(), report.delivered(), report.count(Defect.MISSING));
    report.examples(Defect.MISSING).stream().limit(1).forEach(e -> out.println("  such as: " + e));
  }
}
