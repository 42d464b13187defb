package io.waltap.benchmarks;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeJson;
import io.waltap.event.ChangeMetadata;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import io.waltap.table.RowMapper;
import io.waltap.table.Table;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to make a row of 15 columns out of the server's texts, then its key, then a record.
 *
 * <pre>{@code java -cp cdc-benchmarks/target/cdc-benchmarks.jar org.openjdk.jmh.Main Decode}</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class DecodeBenchmark {

  private static final RowLayout LAYOUT =
      RowLayout.of(
          List.of(
              new ColumnShape("transaction_id", "text", true),
              text("user_id"),
              new ColumnShape("timestamp", "timestamp", false),
              new ColumnShape("amount", "numeric", false),
              text("currency"),
              text("city"),
              text("country"),
              text("merchant_name"),
              text("payment_method"),
              text("ip_address"),
              text("voucher_code"),
              text("affiliate_id"),
              text("modified_by"),
              new ColumnShape("modified_at", "timestamptz", false),
              new ColumnShape("change_info", "jsonb", false)));

  private static final RowMapper<Transaction> MAPPER =
      Table.of("public.transactions", Transaction.class).mapper();

  private static final ChangeMetadata METADATA =
      new ChangeMetadata(
          new TableId("public", "transactions"),
          Lsn.parse("16/B374D848"),
          Lsn.parse("16/B374D900"),
          771L,
          Instant.parse("2026-11-21T07:29:32.000123Z"),
          1,
          false);

  /** An inserted row, as the generator writes it, or the same row after an update of its amount. */
  @Param({"inserted", "updated"})
  public String row = "";

  private static ColumnShape text(String name) {
    return new ColumnShape(name, "text", false);
  }

  /** The texts of the row; the array is new, as each tuple of the stream has its own. */
  private @Nullable String[] texts() {
    boolean updated = row.equals("updated");
    return new @Nullable String[] {
      "997ecc0f-5a60-4b2a-9a3f-2d8a5f2f6a51",
      "marybelle.baumbach",
      "2026-01-01 00:08:15.123",
      "832.14",
      "USD",
      "Port Lavonne",
      "Saint Pierre and Miquelon",
      "Schuppe, Kirlin and Weissnat",
      "online_transfer",
      "203.17.94.201",
      "DISCOUNT10",
      "0f8e8f0c-27e5-4d1c-b3b4-6d2cf2b7a0b8",
      updated ? "postgres" : null,
      updated ? "2026-01-01 00:08:16.654321+00" : null,
      updated
          ? """
          {"amount": {"new": 506.05, "old": 832.14}, "modified_at": "2026-01-01T00:08:16.654321+00:00", \
          "modified_by": "postgres"}"""
          : null
    };
  }

  private ChangeEvent<Row> rowEvent() {
    Row after = LAYOUT.row(texts());
    return new ChangeEvent.Insert<>(METADATA, LAYOUT.key(after), after);
  }

  /** A {@code Row} with its key. */
  @Benchmark
  public Object row() {
    return rowEvent();
  }

  /** A record with its key: what a typed listener gets. */
  @Benchmark
  public Object typed() {
    Row after = LAYOUT.row(texts());
    return new ChangeEvent.Insert<>(METADATA, LAYOUT.key(after), MAPPER.map(after));
  }

  /** A {@code Row} as JSON. */
  @Benchmark
  public Object json() {
    return ChangeJson.of(rowEvent());
  }
}
