package io.waltap.benchmarks;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Changes that wait in the log before anybody receives them: every run of every candidate has a
 * slot that was there before the first. So all find the same work, and the writer disturbs nobody.
 */
final class Backlog implements AutoCloseable {

  /** Takes down what a run gave. */
  interface Reading {
    void of(Candidate candidate, RowClock clock) throws Exception;
  }

  private final Bench bench;
  private final Workload workload;
  private final List<Candidate> candidates;
  private final int rounds;

  private Backlog(Bench bench, Workload workload, List<Candidate> candidates, int rounds) {
    this.bench = bench;
    this.workload = workload;
    this.candidates = candidates;
    this.rounds = rounds;
  }

  static Backlog write(Bench bench, Workload workload, List<Candidate> candidates, int rounds)
      throws SQLException {
    Backlog backlog = new Backlog(bench, workload, candidates, rounds);
    workload.prepare(bench.server());
    bench.server().createSlots(backlog.slots());
    workload.write(bench.server());
    return backlog;
  }

  private List<String> slots() {
    List<String> slots = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (Candidate candidate : candidates) {
        slots.add(slot(candidate, round));
      }
    }
    return slots;
  }

  private String slot(Candidate candidate, int round) {
    return "bench_" + candidates.indexOf(candidate) + "_" + round;
  }

  /** What a candidate receives from in a round. */
  Feed feed(Candidate candidate, int round) {
    return new Feed(bench.server().url(), slot(candidate, round), workload.tables(), false);
  }

  /** Has the candidates receive all of it, round by round. */
  void eachInTurn(Reading reading) throws Exception {
    eachInTurn(() -> RowClock.of(workload.rows()), reading);
  }

  /**
   * The same with clocks of another kind.
   *
   * @param clocks makes them as the runs begin
   */
  void eachInTurn(Supplier<RowClock> clocks, Reading reading) throws Exception {
    for (int round = 1; round <= rounds; round++) {
      for (Candidate candidate : candidates) {
        RowClock clock = clocks.get();
        candidate.receive(feed(candidate, round), clock);
        clock.check(candidate);
        bench.server().dropSlots(List.of(slot(candidate, round)));
        bench.progress().step(workload.label(), round, candidate, clock.summary());
        reading.of(candidate, clock);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    bench.server().dropSlots(slots());
  }
}
