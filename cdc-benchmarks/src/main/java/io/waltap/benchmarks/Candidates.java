package io.waltap.benchmarks;

import io.debezium.embedded.Connect;
import io.debezium.engine.format.Json;
import java.util.List;
import java.util.stream.Stream;

/** Who takes part. A new way to receive rows is added here, and nowhere else. */
final class Candidates {

  /** The limit of streaming. */
  static final Candidate RAW = new RawProtocol();

  /** The limit of a snapshot. */
  static final Candidate CURSOR = new JdbcCursor();

  static final Candidate JSON = new StockEngine<>("stock, JSON", Json.class);
  static final Candidate CONNECT = new StockEngine<>("stock, Connect", Connect.class);
  static final Candidate RECORD =
      new WalTap(
          "WalTap, record",
          (engine, table, arrivals) -> engine.listen(table.typed(), arrivals::row));
  static final Candidate ROW =
      new WalTap(
          "WalTap, Row",
          (engine, table, arrivals) -> engine.listen(table.untyped(), arrivals::row));

  /** Records, as many at a time as the default is. */
  static final Candidate BATCHES =
      new WalTap(
          "WalTap, batches",
          (engine, table, arrivals) ->
              engine.listenInBatches(table.typed(), changes -> changes.forEach(arrivals::row)));

  /** Records, by workers that have nothing to do. */
  static final Candidate WORKERS =
      new WalTap(
          "WalTap, workers",
          (engine, table, arrivals) ->
              engine.listen(table.typed(), arrivals::row).workers(DeliverySpeed.WORKERS));

  /** All engines. */
  private static final List<Candidate> ENGINES = List.of(JSON, CONNECT, RECORD, ROW);

  private Candidates() {}

  /** The limit of streaming first, then the engines. */
  static List<Candidate> streaming() {
    return after(RAW);
  }

  /** The same, and WalTap's other ways to be delivered to. */
  static List<Candidate> everyWay() {
    return Stream.concat(streaming().stream(), Stream.of(BATCHES, WORKERS)).toList();
  }

  /** The limit of a snapshot first, then the engines. */
  static List<Candidate> snapshot() {
    return after(CURSOR);
  }

  /** One of each kind, for what takes long. */
  static List<Candidate> few() {
    return List.of(RAW, CONNECT, RECORD);
  }

  /** The one of that name. */
  static Candidate named(String name) {
    return everyWay().stream()
        .filter(candidate -> candidate.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("There is no candidate " + name + "."));
  }

  private static List<Candidate> after(Candidate limit) {
    return Stream.concat(Stream.of(limit), ENGINES.stream()).toList();
  }
}
