package io.waltap.generator.audit;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Delete;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.ChangeEvent.Truncate;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.event.ChangeMetadata;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a recording: fields with tabs between them, in UTF-8, escaped as in {@code COPY}'s
 * text format. Times are microseconds since 1970.
 *
 * <pre>
 * S  time                                      the consumer starts or has connected anew
 * T  number  schema  table  column...          columns that the lines below refer to by number
 * C  arrival  commit time  LSN  transaction  order  operation  number of the table
 *    then for each row: k, p, b or a for key, previous key, before, after; number; value...
 * </pre>
 *
 * <p>Numbers hold until the next line S. Not JSON as {@code ChangeJson} writes it: that is made to
 * be read by others, and keeps neither the text of an array nor the line breaks of a {@code json}.
 */
final class RecordingWriter {

  static final String NULL = "\\N";
  static final String UNCHANGED = "\\U";

  private record Columns(TableId table, List<String> names) {}

  private final Map<Columns, Integer> numbers = new HashMap<>();
  private final StringBuilder news = new StringBuilder();
  private final StringBuilder line = new StringBuilder();

  byte[] start(Instant now) {
    forget();
    return bytes("S\t" + micros(now) + "\n");
  }

  /** Has the columns described anew, since it is not sure that they were written. */
  void forget() {
    numbers.clear();
  }

  byte[] change(ChangeEvent<Row> event, Instant now) {
    news.setLength(0);
    line.setLength(0);
    head(event, now);
    if (event instanceof Read<Row> read) {
      row('k', event.table(), read.key());
      row('a', event.table(), read.after());
    } else if (event instanceof Insert<Row> insert) {
      row('k', event.table(), insert.key());
      row('a', event.table(), insert.after());
    } else if (event instanceof Update<Row> update) {
      row('k', event.table(), update.key());
      row('p', event.table(), update.previousKey());
      row('b', event.table(), update.before());
      row('a', event.table(), update.after());
    } else if (event instanceof Delete<Row> delete) {
      row('k', event.table(), delete.key());
      row('b', event.table(), delete.before());
    } else if (!(event instanceof Truncate<Row>)) {
      throw new IllegalArgumentException("an operation that recordings do not know: " + event);
    }
    return bytes(news.append(line).append('\n').toString());
  }

  private void head(ChangeEvent<Row> event, Instant now) {
    ChangeMetadata metadata = event.metadata();
    Instant committed = metadata.commitTime();
    line.append("C\t").append(micros(now));
    line.append('\t').append(committed == null ? 0 : micros(committed));
    line.append('\t').append(Objects.requireNonNullElse(metadata.commitLsn(), metadata.lsn()));
    line.append('\t').append(Objects.requireNonNullElse(metadata.transactionId(), 0L));
    line.append('\t').append(metadata.order());
    line.append('\t').append(event.operation());
    line.append('\t').append(number(event.table(), List.of()));
  }

  private void row(char part, TableId table, @Nullable Row row) {
    if (row == null) {
      return;
    }
    List<String> columns = row.columns();
    line.append('\t').append(part).append('\t').append(number(table, columns));
    for (String column : columns) {
      line.append('\t');
      if (row.isUnchanged(column)) {
        line.append(UNCHANGED);
      } else {
        value(row, column);
      }
    }
  }

  private void value(Row row, String column) {
    String text = row.getString(column);
    if (text == null) {
      line.append(NULL);
    } else if (row.typeOf(column).equals("bool")) {
      line.append(text.charAt(0)); // t or f, as PostgreSQL prints it
    } else {
      escape(text, line);
    }
  }

  private int number(TableId table, List<String> columns) {
    Columns described = new Columns(table, columns);
    Integer known = numbers.get(described);
    return known == null ? describe(described) : known;
  }

  private int describe(Columns columns) {
    int number = numbers.size();
    numbers.put(columns, number);
    news.append("T\t").append(number).append('\t');
    escape(columns.table().schema(), news);
    escape(columns.table().name(), news.append('\t'));
    columns.names().forEach(name -> escape(name, news.append('\t')));
    news.append('\n');
    return number;
  }

  private static void escape(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\\' -> out.append("\\\\");
        default -> out.append(c);
      }
    }
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static byte[] bytes(String lines) {
    return lines.getBytes(StandardCharsets.UTF_8);
  }
}
