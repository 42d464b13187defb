package io.waltap.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** That every candidate receives exactly the rows that were written, each once and in order. */
class CandidatesIT {

  private static final int ROWS = 300;
  private static final List<String> NAMES =
      Stream.iterate(1, n -> n + 1).limit(ROWS).map(n -> "marybelle.baumbach" + n).toList();
  private static final Pattern NAME = Pattern.compile("marybelle\\.baumbach\\d+");

  private static final int KEYS = 100;
  private static final Progress SILENCE = new Progress(new PrintWriter(Writer.nullWriter()));

  private static BenchmarkServer server;

  @BeforeAll
  static void start() throws Exception {
    server = BenchmarkServer.start(20);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void streamingGivesTheRowsOfTheBacklog() throws Exception {
    assertAllReceive(Workload.inserts("rows", WorkTable.TRANSACTIONS, ROWS, 70));
  }

  @Test
  void changesOfManyTablesAllCome() throws Exception {
    assertAllReceive(Workload.inserts("rows", WorkTable.many(10), ROWS, 7));
  }

  @Test
  void updatesOfRowsAllCome() throws Exception {
    assertAllReceive(Workload.updates("rows", WorkTable.TRANSACTIONS, ROWS, 70));
  }

  @Test
  void updatesGoRoundAsManyRowsAsThereAreKeys() throws Exception {
    Workload workload = Workload.updates("rows", WorkTable.TRANSACTIONS, ROWS, 10).roundAbout(KEYS);
    Bench bench = new Bench(server, Plan.quick(), SILENCE);
    try (Backlog backlog = Backlog.write(bench, workload, List.of(Candidates.RECORD), 1)) {
      List<String> names = names(Candidates.RECORD, backlog.feed(Candidates.RECORD, 1));
      assertThat(names.subList(0, KEYS)).isEqualTo(NAMES.subList(0, KEYS));
      assertThat(names.subList(KEYS, 2 * KEYS)).isEqualTo(NAMES.subList(0, KEYS));
    }
  }

  private static void assertAllReceive(Workload workload) throws Exception {
    Bench bench = new Bench(server, Plan.quick(), SILENCE);
    try (Backlog backlog = Backlog.write(bench, workload, Candidates.everyWay(), 1)) {
      for (Candidate candidate : Candidates.everyWay()) {
        List<String> names = names(candidate, backlog.feed(candidate, 1));
        if (isInOrder(candidate, workload)) {
          assertThat(names).as(candidate.name()).isEqualTo(NAMES);
        } else {
          assertThat(names).as(candidate.name()).containsExactlyInAnyOrderElementsOf(NAMES);
        }
      }
    }
  }

  /** Batches of different tables do not wait for each other, and workers for nobody. */
  private static boolean isInOrder(Candidate candidate, Workload workload) {
    return !candidate.equals(Candidates.WORKERS)
        && (!candidate.equals(Candidates.BATCHES) || workload.tables().size() == 1);
  }

  @Test
  void aSnapshotGivesTheRowsOfTheTable() throws Exception {
    Workload workload = Workload.inserts("rows", WorkTable.TRANSACTIONS, ROWS, 70);
    workload.prepare(server);
    workload.write(server);
    for (Candidate candidate : Candidates.snapshot()) {
      Feed feed = new Feed(server.url(), "bench_snapshot", workload.tables(), true);
      assertThat(names(candidate, feed)).as(candidate.name()).isEqualTo(NAMES);
      server.dropSlots(List.of("bench_snapshot"));
    }
  }

  private static List<String> names(Candidate candidate, Feed feed) throws Exception {
    Collector collector = new Collector();
    candidate.receive(feed, collector);
    return List.copyOf(collector.names);
  }

  /** Reads the user's name out of whatever a candidate is given. */
  private static final class Collector implements Arrivals {

    private final Queue<String> names = new ConcurrentLinkedQueue<>();
    private final CountDownLatch missing = new CountDownLatch(ROWS);

    @Override
    public void row(Object change) {
      Matcher matcher = NAME.matcher(text(change));
      assertThat(matcher.find()).isTrue();
      names.add(matcher.group());
      missing.countDown();
    }

    @Override
    public boolean isDone() {
      return missing.getCount() == 0;
    }

    @Override
    public void await() throws InterruptedException {
      assertThat(missing.await(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  private static String text(Object change) {
    if (change instanceof ByteBuffer message) {
      return StandardCharsets.UTF_8.decode(message.duplicate()).toString();
    } else if (change instanceof ResultSet row) {
      try {
        return row.getString(2);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    return change.toString();
  }
}
