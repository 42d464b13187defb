package io.waltap.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

/** What is done to the file that keeps the position. */
final class StoreFaults {

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

  private final Subject subject;
  private final ConsumerFiles files;
  private final Positions positions;
  private final Random random;
  private final Verdicts verdicts;
  private int refusals;

  StoreFaults(
      Subject subject, ConsumerFiles files, Positions positions, Random random, Verdicts verdicts) {
    this.subject = subject;
    this.files = files;
    this.positions = positions;
    this.random = random;
    this.verdicts = verdicts;
  }

  void garble() throws IOException, InterruptedException {
    damage(
        content -> {
          byte[] garbled = content.clone();
          garbled[random.nextInt(garbled.length)] ^= (byte) (1 + random.nextInt(255));
          return garbled;
        });
  }

  void truncate() throws IOException, InterruptedException {
    damage(content -> Arrays.copyOf(content, random.nextInt(content.length)));
  }

  private interface Damage {
    byte[] to(byte[] content);
  }

  /**
   * The consumer has to go on from the generation before, or to refuse; then it gets the file back,
   * as its message says.
   */
  private void damage(Damage damage) throws IOException, InterruptedException {
    subject.kill();
    if (!Files.exists(files.offset())) {
      return; // killed between two renames, or before there was one
    }
    positions.suspend();
    byte[] good = Files.readAllBytes(files.offset());
    byte[] bad = damage.to(good);
    Files.write(files.offset(), bad);
    subject.start();
    Child child = subject.alive();
    child.awaitStreaming(START_TIMEOUT);
    if (!child.isAlive()) {
      refused(child);
      Files.write(files.offset(), good);
      subject.forget();
    }
    positions.resume(bad);
  }

  private void refused(Child child) throws InterruptedException {
    refusals++;
    String failure = child.failure();
    if (child.exitCode() != Consumer.NOT_STARTED || !failure.contains("offset")) {
      verdicts.violation(
          "with a damaged offset file it ended with " + child.exitCode() + ": " + failure);
    }
  }

  void diskFull() throws IOException, InterruptedException {
    Child child = subject.alive();
    Files.createFile(files.diskFull());
    child.awaitEnd(PATIENCE);
    Files.delete(files.diskFull());
  }

  /** A real limit of the system: every write of the process fails. */
  void fileSizeLimit() throws IOException, InterruptedException {
    Child child = subject.alive();
    Signals.limitFileSize(child.pid(), "0:unlimited");
    child.awaitEnd(PATIENCE);
    Signals.limitFileSize(child.pid(), "unlimited:unlimited");
  }

  /** How often the consumer refused to start with a damaged file. */
  int refusals() {
    return refusals;
  }
}
