package io.waltap.generator;

import io.waltap.generator.Workload.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The writers of a workload at work together, each on a thread with a connection of its own. */
final class ParallelLoops {

  private final List<WriterLoop> loops;
  private final Runnable stop;

  /**
   * @param stop ends all of them soon
   */
  ParallelLoops(List<WriterLoop> loops, Runnable stop) {
    this.loops = loops;
    this.stop = stop;
  }

  /** Returns, or throws the first failure, when all have ended. */
  void run(Connections connections) throws SQLException {
    ExecutorService threads =
        Executors.newFixedThreadPool(loops.size(), task -> new Thread(task, "generator-writer"));
    List<Future<?>> running = new ArrayList<>();
    for (WriterLoop loop : loops) {
      running.add(threads.submit(() -> run(loop, connections)));
    }
    threads.shutdown();
    awaitAll(running);
  }

  private @Nullable Void run(WriterLoop loop, Connections connections) throws SQLException {
    try (Connection connection = connections.open()) {
      loop.run(connection);
      return null;
    } catch (SQLException | RuntimeException | Error e) {
      stop.run();
      throw e;
    }
  }

  /** An interrupt stops the writers, is waited out, and stays set. */
  private void awaitAll(List<Future<?>> running) throws SQLException {
    Throwable first = null;
    boolean interrupted = false;
    for (int i = 0; i < running.size(); ) {
      try {
        running.get(i).get();
        i++;
      } catch (InterruptedException e) {
        interrupted = true;
        stop.run();
      } catch (ExecutionException e) {
        first = first == null ? e.getCause() : first;
        i++;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    rethrow(first);
  }

  private static void rethrow(@Nullable Throwable failure) throws SQLException {
    if (failure instanceof SQLException refusal) {
      throw refusal;
    }
    if (failure instanceof RuntimeException mistake) {
      throw mistake;
    }
    if (failure instanceof Error error) {
      throw error;
    }
  }
}
