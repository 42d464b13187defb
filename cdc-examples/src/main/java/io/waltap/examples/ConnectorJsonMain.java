package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Starts from the JSON that one would have posted to Kafka Connect. */
public final class ConnectorJsonMain {

  private ConnectorJsonMain() {}

  /** Shows it on an embedded PostgreSQL. */
  public static void main(String[] args) throws Exception {
    try (DemoServer server = DemoServer.start()) {
      run(server, System.out);
    }
  }

  static void run(DemoServer server, PrintStream out) throws Exception {
    CdcConfig posted = CdcConfig.fromConnectorJson(json());
    out.println("The JSON says " + posted.url() + " as " + posted.user() + ".");

    // Its host is a container's name; here the same database is somewhere else.
    CdcConfig config = posted.toBuilder().url(server.url()).build();
    try (CdcEngine engine =
        CdcEngine.builder(config)
            .listen(
                Table.of("public.transactions"),
                change -> out.println(change.operation() + " in " + change.table()))
            .offsets(new InMemoryOffsetStore())
            .start()) {
      server.execute("INSERT INTO transactions (transaction_id) VALUES ('t1')");
      server.awaitProcessed(engine);
    }
  }

  private static String json() throws IOException {
    try (InputStream in =
        ConnectorJsonMain.class.getResourceAsStream("/postgres-fin-connector.json")) {
      if (in == null) {
        throw new FileNotFoundException("postgres-fin-connector.json is not on the class path.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
