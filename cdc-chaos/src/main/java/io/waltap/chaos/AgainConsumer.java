package io.waltap.chaos;

import java.sql.Connection;
import java.sql.DriverManager;

/** Books each change on a connection of its own: at least once, and after a kill perhaps again. */
final class AgainConsumer {

  private AgainConsumer() {}

  /** URL, user, password, slot. */
  public static void main(String[] args) throws Exception {
    ParentWatch.start();
    try (Connection connection = DriverManager.getConnection(args[0], args[1], args[2])) {
      connection.setAutoCommit(false);
      System.exit(
          EngineProcess.run(
              OnceConsumer.engine(args)
                  .listen(
                      Booking.TABLE,
                      change -> {
                        Booking.write(change, connection);
                        connection.commit();
                      })));
    }
  }
}
