package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.deadletter.JdbcDeadLetters;
import io.waltap.deadletter.JdbcDeadLetters.DeadLetter;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.listener.FailureHandler;
import io.waltap.listener.FailureHandler.Action;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a listener cannot take waits in a table, and later changes of its key behind it, while
 * everything else goes on; once the reason is mended, they are replayed in order.
 */
public final class DeadLettersMain {

  private DeadLettersMain() {}

  /** Shows it on an embedded PostgreSQL. */
  public static void main(String[] args) throws Exception {
    try (DemoServer server = DemoServer.start()) {
      run(server, System.out);
    }
  }

  static void run(DemoServer server, PrintStream out) throws Exception {
    Map<String, BigDecimal> rates = new ConcurrentHashMap<>(Map.of("EUR", BigDecimal.ONE));
    List<String> booked = new ArrayList<>();
    try (JdbcDeadLetters letters =
            JdbcDeadLetters.builder(server::connect, "bookings").createTable().build();
        CdcEngine engine =
            CdcEngine.builder(server.config())
                .listen(
                    Table.of("public.transactions", Transaction.class),
                    change -> booked.add(book(change, rates)))
                .onFailure(FailureHandler.retry(2, Duration.ofMillis(20), Action.park()))
                .deadLetters(letters)
                .offsets(new InMemoryOffsetStore()) // the default is a file
                .start()) {
      server.execute(
          "INSERT INTO transactions (transaction_id, amount, currency) VALUES ('t1', 10, 'EUR')",
          "INSERT INTO transactions (transaction_id, amount, currency) VALUES ('t2', 20, 'CHF')",
          "UPDATE transactions SET currency = 'EUR' WHERE transaction_id = 't2'",
          "INSERT INTO transactions (transaction_id, amount, currency) VALUES ('t3', 30, 'EUR')");
      server.awaitProcessed(engine);
      out.println("Booked: " + booked);
      List<DeadLetter> parked = letters.list(10);
      parked.forEach(letter -> out.println("Parked: " + describe(letter)));
      Proof.that(booked.equals(List.of("t1 10.00 EUR", "t3 30.00 EUR")), "the others delivered");
      Proof.that(parked.size() == 2 && engine.status().parked() == 2, "two changes parked");

      rates.put("CHF", new BigDecimal("1.05"));
      out.println("Now there is a rate for CHF; replayed: " + engine.replayAll());
      out.println("Booked: " + booked);
      Proof.that(letters.count() == 0, "no dead letter left");
      Proof.that(
          booked.subList(2, booked.size()).equals(List.of("t2 21.00 EUR", "t2 20.00 EUR")),
          "both changes of t2, in their order");
    }
  }

  private static String book(ChangeEvent<Transaction> change, Map<String, BigDecimal> rates) {
    Transaction row =
        change instanceof Insert<Transaction> insert
            ? insert.after()
            : ((Update<Transaction>) change).after();
    BigDecimal rate = rates.get(row.currency());
    if (rate == null) {
      throw new IllegalArgumentException("no rate for " + row.currency());
    }
    return String.format(
        Locale.ROOT,
        "%s %.2f EUR",
        row.transactionId(),
        Objects.requireNonNull(row.amount()).multiply(rate));
  }

  private static String describe(DeadLetter letter) {
    String what = letter.change().operation() + " of " + letter.change().key();
    return letter.error() == null
        ? what + ", behind another of its key"
        : what + " after " + letter.attempts() + " attempts, " + letter.error();
  }
}
