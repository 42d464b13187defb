package io.waltap.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes the results of a run as Markdown, with a plot for each unit of each section.
 *
 * @param folder takes them; made if it is not there
 */
record Report(Path folder) {

  /** The file with the tables. */
  Path file() {
    return folder.resolve("report.md");
  }

  /**
   * Writes it.
   *
   * @param head what was run, where and when, in Markdown
   */
  void write(String head, Results results, List<Targets.Target> targets) throws IOException {
    Files.createDirectories(folder);
    StringBuilder text = new StringBuilder("# WalTap beside the stock engine\n\n" + head + "\n");
    text.append(
            "\n## Targets\n\nOf WalTap with a listener of typed records, and of the generator.\n\n")
        .append(targets(targets));
    for (Map.Entry<String, Section> entry : results.sections().entrySet()) {
      Section section = entry.getValue();
      text.append("\n## %s\n\n%s\n\n".formatted(section.title(), section.text()));
      text.append(table(section)).append('\n').append(plots(entry.getKey(), section));
    }
    Files.writeString(file(), text);
  }

  private static String targets(List<Targets.Target> targets) {
    List<List<String>> rows =
        targets.stream().map(t -> List.of(t.what(), t.target(), t.measured(), t.met())).toList();
    return table(List.of("what", "target", "measured", "met"), rows);
  }

  private static String table(Section section) {
    List<String> head = new ArrayList<>(List.of("", "unit"));
    head.addAll(section.candidates());
    List<List<String>> rows = new ArrayList<>();
    for (Metric metric : section.metrics()) {
      List<String> row = new ArrayList<>(List.of(metric.name(), metric.unit()));
      section.candidates().forEach(candidate -> row.add(section.cell(metric, candidate)));
      rows.add(row);
    }
    return table(head, rows);
  }

  private static String table(List<String> head, List<List<String>> rows) {
    List<List<String>> all = new ArrayList<>(List.of(head));
    all.add(Collections.nCopies(head.size(), "---"));
    all.addAll(rows);
    return all.stream()
        .map(cells -> "| " + String.join(" | ", cells) + " |\n")
        .collect(Collectors.joining());
  }

  private String plots(String name, Section section) throws IOException {
    Map<String, List<Metric>> byUnit =
        section.metrics().stream()
            .collect(Collectors.groupingBy(Metric::unit, LinkedHashMap::new, Collectors.toList()));
    StringBuilder links = new StringBuilder();
    int count = 0;
    for (List<Metric> metrics : byUnit.values()) {
      count++;
      String file = name + (count == 1 ? "" : "-" + count) + ".svg";
      Plot.write(section, metrics, folder.resolve(file));
      links.append("![%s, %s](%s)\n".formatted(section.title(), metrics.get(0).unit(), file));
    }
    return links.toString();
  }
}
