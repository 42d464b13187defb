package io.waltap.event;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes as JSON, for logs, files and other systems. Every event is one object on one line, with
 * these fields in this order. A field that an event does not have is absent; only a column is ever
 * null.
 *
 * <table>
 * <caption>The fields of an event</caption>
 * <tr><th>field</th><th>value</th><th>when absent</th></tr>
 * <tr><td>{@code operation}</td>
 *     <td>{@code "read"}, {@code "insert"}, {@code "update"}, {@code "delete"} or {@code
 *     "truncate"}</td><td></td></tr>
 * <tr><td>{@code table}</td><td>{@code {"schema":"public","name":"orders"}}</td><td></td></tr>
 * <tr><td>{@code lsn}</td><td>a string such as {@code "16/B374D848"}</td><td></td></tr>
 * <tr><td>{@code commitLsn}</td><td>likewise</td><td>snapshot row</td></tr>
 * <tr><td>{@code transactionId}</td><td>a number</td><td>snapshot row</td></tr>
 * <tr><td>{@code commitTime}</td><td>ISO 8601 in UTC with up to six decimals, such as {@code
 *     "2026-11-21T07:29:32.000123Z"}</td><td>snapshot row</td></tr>
 * <tr><td>{@code order}</td><td>a number</td><td></td></tr>
 * <tr><td>{@code snapshot}</td><td>{@code true} or {@code false}</td><td></td></tr>
 * <tr><td>{@code key}</td><td>an object of the key's columns; {@code {}} if the table has no
 *     key</td><td>truncate</td></tr>
 * <tr><td>{@code previousKey}</td><td>likewise</td><td>the update left the key alone, or is
 *     none</td></tr>
 * <tr><td>{@code before}</td><td>the row before</td><td>not sent, or there was none</td></tr>
 * <tr><td>{@code after}</td><td>the row after</td><td>delete, truncate</td></tr>
 * <tr><td>{@code unchanged}</td><td>the names of the columns left out of {@code after} because the
 *     server did not send them (see {@link Row}); left out of {@code key} too if they belong to
 *     it</td><td>nothing was left out, or rows are delivered as another type than {@link
 *     Row}</td></tr>
 * </table>
 *
 * <p>What the fields mean says {@link ChangeMetadata}. A {@link Row} is an object of its columns in
 * the table's order. Each value is what PostgreSQL holds, digit by digit:
 *
 * <table>
 * <caption>The values of a row</caption>
 * <tr><th>PostgreSQL</th><th>JSON</th></tr>
 * <tr><td>{@code int2}, {@code int4}, {@code int8}, {@code oid}, {@code numeric}, {@code float4},
 *     {@code float8}</td><td>a number with all its digits, trailing zeros included; {@code "NaN"},
 *     {@code "Infinity"} and {@code "-Infinity"} are strings</td></tr>
 * <tr><td>{@code bool}</td><td>{@code true} or {@code false}</td></tr>
 * <tr><td>{@code json}, {@code jsonb}</td><td>itself, as PostgreSQL prints it; line breaks become
 *     spaces</td></tr>
 * <tr><td>an array</td><td>an array of these, one within the other for more dimensions; one whose
 *     bounds do not start at 1 is a string with PostgreSQL's text, {@code "[0:1]={a,b}"}</td></tr>
 * <tr><td>any other type</td><td>a string with PostgreSQL's text as {@link Row#getString} gives it,
 *     {@code bytea} as {@code "\\x00ff"}</td></tr>
 * <tr><td>null of any type</td><td>{@code null}; so a {@code json} that holds JSON's
 *     own null cannot be told from it</td></tr>
 * </table>
 *
 * <p>A reader gets exact numbers if it reads them as decimals, not as doubles: with Jackson, {@code
 * USE_BIG_DECIMAL_FOR_FLOATS} without {@code JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES}.
 *
 * <p>A row that is delivered as a record or bean is written the way Jackson writes that type, its
 * annotations honoured, with times in ISO 8601 and bytes as above, and a {@link Column} as its
 * value or null, or left out if it is unchanged; the key is a {@link Row} all the same. Fields may
 * be added after these in later versions; none of them changes.
 */
public final class ChangeJson {

  private static final JsonMapper MAPPER = mapper();

  private ChangeJson() {}

  /**
   * The event as one line of JSON, without a line break.
   *
   * @throws IllegalArgumentException if the row was delivered as a type that Jackson cannot write
   */
  public static String of(ChangeEvent<?> event) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = MAPPER.createGenerator(text)) {
      write(json, event);
    } catch (IOException e) {
      throw unwritable(event, e);
    }
    return text.toString();
  }

  /**
   * Writes the event and a line feed in UTF-8, so that the stream becomes JSON Lines. A line is
   * written whole or, if its row cannot be, not at all.
   *
   * @param out is neither flushed nor closed; one call, one {@code write}
   * @throws IOException if {@code out} throws it
   * @throws IllegalArgumentException as {@link #of} does
   */
  public static void writeLine(ChangeEvent<?> event, OutputStream out) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = MAPPER.createGenerator(line)) {
      write(json, event);
    } catch (IOException e) {
      throw unwritable(event, e);
    }
    line.write('\n');
    line.writeTo(out);
  }

  private static RuntimeException unwritable(ChangeEvent<?> event, IOException e) {
    if (e instanceof JsonProcessingException) {
      return new IllegalArgumentException(
          "A row of %s cannot be written as JSON, because Jackson cannot write the type that it is delivered as."
              .formatted(event.table()),
          e);
    }
    return new UncheckedIOException(e); // memory does not fail
  }

  private static void write(JsonGenerator json, ChangeEvent<?> event) throws IOException {
    json.writeStartObject();
    json.writeStringField("operation", name(event.operation()));
    writeMetadata(json, event.metadata());
    if (event instanceof ChangeEvent.Read<?> read) {
      writeRows(json, read.key(), null, null, read.after());
    } else if (event instanceof ChangeEvent.Insert<?> insert) {
      writeRows(json, insert.key(), null, null, insert.after());
    } else if (event instanceof ChangeEvent.Update<?> update) {
      writeRows(json, update.key(), update.previousKey(), update.before(), update.after());
    } else if (event instanceof ChangeEvent.Delete<?> delete) {
      writeRows(json, delete.key(), null, delete.before(), null);
    }
    json.writeEndObject();
  }

  /** Spelled out, so that the format does not follow the names of constants. */
  private static String name(Operation operation) {
    return switch (operation) {
      case READ -> "read";
      case INSERT -> "insert";
      case UPDATE -> "update";
      case DELETE -> "delete";
      case TRUNCATE -> "truncate";
    };
  }

  private static void writeMetadata(JsonGenerator json, ChangeMetadata metadata)
      throws IOException {
    json.writeObjectFieldStart("table");
    json.writeStringField("schema", metadata.table().schema());
    json.writeStringField("name", metadata.table().name());
    json.writeEndObject();
    json.writeStringField("lsn", metadata.lsn().toString());
    writeText(json, "commitLsn", metadata.commitLsn());
    Long transactionId = metadata.transactionId();
    if (transactionId != null) {
      json.writeNumberField("transactionId", transactionId);
    }
    writeText(json, "commitTime", metadata.commitTime());
    json.writeNumberField("order", metadata.order());
    json.writeBooleanField("snapshot", metadata.snapshot());
  }

  private static void writeText(JsonGenerator json, String field, @Nullable Object value)
      throws IOException {
    if (value != null) {
      json.writeStringField(field, value.toString());
    }
  }

  private static void writeRows(
      JsonGenerator json,
      Row key,
      @Nullable Row previousKey,
      @Nullable Object before,
      @Nullable Object after)
      throws IOException {
    writeRow(json, "key", key);
    writeRow(json, "previousKey", previousKey);
    writeRow(json, "before", before);
    writeRow(json, "after", after);
    if (after instanceof Row row) {
      writeUnchanged(json, row.columns().stream().filter(row::isUnchanged).toList());
    }
  }

  private static void writeRow(JsonGenerator json, String field, @Nullable Object value)
      throws IOException {
    if (value == null) {
      return;
    }
    json.writeFieldName(field);
    if (value instanceof Row row) {
      RowJson.write(json, row);
    } else {
      MAPPER.writeValue(json, value);
    }
  }

  private static void writeUnchanged(JsonGenerator json, List<String> columns) throws IOException {
    if (!columns.isEmpty()) {
      json.writeArrayFieldStart("unchanged");
      for (String column : columns) {
        json.writeString(column);
      }
      json.writeEndArray();
    }
  }

  private static JsonMapper mapper() {
    SimpleModule exact = new SimpleModule();
    // Jackson writes them only with a module that is not on the class path.
    exact.addSerializer(Temporal.class, ToStringSerializer.instance);
    exact.addSerializer(TemporalAmount.class, ToStringSerializer.instance);
    exact.addSerializer(byte[].class, new HexSerializer());
    exact.addSerializer(new ColumnSerializer());
    // What the database has accepted is not refused here for its depth.
    StreamWriteConstraints none =
        StreamWriteConstraints.builder().maxNestingDepth(Integer.MAX_VALUE).build();
    JsonFactory factory =
        JsonFactory.builder()
            .streamWriteConstraints(none)
            // So that a stream gets the same letters as a string.
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();
    return JsonMapper.builder(factory)
        .addModule(exact)
        .withConfigOverride(
            Column.class,
            column -> column.setInclude(JsonInclude.Value.construct(NON_EMPTY, NON_EMPTY)))
        .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
        .build();
  }
}
