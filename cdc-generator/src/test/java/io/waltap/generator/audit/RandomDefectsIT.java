package io.waltap.generator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.ChangeJson;
import io.waltap.generator.audit.AuditReport.Defect;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random transactions, delivered with random defects: the audit has to name exactly those, in
 * either form of recording. At most one defect in a transaction, since two may make up a third.
 */
@TestInstance(Lifecycle.PER_CLASS)
class RandomDefectsIT {

  private static final int TRANSACTIONS = 60;
  private static final int SEEDS = 40;

  private final List<String> head = new ArrayList<>();
  private List<List<String>> recorded = List.of();
  private List<List<String>> asJson = List.of();
  private Path folder;
  private Audited audited;

  @BeforeAll
  void deliver(@TempDir Path given) throws Exception {
    folder = given;
    Path recording = folder.resolve("recording");
    Path json = folder.resolve("json");
    audited = new Audited(recording);
    audited.database.execute("CREATE TABLE item (id int PRIMARY KEY, n numeric(12, 2), t text)");
    audited.install("item", "public.item");
    try (OutputStream out = Files.newOutputStream(json)) {
      audited.whileRecording(
          event -> ChangeJson.writeLine(event, out),
          () -> audited.database.execute(randomTransactions(new Random(7))));
    }
    List<String> lines = Files.readAllLines(recording);
    lines.stream().filter(line -> !line.startsWith("C")).forEach(head::add);
    recorded =
        split(
            lines.stream().filter(line -> line.startsWith("C")).toList(),
            line -> line.split("\t", -1)[4]);
    asJson =
        split(
            Files.readAllLines(json),
            line -> line.replaceFirst(".*?\"transactionId\":(\\d+).*", "$1"));
  }

  @AfterAll
  void close() {
    audited.close();
  }

  /** Each begins with an insert, and ends with an update or a delete half of the time. */
  private static String[] randomTransactions(Random random) {
    List<String> transactions = new ArrayList<>();
    int next = 1;
    for (int i = 0; i < TRANSACTIONS; i++) {
      int rows = 2 + random.nextInt(30);
      int first = next;
      next += rows;
      String sql =
          "BEGIN; INSERT INTO item SELECT i, i * 0.10, 'text ' || i FROM generate_series(%d, %d) i"
              .formatted(first, next - 1);
      if (random.nextBoolean()) {
        sql += "; UPDATE item SET t = t || ' again' WHERE id BETWEEN %d AND %d";
        sql = sql.formatted(first, first + random.nextInt(rows));
      }
      if (random.nextInt(3) == 0) {
        sql += "; DELETE FROM item WHERE id = " + (1 + random.nextInt(next - 1));
      }
      transactions.add(sql + "; COMMIT");
    }
    return transactions.toArray(String[]::new);
  }

  private interface Naming {
    String transactionOf(String line);
  }

  private static List<List<String>> split(List<String> lines, Naming naming) {
    Map<String, List<String>> transactions = new LinkedHashMap<>();
    for (String line : lines) {
      transactions.computeIfAbsent(naming.transactionOf(line), id -> new ArrayList<>()).add(line);
    }
    return List.copyOf(transactions.values());
  }

  static List<Integer> seeds() {
    return IntStream.range(0, SEEDS).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void exactlyWhatIsWrongIsNamed(int seed) throws Exception {
    for (boolean json : new boolean[] {false, true}) {
      Spoiling spoiling = new Spoiling(new Random(seed), json);
      spoiling.spoil(json ? asJson : recorded);
      AuditReport report = audit(spoiling.lines, json);
      Map<Defect, Long> found = new EnumMap<>(Defect.class);
      report.findings().forEach((defect, finding) -> found.put(defect, finding.count()));
      assertThat(found).as("seed %d, JSON %s: %s", seed, json, report).isEqualTo(spoiling.planted);
    }
  }

  private AuditReport audit(List<String> lines, boolean json) throws Exception {
    List<String> all = new ArrayList<>(json ? List.of() : head);
    all.addAll(lines);
    Path spoilt = Files.createTempFile(folder, "spoilt", "");
    Files.write(spoilt, all);
    return Audit.of(audited.database.connection(), spoilt).run();
  }

  /** Delivers transactions, some of them with a defect, and keeps account of it. */
  private static final class Spoiling {

    private final Random random;
    private final boolean json;
    private final List<String> lines = new ArrayList<>();
    private final Map<Defect, Long> planted = new EnumMap<>(Defect.class);

    Spoiling(Random random, boolean json) {
      this.random = random;
      this.json = json;
    }

    void spoil(List<List<String>> transactions) {
      for (List<String> transaction : transactions) {
        List<String> delivered = new ArrayList<>(transaction);
        if (random.nextInt(4) == 0) {
          spoil(delivered, random.nextInt(transaction.size() - 1));
        }
        lines.addAll(delivered);
      }
    }

    /**
     * Plants one defect.
     *
     * @param at a change of the transaction, but not its last
     */
    private void spoil(List<String> transaction, int at) {
      switch (random.nextInt(6)) {
        case 0 -> {
          transaction.remove(at);
          planted(Defect.MISSING, 1);
        }
        case 1 -> {
          transaction.add(at + 1 + random.nextInt(transaction.size() - at), transaction.get(at));
          planted(Defect.DUPLICATE, 1);
        }
        case 2 -> {
          Collections.swap(transaction, at, at + 1);
          planted(Defect.REORDERED, 1);
        }
        case 3 -> {
          transaction.set(0, altered(transaction.get(0)));
          planted(Defect.ALTERED, 1);
        }
        case 4 -> {
          transaction.add(at + 1, anotherRow(transaction.get(0)));
          planted(Defect.PHANTOM, 1);
        }
        default -> {
          planted(Defect.MISSING, transaction.size() - at - 1);
          planted(Defect.TORN, 1);
          transaction.subList(at + 1, transaction.size()).clear();
        }
      }
    }

    private void planted(Defect defect, long count) {
      planted.merge(defect, count, Long::sum);
    }

    private String altered(String insert) {
      return json
          ? insert.replaceFirst("\"text ", "\"texts ")
          : insert.replace("\ttext ", "\ttexts ");
    }

    private String anotherRow(String insert) {
      return json
          ? insert.replaceAll("\"id\":", "\"id\":99")
          : insert.replaceAll("\t([ka])\t(\\d+)\t", "\t$1\t$2\t99");
    }
  }
}
