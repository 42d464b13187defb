package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.event.ChangeEvent;
import io.waltap.generator.Totals;
import io.waltap.generator.Workload;
import io.waltap.listener.EngineState;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One run: streams while the workload writes, waits until all has come, and compares. */
final class Quickstart {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Target target;
  private final Workload workload;
  private final PrintWriter out;
  private final ChangeLine lines;
  private final Tally tally = new Tally();

  Quickstart(Target target, Workload workload, PrintWriter out, ChangeLine lines) {
    this.target = target;
    this.workload = workload;
    this.out = out;
    this.lines = lines;
  }

  /** Whether the listener has received what was written. */
  boolean run() throws SQLException, InterruptedException {
    try (Connection connection = target.connect()) {
      target.prepare(connection);
      try (CdcEngine engine = start()) {
        engine.awaitStreaming(PATIENCE);
        say("Streaming public.transactions from " + target.config().url());
        say("through the slot " + target.config().slot() + ". Ctrl-C ends it.");
        say(lines.header());
        Totals written = workload.run(connection);
        boolean processed = engine.awaitProcessed(DemoServer.writtenSoFar(connection), PATIENCE);
        return compare(written, processed);
      }
    }
  }

  private CdcEngine start() throws InterruptedException {
    return CdcEngine.builder(target.config())
        .listen(Table.of("public.transactions", Transaction.class), this::show)
        .onState(this::stopWritingWhenTheEngineFails)
        .offsets(new InMemoryOffsetStore())
        .start();
  }

  private void show(ChangeEvent<Transaction> change) {
    Instant committed = change.metadata().commitTime();
    Duration lag = committed == null ? null : Duration.between(committed, Instant.now());
    tally.add(change.operation(), lag);
    say(lines.of(change, lag));
  }

  private void stopWritingWhenTheEngineFails(
      EngineState from, EngineState to, @Nullable Throwable failure) {
    if (to == EngineState.FAILED) {
      workload.stop();
    }
  }

  private boolean compare(Totals written, boolean processed) {
    say("");
    out.print(tally.table(written));
    boolean agrees = tally.totals().equals(written);
    say(verdict(agrees, processed));
    return agrees;
  }

  private static String verdict(boolean agrees, boolean processed) {
    if (agrees) {
      return "They agree: what was written has arrived.";
    }
    return processed
        ? "They do not agree: did someone else write to public.transactions meanwhile?"
        : "They do not agree: not all has arrived within " + PATIENCE.toSeconds() + " s.";
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
