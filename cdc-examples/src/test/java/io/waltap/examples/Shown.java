package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.generator.Totals;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the quickstart has shown on its standard output: the lines of changes, and the table. */
record Shown(Totals lines, Totals written, Totals received) {

  private static final Pattern LINE =
      Pattern.compile(
          "(INSERT|UPDATE|DELETE) [0-9a-f]{8} \\S+ +\\d+\\.\\d\\d (USD|GBP) +-?\\d+\\.\\d.*");
  private static final Pattern UPDATE =
      Pattern.compile("UPDATE .*  (amount|city|voucher_code) .+ -> .+ by .+");

  static Shown of(String out) {
    assertThat(out.lines().filter(line -> line.startsWith("UPDATE")))
        .as("updates say what changed and who did it")
        .allMatch(line -> UPDATE.matcher(line).matches());
    Totals lines = new Totals(lines(out, "INSERT"), lines(out, "UPDATE"), lines(out, "DELETE"));
    return new Shown(lines, column(out, 1), column(out, 2));
  }

  private static long lines(String out, String operation) {
    return out.lines()
        .filter(line -> line.startsWith(operation))
        .filter(line -> LINE.matcher(line).matches())
        .count();
  }

  private static Totals column(String out, int column) {
    return new Totals(
        number(out, "inserts", column),
        number(out, "updates", column),
        number(out, "deletes", column));
  }

  private static long number(String out, String row, int column) {
    Matcher matcher =
        Pattern.compile("^" + row + " +([\\d,]+) +([\\d,]+)$", Pattern.MULTILINE).matcher(out);
    assertThat(matcher.find()).as("a row '%s' in:%n%s", row, out).isTrue();
    return Long.parseLong(matcher.group(column).replace(",", ""));
  }
}
