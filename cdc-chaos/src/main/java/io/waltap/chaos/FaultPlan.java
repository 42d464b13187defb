package io.waltap.chaos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Draws what is to happen, and when, from a seed. */
final class FaultPlan {

  /** One thing to happen. */
  record Step(Fault fault, Moment moment) {}

  private static final int ONE_IN_KILLS_IS_A_STOP = 8;

  private final Random random;
  private final double kills;
  private final Deque<Fault> faults = new ArrayDeque<>();

  /**
   * @param kills the part of the steps that are kills, from 0 to 1
   */
  FaultPlan(Random random, double kills) {
    this.random = random;
    this.kills = kills;
  }

  Step next() {
    Fault fault = random.nextDouble() < kills ? kill() : other();
    return new Step(fault, moment());
  }

  private Fault kill() {
    if (random.nextInt(ONE_IN_KILLS_IS_A_STOP) > 0) {
      return Fault.KILL;
    }
    return random.nextBoolean() ? Fault.TERMINATE : Fault.KILL_WHILE_STOPPING;
  }

  /** Each comes once before any comes again. */
  private Fault other() {
    if (faults.isEmpty()) {
      List<Fault> all =
          new ArrayList<>(Stream.of(Fault.values()).filter(fault -> !fault.isKill()).toList());
      Collections.shuffle(all, random);
      faults.addAll(all);
    }
    return faults.remove();
  }

  private Moment moment() {
    int chance = random.nextInt(100);
    if (chance < 35) {
      return Moment.START_UP;
    }
    if (chance < 70) {
      return Moment.CATCH_UP;
    }
    return chance < 93 ? Moment.LOAD : Moment.IDLE;
  }
}
