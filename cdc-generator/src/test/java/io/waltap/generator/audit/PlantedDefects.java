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

/**
 * Copies a recording of transactions of 100 changes and spoils it, each time in another transaction
 * so that nothing hides behind something else.
 */
final class PlantedDefects {

  private final BufferedWriter out;
  private final long rolledBack;
  private List<String> held = List.of();
  private int number;

  private PlantedDefects(BufferedWriter out, long rolledBack) {
    this.out = out;
    this.rolledBack = rolledBack;
  }

  /**
   * Copies.
   *
   * @param rolledBack the id of a transaction that never committed
   */
  static void plant(Path recording, Path spoilt, long rolledBack) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(recording);
        BufferedWriter out = Files.newBufferedWriter(spoilt)) {
      PlantedDefects defects = new PlantedDefects(out, rolledBack);
      List<String> transaction = new ArrayList<>();
      String id = "";
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.startsWith("C")) {
          defects.write(transaction);
          transaction.clear();
          defects.write(List.of(line));
          continue;
        }
        String current = line.split("\t", 6)[4];
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
    switch (number) {
      case 1_000 -> lines.remove(50);
      case 2_000 -> lines.add(60, lines.get(50));
      case 3_000 -> Collections.swap(lines, 50, 51);
      case 4_000 -> lines.set(10, lines.get(10) + "x");
      case 5_000 -> lines.add(50, lines.get(10).replaceAll("\tk\t(\\d+)\t", "\tk\t$1\t-"));
      case 6_000 -> lines.subList(90, 100).clear();
      case 7_000 -> write(lines.stream().map(this::asRolledBack).toList());
      case 8_000 -> held = List.copyOf(lines);
      case 9_000 -> lines.clear();
      default -> {}
    }
    if (number == 8_000) {
      return;
    }
    write(lines);
    write(held);
    held = List.of();
  }

  private String asRolledBack(String line) {
    String[] fields = line.split("\t", 6);
    fields[3] = new Lsn(Lsn.parse(fields[3]).value() - 1).toString();
    fields[4] = Long.toString(rolledBack);
    return String.join("\t", fields);
  }

  private void write(List<String> lines) throws IOException {
    for (String line : lines) {
      out.write(line);
      out.write('\n');
    }
  }
}
