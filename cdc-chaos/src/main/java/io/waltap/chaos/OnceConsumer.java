package io.waltap.chaos;

import io.waltap.CdcEngine;
import io.waltap.offset.JdbcOffsetStore;
import java.sql.DriverManager;

/** Books each change in the transaction that its position is committed with. */
final class OnceConsumer {

  private static final String NAME = "booking";

  private OnceConsumer() {}

  /** URL, user, password, slot. */
  public static void main(String[] args) throws Exception {
    ParentWatch.start();
    System.exit(
        EngineProcess.run(engine(args).listenEffectivelyOnce(Booking.TABLE, Booking::write)));
  }

  /** With its positions next to the bookings. */
  static CdcEngine.Builder engine(String[] args) {
    return CdcEngine.builder(EngineProcess.config(args))
        .onState((from, to, failure) -> System.out.println(Consumer.STATE + to))
        .offsets(
            JdbcOffsetStore.builder(
                    () -> DriverManager.getConnection(args[0], args[1], args[2]), NAME)
                .createTable()
                .build());
  }
}
