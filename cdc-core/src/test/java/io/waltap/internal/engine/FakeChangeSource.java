package io.waltap.internal.engine;

import io.waltap.event.Lsn;
import io.waltap.internal.dispatch.SourceEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Delivers what a test tells it to, on the test's thread, and writes down what it is told. */
final class FakeChangeSource implements ChangeSource {

  private final List<String> log;
  private volatile @Nullable Receiver receiver;
  private boolean resuming;
  volatile Life life = Life.NONE;

  FakeChangeSource() {
    this(new ArrayList<>());
  }

  FakeChangeSource(List<String> log) {
    this.log = log;
  }

  void deliver(SourceEvent... events) {
    Objects.requireNonNull(receiver).deliver(List.of(events));
  }

  void end(@Nullable Throwable failure) {
    Objects.requireNonNull(receiver).ended(failure);
  }

  /** One that begins with the stream. */
  static FakeChangeSource resuming() {
    FakeChangeSource source = new FakeChangeSource();
    source.resuming = true;
    return source;
  }

  boolean started() {
    return receiver != null;
  }

  @Override
  public void start(Receiver receiver) {
    this.receiver = receiver;
    if (!resuming) {
      receiver.snapshotting();
    }
  }

  @Override
  public synchronized void confirm(Lsn lsn) {
    log.add("confirm " + lsn);
  }

  @Override
  public @Nullable Lsn received() {
    return null;
  }

  @Override
  public Life life() {
    return life;
  }

  @Override
  public Queue queued() {
    return new Queue(0, 0, 1, 1);
  }

  @Override
  public @Nullable Integer backend() {
    return 7;
  }

  @Override
  public Set<Integer> backends() {
    return Set.of(7);
  }

  @Override
  public synchronized void quiesce() {
    log.add("quiesce");
  }

  @Override
  public synchronized boolean stop(Duration deadline) {
    log.add("stop");
    return true;
  }
}
