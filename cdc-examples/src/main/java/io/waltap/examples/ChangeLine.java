package io.waltap.examples;

import com.fasterxml.jackson.databind.JsonNode;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Delete;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** Shows a change on one line that fits the terminal. Plain ASCII, so that every terminal can. */
final class ChangeLine {

  private static final Map<Operation, String> COLOURS =
      Map.of(
          Operation.READ, "cyan",
          Operation.INSERT, "green",
          Operation.UPDATE, "yellow",
          Operation.DELETE, "red",
          Operation.TRUNCATE, "red");

  private final int width;
  private final int userWidth;
  private final Ansi ansi;

  ChangeLine(int width, Ansi ansi) {
    this.width = width;
    // On 80 columns the name gives way, so that what an amount was and became still fits.
    this.userWidth = Math.max(9, Math.min(18, width - 71));
    this.ansi = ansi;
  }

  String header() {
    return line("", "key", "user", "amount", "", "lag ms", "changed").stripTrailing();
  }

  /**
   * The line without its end.
   *
   * @param lag from commit to here; null for a row of the snapshot
   */
  String of(ChangeEvent<Transaction> change, @Nullable Duration lag) {
    String shownLag = lag == null ? "" : millis(lag);
    if (change instanceof Update<Transaction> update) {
      return coloured(change, update.key(), update.after(), shownLag, changed(update.after()));
    }
    if (change instanceof Insert<Transaction> insert) {
      return coloured(change, insert.key(), insert.after(), shownLag, "");
    }
    if (change instanceof Delete<Transaction> delete) {
      return coloured(change, delete.key(), delete.before(), shownLag, "");
    }
    if (change instanceof Read<Transaction> read) {
      return coloured(change, read.key(), read.after(), shownLag, "");
    }
    return coloured(change, null, null, shownLag, "all rows");
  }

  private String coloured(
      ChangeEvent<Transaction> change,
      @Nullable Row key,
      @Nullable Transaction row,
      String lag,
      String changed) {
    String operation = change.operation().name();
    String line =
        line(
            operation,
            key == null ? "" : key.getString("transaction_id"),
            row == null ? null : row.userId(),
            row == null ? null : plain(row.amount()),
            row == null ? null : row.currency(),
            lag,
            changed);
    String colour = COLOURS.get(change.operation());
    return ansi.string("@|" + colour + " " + operation + "|@")
        + line.substring(operation.length()).stripTrailing();
  }

  private String line(
      String operation,
      @Nullable String key,
      @Nullable String user,
      @Nullable String amount,
      @Nullable String currency,
      String lag,
      String changed) {
    String line =
        String.format(
            Locale.ROOT,
            "%-6s %-8s %-" + userWidth + "s %7s %-3s %6s  %s",
            operation,
            // The first block of a UUID tells rows apart well enough for the eye.
            first(8, Objects.requireNonNullElse(key, "")),
            cut(userWidth, Objects.requireNonNullElse(user, "")),
            Objects.requireNonNullElse(amount, ""),
            Objects.requireNonNullElse(currency, ""),
            lag,
            changed);
    return cut(width, line.stripTrailing());
  }

  /** What the table's triggers have noted, as {@code amount 10.10 -> 12.50 by postgres}. */
  private static String changed(Transaction after) {
    StringJoiner parts = new StringJoiner(", ");
    JsonNode info = after.changeInfo();
    if (info != null) {
      info.properties().stream()
          .filter(entry -> entry.getValue().has("new"))
          .forEach(
              entry ->
                  parts.add(
                      entry.getKey()
                          + " "
                          + text(entry.getValue().get("old"))
                          + " -> "
                          + text(entry.getValue().get("new"))));
    }
    return after.modifiedBy() == null ? parts.toString() : parts + " by " + after.modifiedBy();
  }

  private static String text(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue().toPlainString();
    }
    return value.isTextual() && value.textValue().isEmpty() ? "''" : value.asText();
  }

  private static @Nullable String plain(@Nullable BigDecimal number) {
    return number == null ? null : number.toPlainString();
  }

  /** With one decimal, without the unit. */
  static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.1f", duration.toNanos() / 1e6);
  }

  private static String first(int most, String text) {
    return text.length() <= most ? text : text.substring(0, most);
  }

  private static String cut(int most, String text) {
    return text.length() <= most ? text : text.substring(0, most - 2) + "..";
  }
}
