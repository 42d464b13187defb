package io.waltap.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;

/**
 * Goes on, round by round, until its budget is spent or something is wrong. A round is some faults
 * under load; then the load stops, the consumer has to come to the end, and what it was given is
 * compared with what the database has. So neither memory nor disk grow with the length of the
 * campaign.
 */
final class Campaign implements AutoCloseable {

  private static final int STEPS = 22;
  private static final int ROUNDS_PER_SNAPSHOT = 3;
  private static final Duration CATCH_UP = Duration.ofMinutes(2);

  private final Budget budget;
  private final Random random;
  private final Verdicts verdicts = new Verdicts();
  private final Recoveries recoveries = new Recoveries();
  private final ConsumerFiles files;
  private final ChaosServer server;
  private final Proxy proxy;
  private final Workload workload;
  private final Oracle oracle;
  private final Positions positions;
  private final Subject subject;
  private final Strikes strikes;
  private final FreshSnapshot snapshot;
  private final FaultPlan plan;
  private final ProgressLine progress;
  private final long start = System.nanoTime();
  private int rounds;

  /**
   * @param folder for the server and the consumer; empty
   */
  Campaign(Budget budget, Path folder, PrintStream out)
      throws IOException, SQLException, InterruptedException {
    this.budget = budget;
    this.random = new Random(budget.seed());
    this.files = new ConsumerFiles(Files.createDirectories(folder.resolve("consumer")));
    this.server = ChaosServer.create(folder);
    try (Connection connection = server.connect()) {
      ChaosSchema.create(connection);
    }
    this.proxy = Proxy.before(server.port());
    this.workload = new Workload(server, random.nextLong());
    this.oracle = new Oracle(server, files, workload.numbers(), verdicts);
    this.positions = new Positions(server, files, Subject.SLOT);
    this.subject = new Subject(Consumer.class, proxy.port(), files, recoveries);
    this.strikes =
        new Strikes(
            subject,
            workload,
            recoveries,
            positions,
            verdicts,
            random,
            new Kills(subject, random, verdicts),
            new NetworkFaults(proxy, random),
            new ServerFaults(server, random),
            new StoreFaults(subject, files, positions, random, verdicts));
    this.snapshot =
        new FreshSnapshot(server, subject, files, positions, oracle, workload, verdicts, random);
    this.plan = new FaultPlan(random, budget.partOfKills());
    this.progress = new ProgressLine(out);
  }

  /** Runs it. */
  Report run() throws IOException, SQLException, InterruptedException {
    oracle.install();
    workload.fill();
    while (verdicts.isClean() && !isSpent()) {
      rounds++;
      round();
    }
    return report();
  }

  private void round() throws IOException, SQLException, InterruptedException {
    if (beginsWithSnapshot(rounds)) {
      strikes.add(Moment.SNAPSHOT, snapshot.begin());
    } else {
      oracle.begin();
      subject.start();
      workload.resume();
    }
    int bulkAt = random.nextInt(STEPS);
    Thread bulk = new Thread(this::bulk, "bulk");
    for (int step = 0; step < STEPS && verdicts.isClean() && !isSpent(); step++) {
      if (step == bulkAt) {
        bulk.start();
      }
      strikes.strike(plan.next());
      progress.show(report());
    }
    bulk.join();
    if (verdicts.isClean()) {
      end();
    }
  }

  private static boolean beginsWithSnapshot(int round) {
    return round % ROUNDS_PER_SNAPSHOT == 1;
  }

  private void bulk() {
    try {
      workload.fill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end() throws IOException, SQLException, InterruptedException {
    workload.pause();
    if (!beginsWithSnapshot(rounds + 1)) {
      workload.forgetEvents(); // the table would grow without end
    }
    long marker = workload.mark(rounds);
    if (!Waiting.until(CATCH_UP, new Arrival(subject, files.notes(), marker))) {
      verdicts.violation(
          "round "
              + rounds
              + ": the end did not come within "
              + CATCH_UP
              + "; the consumer said: "
              + subject.lastFailure());
    }
    if (!subject.awaitReady(CATCH_UP) || !subject.stop()) {
      verdicts.violation("round " + rounds + ": the consumer did not stop when it was told to");
    }
    positions.check();
    verdicts.violations(positions.violations());
    oracle.judge();
    if (verdicts.isClean()) {
      tidyUp();
    }
  }

  // Both generations stand at the end of the round: an earlier one would repeat transactions of
  // which the next round knows nothing.
  private void tidyUp() throws IOException {
    files.rotate();
    server.clearLog();
    Files.write(files.previousOffset(), Files.readAllBytes(files.offset()));
  }

  private boolean isSpent() {
    return budget.isSpent(elapsed(), strikes.kills(), strikes.faults(), oracle.changes());
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  Report report() {
    return new Report(
        budget, elapsed(), rounds, strikes, oracle, recoveries, subject, positions, verdicts);
  }

  @Override
  public void close() throws IOException {
    workload.close();
    positions.close();
    subject.close();
    proxy.close();
    server.close();
  }
}
