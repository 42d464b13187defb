package io.waltap.internal.dispatch;

import io.waltap.event.Lsn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far everything is done: the end of the last section of which every change, and every one of
 * those before it, is done. A section ends at each boundary. There are never more of them than
 * there are changes that are not done.
 */
final class Sections {

  /** The changes between two boundaries; guarded by its {@link Sections}. */
  static final class Section {
    private final List<Runnable> then = new ArrayList<>(0);
    private int undone;
    private @Nullable Lsn end;
  }

  private final Deque<Section> ended = new ArrayDeque<>();
  private Section open = new Section();
  private volatile @Nullable Lsn done;

  /** A change is handed to somebody who says when it is done. The dispatching thread. */
  synchronized Section add() {
    open.undone++;
    return open;
  }

  /** A boundary. The dispatching thread. */
  synchronized void end(Lsn boundary) {
    Section last = ended.peekLast();
    if (open.undone == 0 && last == null) {
      done = boundary;
    } else if (open.undone == 0) {
      last.end = boundary; // nothing lies between the two
    } else {
      open.end = boundary;
      ended.add(open);
      open = new Section();
    }
  }

  /** Has something done once all changes so far are done. The dispatching thread. */
  void whenDone(Runnable then) {
    synchronized (this) {
      Section last = open.undone > 0 ? open : ended.peekLast();
      if (last != null) {
        last.then.add(then);
        return;
      }
    }
    then.run();
  }

  /**
   * Some changes of a section are done. Any thread.
   *
   * @return whether {@link #done} has moved
   */
  boolean finish(Section section, int changes) {
    List<Runnable> then = new ArrayList<>(0);
    boolean moved = false;
    synchronized (this) {
      section.undone -= changes;
      while (!ended.isEmpty() && ended.element().undone == 0) {
        Section first = ended.remove();
        done = first.end;
        then.addAll(first.then);
        moved = true;
      }
      if (ended.isEmpty() && open.undone == 0) {
        then.addAll(open.then);
        open.then.clear();
      }
    }
    then.forEach(Runnable::run);
    return moved;
  }

  /** Everything before it is done; null until the stream has started. Any thread. */
  @Nullable Lsn done() {
    return done;
  }

  /** Forgets what is not done, and goes on from there. The dispatching thread. */
  synchronized void restart(@Nullable Lsn from) {
    ended.clear();
    open = new Section();
    done = from;
  }
}
