package io.waltap.internal.dispatch;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.ALWAYS;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waltap.event.ChangeMetadata;
import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import io.waltap.internal.dispatch.SourceEvent.RowChange;
import io.waltap.internal.dispatch.SourceEvent.SnapshotRow;
import io.waltap.internal.dispatch.SourceEvent.TableTruncate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A change as text and back, exactly: the server's texts, not the values that were made of them, so
 * that a replay is mapped anew, by a mapper that was mended perhaps.
 */
final class LetterText {

  private static final int FORMAT = 1;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(factory())
          .defaultPropertyInclusion(JsonInclude.Value.construct(NON_NULL, ALWAYS))
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private LetterText() {}

  /**
   * A change that was read back.
   *
   * @param event a {@link RowChange}, a {@link SnapshotRow} or a {@link TableTruncate}
   */
  record Letter(ChangeMetadata metadata, SourceEvent event) {}

  private record Image(
      int format,
      Operation operation,
      TableId table,
      Place place,
      @Nullable Texts key,
      @Nullable Texts previousKey,
      @Nullable Texts before,
      @Nullable Texts after) {

    Row rowOf(@Nullable Texts texts) {
      return Objects.requireNonNull(texts).row();
    }

    SourceEvent event() {
      return switch (operation) {
        case READ -> new SnapshotRow(table, place.position(), rowOf(key), rowOf(after));
        case TRUNCATE -> new TableTruncate(table, place.position());
        case INSERT, UPDATE, DELETE ->
            new RowChange(
                operation,
                table,
                place.position(),
                rowOf(key),
                previousKey == null ? null : previousKey.row(),
                before == null ? null : before.row(),
                after == null ? null : after.row());
      };
    }
  }

  private record Place(
      String lsn,
      @Nullable String commitLsn,
      @Nullable Long transactionId,
      @Nullable String commitTime,
      long order) {

    static Place of(ChangeMetadata metadata) {
      return new Place(
          metadata.lsn().toString(),
          text(metadata.commitLsn()),
          metadata.transactionId(),
          text(metadata.commitTime()),
          metadata.order());
    }

    private static @Nullable String text(@Nullable Object value) {
      return value == null ? null : value.toString();
    }

    Lsn position() {
      return Lsn.parse(lsn);
    }

    ChangeMetadata metadata(TableId table, boolean snapshot) {
      return new ChangeMetadata(
          table,
          position(),
          commitLsn == null ? null : Lsn.parse(commitLsn),
          transactionId,
          commitTime == null ? null : Instant.parse(commitTime),
          order,
          snapshot);
    }
  }

  /**
   * A row.
   *
   * @param texts of each column; null too for one that was not sent
   * @param unchanged the places of those that were not sent
   */
  private record Texts(
      List<ColumnShape> columns, List<@Nullable String> texts, List<Integer> unchanged) {

    static @Nullable Texts of(@Nullable Row row) {
      if (row == null) {
        return null;
      }
      RowLayout layout = RowLayout.ofRow(row);
      @Nullable String[] texts = layout.texts(row);
      List<Integer> unchanged =
          IntStream.range(0, texts.length).filter(i -> isUnchanged(texts[i])).boxed().toList();
      unchanged.forEach(i -> texts[i] = null);
      return new Texts(layout.shapes(), Arrays.asList(texts), unchanged);
    }

    Row row() {
      @Nullable String[] row = texts.toArray(new @Nullable String[0]);
      unchanged.forEach(i -> row[i] = RowLayout.UNCHANGED);
      return RowLayout.of(columns).row(row);
    }
  }

  @SuppressWarnings("ReferenceEquality") // only the instance means unchanged, its letters do not
  private static boolean isUnchanged(@Nullable String text) {
    return text == RowLayout.UNCHANGED;
  }

  /**
   * The change as text.
   *
   * @param event a {@link RowChange}, a {@link SnapshotRow} or a {@link TableTruncate}
   */
  static String write(ChangeMetadata metadata, SourceEvent event) {
    return json(image(metadata, event));
  }

  private static Image image(ChangeMetadata metadata, SourceEvent event) {
    TableId table = metadata.table();
    Place place = Place.of(metadata);
    if (event instanceof RowChange change) {
      return new Image(
          FORMAT,
          change.operation(),
          table,
          place,
          Texts.of(change.key()),
          Texts.of(change.previousKey()),
          Texts.of(change.before()),
          Texts.of(change.after()));
    }
    if (event instanceof SnapshotRow row) {
      Texts key = Texts.of(row.key());
      return new Image(FORMAT, Operation.READ, table, place, key, null, null, Texts.of(row.row()));
    }
    return new Image(FORMAT, Operation.TRUNCATE, table, place, null, null, null, null);
  }

  /**
   * The change that a text tells of.
   *
   * @throws IllegalArgumentException if it tells of none, or in a format that is not known here;
   *     its message, and its cause, quote no value
   */
  static Letter read(String text) {
    try {
      Image image = MAPPER.readValue(text, Image.class);
      if (image.format() == FORMAT) {
        boolean snapshot = image.operation() == Operation.READ;
        return new Letter(image.place().metadata(image.table(), snapshot), image.event());
      }
    } catch (JsonProcessingException | RuntimeException e) {
      // Jackson's messages quote the text.
      throw new IllegalArgumentException("The image of a dead letter is damaged.");
    }
    throw new IllegalArgumentException(
        "The image of a dead letter is in a format that this version of WalTap does not read.");
  }

  /**
   * A key's name: the same for equal keys of a table, another one for others. Empty for a key that
   * cannot be told, since the table has none, or an update did not send all of it.
   */
  static String keyName(Row key) {
    List<@Nullable String> texts = new ArrayList<>(Arrays.asList(RowLayout.ofRow(key).texts(key)));
    boolean known = !texts.isEmpty() && texts.stream().noneMatch(LetterText::isUnchanged);
    return known ? json(texts) : "";
  }

  private static String json(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers can be written", e);
    }
  }

  /** What the database has accepted is not refused here for its size. */
  private static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
        .build();
  }
}
