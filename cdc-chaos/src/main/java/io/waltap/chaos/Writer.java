package io.waltap.chaos;

import io.waltap.generator.TransactionGenerator;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Writes transactions of all kinds, one after the other, in a thread of its own, through whatever
 * happens to the server.
 */
final class Writer implements Runnable {

  private static final int LONGEST_PAUSE_MILLIS = 100;
  private static final Duration RETRY = Duration.ofMillis(100);

  private final ChaosServer server;
  private final Numbers numbers;
  private final Gate gate;
  private final Random random;
  private final TransactionGenerator generator;
  private final TransactionGenerator otherGenerator;
  private final Deeds deeds;
  private final Deeds otherDeeds;
  private final boolean changesColumns;
  private @Nullable WriterSession session;
  private @Nullable WriterSession other;

  /**
   * @param id from 1; the first writer changes columns too
   */
  Writer(int id, long seed, ChaosServer server, Numbers numbers, Gate gate) {
    this.server = server;
    this.numbers = numbers;
    this.gate = gate;
    this.random = new Random(seed + id);
    this.generator = TransactionGenerator.seeded(random.nextLong());
    this.otherGenerator = TransactionGenerator.seeded(random.nextLong());
    this.deeds = new Deeds(2 * id, random);
    this.otherDeeds = new Deeds(2 * id + 1, random);
    this.changesColumns = id == 1;
  }

  @Override
  public void run() {
    try {
      while (gate.enter()) {
        try {
          write();
        } finally {
          gate.leave();
        }
        Waiting.pause(Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      disconnect();
    }
  }

  // A server that is down or refuses is what the campaign is about; what became of the transaction
  // is in its number.
  private void write() throws InterruptedException {
    try {
      if (random.nextInt(6) == 0) {
        interleave();
      } else {
        alone();
      }
    } catch (SQLException | IOException e) {
      disconnect();
      Waiting.pause(RETRY);
    }
  }

  private void alone() throws SQLException, IOException {
    WriterSession one = session();
    one.begin();
    deed(deeds, one);
    end(one);
  }

  /** Two transactions side by side; the one that began first commits last. */
  private void interleave() throws SQLException, IOException {
    WriterSession first = session();
    WriterSession second = other();
    first.begin();
    second.begin();
    for (int i = 0; i <= random.nextInt(4); i++) {
      deeds.insertEvents(first, 1 + random.nextInt(20));
      deeds.accounts(first);
      otherDeeds.insertEvents(second, 1 + random.nextInt(20));
      otherDeeds.transactions(second);
    }
    end(second);
    end(first);
  }

  private void deed(Deeds deeds, WriterSession session) throws SQLException, IOException {
    int chance = random.nextInt(100);
    if (chance < 30) {
      deeds.transactions(session);
    } else if (chance < 55) {
      deeds.accounts(session);
    } else if (chance < 75) {
      deeds.insertEvents(session, 1 + random.nextInt(50));
    } else if (chance < 85) {
      deeds.copyEvents(session);
    } else if (chance < 93) {
      deeds.savepoint(session);
    } else if (chance < 98 || !changesColumns) {
      deeds.truncateScratch(session);
    } else {
      deeds.changeColumns(session);
    }
  }

  private void end(WriterSession session) throws SQLException {
    if (random.nextInt(12) == 0) {
      session.rollback();
    } else {
      session.commit();
    }
  }

  private WriterSession session() throws SQLException {
    WriterSession open = session;
    if (open == null) {
      open = new WriterSession(server.connect(), generator, numbers);
      session = open;
    }
    return open;
  }

  private WriterSession other() throws SQLException {
    WriterSession open = other;
    if (open == null) {
      open = new WriterSession(server.connect(), otherGenerator, numbers);
      other = open;
    }
    return open;
  }

  private void disconnect() {
    WriterSession[] open = {session, other};
    session = null;
    other = null;
    for (WriterSession one : open) {
      if (one != null) {
        try {
          one.close();
        } catch (SQLException e) {
          // it is gone, then
        }
      }
    }
  }
}
