package io.waltap.benchmarks;

import java.util.List;

/** Whether encryption costs latency: on one server, with TLS and without. */
final class EncryptedLatency implements Measure {

  /** Commits a second. */
  static final int RATE = 50;

  /**
   * A candidate that is told how to connect.
   *
   * @param parameters of the URL
   */
  private record Told(String name, Candidate candidate, String parameters) implements Candidate {
    @Override
    public void receive(Feed feed, Arrivals arrivals) throws Exception {
      candidate.receive(feed.with(parameters), arrivals);
    }
  }

  static final Candidate RAW_TLS = encrypted(Candidates.RAW);
  static final Candidate RECORD_TLS = encrypted(Candidates.RECORD);

  private static final List<Candidate> CANDIDATES =
      List.of(plain(Candidates.RAW), RAW_TLS, plain(Candidates.RECORD), RECORD_TLS);

  private static Candidate plain(Candidate candidate) {
    return new Told(candidate.name(), candidate, "?sslmode=disable");
  }

  private static Candidate encrypted(Candidate candidate) {
    return new Told(candidate.name() + ", TLS", candidate, "?sslmode=require");
  }

  @Override
  public String name() {
    return "tls";
  }

  @Override
  public Section measure(Bench bench) throws Exception {
    Section section =
        new Section(
            "Latency over TLS",
            """
            As above, at %d commits/s, on a server that has a certificate, over connections that \
            are encrypted and over such as are not. The writer's own is encrypted throughout."""
                .formatted(RATE),
            CANDIDATES);
    try (BenchmarkServer server = BenchmarkServer.startEncrypted(bench.plan().slots())) {
      Bench there = new Bench(server, bench.plan().onlyAt(RATE), bench.progress());
      CommitLatency.measure(name(), there, section, CANDIDATES);
    }
    return section;
  }
}
