package io.waltap.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/** What is done to the process of the consumer. */
final class Kills {

  private static final int LONGEST_STOP_MILLIS = 150;
  private static final int LONGEST_FREEZE_MILLIS = 5_000;

  private final Subject subject;
  private final Random random;
  private final Verdicts verdicts;

  Kills(Subject subject, Random random, Verdicts verdicts) {
    this.subject = subject;
    this.random = random;
    this.verdicts = verdicts;
  }

  void kill() throws IOException, InterruptedException {
    subject.kill();
  }

  void terminate() throws IOException, InterruptedException {
    if (!subject.stop()) {
      verdicts.violation("the consumer did not stop when it was told to");
    }
  }

  void killWhileStopping() throws IOException, InterruptedException {
    Child child = subject.alive();
    child.terminate();
    Waiting.pause(Duration.ofMillis(random.nextInt(LONGEST_STOP_MILLIS)));
    child.kill();
    subject.forget();
  }

  void freeze() throws IOException, InterruptedException {
    long pid = subject.alive().pid();
    Signals.send(pid, "STOP");
    Waiting.pause(Duration.ofMillis(200 + random.nextInt(LONGEST_FREEZE_MILLIS)));
    Signals.send(pid, "CONT");
  }
}
