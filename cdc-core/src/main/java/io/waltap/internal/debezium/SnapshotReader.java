package io.waltap.internal.debezium;

import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.dispatch.SourceEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Reads the records of Debezium's snapshot, whose values are texts already. */
final class SnapshotReader {

  private final Session session;
  private final Map<TableId, RowLayout> layouts = new HashMap<>();

  SnapshotReader(Session session) {
    this.session = session;
  }

  List<SourceEvent> read(List<SourceRecord> records) {
    List<SourceEvent> events = new ArrayList<>(records.size());
    for (SourceRecord record : records) {
      if (record.value() instanceof Struct envelope && envelope.schema().field("after") != null) {
        read(envelope, events);
      }
    }
    return events;
  }

  private void read(Struct envelope, List<SourceEvent> events) {
    Struct after = envelope.getStruct("after");
    Struct source = envelope.getStruct("source");
    TableId table = new TableId(source.getString("schema"), source.getString("table"));
    if (after == null || !session.wanted(table)) {
      return;
    }
    RowLayout layout = layout(table, events);
    Row row = layout.row(texts(layout, after));
    Lsn lsn = new Lsn(source.getInt64("lsn"));
    events.add(new SourceEvent.SnapshotRow(table, lsn, layout.key(row), row));
  }

  private RowLayout layout(TableId table, List<SourceEvent> events) {
    RowLayout known = layouts.get(table);
    if (known == null) {
      known = session.snapshotLayout(table);
      layouts.put(table, known);
      events.add(new SourceEvent.Shape(table, known));
    }
    return known;
  }

  private static @Nullable String[] texts(RowLayout layout, Struct after) {
    List<String> columns = layout.columns();
    @Nullable String[] texts = new @Nullable String[columns.size()];
    for (int i = 0; i < texts.length; i++) {
      // Fails if Debezium did not read the column, rather than show it as anything else.
      texts[i] = (String) after.getWithoutDefault(columns.get(i));
    }
    return texts;
  }
}
