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
   * What a look found.
   *
   * @param waiting whose transaction the stream's process waits for, in words; null for nobody's
   */
  record Look(SlotStatus slot, @Nullable String waiting) {}

  /**
   * Has the server put a heartbeat into the stream.
   *
   * @param number which one
   * @throws SQLException if the server could not be asked
   */
  Reply beat(long number) throws SQLException;

  /**
   * Looks at the slot and sends nothing, for a time in which no stream is open.
   *
   * @param backend the server's process that is to become the stream; null if there is none
   * @throws SQLException if the server could not be asked
   */
  Look look(@Nullable Integer backend) throws SQLException;

  /** Any thread; ends a beat or a look in progress. */
  @Override
  void close();
}
