package io.waltap.generator.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeMetadata;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryRecorderTest {

  private static final RowLayout LAYOUT =
      RowLayout.of(
          List.of(
              new ColumnShape("id", "int4", true),
              new ColumnShape("a\tname", "text", false),
              new ColumnShape("ok", "bool", false)));

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("recording");
  }

  private static ChangeEvent<Row> insert(long order, @Nullable String name, @Nullable String ok) {
    Instant time = Instant.parse("2026-01-01T00:00:00Z");
    Row row = LAYOUT.row(new @Nullable String[] {Long.toString(order), name, ok});
    return new Insert<>(
        new ChangeMetadata(
            new TableId("public", "Od\td"), new Lsn(order), new Lsn(77), 5L, time, order, false),
        LAYOUT.key(row),
        row);
  }

  private void record(long... orders) throws IOException {
    try (DeliveryRecorder recorder = DeliveryRecorder.open(file)) {
      for (long order : orders) {
        recorder.onChange(insert(order, "n", "t"));
      }
      recorder.force();
    }
  }

  private List<Delivered> read() throws IOException {
    List<Delivered> changes = new ArrayList<>();
    try (RecordingReader reader = new RecordingReader(file)) {
      for (Delivered next = reader.next(); next != null; next = reader.next()) {
        changes.add(next);
      }
    }
    return changes;
  }

  @Test
  void everyTextComesBackAsItWas() throws IOException {
    List<@Nullable String> texts = new ArrayList<>();
    for (String text :
        new String[] {"", "\\N", "\\U", "a\tb\nc\rd\\e", "\u2028 ☃ 𝄞", "unchanged"}) {
      texts.add(text);
    }
    texts.add(null);
    texts.add(RowLayout.UNCHANGED);
    try (DeliveryRecorder recorder = DeliveryRecorder.open(file)) {
      for (String text : texts) {
        recorder.onChange(insert(1, text, text == null ? null : "f"));
      }
    }
    List<Delivered> changes = read();
    assertThat(changes).hasSize(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      Values after = java.util.Objects.requireNonNull(changes.get(i).after());
      assertThat(after.columns()).containsExactly("id", "a\tname", "ok");
      assertThat(after.isUnchanged(1)).isEqualTo(i == texts.size() - 1);
      if (!after.isUnchanged(1)) {
        assertThat(after.texts().get(1)).isEqualTo(texts.get(i));
      }
      assertThat(after.texts().get(2)).isEqualTo(texts.get(i) == null ? null : "f");
    }
    assertThat(changes.get(0).table()).isEqualTo(new TableId("public", "Od\td"));
    assertThat(changes.get(0).lsn()).isEqualTo(new Lsn(77));
    assertThat(changes.get(0).transaction()).isEqualTo(5);
  }

  @Test
  void aLineThatWasCutShortIsIgnoredAndThenCutOff() throws IOException {
    record(1, 2);
    long whole = Files.size(file);
    record(3);
    byte[] all = Files.readAllBytes(file);
    for (int length = (int) whole; length < all.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(all, length));
      assertThat(read()).hasSize(2);
      record(4);
      assertThat(read()).extracting(Delivered::order).containsExactly(1L, 2L, 4L);
    }
  }

  @Test
  void everyStartIsNoted() throws IOException {
    record(1, 2);
    record(3, 4);
    assertThat(read()).extracting(Delivered::restarted).containsExactly(true, false, true, false);
  }

  @Test
  void anotherLineThanOneOfARecordingIsNamed() throws IOException {
    record(1);
    Files.writeString(file, "nonsense\n", StandardOpenOption.APPEND);
    assertThatIOException().isThrownBy(this::read).withMessageContaining("Line 6 of " + file);
  }

  /** Prints what it costs; what a machine makes of it is no business of a test. */
  @Test
  void isNotWhatLimitsAnEngine() throws IOException {
    int count = 300_000;
    long begin = System.nanoTime();
    try (DeliveryRecorder recorder = DeliveryRecorder.open(file)) {
      for (int i = 0; i < count; i++) {
        recorder.onChange(insert(i, "a name of usual length", "t"));
      }
    }
    System.out.printf(
        "audit: recorded %,.0f changes/s%n", count / ((System.nanoTime() - begin) / 1e9));
    assertThat(read()).hasSize(count);
  }
}
