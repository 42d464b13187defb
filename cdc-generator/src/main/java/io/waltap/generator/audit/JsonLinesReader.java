package io.waltap.generator.audit;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.TableId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads changes that a consumer has noted as lines of {@code ChangeJson}. Two fields are known
 * beside those: {@code deliveryTime}, when the change arrived, and {@code restarted} on a line of
 * its own. No value becomes a number of Java's, so that none loses a digit.
 */
final class JsonLinesReader implements Recording {

  private final Path path;
  private final BufferedReader lines;
  private long number;
  private long characters;
  private boolean restarted = true;

  JsonLinesReader(Path path) throws IOException {
    this.path = path;
    this.lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(path), StandardCharsets.UTF_8), 1 << 16);
  }

  @Override
  public @Nullable Delivered next() throws IOException {
    String line = lines.readLine();
    while (line != null) {
      number++;
      characters += line.length();
      Delivered change = line.isBlank() ? null : read(line);
      if (change != null) {
        return change;
      }
      line = lines.readLine();
    }
    return null;
  }

  @Override
  public long characters() {
    return characters;
  }

  private @Nullable Delivered read(String line) throws IOException {
    try {
      Fields fields = new Fields(line);
      if (fields.operation == null && fields.restarted != null) {
        restarted |= fields.restarted;
        return null;
      }
      Delivered change = fields.change(restarted);
      restarted = false;
      return change;
    } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
      throw unreadable(e);
    }
  }

  /** Says where, but never quotes a line: it holds rows. */
  private IOException unreadable(Exception cause) throws IOException {
    boolean cut = cause instanceof JacksonException && lines.readLine() == null && !endsWithLine();
    String sentence =
        cut
            ? "Line %d of %s, the last one, was cut short: remove it, or have it written whole, and audit again."
            : "Line %d of %s is no change as ChangeJson writes it: correct it, or audit the file of a DeliveryRecorder.";
    return new IOException(sentence.formatted(number, path), cause);
  }

  private boolean endsWithLine() throws IOException {
    try (FileChannel file = FileChannel.open(path)) {
      return WholeLines.length(file) == file.size();
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  /** The fields of a line. */
  private static final class Fields {

    private final String line;
    private final Map<String, Values> rows = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();
    private List<String> unchanged = List.of();
    private @Nullable Operation operation;
    private @Nullable TableId table;
    private @Nullable Boolean restarted;

    Fields(String line) throws IOException {
      this.line = line;
      try (JsonParser json = JsonText.parser(line)) {
        expect(json.nextToken(), JsonToken.START_OBJECT);
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
          json.nextToken();
          read(name, json);
        }
        // A line that was cut within a string of the next would not end here.
        expect(json.currentToken(), JsonToken.END_OBJECT);
        expect(json.nextToken(), null);
      }
    }

    private void read(String name, JsonParser json) throws IOException {
      switch (name) {
        case "operation" -> operation = operation(json.getText());
        case "table" -> table = table(json);
        case "lsn", "commitLsn", "transactionId", "order", "commitTime", "deliveryTime" ->
            texts.put(name, json.getText());
        case "key", "previousKey", "before", "after" -> rows.put(name, row(json));
        case "unchanged" -> unchanged = names(json);
        case "restarted" -> restarted = json.getBooleanValue();
        default -> json.skipChildren();
      }
    }

    private static Operation operation(String word) {
      return switch (word) {
        case "read" -> Operation.READ;
        case "insert" -> Operation.INSERT;
        case "update" -> Operation.UPDATE;
        case "delete" -> Operation.DELETE;
        case "truncate" -> Operation.TRUNCATE;
        default -> throw new IllegalArgumentException("unknown operation");
      };
    }

    private static TableId table(JsonParser json) throws IOException {
      Map<String, String> parts = new HashMap<>();
      expect(json.currentToken(), JsonToken.START_OBJECT);
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        parts.put(name, json.nextTextValue());
      }
      return new TableId(parts.getOrDefault("schema", ""), parts.getOrDefault("name", ""));
    }

    private Values row(JsonParser json) throws IOException {
      List<String> columns = new ArrayList<>();
      List<@Nullable String> literals = new ArrayList<>();
      expect(json.currentToken(), JsonToken.START_OBJECT);
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        columns.add(name);
        json.nextToken();
        literals.add(JsonText.literal(line, json));
      }
      return new Values(columns, literals, true);
    }

    private static List<String> names(JsonParser json) throws IOException {
      List<String> names = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        names.add(json.getText());
      }
      return names;
    }

    private static void expect(@Nullable JsonToken found, @Nullable JsonToken wanted) {
      if (found != wanted) {
        throw new IllegalArgumentException("another token than expected");
      }
    }

    Delivered change(boolean first) {
      Operation operation = needed(this.operation);
      boolean streamed = operation != Operation.READ;
      Values after = rows.get("after");
      if (after != null) {
        after.columns().addAll(unchanged);
        unchanged.forEach(column -> after.texts().add(Values.UNCHANGED));
      }
      return new Delivered(
          operation,
          needed(table),
          Lsn.parse(needed(texts.get(streamed ? "commitLsn" : "lsn"))),
          streamed ? Long.parseLong(needed(texts.get("transactionId"))) : 0,
          streamed ? Long.parseLong(needed(texts.get("order"))) : 0,
          micros(texts.get("commitTime")),
          micros(texts.get("deliveryTime")),
          first,
          rows.getOrDefault("key", Values.NONE),
          rows.get("previousKey"),
          rows.get("before"),
          after);
    }

    private static <T> T needed(@Nullable T value) {
      if (value == null) {
        throw new IllegalArgumentException("a field is not there");
      }
      return value;
    }

    private static long micros(@Nullable String time) {
      return time == null ? 0 : ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
    }
  }
}
