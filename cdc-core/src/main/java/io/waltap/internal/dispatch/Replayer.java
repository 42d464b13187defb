package io.waltap.internal.dispatch;

import io.waltap.deadletter.JdbcDeadLetters;
import io.waltap.deadletter.JdbcDeadLetters.DeadLetter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes dead letters back to their listeners, each between two transactions and after all that was
 * handed over is done, so that a listener is never called twice at a time. Any thread that is not a
 * listener's.
 */
public final class Replayer {

  private static final Logger LOG = LoggerFactory.getLogger(Replayer.class);

  private static final int PAGE = 100;

  /** What has to be done before effects of a replay may commit. */
  public interface Preparation {
    void prepare() throws IOException;
  }

  private final Dispatcher dispatcher;
  private final Lanes lanes;
  private final JdbcDeadLetters letters;

  Replayer(Dispatcher dispatcher, Lanes lanes, JdbcDeadLetters letters) {
    this.dispatcher = dispatcher;
    this.lanes = lanes;
    this.letters = letters;
  }

  /**
   * Replays a letter, and before it all that it has to wait for.
   *
   * @return whether it is no longer there; false if it, or one of those, was refused
   * @throws IllegalStateException if the engine stops, or is paused
   */
  public boolean replay(DeadLetter letter, Preparation preparation)
      throws IOException, InterruptedException {
    return dispatcher.atBoundary(
        () -> {
          preparation.prepare();
          return all(letter);
        });
  }

  private boolean all(DeadLetter letter) throws IOException {
    Optional<DeadLetter> next = letters.before(letter);
    while (next.isPresent()) {
      if (!one(next.get())) {
        return false;
      }
      next = letters.before(letter);
    }
    Optional<DeadLetter> own = letters.find(letter.id());
    return own.isEmpty() || one(own.get());
  }

  /**
   * Replays all letters, in the order in which their changes were committed. One that is refused
   * stays, and so do those behind it.
   *
   * @return how many were accepted
   */
  public int replayAll(Preparation preparation) throws IOException, InterruptedException {
    int accepted = 0;
    List<DeadLetter> page = letters.list(PAGE);
    while (!page.isEmpty()) {
      for (DeadLetter letter : page) {
        accepted += replayNext(letter, preparation) ? 1 : 0;
      }
      page = letters.listAfter(page.get(page.size() - 1), PAGE);
    }
    return accepted;
  }

  private boolean replayNext(DeadLetter letter, Preparation preparation)
      throws IOException, InterruptedException {
    return dispatcher.atBoundary(
        () -> {
          preparation.prepare();
          return letters.before(letter).isEmpty()
              && letters.find(letter.id()).isPresent()
              && one(letter);
        });
  }

  private boolean one(DeadLetter letter) throws IOException {
    Lane lane = lanes.named(letter.listener());
    LetterText.Letter read = LetterText.read(letter.change().image());
    try {
      lane.replay(new Delivery(read.metadata(), read.event()), replay(letter));
    } catch (LetterException e) {
      throw e.reason;
    } catch (Throwable e) { // an application may throw anything
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      LOG.warn("{}: {} was refused again: {}", letters, letter, Thrown.describe(e));
      letters.failedAgain(letter, Thrown.words(e), 1);
      return false;
    }
    LOG.info("{}: {} was replayed", letters, letter);
    return true;
  }

  /** Not the listener failed, but the letters. */
  private static final class LetterException extends Exception {

    private static final long serialVersionUID = 1L;

    private final IOException reason;

    LetterException(IOException reason) {
      super(reason);
      this.reason = reason;
    }
  }

  private Replay replay(DeadLetter letter) {
    return new Replay() {
      @Override
      public void with(Call call) throws Exception {
        call.run();
        try {
          letters.remove(letter);
        } catch (IOException e) {
          throw new LetterException(e);
        }
      }

      @Override
      public void withConnection(ConnectedCall call) throws Exception {
        letters.removeWith(letter, call::run);
      }
    };
  }
}
