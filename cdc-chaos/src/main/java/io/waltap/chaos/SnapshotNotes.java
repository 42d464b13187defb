package io.waltap.chaos;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.Row;
import io.waltap.listener.ChangeListener;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down which rows a snapshot delivered, from its first to its last. */
final class SnapshotNotes implements ChangeListener<Row> {

  private final Path path;
  private final Runnable onFirstRow;
  private @Nullable BufferedWriter file;
  private boolean first;

  /**
   * @param onFirstRow is told when the rows of a snapshot begin to come
   */
  SnapshotNotes(Path path, Runnable onFirstRow) {
    this.path = path;
    this.onFirstRow = onFirstRow;
  }

  /** A snapshot begins: one before it, if any, did not come to its end. */
  synchronized void begin() throws IOException {
    end();
    file = Files.newBufferedWriter(path, StandardCharsets.UTF_8);
    first = true;
  }

  @Override
  public synchronized void onChange(ChangeEvent<Row> event) throws IOException {
    if (event instanceof Read<Row> read && file != null) {
      Row row = read.after();
      List<@Nullable String> values = new ArrayList<>();
      row.columns().forEach(column -> values.add(row.getString(column)));
      file.write(SnapshotRows.line(event.table().toString(), row.columns(), values));
      file.newLine();
      if (first) {
        first = false;
        onFirstRow.run();
      }
    }
  }

  /** It has come to its end, and what was written down is in the file. */
  synchronized void end() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
