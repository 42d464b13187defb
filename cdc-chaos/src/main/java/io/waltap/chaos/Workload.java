package io.waltap.chaos;

import io.waltap.generator.TransactionGenerator;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The writers, and what the campaign writes itself between them. They speak to the server directly,
 * not through the proxy.
 */
final class Workload implements AutoCloseable {

  private static final int WRITERS = 3;
  private static final int FIRST_ROWS = 20_000;
  private static final int RETRIES = 30;

  private final ChaosServer server;
  private final Numbers numbers = new Numbers();
  private final Gate gate = new Gate();
  private final List<Thread> threads = new ArrayList<>();
  private final TransactionGenerator generator;
  private final Deeds deeds;

  Workload(ChaosServer server, long seed) {
    this.server = server;
    Random random = new Random(seed);
    this.generator = TransactionGenerator.seeded(random.nextLong());
    this.deeds = new Deeds(1, random);
    for (int id = 1; id <= WRITERS; id++) {
      Thread thread = new Thread(new Writer(id, seed, server, numbers, gate), "writer-" + id);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  Numbers numbers() {
    return numbers;
  }

  void resume() {
    gate.open();
  }

  /** Returns when no transaction is open any more. */
  void pause() throws InterruptedException {
    gate.shut();
  }

  /** Writes a transaction of 100,000 rows, unless the server goes away meanwhile. */
  void bulk() throws InterruptedException {
    attempt(session -> deeds.insertEvents(session, Deeds.BULK));
  }

  /** Writes what a first snapshot finds. */
  void fill() throws InterruptedException {
    attempt(
        session -> {
          deeds.insertEvents(session, FIRST_ROWS);
          deeds.transactions(session);
          deeds.accounts(session);
        });
  }

  /** Writes a transaction of one COPY. */
  void copy(int rows) throws InterruptedException {
    attempt(session -> deeds.copyEvents(session, rows));
  }

  /** Ends a round with a marker; returns the number of its transaction. */
  long mark(int round) throws InterruptedException {
    for (int attempt = 0; attempt < RETRIES; attempt++) {
      int marker = round * RETRIES + attempt;
      long number = attempt(session -> deeds.mark(session, marker));
      if (number > 0) {
        return number;
      }
      Waiting.pause(Duration.ofSeconds(1));
    }
    throw new IllegalStateException("The marker of round " + round + " could not be written.");
  }

  /** Empties the table of events. */
  void forgetEvents() throws InterruptedException {
    attempt(deeds::forgetEvents);
  }

  private interface Work {
    void on(WriterSession session) throws SQLException, IOException;
  }

  /** The number of the transaction, or 0 if it is not certain that it committed. */
  private long attempt(Work work) throws InterruptedException {
    try (WriterSession session = new WriterSession(server.connect(), generator, numbers)) {
      session.begin();
      work.on(session);
      return session.commit();
    } catch (SQLException | IOException e) {
      return 0; // its number knows what became of it
    }
  }

  @Override
  public void close() {
    gate.end();
    threads.forEach(Thread::interrupt);
  }
}
