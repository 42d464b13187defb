package io.waltap.internal.engine;

import io.waltap.event.Lsn;
import io.waltap.event.SlotStatus;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Sends heartbeats through the server and looks at the slot. For one thread, except closing. */
public interface Pulse extends AutoCloseable {

  /**
   * What came of one beat.
   *
   * @param sentAt where the heartbeat lies in the stream; null if none was sent, because it is
   *     switched off or the server does not allow it
   */
  record Reply(@Nullable Lsn sentAt, SlotStatus slot) {}

  /**
   * Has the server put a heartbeat into the stream.
   *
   * @param number which one
   * @throws SQLException if the server could not be asked
   */
  Reply beat(long number) throws SQLException;

  /** Any thread; ends a beat in progress. */
  @Override
  void close();
}
