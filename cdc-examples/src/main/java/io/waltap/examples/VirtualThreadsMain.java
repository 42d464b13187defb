package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Hundreds of slow calls at once, on threads that cost next to nothing where Java has them. */
public final class VirtualThreadsMain {

  private static final int CALLS = 400;

  private VirtualThreadsMain() {}

  /** Shows it on an embedded PostgreSQL. */
  public static void main(String[] args) throws Exception {
    try (DemoServer server = DemoServer.start()) {
      run(server, System.out);
    }
  }

  static void run(DemoServer server, PrintStream out) throws Exception {
    ExecutorService executor = executor(out);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    try (CdcEngine engine =
        CdcEngine.builder(server.config())
            .listen(
                Table.of("public.transactions"),
                change -> {
                  threads.add(Thread.currentThread());
                  TimeUnit.MILLISECONDS.sleep(100);
                })
            .workers(CALLS)
            .executor(executor)
            .offsets(new InMemoryOffsetStore()) // the default is a file
            .start()) {
      engine.awaitStreaming(Duration.ofSeconds(30));
      long begun = System.nanoTime();
      server.execute(
          "INSERT INTO transactions (transaction_id)"
              + (" SELECT 't' || n FROM generate_series(1, " + CALLS + ") n"));
      server.awaitProcessed(engine);
      long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
      out.printf("%d calls of 100 ms took %d ms.%n", CALLS, millis);
      Proof.that(threads.size() > 1 && millis < 100L * CALLS / 4, "many calls at once");
    } finally {
      executor.shutdown(); // the engine leaves that to whoever gave it
    }
  }

  /** By reflection, since this is compiled for Java 17. */
  private static ExecutorService executor(PrintStream out) throws ReflectiveOperationException {
    if (Runtime.version().feature() < 21) {
      out.println("This Java has no virtual threads, so these are others.");
      return Executors.newCachedThreadPool();
    }
    out.println("On virtual threads:");
    return (ExecutorService)
        Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }
}
