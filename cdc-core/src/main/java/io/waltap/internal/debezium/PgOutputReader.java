package io.waltap.internal.debezium;

import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import io.waltap.internal.decode.Texts;
import io.waltap.internal.dispatch.SourceEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages of {@code pgoutput}, protocol version 1, as PostgreSQL's manual lays them out
 * ("Logical Replication Message Formats"). Values stay the text that the server sent.
 *
 * <p>Relations are remembered by the number that the server gave them; it announces each again
 * after every change of its shape, so a tuple is always read with the shape that it was written
 * with.
 */
final class PgOutputReader {

  private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private static final Texts NONE = new Texts(new byte[0], 0);

  /** Takes what was read, with what its values take of the heap. */
  interface Sink {
    void accept(SourceEvent event, long bytes) throws SQLException;
  }

  private final Catalog catalog;
  private final Predicate<TableId> wanted;
  private final HeartbeatMark heartbeats;
  private final Sink sink;
  private final Map<Integer, Relation> relations = new HashMap<>();
  private SourceEvent.@Nullable Begin unsent;
  private boolean inTransaction;
  private Lsn lastEnd;
  private Texts texts = NONE; // of the message that is read

  /**
   * @param wanted which tables have a listener
   * @param start where the stream begins
   */
  PgOutputReader(
      Catalog catalog, Predicate<TableId> wanted, HeartbeatMark heartbeats, Lsn start, Sink sink) {
    this.catalog = catalog;
    this.wanted = wanted.or(table -> table.equals(heartbeats.table()));
    this.heartbeats = heartbeats;
    this.lastEnd = start;
    this.sink = sink;
  }

  /** Whether a transaction has begun and not ended. */
  boolean inTransaction() {
    return inTransaction;
  }

  /** The end of the last complete transaction, or the start of the stream. */
  Lsn lastEnd() {
    return lastEnd;
  }

  /**
   * Reads one message.
   *
   * @param lsn the position in the message's header
   */
  void read(ByteBuffer in, Lsn lsn) throws SQLException {
    texts = new Texts(in.array(), in.arrayOffset());
    readKind(in, lsn);
    texts = NONE; // the message is to go when its change does
  }

  private void readKind(ByteBuffer in, Lsn lsn) throws SQLException {
    char kind = (char) in.get();
    switch (kind) {
      case 'B' -> begin(in);
      case 'C' -> commit(in);
      case 'R' -> relation(in);
      case 'I' -> insert(in, lsn);
      case 'U' -> update(in, lsn);
      case 'D' -> delete(in, lsn);
      case 'T' -> truncate(in, lsn);
      case 'Y' -> type(in);
      case 'M' -> message(in);
      case 'O' -> {} // origin: nobody asks for it
      default ->
          throw new IllegalStateException(
              "pgoutput sent a message '" + kind + "' that its protocol version 1 does not have");
    }
  }

  private void begin(ByteBuffer in) {
    Lsn commitLsn = new Lsn(in.getLong());
    Instant time = POSTGRES_EPOCH.plus(in.getLong(), ChronoUnit.MICROS);
    long transactionId = Integer.toUnsignedLong(in.getInt());
    inTransaction = true;
    unsent = new SourceEvent.Begin(transactionId, commitLsn, time);
  }

  private void commit(ByteBuffer in) throws SQLException {
    in.get(); // flags, none defined
    in.getLong(); // the commit record, known since the begin
    lastEnd = new Lsn(in.getLong());
    inTransaction = false;
    if (unsent == null) {
      sink.accept(new SourceEvent.Commit(lastEnd), 0);
    }
    unsent = null;
  }

  // A transaction without anything of ours is not worth a boundary: if the store writes into this
  // very database, each boundary would bring about the next.
  private void send(SourceEvent event, long bytes) throws SQLException {
    SourceEvent.Begin begin = unsent;
    if (begin != null) {
      unsent = null;
      sink.accept(begin, 0);
    }
    sink.accept(event, bytes);
  }

  private void relation(ByteBuffer in) throws SQLException {
    int id = in.getInt();
    String schema = string(in);
    TableId table = new TableId(schema.isEmpty() ? "pg_catalog" : schema, string(in));
    char identity = (char) in.get();
    RowLayout layout = wanted.test(table) ? layout(in, table, identity) : null;
    relations.put(id, new Relation(table, layout));
    if (layout != null && !table.equals(heartbeats.table())) {
      sink.accept(new SourceEvent.Shape(table, layout), 0);
    }
  }

  private void heartbeat(long number) throws SQLException {
    if (number > 0) {
      send(new SourceEvent.Heartbeat(number), 0);
    }
  }

  // Comes before each relation with columns of the type. For a domain it names the type under it.
  private void type(ByteBuffer in) {
    long id = Integer.toUnsignedLong(in.getInt());
    string(in); // its schema
    catalog.typeNamed(id, string(in));
  }

  private void message(ByteBuffer in) throws SQLException {
    boolean transactional = (in.get() & 1) != 0;
    Lsn at = new Lsn(in.getLong());
    String prefix = string(in);
    byte[] content = new byte[in.getInt()];
    in.get(content);
    if (prefix.equals(HeartbeatMark.PREFIX)) {
      heartbeat(heartbeats.number(content));
    } else {
      send(new SourceEvent.Message(prefix, content, transactional, at), content.length);
    }
    if (!transactional && !inTransaction) {
      lastEnd = at; // unlike that of a change, this position is the end of the message's record
      sink.accept(new SourceEvent.Idle(lastEnd), 0);
    }
  }

  // With REPLICA IDENTITY FULL every column is flagged, with NOTHING none; only then is the catalog
  // asked.
  private RowLayout layout(ByteBuffer in, TableId table, char identity) throws SQLException {
    boolean flagged = identity == 'd' || identity == 'i';
    int count = in.getShort();
    List<ColumnShape> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      boolean flag = (in.get() & 1) != 0;
      String name = string(in);
      String type = catalog.type(Integer.toUnsignedLong(in.getInt()));
      in.getInt(); // type modifier
      columns.add(new ColumnShape(name, type, flagged && flag));
    }
    return RowLayout.of(flagged ? columns : keyed(columns, catalog.key(table)));
  }

  // The catalog knows today's key. If the table did not have all of its columns then, it had
  // another one, and no key is better than a wrong one.
  private static List<ColumnShape> keyed(List<ColumnShape> columns, Set<String> key) {
    Set<String> names = columns.stream().map(ColumnShape::name).collect(Collectors.toSet());
    return names.containsAll(key)
        ? columns.stream()
            .map(c -> new ColumnShape(c.name(), c.type(), key.contains(c.name())))
            .toList()
        : columns;
  }

  private void insert(ByteBuffer in, Lsn lsn) throws SQLException {
    Relation relation = relation(in.getInt());
    RowLayout layout = relation.layout();
    if (layout == null) {
      return;
    }
    in.get(); // always 'N'
    Row after = tuple(in, layout);
    emit(Operation.INSERT, relation, lsn, layout.key(after), null, null, after);
  }

  private void update(ByteBuffer in, Lsn lsn) throws SQLException {
    Relation relation = relation(in.getInt());
    RowLayout layout = relation.layout();
    if (layout == null) {
      return;
    }
    char kind = (char) in.get();
    Row old = null;
    boolean whole = kind == 'O';
    if (kind != 'N') {
      old = tuple(in, layout);
      in.get(); // 'N'
    }
    Row before = whole ? old : null;
    Row sent = tuple(in, layout);
    Row after = old == null || whole ? layout.fill(sent, old) : layout.fillKey(sent, old);
    Row key = layout.key(after);
    Row oldKey = old == null ? key : layout.key(old);
    Row previousKey = oldKey.equals(key) ? null : oldKey;
    emit(Operation.UPDATE, relation, lsn, key, previousKey, before, after);
  }

  private void delete(ByteBuffer in, Lsn lsn) throws SQLException {
    Relation relation = relation(in.getInt());
    RowLayout layout = relation.layout();
    if (layout == null) {
      return;
    }
    boolean whole = in.get() == 'O'; // else only the key's columns are true
    Row old = tuple(in, layout);
    Row before = whole ? old : null;
    emit(Operation.DELETE, relation, lsn, layout.key(old), null, before, null);
  }

  private void emit(
      Operation operation,
      Relation relation,
      Lsn lsn,
      Row key,
      @Nullable Row previousKey,
      @Nullable Row before,
      @Nullable Row after)
      throws SQLException {
    if (relation.table().equals(heartbeats.table())) {
      heartbeat(heartbeats.number(after));
      return;
    }
    send(
        new SourceEvent.RowChange(
            operation, relation.table(), lsn, key, previousKey, before, after),
        texts.heapBytes());
  }

  private void truncate(ByteBuffer in, Lsn lsn) throws SQLException {
    int count = in.getInt();
    in.get(); // CASCADE, RESTART IDENTITY
    for (int i = 0; i < count; i++) {
      Relation relation = relation(in.getInt());
      if (relation.layout() != null && !relation.table().equals(heartbeats.table())) {
        send(new SourceEvent.TableTruncate(relation.table(), lsn), 0);
      }
    }
  }

  private Relation relation(int id) {
    return Objects.requireNonNull(
        relations.get(id), "pgoutput announces a relation before using it");
  }

  private Row tuple(ByteBuffer in, RowLayout layout) {
    int count = in.getShort();
    @Nullable CharSequence[] values = new @Nullable CharSequence[count];
    for (int i = 0; i < count; i++) {
      char kind = (char) in.get();
      values[i] =
          switch (kind) {
            case 't' -> value(in, in.getInt());
            case 'n' -> null;
            case 'u' -> RowLayout.UNCHANGED;
            default ->
                throw new IllegalStateException("pgoutput sent a column of kind '" + kind + "'");
          };
    }
    return layout.row(values);
  }

  private CharSequence value(ByteBuffer in, int length) {
    CharSequence value = texts.text(in.position(), length);
    in.position(in.position() + length);
    return value;
  }

  private static String text(ByteBuffer in, int length) {
    String text =
        new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
    in.position(in.position() + length);
    return text;
  }

  private static String string(ByteBuffer in) {
    int length = 0;
    while (in.get(in.position() + length) != 0) {
      length++;
    }
    String string = text(in, length);
    in.get(); // the terminating zero
    return string;
  }
}
