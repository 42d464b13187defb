package io.waltap.generator.audit;

import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.TableId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads what a {@link RecordingWriter} has written, except for a last line that was cut short. */
final class RecordingReader implements Recording {

  private record Columns(TableId table, List<String> names) {}

  private final Path path;
  private final BufferedReader lines;
  private final Map<String, Columns> columns = new HashMap<>();
  private long number;
  private long characters;
  private boolean restarted;

  RecordingReader(Path path) throws IOException {
    this.path = path;
    this.lines =
        new BufferedReader(
            new InputStreamReader(new WholeLines(FileChannel.open(path)), StandardCharsets.UTF_8),
            1 << 16);
  }

  @Override
  public @Nullable Delivered next() throws IOException {
    String line = lines.readLine();
    while (line != null) {
      number++;
      characters += line.length();
      Delivered change = read(line);
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
    Fields fields = new Fields(line);
    try {
      switch (fields.next()) {
        case "S" -> start();
        case "T" -> describe(fields);
        case "C" -> {
          return change(fields);
        }
        default -> throw new IllegalArgumentException("unknown kind of line");
      }
      return null;
    } catch (IllegalArgumentException | IndexOutOfBoundsException | NullPointerException e) {
      throw new IOException(
          "Line %d of %s is not one of a recording: name the file of a DeliveryRecorder, or lines of ChangeJson."
              .formatted(number, path),
          e);
    }
  }

  private void start() {
    restarted = true;
    columns.clear();
  }

  private void describe(Fields fields) {
    String name = fields.next();
    TableId table = new TableId(fields.text(), fields.text());
    List<String> names = new ArrayList<>();
    while (fields.hasNext()) {
      names.add(fields.text());
    }
    columns.put(name, new Columns(table, List.copyOf(names)));
  }

  private Delivered change(Fields fields) {
    long arrival = Long.parseLong(fields.next());
    long committed = Long.parseLong(fields.next());
    Lsn lsn = Lsn.parse(fields.next());
    long transaction = Long.parseLong(fields.next());
    long order = Long.parseLong(fields.next());
    Operation operation = Operation.valueOf(fields.next());
    TableId table = columns(fields).table();
    Values key = Values.NONE;
    Values previousKey = null;
    Values before = null;
    Values after = null;
    while (fields.hasNext()) {
      String part = fields.next();
      Values values = values(fields);
      switch (part) {
        case "k" -> key = values;
        case "p" -> previousKey = values;
        case "b" -> before = values;
        case "a" -> after = values;
        default -> throw new IllegalArgumentException("unknown part");
      }
    }
    boolean first = restarted;
    restarted = false;
    return new Delivered(
        operation,
        table,
        lsn,
        transaction,
        order,
        committed,
        arrival,
        first,
        key,
        previousKey,
        before,
        after);
  }

  private Values values(Fields fields) {
    List<String> names = columns(fields).names();
    @Nullable String[] texts = new @Nullable String[names.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = fields.value();
    }
    return new Values(names, Arrays.asList(texts), false);
  }

  private Columns columns(Fields fields) {
    return Objects.requireNonNull(columns.get(fields.next()));
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  /** The fields of a line, one after the other. */
  private static final class Fields {

    private final String line;
    private int at;

    Fields(String line) {
      this.line = line;
    }

    boolean hasNext() {
      return at <= line.length();
    }

    /** The next field as it stands. */
    String next() {
      int tab = line.indexOf('\t', at);
      int end = tab < 0 ? line.length() : tab;
      String field = line.substring(at, end);
      at = end + 1;
      return field;
    }

    String text() {
      return unescaped(next());
    }

    @Nullable String value() {
      String field = next();
      return switch (field) {
        case RecordingWriter.NULL -> null;
        case RecordingWriter.UNCHANGED -> Values.UNCHANGED;
        default -> unescaped(field);
      };
    }

    private static String unescaped(String field) {
      int escape = field.indexOf('\\');
      if (escape < 0) {
        return field;
      }
      StringBuilder text = new StringBuilder(field.length());
      for (int i = 0; i < field.length(); i++) {
        char c = field.charAt(i);
        text.append(c == '\\' ? escaped(field.charAt(++i)) : c);
      }
      return text.toString();
    }

    private static char escaped(char letter) {
      return switch (letter) {
        case 't' -> '\t';
        case 'n' -> '\n';
        case 'r' -> '\r';
        case '\\' -> '\\';
        default -> throw new IllegalArgumentException("unknown escape");
      };
    }
  }
}
