package io.waltap.generator.audit;

import io.waltap.event.Lsn;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Copies a recording of transactions of 100 changes and spoils it, each tenth of it in one
 * transaction, so that nothing hides behind something else.
 */
final class PlantedDefects {

  private static final Pattern TRANSACTION = Pattern.compile("\"transactionId\":\\d+");
  private static final Pattern COMMIT = Pattern.compile("\"commitLsn\":\"([^\"]*)");

  private final BufferedWriter out;
  private final long rolledBack;
  private final boolean json;
  private final int tenth;
  private List<String> held = List.of();
  private int number;

  private PlantedDefects(BufferedWriter out, long rolledBack, boolean json, int transactions) {
    this.out = out;
    this.rolledBack = rolledBack;
    this.json = json;
    this.tenth = transactions / 10;
  }

  /**
   * Copies.
   *
   * @param rolledBack the id of a transaction that never committed
   * @param json whether the recording is lines of JSON
   * @param transactions how many it has, a multiple of ten
   */
  static void plant(Path recording, Path spoilt, long rolledBack, boolean json, int transactions)
      throws IOException {
    try (BufferedReader in = Files.newBufferedReader(recording);
        BufferedWriter out = Files.newBufferedWriter(spoilt)) {
      PlantedDefects defects = new PlantedDefects(out, rolledBack, json, transactions);
      List<String> transaction = new ArrayList<>();
      String id = "";
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!json && !line.startsWith("C")) {
          defects.write(transaction);
          transaction.clear();
          defects.write(List.of(line));
          continue;
        }
        String current =
            json
                ? TRANSACTION.matcher(line).results().findFirst().orElseThrow().group()
                : line.split("\t", 6)[4];
        if (!current.equals(id)) {
          defects.transaction(transaction);
          transaction.clear();
          id = current;
        }
        transaction.add(line);
      }
      defects.transaction(transaction);
    }
  }

  private void transaction(List<String> lines) throws IOException {
    number++;
    switch (number % tenth == 0 ? number / tenth : 0) {
      case 1 -> lines.remove(50);
      case 2 -> lines.add(60, lines.get(50));
      case 3 -> Collections.swap(lines, 50, 51);
      case 4 -> lines.set(10, altered(lines.get(10)));
      case 5 -> lines.add(50, anotherRow(lines.get(10)));
      case 6 -> lines.subList(90, 100).clear();
      case 7 -> write(lines.stream().map(this::asRolledBack).toList());
      case 8 -> held = List.copyOf(lines);
      case 9 -> lines.clear();
      default -> {}
    }
    if (number == 8 * tenth) {
      return;
    }
    write(lines);
    write(held);
    held = List.of();
  }

  private String altered(String line) {
    return json ? line.replace("a comma", "a commax") : line + "x";
  }

  private String anotherRow(String line) {
    return json
        ? line.replace("\"key\":{\"id\":", "\"key\":{\"id\":-")
        : line.replaceAll("\tk\t(\\d+)\t", "\tk\t$1\t-");
  }

  private String asRolledBack(String line) {
    if (json) {
      return TRANSACTION
          .matcher(line)
          .replaceFirst("\"transactionId\":" + rolledBack)
          .replaceFirst("\"commitLsn\":\"[^\"]*", "\"commitLsn\":\"" + before(line));
    }
    String[] fields = line.split("\t", 6);
    fields[3] = new Lsn(Lsn.parse(fields[3]).value() - 1).toString();
    fields[4] = Long.toString(rolledBack);
    return String.join("\t", fields);
  }

  private static Lsn before(String line) {
    Matcher commit = COMMIT.matcher(line);
    if (!commit.find()) {
      throw new IllegalArgumentException("a line without a commit");
    }
    return new Lsn(Lsn.parse(commit.group(1)).value() - 1);
  }

  private void write(List<String> lines) throws IOException {
    for (String line : lines) {
      out.write(line);
      out.write('\n');
    }
  }
}
