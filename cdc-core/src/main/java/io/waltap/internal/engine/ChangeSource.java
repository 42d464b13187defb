package io.waltap.internal.engine;

import io.waltap.event.Lsn;
import io.waltap.internal.dispatch.SourceEvent;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The seam between the engine and what reads the server. A source is used once: started, then
 * stopped. After a failure the engine asks {@link Sources} for another one.
 */
public interface ChangeSource {

  /** Begins to work on threads of its own and returns at once. */
  void start(Receiver receiver);

  /**
   * Lets the server forget what lies before {@code lsn}. Called only when that position is durable;
   * the source may tell the server later.
   */
  void confirm(Lsn lsn);

  /** The end of what has arrived from the server; null before the stream starts. */
  @Nullable Lsn received();

  /** What shows whether the stream is alive. Any thread; returns at once. */
  Life life();

  /** What was read and is not delivered. Any thread; returns at once. */
  Queue queued();

  /** The server's process at the other end of the stream; null before it is connected. */
  @Nullable Integer backend();

  /** All processes of the server that read for this source, the stream's among them. */
  Set<Integer> backends();

  /** Delivers nothing more, once the call in progress returns. Any thread; returns at once. */
  void quiesce();

  /**
   * Ends everything: connections are closed, the slot is free. Waits up to {@code deadline} for
   * threads to end; a listener that does not return keeps its thread, nothing else. Any thread but
   * the receiver's.
   *
   * @return whether all threads have ended
   */
  boolean stop(Duration deadline);

  /**
   * What a source reports; calls never overlap, except {@link #ended}, which may come at any time,
   * once.
   */
  interface Receiver {

    /** The server accepted us and the first snapshot is being read. */
    void snapshotting();

    /** The next events, in order. Blocks while they are delivered. */
    void deliver(List<SourceEvent> events);

    /** The source has ended: by itself with a failure, or because it was stopped. */
    void ended(@Nullable Throwable failure);
  }

  /**
   * Signs of life of a stream.
   *
   * @param heard grows with each message that arrives, and with each position between two
   *     transactions that lies beyond the last
   * @param heartbeat the number of the last heartbeat that arrived; 0 for none
   * @param full whether reading waits because listeners have not taken what was read before
   */
  record Life(long heard, long heartbeat, boolean full) {

    /** Of a stream that is not open. */
    public static final Life NONE = new Life(0, 0, false);
  }

  /**
   * How much was read ahead of listeners.
   *
   * @param changes how many changes, and ends of transactions, wait for their turn
   * @param bytes what they take of the heap, about, and those that are being delivered
   * @param maxChanges from how many on nothing more is read
   * @param maxBytes from how many bytes on nothing more is read
   */
  record Queue(int changes, long bytes, int maxChanges, long maxBytes) {}
}
