package io.waltap.chaos;

import io.waltap.chaos.ChaosServer.Ending;
import io.waltap.chaos.FaultPlan.Step;
import io.waltap.chaos.Proxy.Cut;
import io.waltap.chaos.Proxy.Scope;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/** Waits for the moment of a step, does it, and counts. */
final class Strikes {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LONGEST_START_MILLIS = 1_500;
  private static final int LONGEST_WAIT_MILLIS = 700;

  private final Subject subject;
  private final Workload workload;
  private final Recoveries recoveries;
  private final Positions positions;
  private final Verdicts verdicts;
  private final Random random;
  private final Kills kills;
  private final NetworkFaults network;
  private final ServerFaults servers;
  private final StoreFaults store;
  private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
  private final Map<Moment, Integer> moments = new EnumMap<>(Moment.class);

  Strikes(
      Subject subject,
      Workload workload,
      Recoveries recoveries,
      Positions positions,
      Verdicts verdicts,
      Random random,
      Kills kills,
      NetworkFaults network,
      ServerFaults servers,
      StoreFaults store) {
    this.subject = subject;
    this.workload = workload;
    this.recoveries = recoveries;
    this.positions = positions;
    this.verdicts = verdicts;
    this.random = random;
    this.kills = kills;
    this.network = network;
    this.servers = servers;
    this.store = store;
  }

  /** Does one step, and leaves the consumer running. */
  void strike(Step step) throws IOException, SQLException, InterruptedException {
    await(step);
    recoveries.faultBegins();
    subject.blame(step.fault());
    perform(step.fault());
    recoveries.faultEnded(step.fault());
    counts.merge(step.fault(), 1, Integer::sum);
    moments.merge(step.moment(), 1, Integer::sum);
    positions.check();
    subject.start();
    workload.resume();
  }

  private void await(Step step) throws IOException, InterruptedException {
    switch (step.moment()) {
      case SNAPSHOT, START_UP -> startUp(step.fault());
      case CATCH_UP -> {
        streaming();
        waitUpTo(LONGEST_WAIT_MILLIS);
      }
      case LOAD -> {
        streaming();
        Waiting.until(PATIENCE, recoveries::isOver);
        waitUpTo(LONGEST_WAIT_MILLIS);
      }
      case IDLE -> {
        streaming();
        workload.pause();
        waitUpTo(LONGEST_WAIT_MILLIS);
      }
    }
  }

  // After a kill the process has just been started, in any other case it is killed for that.
  private void startUp(Fault fault) throws IOException, InterruptedException {
    if (!fault.isKill()) {
      recoveries.faultBegins();
      subject.kill();
      subject.start();
      counts.merge(Fault.KILL, 1, Integer::sum);
    }
    waitUpTo(LONGEST_START_MILLIS);
  }

  private void streaming() throws InterruptedException {
    if (!subject.awaitStreaming(PATIENCE)) {
      verdicts.violation(
          "the consumer did not stream within " + PATIENCE + ": " + subject.lastFailure());
    }
  }

  private void waitUpTo(int millis) throws InterruptedException {
    Waiting.pause(Duration.ofMillis(random.nextInt(millis)));
  }

  private void perform(Fault fault) throws IOException, SQLException, InterruptedException {
    switch (fault) {
      case KILL -> kills.kill();
      case TERMINATE -> kills.terminate();
      case KILL_WHILE_STOPPING -> kills.killWhileStopping();
      case FREEZE -> kills.freeze();
      case RESET_ALL -> network.cut(Scope.ALL, Cut.RST);
      case CLOSE_ALL -> network.cut(Scope.ALL, Cut.FIN);
      case RESET_WALSENDER -> network.cut(Scope.WALSENDER, Cut.RST);
      case RESET_METADATA -> network.cut(Scope.METADATA, Cut.RST);
      case CUT_IN_MESSAGE -> network.cutInMessage();
      case DELAY -> network.delay();
      case THROTTLE -> network.throttle();
      case HALF_OPEN_RESUMED -> network.halfOpen(false);
      case HALF_OPEN_RESET -> network.halfOpen(true);
      case REFUSE -> network.refuse();
      case TERMINATE_WALSENDER -> servers.terminateWalsender();
      case TERMINATE_BACKENDS -> servers.terminateEverybody();
      case RESTART_FAST -> servers.restart(Ending.FAST);
      case RESTART_IMMEDIATE -> servers.restart(Ending.IMMEDIATE);
      case RESTART_KILLED -> servers.restart(Ending.KILL);
      case OFFSET_GARBLED -> store.garble();
      case OFFSET_TRUNCATED -> store.truncate();
      case DISK_FULL -> store.diskFull();
      case FILE_SIZE_LIMIT -> store.fileSizeLimit();
    }
  }

  /** Counts kills that were made elsewhere. */
  void add(Moment moment, int kills) {
    counts.merge(Fault.KILL, kills, Integer::sum);
    moments.merge(moment, kills, Integer::sum);
  }

  int count(Fault fault) {
    return counts.getOrDefault(fault, 0);
  }

  int count(Moment moment) {
    return moments.getOrDefault(moment, 0);
  }

  int kills() {
    return Arrays.stream(Fault.values()).filter(Fault::isKill).mapToInt(this::count).sum();
  }

  int faults() {
    return Arrays.stream(Fault.values()).mapToInt(this::count).sum() - kills();
  }

  int refusals() {
    return store.refusals();
  }
}
