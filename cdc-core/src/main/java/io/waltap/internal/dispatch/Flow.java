package io.waltap.internal.dispatch;

import java.time.Duration;

/**
 * What goes on beside the dispatching thread, and whether anything may. Any thread.
 *
 * <p>A pause lets nothing begin; what is at work goes on. A stop lets nobody wait for another
 * attempt. What was shut stays so.
 */
public final class Flow {

  private final Crew crew;
  private final Lanes lanes;

  Flow(Crew crew, Lanes lanes) {
    this.crew = crew;
    this.lanes = lanes;
  }

  public void pause() {
    crew.gate().setPaused(true);
  }

  public void resume() {
    crew.gate().setPaused(false);
    lanes.reopen();
  }

  public boolean isPaused() {
    return crew.gate().isPaused();
  }

  /** The engine is about to stop: nobody waits for another attempt or the end of a pause. */
  public void stopping() {
    crew.gate().stopping();
    crew.quieted();
  }

  /** No listener is called any more. */
  public void shut() {
    crew.shut();
  }

  /** Whether all that was handed over is done. */
  public boolean isDone() {
    return lanes.areDone();
  }

  /**
   * Holds nothing back, and waits until all that was handed over is done, or nothing may be, or the
   * engine is about to stop and nothing is being done any more.
   */
  public boolean awaitDone(Duration timeout) throws InterruptedException {
    lanes.urge();
    crew.awaitQuiet(() -> lanes.areDone() || isOver(), timeout);
    return lanes.areDone();
  }

  private boolean isOver() {
    Gate gate = crew.gate();
    return gate.isShut() || (gate.isStopping() && lanes.areStill());
  }

  /** Holds nothing back, and waits until nothing is being done that will not take until later. */
  public boolean awaitStill(Duration timeout) throws InterruptedException {
    lanes.urge();
    return crew.awaitQuiet(lanes::areStill, timeout);
  }

  /** Holds nothing back. */
  public void urge() {
    lanes.urge();
  }

  /** Whether the calling thread delivers for a listener, so that it must not wait for one. */
  public boolean isCalledFromWithin() {
    return crew.isWorking();
  }

  /** How many changes listeners have accepted. */
  public long delivered() {
    return crew.accepted();
  }

  /** How many changes were skipped after failures. */
  public long skipped() {
    return crew.skipped();
  }

  /** How many changes were parked, those behind others included. */
  public long parked() {
    return crew.parked();
  }

  /** How many changes wait for workers and batches, or are being worked on. */
  public int waiting() {
    return crew.backlog().changes();
  }

  /** About how many bytes these hold. */
  public long waitingBytes() {
    return crew.backlog().bytes();
  }
}
